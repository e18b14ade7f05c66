import type {CommandLine} from '../go/command-line.ts'
import type {System} from '../system.ts'
import {unguarded} from './go.ts'

/**
 * Which GOROOT builds `pkg@version`: go reads that module's go line and may switch for it (cmd/go/internal/toolchain
 * maybeSwitchForGoInstallVersion). The command itself, with -a -n, downloads what it needs, switches, and prints each compile
 * command without running it; the compiler's path names the GOROOT. What go says on the way ("go: downloading …") is
 * passed on, since the command will not say it again. undefined: go failed, and the command will say why.
 */
export async function probeTargetGoroot(
  system: System,
  go: string,
  line: CommandLine,
  words: readonly string[],
): Promise<string | undefined> {
  const asked = [...words.slice(0, line.head), '-a', '-n', ...words.slice(line.head)]
  const {exitCode, stderr} = await system.run(go, asked, {
    env: unguarded(system),
    onErrorLine: text => {
      if (text.startsWith('go: ')) system.stderr(`${text}\n`)
    },
  })
  return exitCode === 0 ? gorootOfCompiler(stderr) : undefined
}

/** The GOROOT in the first compile command that `go build -n` prints: `/usr/local/go/pkg/tool/linux_amd64/compile -o …`. */
export function gorootOfCompiler(printed: string): string | undefined {
  return printed.match(/^"?(\/.*)\/pkg\/tool\/[^/]+\/compile"? -o /m)?.[1]
}
