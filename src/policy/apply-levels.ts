/** The one place where findings get their levels, and the policy's own lines. */
import type {
  BuildFound,
  DoctorFound,
  Finding,
  FindingCode,
  Found,
  Level,
  VerifyFound,
} from '../findings/finding.ts'
import {buildLevels, doctorLevelOf, unstamped, verifyLevelOf} from '../findings/levels.ts'
import type {LevelRule, Levels, Policy} from './policy.ts'

/** Findings at the levels in force; `lowered` are the codes among them that a person lowered or silenced. */
export type Leveled = {findings: Finding[]; lowered: FindingCode[]}

/** What was found of a go command. Under `stamp: required` what leaves a build without a stamp is an error. */
export function applyBuildLevels(
  found: readonly BuildFound[],
  {levels, stamp}: Pick<Policy, 'levels' | 'stamp'>,
): Leveled {
  const isRequired = stamp.value === 'required'
  return applyLevels(
    found,
    ({code}) => (isRequired && unstamped.has(code) ? 'error' : buildLevels[code]),
    levels,
  )
}

/** What `gowarden verify` found. */
export function applyVerifyLevels(found: readonly VerifyFound[], levels: Levels): Finding[] {
  return applyLevels(found, verifyLevelOf, levels).findings
}

/** What `gowarden doctor` found of the machine. */
export function applyDoctorLevels(found: readonly DoctorFound[], levels: Levels): Finding[] {
  return applyLevels(found, doctorLevelOf, levels).findings
}

function applyLevels<One extends Found>(
  found: readonly One[],
  ownOf: (one: One) => Level,
  levels: Levels,
): Leveled {
  const findings: Finding[] = []
  const lowered = new Set<FindingCode>()
  for (const one of found) {
    const rule = levels[one.code]
    const level = levelInForce(ownOf(one), rule)
    if (isLowered(ownOf(one), rule)) lowered.add(one.code)
    if (level !== 'off') findings.push({...one, level, message: rule?.message?.value})
  }
  return {findings, lowered: [...lowered]}
}

/** A policy raises a level and never lowers it; a person's own level counts before both. */
function levelInForce(own: Level, rule: LevelRule | undefined): Level | 'off' {
  return rule?.own?.value ?? askedLevel(own, rule)
}

function askedLevel(own: Level, rule: LevelRule | undefined): Level {
  return rule?.policy?.value === 'error' ? 'error' : own
}

/** Whether a person's own level is below what the finding and the policy would have. */
export function isLowered(own: Level, rule: LevelRule | undefined): boolean {
  const chosen = rule?.own?.value
  return chosen === 'off' || (chosen === 'warn' && askedLevel(own, rule) === 'error')
}
