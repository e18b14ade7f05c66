/**
 * The way from one go command to its plan: policy, probes, checks, and what is written down. The planner walks it for the
 * launcher; `gowarden doctor` walks the same way to show every value on it.
 */
import {resolve} from 'node:path'
import {type CacheJudgement, checkCache} from '../cache/check-owner.ts'
import {type CacheContents, isolatedCache, probeCache} from '../cache/contents.ts'
import {ownerPath, updateOwner} from '../cache/owner.ts'
import {type Finding, type FindingCode, hasErrors} from '../findings/finding.ts'
import {type CommandLine, parseCommandLine} from '../go/command/command-line.ts'
import type {GoEnv} from '../go/command/go-env.ts'
import {type SubcommandKind, subcommandKind, takesStamp} from '../go/command/subcommand.ts'
import {maySwitch, versionedTarget} from '../go/command/target.ts'
import {applyLevels} from '../policy/apply-levels.ts'
import {findPolicy, type Policy, type PolicyFile} from '../policy/find.ts'
import {type Folder, openFolder, reasonOf} from '../store/folder.ts'
import {UsageError, WorldError} from '../system/errors.ts'
import type {RunResult, System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {checkGoroot} from '../toolchain/check-goroot.ts'
import {
  type GoCommand,
  type GoEnvAnswer,
  type GorootFacts,
  probeGoCommand,
  probeGoEnv,
  probeGoroot,
  readGorootVersion,
} from '../toolchain/go.ts'
import {glanceAt, probeToolchain, type Toolchain} from '../toolchain/identify.ts'
import {checkStamp} from './check-stamp.ts'
import {compilerOf, type Plan, planListing, planStamp} from './plan.ts'
import {probeTargetGoroot} from './target.ts'

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
}

/**
 * The cache that objects come from. 'none': GOCACHE is off, relative or unknown, which go refuses by itself where it
 * needs one. 'program': GOCACHEPROG serves the objects, and nobody here can see whose they are.
 */
export type CacheInUse =
  | {kind: 'none'}
  | {kind: 'program'; program: string}
  | {kind: 'directory'; path: string; isIsolated: boolean; contents: CacheContents}

export type SituationAnswer = {kind: 'known'; situation: Situation} | {kind: 'go-failed'; result: RunResult}

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
  const glance = likely?.goroot === env.GOROOT ? likely : glanceAt(system, folder, env.GOROOT)
  const toolchain = await probeToolchain(system, env, folder, glance, options)
  return {
    kind: 'known',
    situation: {
      words,
      line,
      kind: kindOf(system, line, env),
      directory,
      policy,
      go,
      env,
      goroot: probeGoroot(system, go, env),
      folder,
      toolchain,
      target,
      cache: readCache(system, env, toolchain, policy),
    },
  }
}

/** Node reads names as UTF-8; one that is not would be looked up under another name, and its policy or owner not found. */
function assertDecodable(what: string, name: string): void {
  if (!name.includes('\uFFFD')) return
  throw new WorldError(`the name of ${what} is not UTF-8, so what is there cannot be judged: ${name}`, {
    hint: 'give it another name, or run go without gowarden: GOWARDEN=off',
  })
}

/**
 * What becomes of a command here. In a GOROOT without Go's compiler nothing is compiled, so there is nothing to guard, and go
 * says in its own words what is missing where it needs that (`go tool dist list` and `go list` do not).
 */
function kindOf(system: System, line: CommandLine, env: GoEnv): SubcommandKind {
  const kind = isBuiltTool(system, line, env) ? 'other' : subcommandKind(line.subcommand)
  const compiles = kind === 'builds' || kind === 'uses-cache'
  const isGo = (compilerOf(line, env.GOFLAGS) ?? 'gc') === 'gc'
  return compiles && isGo && !system.files.stat(`${env.GOTOOLDIR}/compile`) ? 'other' : kind
}

/** `go tool nm`: a tool that lies ready in GOTOOLDIR. go builds the others, of GOROOT or of go.mod's tool lines, in the cache. */
function isBuiltTool(system: System, line: CommandLine, env: GoEnv): boolean {
  if (line.subcommand !== 'tool') return false
  const name = line.operands[0]?.text
  return name === undefined || (!name.includes('/') && system.files.isExecutable(`${env.GOTOOLDIR}/${name}`))
}

