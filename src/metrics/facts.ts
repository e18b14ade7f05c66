/**
 * What a host is now, for one user: its toolchains, the build cache, the go that runs when `go` is typed, the stamps of binaries. Writes
 * nothing. What is read here takes a second or more; metrics.ts adds the counts of events, which take none.
 */
import type {Situation} from '../build/situation.ts'
import {configuredCache} from '../cache/contents.ts'
import {isolatedFolders} from '../cache/isolated.ts'
import {objectFolders} from '../cache/object-folders.ts'
import {type OwnerRecord, readOwner} from '../cache/owner.ts'
import {type Examined, examine} from '../doctor/doctor.ts'
import type {RecordedEvent} from '../events/file.ts'
import {type Finding, hasErrors} from '../findings/finding.ts'
import {parseToolchainHash, type ToolchainHash} from '../go/module/toolchain-module.ts'
import {type Inspection, inspect} from '../inspect/inspect.ts'
import {findLock} from '../lock/find.ts'
import {openFolder, storeFolder} from '../store/folder.ts'
import {isUsageError, isWorldError} from '../system/errors.ts'
import {orNothing} from '../system/or-nothing.ts'
import {statText} from '../system/stat-text.ts'
import type {System} from '../system/system.ts'
import {toolFiles} from '../toolchain/goroot-stat.ts'
import {rememberedToolchains} from '../toolchain/memo.ts'
import {isRememberedProof} from '../toolchain/proof-memo.ts'
import {type BinaryState, binaryStates, type CacheState} from './states.ts'

export type HostFacts = {
  /** When this was looked at, in milliseconds since the epoch. */
  atMs: number
  /** As `gowarden doctor` says it; 'unknown' where no go answers. */
  guard: 'guarded' | 'refused' | 'unguarded' | 'unknown'
  /** Why it is not guarded, and the command that guards it; '' where there is nothing to say. */
  reason: string
  fix: string
  canBuild: boolean
  findings: Finding[]
  toolchains: ToolchainFacts[]
  /** Of the cache that `go build` uses here. */
  cacheStatus: CacheState
  caches: CacheFacts[]
  binaries: BinaryFacts[]
}

export type ToolchainFacts = {
  hash: ToolchainHash
  version: string
  /** `linux/amd64` */
  platform: string
  goroot: string
  /** The one that `go build` uses here. */
  isCurrent: boolean
  /** The checksum database was seen to hold it. 'unknown': nobody has asked. */
  proven: 'yes' | 'unknown'
  /** Whether the locks of the repositories that it built for name it; 'none' where there are no locks. */
  locked: 'yes' | 'no' | 'none'
}

/** `isCurrent`: the one that `go build` uses here. */
export type CacheFacts = {path: string; isCurrent: boolean; owners: string[]; bytes: number; objects: number}

/** How many binaries below a folder are in a state; `files`: the first of them, for who looks for them. */
export type BinaryFacts = {directory: string; state: BinaryState; count: number; files: string[]}

/** So many caches and toolchains are looked at, the newest first. */
const most = 30

/** So many binaries of a folder and state are named. */
const mostNamed = 20

/** Looks at all of it. `binaries`: folders in which to look for binaries. `events`: which repositories and caches there are. */
export async function probeHost(
  system: System,
  {binaries, events}: {binaries: readonly string[]; events: readonly RecordedEvent[]},
): Promise<HostFacts> {
  const examined = await unlessRefused(() => examine(system, {everyByte: false}))
  const {situation, judged} = examined.kind === 'known' ? examined.value : {situation: undefined, judged: []}
  return {
    atMs: system.nowMs(),
    ...verdictOf(examined),
    toolchains: probeToolchains(system, situation, events),
    cacheStatus: situation === undefined ? 'unknown' : cacheState(system, situation, judged),
    caches: await probeCaches(system, situation, events),
    binaries: await probeBinaries(system, binaries),
  }
}

type Refusable<T> = {kind: 'known'; value: T} | {kind: 'refused'; reason: string}

/** A host where no go answers has no less to say of the rest. */
async function unlessRefused<T>(body: () => Promise<T>): Promise<Refusable<T>> {
  try {
    return {kind: 'known', value: await body()}
  } catch (error) {
    if (isWorldError(error) || isUsageError(error)) return {kind: 'refused', reason: error.message}
    throw error
  }
}

function verdictOf(
  examined: Refusable<Examined>,
): Pick<HostFacts, 'guard' | 'reason' | 'fix' | 'canBuild' | 'findings'> {
  if (examined.kind === 'refused')
    return {guard: 'unknown', reason: examined.reason, fix: '', canBuild: false, findings: []}
  const {guard, canBuild, findings} = examined.value.diagnosis
  return {guard: guard.kind, reason: guard.reason, fix: guard.fix, canBuild, findings}
}

/** Those that gowarden has met here and that stand as they stood. */
function probeToolchains(
  system: System,
  situation: Situation | undefined,
  events: readonly RecordedEvent[],
): ToolchainFacts[] {
  const folder = openFolder(system, storeFolder(system))
  const current = situation?.toolchain
  const remembered = rememberedToolchains(system, folder.path)
    .filter(({goroot, tools}) => statText(system.files, toolFiles(system.files, goroot)) === tools)
    .sort((a, b) => b.comparedMs - a.comparedMs)
    .filter(({goroot}) => goroot !== current?.goroot)
  return [...(current === undefined ? [] : [current]), ...remembered]
    .slice(0, most)
    .flatMap(({hash, goroot}) => {
      const parts = parseToolchainHash(hash)
      if (parts === undefined) return []
      return [
        {
          hash,
          version: parts.version,
          platform: `${parts.os}/${parts.arch}`,
          goroot,
          isCurrent: goroot === current?.goroot,
          proven: isRememberedProof(system, folder, hash) ? 'yes' : 'unknown',
          locked: lockedBy(system, hash, repositoriesOf(events, hash)),
        },
      ]
    })
}

