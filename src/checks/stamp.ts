import type {Finding} from '../findings.ts'
import type {CommandLine} from '../go/command-line.ts'
import type {StampFlag} from '../go/gcflags.ts'
import type {GoEnv} from '../go/go-env.ts'
import type {StampPolicy} from '../policy.ts'
import type {Toolchain} from '../probes/toolchain.ts'

/** What a command is stamped with; undefined flag: it builds unstamped, and `findings` say why unless policy asked for it. */
export type StampJudgement = {findings: Finding[]; flag: StampFlag | undefined}

/**
 * Decides the stamp. It must never name another toolchain than the one that compiles, so where go may still switch
 * (`go install pkg@version` obeys that module's go line) there is none; nor for a compiler that is not Go's own.
 */
export function checkStamp(
  line: CommandLine,
  env: GoEnv,
  toolchain: Pick<Toolchain, 'hash' | 'goroot' | 'stampFlag' | 'wasHashed'>,
  compiler: string | undefined,
  policy: StampPolicy,
): StampJudgement {
  if (policy === 'off') return {findings: [], flag: undefined}
  const level = policy === 'required' ? 'error' : 'warn'
  if (compiler !== undefined && compiler !== 'gc') {
    return {findings: [{code: 'STAMP_COMPILER', level, facts: {compiler}}], flag: undefined}
  }
  const target = versionedTarget(line)
  if (target !== undefined && maySwitch(env.GOTOOLCHAIN)) {
    return {
      findings: [{code: 'STAMP_SWITCH_UNKNOWN', level, facts: {target, hash: toolchain.hash}}],
      flag: undefined,
    }
  }
  if (toolchain.stampFlag === 'none') {
    const facts = {hash: toolchain.hash, goroot: toolchain.goroot}
    // Said once: when the toolchain is met for the first time.
    const isTold = level === 'warn' && !toolchain.wasHashed
    return {findings: isTold ? [] : [{code: 'STAMP_UNSUPPORTED', level, facts}], flag: undefined}
  }
  return {findings: [], flag: toolchain.stampFlag}
}

/** `pkg@version` of go install and go run: built outside the module here, under its own go line. */
export function versionedTarget(line: CommandLine): string | undefined {
  if (line.subcommand !== 'install' && line.subcommand !== 'run') return undefined
  const target = line.operands.find(operand => operand.text.includes('@') && !/^[./]/.test(operand.text))
  return line.subcommand === 'run' && target !== line.operands[0] ? undefined : target?.text
}

/** Whether GOTOOLCHAIN lets go run another toolchain than the one named: local and a bare name do not (`go help toolchain`). */
export function maySwitch(gotoolchain: string): boolean {
  return gotoolchain === 'auto' || gotoolchain === 'path' || gotoolchain.includes('+')
}
