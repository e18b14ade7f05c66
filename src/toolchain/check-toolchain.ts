/** Whether the toolchain that compiles is one that a policy allows. */
import type {BuildFound} from '../findings/finding.ts'
import {isAllowed, type VersionRule} from '../go/module/go-version.ts'
import {describeOrigin, type Setting} from '../policy/policy.ts'
import {unreachable} from '../system/unreachable.ts'
import type {Toolchain} from './identify.ts'
import type {Proof} from './proof.ts'

/** A rule that has been read, go.mod's too: `asked` is how a person reads it. */
export type AskedVersion = {
  rule: Exclude<VersionRule, {kind: 'go.mod'}>
  asked: string
  origin: Setting<unknown>['origin']
}

/** One finding for each rule that the version breaks. `chosen` says what made this toolchain the one. */
export function checkVersion(
  {version, goroot}: Pick<Toolchain, 'version' | 'goroot'>,
  chosen: string,
  rules: readonly AskedVersion[],
): BuildFound[] {
  return rules
    .filter(({rule}) => !isAllowed(rule, version))
    .map(({asked, origin}) => ({
      code: 'TOOLCHAIN_VERSION',
      facts: {version, goroot, chosen, asked, rule: describeOrigin(origin)},
    }))
}

/** Nothing for a proven toolchain; another hash than the published one, an answer that is
 * not the database's, and no answer at all are three findings. */
export function checkProof(
  {hash, goroot}: Pick<Toolchain, 'hash' | 'goroot'>,
  chosen: string,
  proof: Proof,
  rule: Setting<unknown>,
): BuildFound[] {
  const facts = {hash, goroot, chosen, rule: describeOrigin(rule.origin)}
  switch (proof.kind) {
    case 'proven':
      return []
    case 'differs':
      return [{code: 'TOOLCHAIN_NOT_UPSTREAM', facts: {...facts, published: proof.published}}]
    case 'forged':
      return [{code: 'TOOLCHAIN_PROOF_FORGED', facts: {...facts, file: proof.file, reason: proof.reason}}]
    case 'unknown':
      return [{code: 'TOOLCHAIN_UNPROVEN', facts: {...facts, reason: proof.reason}}]
    default:
      return unreachable(proof)
  }
}
