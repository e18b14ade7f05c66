import type {BuildFound} from '../findings/finding.ts'
import type {StampFlag} from '../go/command/gcflags.ts'
import type {StampPolicy} from '../policy/policy.ts'
import type {Toolchain} from '../toolchain/identify.ts'

/** What a command is stamped with; undefined flag: it builds unstamped, and `findings` say why unless policy asked for it. */
export type StampJudgement = {findings: BuildFound[]; flag: StampFlag | undefined}

/**
 * Decides the stamp. It must never name another toolchain than the one that compiles, so where nobody could say which that
 * is (`go install pkg@version` obeys that module's go line) there is none; nor for a compiler that is not Go's own.
 */
export function checkStamp(
  target: {name: string; isKnown: boolean} | undefined,
  toolchain: Pick<Toolchain, 'hash' | 'goroot' | 'stampFlag' | 'wasHashed'>,
  compiler: string | undefined,
  policy: StampPolicy,
): StampJudgement {
  if (policy === 'off') return {findings: [], flag: undefined}
  if (compiler !== undefined && compiler !== 'gc') {
    return {findings: [{code: 'STAMP_COMPILER', facts: {compiler}}], flag: undefined}
  }
  if (target?.isKnown === false) {
    const facts = {target: target.name, hash: toolchain.hash}
    return {findings: [{code: 'STAMP_SWITCH_UNKNOWN', facts}], flag: undefined}
  }
  if (toolchain.stampFlag === 'none') {
    const facts = {hash: toolchain.hash, goroot: toolchain.goroot}
    // Said once: when the toolchain is met for the first time.
    const isTold = policy !== 'required' && !toolchain.wasHashed
    return {findings: isTold ? [] : [{code: 'STAMP_UNSUPPORTED', facts}], flag: undefined}
  }
  return {findings: [], flag: toolchain.stampFlag}
}
