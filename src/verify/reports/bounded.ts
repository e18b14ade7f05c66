/** Findings that a report prints, and how many it leaves out: go.sum may hold half a million lines, and each be one. */
import type {Finding, FindingCode, Level} from '../../findings/finding.ts'

/** How many findings of a code and a level each report prints. GitHub shows no more than 5000 results of a SARIF file. */
export const mostPrinted = {text: 25, verbose: 10_000, json: 10_000, sarif: 1000, github: 25, markdown: 25}

/** Findings of one code and level that are not printed; `file` where all of them are about one. */
export type Omitted = {code: FindingCode; level: Level; count: number; file: string | undefined}

export type Bounded = {findings: Finding[]; omitted: Omitted[]}

/** The first `most` findings of each code and level, in their order: no warning takes the place of an error. */
export function boundFindings(findings: readonly Finding[], most: number): Bounded {
  const printed = new Map<string, number>()
  const kept: Finding[] = []
  const rest: Finding[] = []
  for (const finding of findings) {
    const key = `${finding.level} ${finding.code}`
    const count = printed.get(key) ?? 0
    if (count < most) {
      printed.set(key, count + 1)
      kept.push(finding)
    } else rest.push(finding)
  }
  return {findings: kept, omitted: countOmitted(rest)}
}

/** What is left out, by code and level, in the order of the first of each. */
export function countOmitted(findings: readonly Finding[]): Omitted[] {
  const omitted = new Map<string, Omitted>()
  for (const {code, level, facts} of findings) {
    const file = 'file' in facts ? facts.file : undefined
    const known = omitted.get(`${level} ${code}`)
    if (known === undefined) omitted.set(`${level} ${code}`, {code, level, count: 1, file})
    else {
      known.count += 1
      if (known.file !== file) known.file = undefined
    }
  }
  return [...omitted.values()]
}

/** `and 499975 more SUM_SURPLUS in go.sum`; the file as it is called, for the report to make safe. */
export function omittedText({code, count, file}: Omitted): string {
  return `and ${count} more ${code}${file === undefined ? '' : ` in ${file}`}`
}
