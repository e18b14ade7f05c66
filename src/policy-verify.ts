/** The policy of `gowarden verify`: what the repository's file asks for, and what a person's own environment says of levels. */
import type {VerifyPolicy} from './checks/verify-policy.ts'
import {UsageError} from './errors.ts'
import {findPolicyFile} from './policy.ts'
import type {System} from './system.ts'
import {isVerifyCode, type VerifyCode, verifyLevels} from './verify-findings.ts'

type Level = 'error' | 'warn' | 'off'

/** What the key `verify` may hold, as the schema lets it through. */
type VerifyKey = {
  levels?: Partial<Record<VerifyCode, 'error' | 'warn'>>
  toolchainLine?: 'forbidden' | 'required'
  modFiles?: string[]
}

/**
 * The policy in force in a directory. The repository may only raise levels; GOWARDEN_LEVELS, a person's own, may lower them
 * too. Throws UsageError for what cannot be understood, or would weaken.
 */
export async function findVerifyPolicy(system: System, directory: string): Promise<VerifyPolicy> {
  const file = await findPolicyFile(system, directory)
  const {levels = {}, toolchainLine, modFiles} = (file?.value['verify'] ?? {}) as VerifyKey
  for (const [code, level] of Object.entries(levels)) {
    if (level === 'warn' && isVerifyCode(code) && verifyLevels[code] === 'error') {
      throw new UsageError(
        `${file?.path}: verify.levels.${code}: warn would lower a level, which a repository may not`,
        `lower it in your own environment: export GOWARDEN_LEVELS=${code}=warn`,
      )
    }
  }
  return {levels: {...levels, ...ownLevels(system.env['GOWARDEN_LEVELS'] ?? '')}, toolchainLine, modFiles}
}

/** `CODE=level,CODE=level`. */
function ownLevels(text: string): Partial<Record<VerifyCode, Level>> {
  const levels: Partial<Record<VerifyCode, Level>> = {}
  for (const part of text.split(',').filter(word => word.trim() !== '')) {
    const [code = '', level = ''] = part.split('=').map(word => word.trim())
    if (!isVerifyCode(code)) {
      throw new UsageError(`GOWARDEN_LEVELS: there is no finding ${code}`, 'see them all: docs/findings.md')
    }
    if (level !== 'error' && level !== 'warn' && level !== 'off') {
      throw new UsageError(
        `GOWARDEN_LEVELS: ${code} takes error, warn or off`,
        `export GOWARDEN_LEVELS=${code}=warn`,
      )
    }
    levels[code] = level
  }
  return levels
}
