/** What is known of one go command before it runs. */
import {resolve} from 'node:path'
import {type CacheInUse, readCache} from '../cache/in-use.ts'
import type {BuildFound} from '../findings/finding.ts'
import {type CommandLine, parseCommandLine} from '../go/command/command-line.ts'
import type {GoEnv} from '../go/command/go-env.ts'
import {type SubcommandKind, subcommandKind, takesStamp} from '../go/command/subcommand.ts'
import {lockPlace} from '../lock/place.ts'
import {findPolicy} from '../policy/find.ts'
import type {Policy} from '../policy/policy.ts'
import {type Folder, openFolder} from '../store/folder.ts'
import {WorldError} from '../system/errors.ts'
import type {RunResult, System} from '../system/system.ts'
import {checkNoToolchain} from '../toolchain/check-goroot.ts'
import {type GoCommand, probeGoCommand} from '../toolchain/go-command.ts'
import {type GoEnvAnswer, probeGoEnv} from '../toolchain/go-env.ts'
import {goEnvSetting} from '../toolchain/go-env-origin.ts'
import {type GorootFacts, isHandedAnother, missingOfToolchain, probeGoroot} from '../toolchain/goroot.ts'
import {glanceAt, probeToolchain, type Toolchain} from '../toolchain/identify.ts'
import {compilerOf, standInFlags, takesFips, valueInForce} from './plan.ts'
import {profileOf} from './profile.ts'
import type {StandIn} from './stand-ins.ts'
import {settleTarget, type Target} from './target.ts'

/** Everything known of one go command before it runs. */
export type Situation = {
  words: readonly string[]
  line: CommandLine
  kind: SubcommandKind
  /** The caller's directory after -C. */
  directory: string
  policy: Policy
  go: GoCommand
  env: GoEnv
  goroot: GorootFacts
  folder: Folder
  toolchain: Toolchain
  target: Target | undefined
  cache: CacheInUse
  /** What -toolexec and -overlay put in the place of the toolchain's own; none for a command that takes no stamp. */
  standIns: StandIn[]
  /** The profile of a build behind GOCACHEPROG; elsewhere it is not looked for. */
  profile: string | undefined
}

/** 'left-to-go': nothing there can compile, so the command runs as it is, and go says what is missing; `found` is what we add. */
export type SituationAnswer =
  | {kind: 'known'; situation: Situation}
  | {kind: 'go-failed'; result: RunResult}
  | {kind: 'left-to-go'; found: BuildFound[]; policy: Policy; line: CommandLine}

/** Gathers the facts of a command. `asked` is what go answered already, if it was asked. Throws UsageError for a policy that cannot be understood. */
export async function readSituation(
  system: System,
  goPath: string,
  folderPath: string,
  words: readonly string[],
  options: {everyByte: boolean; asked?: GoEnvAnswer | undefined},
): Promise<SituationAnswer> {
  const line = parseCommandLine(words)
  const directory = line.directory === undefined ? system.cwd : resolve(system.cwd, line.directory)
  assertDecodable('the working directory', directory)
  const policy = await findPolicy(system, directory)
  const asked = options.asked ?? probeGoEnv(system, goPath, line.directory)
  // While go answers, the tree that most likely compiles is looked at: the one the go command lies in.
  const go = probeGoCommand(system, goPath)
  const folder = openFolder(system, folderPath)
  const likely = go.ownGoroot === undefined ? undefined : glanceAt(system, folder, go.ownGoroot)
  const answer = await asked
  if (answer.kind === 'failed') return {kind: 'go-failed', result: answer.result}

  const settled = await settleTarget(system, goPath, line, words, answer.env)
  if (settled.kind === 'go-failed') return settled
  const {env, target} = settled
  assertDecodable('GOROOT', env.GOROOT)
  assertDecodable('GOCACHE', env.GOCACHE)
  const missing = missingOfToolchain(system.files, env.GOROOT)
  if (missing.length > 0) {
    const place = goEnvSetting(system, env, 'GOROOT')?.place
    // `go list` answers there as well as it can (Go's own script tests).
    const compiles = subcommandKind(line.subcommand) === 'builds' && line.subcommand !== 'list'
    const found = compiles ? [checkNoToolchain(env.GOROOT, missing, place)] : []
    if (compiles && lockPlace(system, directory) !== undefined) {
      const {judgeNoToolchain} = await import('./no-toolchain.ts')
      found.push(...judgeNoToolchain(system, directory, env, place))
    }
    return {kind: 'left-to-go', found, policy, line}
  }
  const goroot = probeGoroot(system, go, env)
  // `go test -cover` of go1.25.0, to which go1.24.4 switched, runs `go tool covdata` of the go on PATH. That one has no such tool.
  if (isHandedAnother(goroot, env) && subcommandKind(line.subcommand) !== 'builds')
    return {kind: 'left-to-go', found: [], policy, line}
  const glance = likely?.goroot === env.GOROOT ? likely : glanceAt(system, folder, env.GOROOT)
  const toolchain = await probeToolchain(system, env, folder, glance, options)
  const kind = kindOf(system, line, env)
  const cache = readCache(system, env, toolchain, policy)
  return {
    kind: 'known',
    situation: {
      words,
      line,
      kind,
      directory,
      policy,
      go,
      env,
      goroot,
      folder,
      toolchain,
      target,
      cache,
      profile:
        cache.kind === 'program' && takesStamp(kind)
          ? profileOf(system, line, env.GOFLAGS, directory)
          : undefined,
      standIns: takesStamp(kind) ? await standInsOf(system, line, env, directory) : [],
    },
  }
}

