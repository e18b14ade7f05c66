/** Which toolchain builds `pkg@version`: go obeys that module's go line, and may switch for it. */

import {askingEnv} from '../go/command/child-env.ts'
import type {CommandLine} from '../go/command/command-line.ts'
import {type GoEnv, type Goroot, parseGoroot} from '../go/command/go-env.ts'
import {maySwitch, versionedTarget} from '../go/command/target.ts'
import type {RunResult, System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {probeGoEnv} from '../toolchain/go-env.ts'
import {readGorootVersion} from '../toolchain/goroot.ts'

/**
 * A command on `pkg@version`; there is none where go cannot switch. `isKnown`: the toolchain found is sure to be the one
 * that builds. `pin` is the GOTOOLCHAIN that makes it sure.
 */
export type Target = {name: string; isKnown: boolean; pin: string | undefined}

type SettledTarget =
  | {kind: 'settled'; env: GoEnv; target: Target | undefined}
  | {kind: 'go-failed'; result: RunResult}

/** For `pkg@version`, the environment of the toolchain that will build it; for every other command the one given. */
export async function settleTarget(
  system: System,
  go: string,
  line: CommandLine,
  words: readonly string[],
  env: GoEnv,
): Promise<SettledTarget> {
  const name = versionedTarget(line)
  if (name === undefined || !maySwitch(env.GOTOOLCHAIN)) return {kind: 'settled', env, target: undefined}
  const unknown = {kind: 'settled', env, target: {name, isKnown: false, pin: undefined}} as const
  const isPinned = mayPin(line)
  const found = await probeTargetGoroot(system, go, line, words, {isPinned})
  switch (found.kind) {
    case 'unknown':
      return unknown
    case 'failed':
      return {kind: 'go-failed', result: found.result}
    case 'found':
      break
    default:
      return unreachable(found)
  }
  const version = readGorootVersion(system, found.goroot)
  if (version === undefined) return unknown

  const named: System = {...system, env: {...system.env, GOTOOLCHAIN: version}}
  const answer =
    found.goroot === env.GOROOT ? {kind: 'known' as const, env} : await probeGoEnv(named, go, line.directory)
  if (answer.kind === 'failed' || answer.env.GOROOT !== found.goroot) return unknown
  const isSwitched = found.goroot !== env.GOROOT
  const isExact = isExactVersion(name)
  const pin = isPinned && (isSwitched || !isExact) ? version : undefined
  return {kind: 'settled', env: answer.env, target: {name, isKnown: isPinned || isExact, pin}}
}

/** Whether GOTOOLCHAIN may hold the toolchain that was found: `go run` starts a program that would inherit it. */
function mayPin(line: CommandLine): boolean {
  return line.subcommand === 'install'
}

/** A module at `@v1.2.3` never changes. A query like @latest may find another version, with another go line, a moment later. */
function isExactVersion(name: string): boolean {
  return /@v\d+\.\d+\.\d+([-+][^@]*)?$/.test(name)
}

/** What go answers; 'failed': it ended before any action, said why, and the command itself would end the same way. */
type TargetAnswer = {kind: 'found'; goroot: Goroot} | {kind: 'failed'; result: RunResult} | {kind: 'unknown'}

/**
 * Which GOROOT builds `pkg@version`: go reads that module's go line and may switch for it (cmd/go/internal/toolchain
 * maybeSwitchForGoInstallVersion). The command itself, with -a -n, downloads what it needs, switches, and prints each compile
 * command without running it; the compiler's path names the GOROOT. Passed on to the user is what the command will not say
 * again: that it downloads, and when `isPinned` that it switches. Of a failure it is everything.
 */
async function probeTargetGoroot(
  system: System,
  go: string,
  line: CommandLine,
  words: readonly string[],
  {isPinned}: {isPinned: boolean},
): Promise<TargetAnswer> {
  const asked = [...words.slice(0, line.head), '-a', '-n', ...words.slice(line.head)]
  const result = await system.run(go, asked, {
    env: askingEnv(system.env),
    onErrorLine: text => {
      if (isSaidOnce(text, isPinned)) system.tell({kind: 'go-says', line: text})
    },
  })
  if (result.exitCode === 0) {
    const goroot = gorootOfCompiler(result.stderr)
    return goroot === undefined ? {kind: 'unknown'} : {kind: 'found', goroot}
  }
  if (result.exitCode === undefined || hasActions(result.stderr)) return {kind: 'unknown'}
  const lines = result.stderr.replace(/\n$/, '').split('\n')
  for (const line of lines) if (!isSaidOnce(line, isPinned)) system.tell({kind: 'go-says', line})
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
export function gorootOfCompiler(printed: string): Goroot | undefined {
  return parseGoroot(printed.match(/^"?(\/.*)\/pkg\/tool\/[^/]+\/compile"? -o /m)?.[1])
}
