/** What the policy may say about `gowarden verify`, and the one place a finding gets its level. */

import {type VerifyCode, type VerifyFactsByCode, verifyLevels} from '../../findings/facts-of-verify.ts'
import type {Finding, FindingCode} from '../../findings/finding.ts'

export type VerifyPolicy = {
  levels: Partial<Record<FindingCode, 'error' | 'warn' | 'off'>>
  /** Lines of the policy's own, shown with findings of these codes. */
  messages?: Partial<Record<FindingCode, string>>
  /** What go.mod and go.work may say about their toolchain; undefined leaves it free. */
  toolchainLine?: 'forbidden' | 'required' | undefined
  /** Files used with -modfile, relative to the top of the repository: `tools.mod` is judged with `tools.sum`. */
  modFiles?: readonly string[] | undefined
}

/** A finding at the policy's level, or none when the policy switches its code off. */
export function finding<Code extends VerifyCode>(
  policy: VerifyPolicy,
  code: Code,
  facts: VerifyFactsByCode[Code],
): Finding[] {
  const level = policy.levels[code] ?? verifyLevels[code]
  // The compiler cannot pair a generic code with its facts; the signature has.
  const message = policy.messages?.[code]
  return level === 'off' ? [] : [{code, level, facts, ...(message && {message})} as unknown as Finding]
}