/**
 * A command on `pkg@version`; there is none where go cannot switch. `isKnown`: the toolchain found is sure to be the one
 * that builds. `pin` is the GOTOOLCHAIN that makes it sure.
 */
export type Target = {name: string; isKnown: boolean; pin: string | undefined}

type SettledTarget =
  | {kind: 'settled'; env: GoEnv; target: Target | undefined}
  | {kind: 'go-failed'; result: RunResult}

/** For `pkg@version`, the environment of the toolchain that will build it; for every other command the one given. */
async function settleTarget(
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

function readCache(system: System, env: GoEnv, toolchain: Toolchain, policy: Policy): CacheInUse {
  if (!env.GOCACHE.startsWith('/')) return {kind: 'none'}
  if (env.GOCACHEPROG !== '') return {kind: 'program', program: env.GOCACHEPROG}
  const isIsolated = policy.cache.value === 'isolate'
  const path = isIsolated ? isolatedCache(env.GOCACHE, toolchain.hash) : env.GOCACHE
  const onWait = (scanned: number) =>
    system.stderr(`gowarden: looking whose objects ${path} holds, this once (${scanned} so far)\n`)
  return {kind: 'directory', path, isIsolated, contents: probeCache(system, path, onWait)}
}

/** What is to be done about a command: its plan when no finding is an error, and whether the plan may be kept. */
export type Judgement = {
  findings: Finding[]
  /** Codes of findings here that the person's own levels lower or silence. */
  lowered: FindingCode[]
  plan: Plan
  isCacheRecorded: boolean
}

/** Checks a command, claims the cache where it is nobody's yet (unless only looking), and makes the plan. */
export async function judge(
  system: System,
  situation: Situation,
  {isOnlyLooking}: {isOnlyLooking: boolean},
): Promise<Judgement> {
  const {line, kind, policy, env, toolchain, cache} = situation
  const ownCache = cache.kind === 'directory' && cache.isIsolated ? cache.path : undefined
  if (kind === 'names-cache' || kind === 'other') {
    const unguarded = kind === 'names-cache' ? ownCache : undefined
    return {
      ...applyLevels(await restrictionsOf(system, situation), policy.levels),
      plan: {cache: unguarded, toolchain: undefined, head: line.head, inserted: [], edits: []},
      isCacheRecorded: false,
    }
  }
  const goroot = checkGoroot(situation.goroot, situation.go, env)
  const compiler = compilerOf(line, env.GOFLAGS)
  const stamp = takesStamp(kind)
    ? checkStamp(situation.target, toldAlways(toolchain, policy), compiler, policy.stamp.value)
    : {findings: [], flag: undefined}
  const before = [
    ...(await restrictionsOf(system, situation)),
    ...goroot,
    ...stamp.findings,
    ...checkProgram(situation, stamp.flag !== undefined),
    ...checkFolder(situation),
  ]
  const look = lookAtCache(situation)
  const {findings: foreseen} = applyLevels([...before, ...look.findings], policy.levels)
  // Nothing is claimed for a build that will not run.
  const claim = isOnlyLooking || hasErrors(foreseen) ? look : await claimCache(system, situation)
  const words =
    stamp.flag === undefined
      ? {inserted: [], edits: []}
      : planStamp(line, env.GOFLAGS, stamp.flag, toolchain.hash)
  const listing =
    compiler === undefined || compiler === 'gc' ? planListing(line, toolchain.hash) : {edits: []}
  const edits = [...words.edits, ...listing.edits]
  assertWritable({...words, edits})
  return {
    ...applyLevels([...before, ...claim.findings], policy.levels),
    isCacheRecorded: claim.isRecorded,
    plan: {
      cache: ownCache,
      toolchain: situation.target?.pin,
      head: line.head,
      ...words,
      ...listing,
      edits,
    },
  }
}

/**
 * What a plain `go build` would find in the same situation: its plan is one that any plain command there can follow. Nothing is
 * claimed, so a cache that is nobody's yet is not recorded. Only for commands without -C and `pkg@version`.
 */
export async function judgePlainBuild(
  system: System,
  situation: Situation,
): Promise<{situation: Situation; judgement: Judgement}> {
  const words = ['build']
  const line = parseCommandLine(words)
  const plain = {...situation, words, line, kind: kindOf(system, line, situation.env)}
  return {situation: plain, judgement: await judge(system, plain, {isOnlyLooking: true})}
}

/** What the policy file restricts beyond cache and stamp; most restrict nothing, and then nothing is loaded. */
async function restrictionsOf(system: System, situation: Situation): Promise<Finding[]> {
  const {policy, line, kind} = situation
  const {file} = policy
  if (file === undefined || !restricts(file) || !isJudged(line.subcommand, kind)) return []
  const {checkRestrictions} = await import('./restrictions.ts')
  return await checkRestrictions(system, situation, file)
}

function restricts({flags, env, versions, proven}: PolicyFile): boolean {
  return flags.length + env.length + versions.length > 0 || proven?.value === true
}

/** What compiles, and what changes go.mod and go.sum; not what only prints, cleans or formats. */
function isJudged(subcommand: string | undefined, kind: SubcommandKind): boolean {
  return kind === 'builds' || kind === 'uses-cache' || ['get', 'mod', 'work'].includes(subcommand ?? '')
}

/** What is said once, when a toolchain is met for the first time, is said each time where policy makes it an error. */
function toldAlways(toolchain: Toolchain, policy: Policy): Toolchain {
  const isRaised = policy.levels.STAMP_UNSUPPORTED?.policy?.value === 'error'
  return {...toolchain, wasHashed: toolchain.wasHashed || isRaised}
}

/** A word that must be written out anew has to be known byte for byte. */
function assertWritable({inserted, edits}: Pick<Plan, 'inserted' | 'edits'>): void {
  const written = [...inserted, ...edits.flatMap(edit => (edit.kind === 'replace' ? [edit.text] : []))]
  const lost = written.find(word => word.includes('\uFFFD'))
  if (lost !== undefined) {
    throw new UsageError(`${lost}: this word is not UTF-8`, 'GOWARDEN=off passes it on as it is')
  }
}

/** Behind GOCACHEPROG the stamp is the only thing that keeps toolchains apart. */
function checkProgram({cache, kind}: Situation, isStamped: boolean): Finding[] {
  if (cache.kind !== 'program' || isStamped || !takesStamp(kind)) return []
  return [{code: 'CACHEPROG_UNSTAMPED', level: 'error', facts: {program: cache.program}}]
}

function checkFolder({folder, toolchain}: Situation): Finding[] {
  const reason = folder.kind === 'unusable' ? folder.reason : toolchain.notRemembered
  return reason === undefined
    ? []
    : [{code: 'STORE_UNUSABLE', level: 'warn', facts: {directory: folder.path, reason}}]
}

type Claim = {findings: Finding[]; isRecorded: boolean}

function lookAtCache({cache, toolchain, policy}: Situation): Claim {
  if (cache.kind !== 'directory') return {findings: [], isRecorded: true}
  const {findings, owners} = checkCache(cache.contents, cache.path, toolchain, policy.cache.value)
  return {findings, isRecorded: owners === undefined}
}

async function claimCache(system: System, {cache, toolchain, policy}: Situation): Promise<Claim> {
  if (cache.kind !== 'directory') return {findings: [], isRecorded: true}
  const first = checkCache(cache.contents, cache.path, toolchain, policy.cache.value)
  if (first.owners === undefined) return {findings: first.findings, isRecorded: true}
  const onWait = (lock: string) =>
    system.stderr(`gowarden: waiting for another command to let go of ${lock}\n`)
  try {
    const final = await updateOwner<CacheJudgement>(system, cache.path, onWait, record => {
      const again = checkCache({...cache.contents, record}, cache.path, toolchain, policy.cache.value)
      return {answer: again, write: again.owners}
    })
    return {findings: final.findings, isRecorded: true}
  } catch (error) {
    const facts = {file: ownerPath(cache.path), reason: reasonOf(error)}
    return {
      findings: [...first.findings, {code: 'CACHE_OWNER_UNWRITABLE', level: 'warn', facts}],
      isRecorded: false,
    }
  }
}
