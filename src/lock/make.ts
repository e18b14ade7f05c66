/** `gowarden lock`: which toolchain is to build a repository is looked up, proven and written down. */
import type {Goroot} from '../go/command/go-env.ts'
import {compareText} from '../go/module/semver.ts'
import {parseToolchainHash, toolchainHash} from '../go/module/toolchain-module.ts'
import {type ProxyEntry, parseGoproxy} from '../goproxy/goproxy-list.ts'
import {askDatabase, attackText} from '../goproxy/published.ts'
import {type Database, goSetting, moduleCache, parseGosumdb} from '../goproxy/settings.ts'
import {fetchFrom, tryProxies} from '../goproxy/source.ts'
import {realPathOf} from '../policy/directories.ts'
import {openFolder, reasonOf, storeFolder} from '../store/folder.ts'
import {UsageError, WorldError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {shellWord} from '../text/shell-word.ts'
import {missingOfToolchain, readGorootVersion} from '../toolchain/goroot.ts'
import {rememberProof} from '../toolchain/proof-memo.ts'
import {isReason, isToolchainName, type Lock, type LockedToolchain, lockText, platformOf} from './file.ts'
import {damageText, findLock, rootOf} from './find.ts'
import type {Here} from './here.ts'
import {lockIn} from './place.ts'
import {ciFolder, ciPlatforms} from './platforms.ts'
import {exactVersion, newestThatFits, versionLines} from './version.ts'

export type LockWords = {
  version: string | undefined
  /** `linux/amd64`; undefined for this machine's and those of CI. */
  platforms: string[] | undefined
}

/** `chosen` says what decided the version, `why` of each line why its platform is there. */
export type MadeLock = {
  path: string
  lock: Lock
  chosen: string
  why: Record<string, string>
  /** What CI runs on that is not locked, and why not. */
  left: string[]
  isChanged: boolean
}

/** Makes the lock of the repository around a directory. Nothing is written unless every line is proven. Throws UsageError, WorldError. */
export async function makeLock(system: System, here: Here, words: LockWords): Promise<MadeLock> {
  const old = findLock(system, system.cwd)
  if (old.kind === 'damaged') {
    throw new UsageError(
      damageText(old),
      `look at it, and make it again: rm ${shellWord(old.path)} && gowarden lock`,
    )
  }
  const path = old.kind === 'found' ? old.path : lockIn(rootOf(system, system.cwd))
  const before = old.kind === 'found' ? old.lock : undefined
  const network = networkOf(system, here.goroot)
  const {version, chosen} = await chooseVersion(system, here, words.version, network)
  const {platforms, left} = choosePlatforms(system, here, words.platforms, before)

  const ask = askDatabase(system, network.database, network.entries, moduleCache(system))
  const folder = openFolder(system, storeFolder(system))
  const toolchains = await Promise.all(
    Object.entries(platforms).map(async ([platform, why]) => {
      const toolchain = await proven(ask, network.database, version, platform)
      if (toolchain.kind === 'proven') {
        rememberProof(system, folder, toolchain.toolchain.hash)
        return [toolchain.toolchain]
      }
      // CI may run on what Go's own releases leave out; what a person names, and this machine, must be there.
      if (!why.startsWith(ciFolder)) throw noSuch(toolchain.reason)
      left.push(`${platform} (${why}): ${toolchain.reason}`)
      return []
    }),
  )
  const lock = {version, toolchains: sorted(toolchains.flat()), comments: before?.comments ?? []}
  return {path, lock, chosen, why: platforms, left, isChanged: writeLock(system, path, lock)}
}

/** Locks what lies in a GOROOT, which nobody publishes: a distribution's toolchain or a patched one. `reason` is kept in the lock. */
export async function lockGoroot(system: System, goroot: string, reason: string): Promise<MadeLock> {
  if (!isReason(reason))
    throw new UsageError(
      '--reason is not one line of at most 200 characters',
      "say why: --reason 'built by us, see #12'",
    )
  const missing = missingOfToolchain(system.files, goroot)
  const version = readGorootVersion(system, goroot)
  if (missing.length > 0 || version === undefined)
    throw new UsageError(
      `${goroot} is no GOROOT: ${missing[0] ?? 'VERSION'} is missing`,
      'name one: --from "$(go env GOROOT)"',
    )
  if (!isToolchainName(version))
    throw new UsageError(
      `${goroot} is ${version}, which is no version that can be asked for`,
      'lock a release',
    )
  const [os = '', arch = ''] = platformOfGoroot(system, goroot).split('_')
  const old = findLock(system, system.cwd)
  if (old.kind === 'damaged')
    throw new UsageError(damageText(old), `look at it, and make it again: rm ${shellWord(old.path)}`)
  const path = old.kind === 'found' ? old.path : lockIn(rootOf(system, system.cwd))
  const before = old.kind === 'found' ? old.lock : undefined

  const {hashGoroot} = await import('../toolchain/goroot-hash.ts')
  const onWait = () => system.tell({kind: 'reading-goroot', goroot, for: 'cache'})
  const {h1} = await hashGoroot(system, realPathOf(system, goroot), {version, os, arch}, onWait)
  const hash = toolchainHash(version, os, arch, h1)
  const own: LockedToolchain = {hash, version, os, arch, h1, proof: {kind: 'unproven', reason}}
  const others = before?.version === version ? before.toolchains : []
  const toolchains = [own, ...others.filter(other => platformOf(other) !== platformOf(own))]
  const lock = {version, toolchains: sorted(toolchains), comments: before?.comments ?? []}
  const why = Object.fromEntries(
    toolchains.map(one => [platformOf(one), one === own ? goroot : 'in the lock before']),
  )
  return {path, lock, chosen: `${goroot}/VERSION`, why, left: [], isChanged: writeLock(system, path, lock)}
}

function sorted(toolchains: readonly LockedToolchain[]): LockedToolchain[] {
  return [...toolchains].sort((a, b) => compareText(platformOf(a), platformOf(b)))
}

/** The one folder of tools that a GOROOT has: `linux_amd64`. */
function platformOfGoroot(system: System, goroot: string): string {
  const [only, ...more] = (system.files.list(`${goroot}/pkg/tool`) ?? [])
    .map(({name}) => name)
    .filter(name => /^[a-z0-9]+_[a-z0-9]+$/.test(name))
  if (only === undefined || more.length > 0)
    throw new UsageError(
      `${goroot}/pkg/tool holds the tools of ${more.length === 0 ? 'no platform' : 'more than one platform'}`,
      'name a GOROOT as it is installed',
    )
  return only
}

/** By rename, and only where something changes. The lock may be a link within the repository, which stays one. */
function writeLock(system: System, path: string, lock: Lock): boolean {
  const text = lockText(lock)
  const file = realPathOf(system, path)
  try {
    if (system.files.read(file)?.toString() === text) return false
    system.files.replace(file, text, 0o644)
    return true
  } catch (error) {
    throw new WorldError(`writing ${path}: ${reasonOf(error)}`, {cause: error})
  }
}

export type Network = {database: Database; entries: ProxyEntry[]}

/** How proxies and checksum database are reached here. Throws UsageError for settings that go would refuse too. */
export function networkOf(system: System, goroot: Goroot | undefined): Network {
  const sumdb = goSetting(system, goroot, 'GOSUMDB')
  const database = parseGosumdb(sumdb.value)
  if ('kind' in database)
    throw new UsageError(
      `GOSUMDB=${sumdb.value} in ${sumdb.place}: ${database.reason}`,
      'ask the public one: export GOSUMDB=sum.golang.org',
    )
  const proxy = goSetting(system, goroot, 'GOPROXY')
  const list = parseGoproxy(proxy.value)
  if (list.kind === 'broken')
    throw new UsageError(
      `GOPROXY in ${proxy.place}: ${list.reason}`,
      'use the public one: export GOPROXY=https://proxy.golang.org',
    )
  return {database, entries: list.entries}
}

async function chooseVersion(
  system: System,
  here: Here,
  asked: string | undefined,
  network: Network,
): Promise<{version: string; chosen: string}> {
  if (asked !== undefined)
    return {version: await exactOrRefuse(system, here, asked, 'lock', network), chosen: 'the command line'}
  const file = versionFile(system)
  const lines = versionLines(file?.text ?? '')
  for (const {verb, text, line} of lines) {
    const version = exactVersion(text)
    if (version !== undefined) return {version, chosen: `the ${verb} line of ${file?.path}:${line}`}
  }
  const running = await here.running()
  const exact = running && exactVersion(running)
  if (exact) return {version: exact, chosen: 'the go command that runs here'}
  const why = running === undefined ? 'and no go runs here' : `and ${running}, which runs here, is no release`
  const [line] = lines
  throw await noVersion(
    system,
    here,
    line === undefined ? 'latest' : `>=go${line.text}`,
    `go.mod names no toolchain, ${why}`,
    'lock',
    network,
  )
}

/** The one release that is asked for. Throws UsageError for a range, with the newest that fits. */
export async function exactOrRefuse(
  system: System,
  here: Here,
  asked: string,
  verb: 'lock' | 'install',
  network = networkOf(system, here.goroot),
): Promise<string> {
  const version = exactVersion(asked)
  if (version !== undefined) return version
  throw await noVersion(system, here, asked, `${asked} is not one toolchain`, verb, network)
}

async function noVersion(
  system: System,
  here: Here,
  asked: string,
  message: string,
  verb: 'lock' | 'install',
  {entries}: Network,
): Promise<UsageError> {
  const found = await tryProxies(entries, proxy => fetchFrom(system, proxy, 'golang.org/toolchain/@v/list'))
  const versions = found.kind === 'got' ? versionsIn(found.bytes.toString(), `.${here.os}-${here.arch}`) : []
  const newest = newestThatFits(asked, versions)
  return new UsageError(
    message,
    newest === undefined
      ? `name one: gowarden ${verb} go1.X.Y`
      : `${verb} the newest that fits: gowarden ${verb} ${newest}`,
  )
}

/** Of a proxy's list of golang.org/toolchain: `v0.0.1-go1.26.8.linux-amd64`. */
function versionsIn(list: string, suffix: string): string[] {
  return list
    .split('\n')
    .filter(line => line.startsWith('v0.0.1-go') && line.endsWith(suffix))
    .map(line => line.slice('v0.0.1-'.length, -suffix.length))
}

/** The go.work that counts here, else the go.mod; undefined where there is neither. */
export function versionFile(system: System): {path: string; text: string} | undefined {
  const root = rootOf(system, system.cwd)
  for (const name of ['go.work', 'go.mod']) {
    for (let at = realPathOf(system, system.cwd); ; at = at.slice(0, at.lastIndexOf('/'))) {
      const path = `${at}/${name}`
      const text = system.files.stat(path)?.kind === 'file' ? system.files.read(path)?.toString() : undefined
      if (text !== undefined) return {path, text}
      if (at === root || at === '') break
    }
  }
  return undefined
}

/** The platforms of a lock with one more, as --platform takes them. */
export function platformsWith(lock: Lock, {os, arch}: Pick<Here, 'os' | 'arch'>): string {
  return [...new Set([...lock.toolchains.map(platformOf), `${os}/${arch}`])].sort().join(',')
}

/** Why each platform is locked, by its name, and what of CI is not. */
function choosePlatforms(
  system: System,
  here: Here,
  asked: string[] | undefined,
  before: Lock | undefined,
): {platforms: Record<string, string>; left: string[]} {
  if (asked !== undefined)
    return {platforms: Object.fromEntries(asked.map(name => [name, 'asked for'])), left: []}
  const ci = ciPlatforms(system, rootOf(system, system.cwd))
  const left = ci.unknown.map(runner => `${runner}: which machine that is, nobody says here`)
  const platforms: Record<string, string> = {[`${here.os}/${here.arch}`]: 'this machine'}
  for (const {platform, place} of ci.platforms) {
    platforms[platform] ??= place
  }
  for (const toolchain of before?.toolchains ?? []) platforms[platformOf(toolchain)] ??= 'in the lock before'
  return {platforms, left}
}

type Proven = {kind: 'proven'; toolchain: LockedToolchain} | {kind: 'none'; reason: string}

/** Throws what a person needs to know: that nobody could be asked, or that somebody lies. */
async function proven(
  ask: ReturnType<typeof askDatabase>,
  {name}: Database,
  version: string,
  platform: string,
): Promise<Proven> {
  const [os = '', arch = ''] = platform.split('/')
  const found = await ask(version, os, arch)
  switch (found.kind) {
    case 'published': {
      const parts = parseToolchainHash(toolchainHash(version, os, arch, found.h1))
      if (parts === undefined)
        throw new UsageError(`${platform} is no platform`, 'name one as GOOS/GOARCH: linux/amd64')
      return {kind: 'proven', toolchain: {...parts, proof: {kind: 'database', name}}}
    }
    case 'none':
      return {kind: 'none', reason: `${name} knows no ${version} for ${platform}: ${found.reason}`}
    case 'forged':
      throw new WorldError(`${attackText(found, name, `${version} for ${platform}`)}; nothing was written`, {
        hint: 'ask over another network, and tell those who run this one: what came is made up by somebody on the way',
      })
    case 'unreachable':
      throw new WorldError(`${name} cannot be asked for ${version} of ${platform}: ${found.reason}`, {
        hint: 'try again when that is in order; a lock is only written when it is proven',
      })
    default:
      return unreachable(found)
  }
}

function noSuch(reason: string): WorldError {
  return new WorldError(reason, {hint: 'see the versions and platforms that there are: https://go.dev/dl'})
}
