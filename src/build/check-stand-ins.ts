import type {BuildFound} from '../findings/finding.ts'
import {type StampText, stampWith, type ToolchainHash} from '../go/module/toolchain-module.ts'
import type {StampPolicy} from '../policy/policy.ts'
import type {StandIn} from './stand-ins.ts'

/**
 * What is told of -toolexec and of an -overlay that replaces files of GOROOT. An overlay of other files is worth a word only where
 * every binary has to say what it was made of: `go version -m` shows no -overlay. `go list` makes nothing that anybody keeps.
 */
export function checkStandIns(
  standIns: readonly StandIn[],
  subcommand: string | undefined,
  policy: StampPolicy,
): BuildFound[] {
  if (policy === 'off' || subcommand === 'list') return []
  return standIns.flatMap((standIn): BuildFound[] => {
    const {mark} = standIn
    const reason = mark.kind === 'unknown' ? mark.reason : undefined
    if (standIn.kind === 'toolexec')
      return [{code: 'STAMP_TOOLEXEC', facts: {command: standIn.command, reason}}]
    if (standIn.kind === 'fips')
      return [{code: 'STAMP_FIPS', facts: {value: standIn.value, reason: reason ?? ''}}]
    const {file, replaced} = standIn
    if (replaced === 0 && reason === undefined && policy !== 'required') return []
    return [{code: 'STAMP_OVERLAY', facts: {file, replaced, reason}}]
  })
}

/**
 * What a binary is stamped with: the ToolchainHash, and behind it whatever stood in for the toolchain's own. undefined where that
 * cannot be named, for what nobody can name must not share a name.
 */
export function stampText(hash: ToolchainHash, standIns: readonly StandIn[]): StampText | undefined {
  const marks: string[] = []
  for (const {mark} of standIns) {
    if (mark.kind === 'unknown') return undefined
    if (mark.text !== '') marks.push(mark.text)
  }
  return stampWith(hash, marks)
}