async function standInsOf(
  system: System,
  line: CommandLine,
  env: GoEnv,
  directory: string,
): Promise<StandIn[]> {
  const [toolexec = '', overlay = ''] = standInFlags.map(name => valueInForce(line, env.GOFLAGS, name))
  const fips = env.GOFIPS140
  if (toolexec === '' && overlay === '' && !takesFips(fips)) return []
  const {probeStandIns} = await import('./stand-ins.ts')
  return probeStandIns(system, {toolexec, overlay, fips, directory, goroot: env.GOROOT})
}

/** Node reads names as UTF-8; one that is not would be looked up under another name, and its policy or owner not found. */
function assertDecodable(what: string, name: string): void {
  if (!name.includes('\uFFFD')) return
  throw new WorldError(`the name of ${what} is not UTF-8, so what is there cannot be judged: ${name}`, {
    hint: 'rename it, or run go without gowarden: GOWARDEN=off',
  })
}

/**
 * What becomes of a command here. In a GOROOT without Go's compiler, and without a program that runs in its place (-toolexec), nothing is compiled, so there is nothing to guard, and go
 * says in its own words what is missing where it needs that (`go tool dist list` and `go list` do not).
 */
export function kindOf(system: System, line: CommandLine, env: GoEnv): SubcommandKind {
  const kind = isBuiltTool(system, line, env) ? 'other' : kindOfSubcommand(line, env)
  const compiles = kind === 'builds' || kind === 'uses-cache'
  const isGo =
    (compilerOf(line, env.GOFLAGS) ?? 'gc') === 'gc' &&
    (valueInForce(line, env.GOFLAGS, 'toolexec') ?? '') === ''
  return compiles && isGo && !system.files.stat(`${env.GOTOOLDIR}/compile`) ? 'other' : kind
}

/** In GOPATH mode, where go names no go.mod (not even /dev/null), `go get` compiles and installs up to Go 1.21. */
function kindOfSubcommand({subcommand}: CommandLine, env: GoEnv): SubcommandKind {
  return subcommand === 'get' && env.GOMOD === '' ? 'builds' : subcommandKind(subcommand)
}

/** `go tool nm`: a tool that lies ready in GOTOOLDIR. go builds the others, of GOROOT or of go.mod's tool lines, in the cache. */
function isBuiltTool(system: System, line: CommandLine, env: GoEnv): boolean {
  if (line.subcommand !== 'tool') return false
  const name = line.operands[0]?.text
  return name === undefined || (!name.includes('/') && system.files.isExecutable(`${env.GOTOOLDIR}/${name}`))
}
