import type {CommandLine} from '../go/command/command-line.ts'
import type {RunResult, System} from '../system/system.ts'
import {unguarded} from '../toolchain/go.ts'

/** What go answers; 'failed': it ended before any action, said why, and the command itself would end the same way. */
export type TargetAnswer =
  | {kind: 'found'; goroot: string}
  | {kind: 'failed'; result: RunResult}
  | {kind: 'unknown'}

/**
 * Which GOROOT builds `pkg@version`: go reads that module's go line and may switch for it (cmd/go/internal/toolchain
 * maybeSwitchForGoInstallVersion). The command itself, with -a -n, downloads what it needs, switches, and prints each compile
 * command without running it; the compiler's path names the GOROOT. Passed on to the user is what the command will not say
 * again: that it downloads, and when `isPinned` that it switches. Of a failure it is everything.
 */
export async function probeTargetGoroot(
  system: System,
  go: string,
  line: CommandLine,
  words: readonly string[],
  {isPinned}: {isPinned: boolean},
): Promise<TargetAnswer> {
  const asked = [...words.slice(0, line.head), '-a', '-n', ...words.slice(line.head)]
  const result = await system.run(go, asked, {
    env: unguarded(system),
    onErrorLine: text => {
      if (isSaidOnce(text, isPinned)) system.stderr(`${text}\n`)
    },
  })
  if (result.exitCode === 0) {
    const goroot = gorootOfCompiler(result.stderr)
    return goroot === undefined ? {kind: 'unknown'} : {kind: 'found', goroot}
  }
  if (result.exitCode === undefined || hasActions(result.stderr)) return {kind: 'unknown'}
  const lines = result.stderr.split(/(?<=\n)/)
  system.stderr(lines.filter(text => !isSaidOnce(text.trimEnd(), isPinned)).join(''))
  return {kind: 'failed', result}
}

function isSaidOnce(text: string, isPinned: boolean): boolean {
  return text.startsWith('go: downloading ') || (isPinned && /^go: .*; switching to go\d\S*$/.test(text))
}

/** Whether `go build -n` came as far as printing what it would do: `mkdir -p $WORK/b001/`. */
function hasActions(printed: string): boolean {
  return /^mkdir -p \$WORK\//m.test(printed)
}

/** The GOROOT in the first compile command that `go build -n` prints: `/usr/local/go/pkg/tool/linux_amd64/compile -o …`. */
export function gorootOfCompiler(printed: string): string | undefined {
  return printed.match(/^"?(\/.*)\/pkg\/tool\/[^/]+\/compile"? -o /m)?.[1]
}
