/** The policy of `gowarden verify`: what the repository's file asks for, and what a person's own environment says of levels. */

import {isVerifyCode, verifyLevels} from '../findings/facts-of-verify.ts'
import {findPolicyFile, levelsInForce} from '../policy/find.ts'
import type {BypassPolicy, Setting} from '../policy/policy.ts'
import type {System} from '../system/system.ts'
import type {VerifyPolicy} from './checks/finding.ts'

/**
 * The policy in force in a directory. The repository may only raise levels; GOWARDEN_LEVELS, a person's own, may lower them
 * too: `lowered` are these, as it holds them. Throws UsageError for what cannot be understood, or would weaken.
 */
export async function findVerifyPolicy(
  system: System,
  directory: string,
): Promise<VerifyPolicy & {bypass: Setting<BypassPolicy> | undefined; lowered: string[]}> {
  const file = await findPolicyFile(system, directory)
  const rules = Object.entries(await levelsInForce(system, file)).filter(([code]) => isVerifyCode(code))
  const levels = rules.flatMap(([code, {own, policy}]) => {
    const level = own?.value ?? policy?.value
    return level === undefined ? [] : [[code, level] as const]
  })
  const messages = rules.flatMap(([code, {message}]) => (message ? [[code, message.value] as const] : []))
  return {
    levels: Object.fromEntries(levels),
    messages: Object.fromEntries(messages),
    toolchainLine: file?.toolchainLine?.value,
    modFiles: file?.modFiles.map(({value}) => value),
    bypass: file?.bypass,
    lowered: rules.flatMap(([code, {own, policy}]) =>
      own !== undefined && isVerifyCode(code) && isLower(own.value, policy?.value ?? verifyLevels[code])
        ? [`${code}=${own.value}`]
        : [],
    ),
  }
}

function isLower(own: 'error' | 'warn' | 'off', policy: 'error' | 'warn'): boolean {
  return own === 'off' || (own === 'warn' && policy === 'error')
}
