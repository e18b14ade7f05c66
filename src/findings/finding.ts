/**
 * Findings are data: a code, a level, and exactly the facts its sentence needs. The wording lives in sentences-of-*.ts,
 * the page in docs/findings.md. To add a check, add its code to facts-of-*.ts first: the compiler then lists what is missing.
 */

import type {FoundCount} from '../system/happening.ts'
import type {BuildCode, BuildFactsByCode} from './facts-of-builds.ts'
import type {DoctorCode, DoctorFactsByCode} from './facts-of-doctor.ts'
import type {VerifyCode, VerifyFactsByCode} from './facts-of-verify.ts'

export type Level = 'error' | 'warn'

type FactsByCode = BuildFactsByCode & VerifyFactsByCode & DoctorFactsByCode

export type FindingCode = keyof FactsByCode

/** What a check returns: a code and its facts. `policy/apply-levels.ts` alone makes findings of them. */
export type Found<Code extends FindingCode = FindingCode> = {
  [One in Code]: {code: One; facts: FactsByCode[One]}
}[Code]

export type BuildFound = Found<BuildCode>
export type VerifyFound = Found<VerifyCode>
export type DoctorFound = Found<DoctorCode>

export type Finding = Found & {
  level: Level
  /** A line of the policy's own for its readers. */
  message?: string | undefined
}

/** How often each code and level is among them, as an event says it. `more` were counted before. */
export function countFound(findings: readonly Finding[], more: readonly FoundCount[] = []): FoundCount[] {
  const counts = new Map<string, FoundCount>()
  for (const {code, level} of findings) {
    const count = (counts.get(`${code} ${level}`)?.count ?? 0) + 1
    counts.set(`${code} ${level}`, {code, level, count})
  }
  for (const {code, level, count: beside} of more) {
    const count = (counts.get(`${code} ${level}`)?.count ?? 0) + beside
    counts.set(`${code} ${level}`, {code, level, count})
  }
  return [...counts.values()]
}

/** The findings of some of the codes. */
export type FindingOf<Code extends FindingCode> = Extract<Finding, {code: Code}>

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(finding => finding.level === 'error')
}