/** Where a toolchain planned builds, the newest first. */
function repositoriesOf(events: readonly RecordedEvent[], hash: string): string[] {
  const repositories = events.flatMap(event =>
    event.kind === 'plan' && event.toolchain === hash ? [event.repository] : [],
  )
  return [...new Set(repositories.toReversed())].slice(0, most)
}

function lockedBy(system: System, hash: string, repositories: readonly string[]): ToolchainFacts['locked'] {
  const locks = repositories
    .map(repository => findLock(system, repository))
    .filter(({kind}) => kind !== 'none')
  if (locks.length === 0) return 'none'
  const names = (lock: (typeof locks)[number]) =>
    lock.kind === 'found' && lock.lock.toolchains.some(toolchain => toolchain.hash === hash)
  return locks.every(names) ? 'yes' : 'no'
}

function cacheState(system: System, {cache, toolchain}: Situation, judged: readonly Finding[]): CacheState {
  if (cache.kind === 'none') return 'off'
  if (cache.kind === 'program') return 'program'
  if (hasErrors(judged.filter(({code}) => code.startsWith('CACHE_')))) return 'refused'
  const {record} = cache.contents
  if (record.kind === 'corrupt') return 'damaged'
  if (system.files.stat(cache.path) !== undefined && !system.files.isWritable(cache.path)) return 'unwritable'
  if (record.kind === 'absent') return 'unowned'
  return record.owners.some(({hash}) => hash === toolchain.hash) ? 'owned' : 'foreign'
}

/** The configured cache, those that `isolate` made beneath it, and those that were audited or adopted. */
async function probeCaches(
  system: System,
  situation: Situation | undefined,
  events: readonly RecordedEvent[],
): Promise<CacheFacts[]> {
  const {cache, env} = situation ?? {}
  const configured = env?.GOCACHE.startsWith('/') ? configuredCache(env.GOCACHE) : undefined
  const inUse = cache?.kind === 'directory' ? cache.path : undefined
  const paths = new Set([
    ...(inUse === undefined ? [] : [inUse]),
    ...(configured === undefined
      ? []
      : [configured, ...isolatedFolders(system, configured).map(({path}) => path)]),
    ...events
      .flatMap(event => (event.kind === 'audit' || event.kind === 'adopt' ? [event.cache] : []))
      .toReversed(),
  ])
  const caches: CacheFacts[] = []
  for (const path of [...paths].slice(0, most)) {
    if (!isFolder(system, path)) continue
    const record: OwnerRecord = readOwner(system, path)
    const owners = record.kind === 'owned' ? record.owners.map(({hash}) => hash) : []
    caches.push({path, isCurrent: path === inUse, owners, ...(await sizeOf(system, path))})
  }
  return caches
}

function isFolder(system: System, path: string): boolean {
  return orNothing(() => system.files.stat(path))?.kind === 'directory'
}

/** The files of a cache's 256 folders. Who waits for an answer meanwhile gets it. */
async function sizeOf(system: System, cache: string): Promise<{bytes: number; objects: number}> {
  let bytes = 0
  let objects = 0
  for (const directory of objectFolders(cache)) {
    for (const name of namesIn(system, directory)) {
      bytes += sizeOfFile(system, `${directory}/${name}`)
      if (name.endsWith('-d')) objects += 1
    }
    await new Promise(resolve => setImmediate(resolve))
  }
  return {bytes, objects}
}

function namesIn(system: System, directory: string): string[] {
  const entries = orNothing(() => system.files.list(directory)) ?? []
  return entries.filter(({kind}) => kind === 'file').map(({name}) => name)
}

/** What go trims while we look, or nobody may look at, counts as nothing. */
function sizeOfFile(system: System, path: string): number {
  return Number(orNothing(() => system.files.stat(path))?.size ?? 0)
}

/** Of each folder how many binaries are in which state; a state without binaries counts none. */
async function probeBinaries(system: System, directories: readonly string[]): Promise<BinaryFacts[]> {
  const counts: BinaryFacts[] = []
  for (const directory of directories) {
    const found = (await inspect(system, [directory])).flatMap(inspection => {
      const state = stateOf(inspection)
      return state === undefined ? [] : [{file: inspection.file, state}]
    })
    for (const state of binaryStates) {
      const files = found.filter(one => one.state === state).map(({file}) => file)
      counts.push({directory, state, count: files.length, files: files.slice(0, mostNamed)})
    }
  }
  return counts
}

/** undefined: no Go binary, or of a kind that nobody can judge. */
function stateOf(inspection: Inspection): BinaryState | undefined {
  if (inspection.kind === 'not-go' || inspection.kind === 'unsupported') return undefined
  if (inspection.kind !== 'go') return 'unreadable'
  const {kind} = inspection.stamp
  return kind === 'none' ? 'unstamped' : kind
}
