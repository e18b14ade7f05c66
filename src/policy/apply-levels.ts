/** The one place where a finding of a go command gets its level from the policy. */
import type {Finding, FindingCode} from '../findings/finding.ts'
import type {Levels} from './policy.ts'

/** Findings at the levels in force, with the policy's own lines; `lowered` are the codes that a person lowered or silenced. */
export type Leveled = {findings: Finding[]; lowered: FindingCode[]}

/** A policy raises a level and never lowers it; a person's own level counts before both. */
export function applyLevels(findings: readonly Finding[], levels: Levels): Leveled {
  const leveled: Finding[] = []
  const lowered = new Set<FindingCode>()
  for (const finding of findings) {
    const rule = levels[finding.code]
    const asked = rule?.policy?.value === 'error' ? 'error' : finding.level
    const level = rule?.own?.value ?? asked
    if (level === 'off' || (level === 'warn' && asked === 'error')) lowered.add(finding.code)
    if (level !== 'off') leveled.push({...finding, level, message: rule?.message?.value})
  }
  return {findings: leveled, lowered: [...lowered]}
}
