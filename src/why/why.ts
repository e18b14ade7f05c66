/** `gowarden why`: which cause an error of go has here. */
import {resolve} from 'node:path'
import type {Diagnosis} from '../doctor/doctor.ts'
import type {Finding} from '../findings/finding.ts'
import {type Known, known} from './sentences.ts'

/** A line that is known. `findings` are doctor's: where there is one, that is the cause here. */
export type Explanation = {
  id: string
  line: string
  means: string
  findings: Finding[]
  fix: string | undefined
  tells: [string, string]
}

export type Why = {
  explanations: Explanation[]
  /** Lines that the compiler or go says of the code itself. */
  ofTheCode: number
}

/** What is read at most: an error stands in the first lines or in the last. */
const longest = 1 << 20

/** The known sentences in a text, each once, in order. */
export function findSentences(text: string): {known: Known; line: string; groups: string[]}[] {
  const found: {known: Known; line: string; groups: string[]}[] = []
  for (const line of linesOf(text)) {
    for (const each of known) {
      const match = line.match(each.pattern)
      if (match === null || found.some(earlier => earlier.known.id === each.id)) continue
      found.push({known: each, line, groups: match.slice(1).map(group => group ?? '')})
    }
  }
  return found
}

/** How many lines are of the form `file.go:12:3: …`, which is about the code. */
export function linesOfTheCode(text: string): number {
  return linesOf(text).filter(line => /^\S[^:]*\.go:\d+(:\d+)?: /.test(line)).length
}

/** Joins what was said in `cwd` with what doctor finds there. `diagnosis` is undefined where doctor was not asked. */
export function explain(text: string, diagnosis: Diagnosis | undefined, cwd: string): Why {
  const findings = diagnosis?.findings ?? []
  const goroot = diagnosis?.values.find(({name}) => name === 'GOROOT')?.value ?? ''
  const sentences = findSentences(text).filter(
    ({known, groups}) => !known.isInGoroot || resolve(cwd, groups[0] ?? '').startsWith(`${goroot}/src/`),
  )
  const named = sentences.map(({known, line, groups}) => ({
    id: known.id,
    line,
    means: known.means,
    findings: findings.filter(({code}) => known.causes.includes(code)),
    fix: known.fix?.(groups),
    tells: known.tells,
  }))
  return {explanations: [...named, ...explainUndefined(text, findings)], ofTheCode: linesOfTheCode(text)}
}

/** `undefined: x.F` is about the code, unless x is a package of which cgo being off leaves files out. */
function explainUndefined(text: string, findings: readonly Finding[]): Explanation[] {
  const off = findings.find(finding => finding.code === 'CGO_OFF')
  if (off?.code !== 'CGO_OFF') return []
  const names = new Set(off.facts.packages.map(({path}) => path.split('/').at(-1)))
  const line = linesOf(text).find(each => names.has(each.match(/: undefined: (\w+)\.\w+$/)?.[1] ?? ''))
  if (line === undefined) return []
  const tells: [string, string] = ['go env CGO_ENABLED CC', "go list -e -f '{{.IgnoredGoFiles}}' PACKAGE"]
  const means = 'the file that defines it is left out'
  return [{id: 'undefined-cgo', line, means, findings: [off], fix: undefined, tells}]
}

function linesOf(text: string): string[] {
  return text
    .slice(0, longest)
    .split('\n')
    .map(line => line.trim())
}
