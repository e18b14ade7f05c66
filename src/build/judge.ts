/**
 * The way from one go command to its plan: checks turn what is known and the policy into findings, and the plan follows. The
 * planner walks it for the launcher; `gowarden doctor` walks the same way to show every value on it.
 */
import {checkDoubts} from '../cache/check-doubt.ts'
import {type BuildFound, type Finding, type FindingCode, hasErrors} from '../findings/finding.ts'
import {parseCommandLine} from '../go/command/command-line.ts'
import {type SubcommandKind, takesStamp} from '../go/command/subcommand.ts'
import {installFolder, lockPlace} from '../lock/place.ts'
import {applyBuildLevels} from '../policy/apply-levels.ts'
import type {Policy, PolicyFile} from '../policy/policy.ts'
import {UsageError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {checkGoroot, checkOverlaps} from '../toolchain/check-goroot.ts'
import type {Toolchain} from '../toolchain/identify.ts'
import {checkCacheProgram, checkProfile} from './check-cacheprog.ts'
import {checkStamp} from './check-stamp.ts'
import {checkStandIns, stampText} from './check-stand-ins.ts'
import {checkStore} from './check-store.ts'
import {claimCache, lookAtCache} from './claim.ts'
import {compilerOf, type Plan, planListing, planStamp} from './plan.ts'
import {kindOf, type Situation} from './situation.ts'

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
      ...applyBuildLevels(await restrictionsOf(system, situation), policy),
      plan: {cache: unguarded, toolchain: undefined, head: line.head, inserted: [], edits: []},
      isCacheRecorded: false,
    }
  }
  const mismatch = checkGoroot(situation.goroot, situation.go, env)
  const compiler = compilerOf(line, env.GOFLAGS)
  const stamp = takesStamp(kind)
    ? checkStamp(situation.target, toldAlways(toolchain, policy), compiler, policy.stamp.value)
    : {findings: [], flag: undefined}
  const text = stampText(toolchain.hash, situation.standIns)
  const flag = text === undefined ? undefined : stamp.flag
  const before = [
    ...(await restrictionsOf(system, situation)),
    ...(mismatch.length > 0 ? [] : await lockedOf(system, situation, compiler)),
    ...mismatch,
    ...checkOverlaps(toolchain),
    ...stamp.findings,
    ...checkStandIns(situation.standIns, line.subcommand, policy.stamp.value),
    ...(takesStamp(kind) ? checkCacheProgram(cache, flag !== undefined) : []),
    ...checkProfile(cache, situation.profile),
    ...checkStore(situation.folder, toolchain),
    ...(cache.kind === 'directory' && mismatch.length === 0 ? checkDoubts(cache.path, cache.doubts) : []),
  ]
  // Where two toolchains are mixed, no hash says which of them a cache would pass to.
  const look = mismatch.length > 0 ? {findings: [], isRecorded: false} : lookAtCache(situation)
  const {findings: foreseen} = applyBuildLevels([...before, ...look.findings], policy)
  // Nothing is claimed for a build that will not run.
  const claim = isOnlyLooking || hasErrors(foreseen) ? look : await claimCache(system, situation)
  const words =
    flag === undefined || text === undefined
      ? {inserted: [], edits: []}
      : planStamp(line, env.GOFLAGS, flag, text)
  const listing =
    compiler === undefined || compiler === 'gc' ? planListing(line, text ?? toolchain.hash) : {edits: []}
  const edits = [...words.edits, ...listing.edits]
  assertWritable({...words, edits})
  return {
    ...applyBuildLevels([...before, ...claim.findings], policy),
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
async function restrictionsOf(system: System, situation: Situation): Promise<BuildFound[]> {
  const {policy, line, kind} = situation
  const {file} = policy
  if (file === undefined || !restricts(file) || !isJudged(line.subcommand, kind)) return []
  const {checkRestrictions} = await import('./restrictions.ts')
  return await checkRestrictions(system, situation, file)
}

/** Most repositories have no lock, and most GOROOTs were not installed by us: then nothing is loaded. */
async function lockedOf(
  system: System,
  situation: Situation,
  compiler: string | undefined,
): Promise<BuildFound[]> {
  const folder = installFolder(system)
  const isInstalled = folder !== '' && situation.toolchain.goroot.startsWith(`${folder}/`)
  if (!isInstalled && lockPlace(system, situation.directory) === undefined) return []
  const {judgeLocked} = await import('./locked.ts')
  return judgeLocked(system, situation, compiler)
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
    throw new UsageError(`${lost}: this word is not UTF-8`, 'GOWARDEN=off passes it on unchanged')
  }
}
