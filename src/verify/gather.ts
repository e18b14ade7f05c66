/**
 * Findings as the checks return them, of each code no more than any report prints: go.sum may hold half a million lines, and each be one.
 * The rest is counted.
 */
import type {VerifyFound} from '../findings/finding.ts'
import {verifyLevelOf} from '../findings/levels.ts'

/** Of each code and own level; no report prints more (reports/bounded.ts). */
export const mostKept = 10_000

/** Findings that are not kept, alike in code and level: one of them, how many, and their file where all are about one. */
export type Counted = {
  one: VerifyFound
  count: number
  file: string | undefined
  /** The modules among `names` that they are about. */
  modules: Set<string>
}

export type Gathered = {
  kept: VerifyFound[]
  counted: Counted[]
}

/** One check after another, in their order. Of files the .go files are kept before others, as they are shown (checks/hints.ts). */
export function gather(
  checks: Iterable<readonly VerifyFound[]>,
  names: ReadonlySet<string>,
  most = mostKept,
): Gathered {
  const kept: VerifyFound[] = []
  const numbers = new Map<string, number>()
  const counted = new Map<string, Counted>()
  for (const found of checks) {
    for (const one of found) {
      const alike = `${one.code} ${verifyLevelOf(one)}`
      const file = 'file' in one.facts ? one.facts.file : undefined
      const key = file?.endsWith('.go') === true ? `${alike} .go` : alike
      const number = (numbers.get(key) ?? 0) + 1
      numbers.set(key, number)
      if (number <= most) {
        kept.push(one)
        continue
      }
      const known = counted.get(alike) ?? {one, count: 0, file, modules: new Set()}
      counted.set(alike, known)
      known.count += 1
      if (known.file !== file) known.file = undefined
      const {module} = one.facts
      if (module !== undefined && names.has(module)) known.modules.add(module)
    }
  }
  return {kept, counted: [...counted.values()]}
}
