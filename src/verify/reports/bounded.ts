/** Findings that a report prints, and how many it leaves out: go.sum may hold half a million lines, and each be one. */
import type {Finding} from '../../findings/finding.ts'
import type {Omitted, VerifyResult} from '../result.ts'

/** How many findings of a code and a level each report prints. GitHub shows no more than 5000 results of a SARIF file. */
export const mostPrinted = {text: 25, verbose: 10_000, json: 10_000, sarif: 1000, github: 25, markdown: 25}

export type Bounded = {findings: Finding[]; omitted: Omitted[]}

/** The first `most` findings of each code and level, in their order: no warning takes the place of an error. */
export function boundFindings(
  {findings, more}: Pick<VerifyResult, 'findings' | 'more'>,
  most: number,
): Bounded {
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
  return {findings: kept, omitted: countOmitted(rest, more)}
}

/** What is left out, with what was counted before, by code and level in the order of the first of each. */
export function countOmitted(findings: readonly Finding[], more: readonly Omitted[]): Omitted[] {
  const omitted = new Map<string, Omitted>()
  const add = (one: Omitted): void => {
    const known = omitted.get(`${one.level} ${one.code}`)
    if (known === undefined) omitted.set(`${one.level} ${one.code}`, {...one})
    else {
      known.count += one.count
      if (known.file !== one.file) known.file = undefined
    }
  }
  for (const {code, level, facts} of findings)
    add({code, level, count: 1, file: 'file' in facts ? facts.file : undefined})
  for (const one of more) add(one)
  return [...omitted.values()]
}

/** How many were found, printed or not. */
export function totals({findings, more}: Pick<VerifyResult, 'findings' | 'more'>): {
  errors: number
  warnings: number
} {
  const count = (level: 'error' | 'warn') =>
    findings.filter(one => one.level === level).length +
    more.reduce((sum, one) => sum + (one.level === level ? one.count : 0), 0)
  return {errors: count('error'), warnings: count('warn')}
}

/** `and 499975 more SUM_SURPLUS in go.sum`; the file as it is called, for the report to make safe. */
export function omittedText({code, count, file}: Omitted): string {
  return `and ${count} more ${code}${file === undefined ? '' : ` in ${file}`}`
}
