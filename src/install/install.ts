/** A toolchain is put into the person's own folder: proven before anybody sees it, and whole or not at all. */
import {dirname} from 'node:path'
import {
  parseToolchainHash,
  type ToolchainHash,
  type ToolchainParts,
  toolchainHash,
  toolchainModule,
} from '../go/module/toolchain-module.ts'
import {askDatabase, attackText} from '../goproxy/published.ts'
import {moduleCache} from '../goproxy/settings.ts'
import {gorootName, type LockedToolchain, lockedFor, platformOf} from '../lock/file.ts'
import {damageHint, damageText, findLock} from '../lock/find.ts'
import type {Here} from '../lock/here.ts'
import {hashFile, installedToolchains} from '../lock/installed.ts'
import {exactOrRefuse, type Network, networkOf, platformsWith} from '../lock/make.ts'
import {installFolder} from '../lock/place.ts'
import {type Folder, openFolder, reasonOf, storeFolder} from '../store/folder.ts'
import {hasCode, isSystemError, UsageError, WorldError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {shellWord} from '../text/shell-word.ts'
import {isRememberedProof, rememberProof} from '../toolchain/proof-memo.ts'
import {forgetHolder, nameHolder, passOverDead} from './holder.ts'
import {removeTree} from './remove-tree.ts'
import {unpackToolchain} from './unpack.ts'
import {fetchZip, keptZips, ownZip, type Places, partOf, placesOf} from './zips.ts'

/** A release by its version, for this machine, or what a lock names. */
export type Wanted =
  | {kind: 'release'; version: string}
  | {kind: 'locked'; toolchain: LockedToolchain; path: string}

/** What `gowarden install` means in the working directory: the release that is named, else what the nearest lock names for this machine. Throws UsageError. */
export async function wantedHere(system: System, here: Here, asked: string | undefined): Promise<Wanted> {
  if (asked !== undefined)
    return {kind: 'release', version: await exactOrRefuse(system, here, asked, 'install')}
  const found = findLock(system, system.cwd)
  switch (found.kind) {
    case 'none':
      throw new UsageError(
        'there is no gowarden.lock here, and no version is named',
        'name one: gowarden install go1.X.Y, or lock one first: gowarden lock && gowarden install',
      )
    case 'damaged':
      throw new UsageError(damageText(found), damageHint(found))
    case 'found': {
      const toolchain = lockedFor(found.lock, here.os, here.arch)
      if (toolchain !== undefined) return {kind: 'locked', toolchain, path: found.path}
      throw new UsageError(
        `${found.path} has no toolchain for ${here.os}/${here.arch}`,
        `lock it: gowarden lock --platform ${platformsWith(found.lock, here)} ${found.lock.version}`,
      )
    }
    default:
      return unreachable(found)
  }
}

/** `wasThere`: nothing was fetched or written. */
export type InstalledNow = {goroot: string; hash: ToolchainHash; wasThere: boolean}

/**
 * Installs a toolchain and returns its GOROOT; one that is there already is left as it is, and asks for no network. Of many at once one
 * fetches, and the others wait. `show` is given what to show while it lasts, '' for nothing. Throws UsageError for settings that go
 * refuses too, and WorldError for everything that keeps it from being proven, fetched or written: then nothing is left of it.
 */
export async function installToolchain(
  system: System,
  here: Here,
  wanted: Wanted,
  show: (text: string) => void,
): Promise<InstalledNow> {
  const folder = usable(system, installFolder(system), 'toolchains')
  const there = alreadyThere(system, here, wanted)
  if (there !== undefined) return there
  const network = networkOf(system, here.goroot)
  const toolchain = await provenToolchain(system, here, wanted, network)
  const goroot = `${folder}/${gorootName(toolchain)}`
  const isThere = () =>
    installedToolchains(system).some(one => one.goroot === goroot && one.toolchain.hash === toolchain.hash)
  const ready = {goroot, hash: toolchain.hash}
  if (isThere()) return {...ready, wasThere: true}

  const places = placesOf(system, usable(system, storeFolder(system), 'downloads'), toolchain)
  system.files.makeDirectory(places.folder, 0o700)
  const {lockUnless} = await import('../store/lock.ts')
  const onWait = (lock: string) => system.tell({kind: 'waiting-for-lock', lock})
  const record = `${places.folder}/${places.name}`
  const isNeedless = () => {
    passOverDead(system, record)
    return isThere()
  }
  const release = await lockUnless(system.files, record, onWait, isNeedless)
  if (release === undefined) return {...ready, wasThere: true}
  try {
    nameHolder(system, record)
    if (isThere() || (await isAdopted(system, goroot, toolchain))) return {...ready, wasThere: true}
    await putThere(system, goroot, toolchain, network, places, show)
    return {...ready, wasThere: false}
  } finally {
    show('')
    forgetHolder(system, record)
    await release()
  }
}

function usable(system: System, path: string, what: string): string {
  const folder: Folder = openFolder(system, path)
  if (folder.kind === 'usable') return folder.path
  throw new WorldError(`no folder for ${what}: ${path === '' ? '' : `${path}: `}${folder.reason}`, {
    hint: 'name one that is yours alone: export XDG_DATA_HOME=/path/to/folder XDG_CACHE_HOME=/path/to/folder',
  })
}

/**
 * The nearest folder above the installed toolchains in which every user can write, and so put others in their place; undefined for none. A
 * group may write: of many people it has one member. Runners of CI have such folders, so this is told and not refused.
 */
export function openParent(system: Pick<System, 'files' | 'env'>): string | undefined {
  for (let at = dirname(installFolder(system)); at !== '/'; at = dirname(at)) {
    const mode = system.files.stat(at)?.mode ?? 0
    // As in /tmp, the sticky bit keeps what lies there from others.
    if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0) return at
  }
  return undefined
}

/**
 * Whether what stands in the place of a toolchain without a record that fits is the one: then it gets its record. A link, or anything
 * else, was not put there by us and is not removed. Throws WorldError for that.
 */
async function isAdopted(system: System, goroot: string, toolchain: ToolchainParts): Promise<boolean> {
  const {files} = system
  const isLink = files.linkTarget(goroot) !== undefined
  const stat = files.stat(goroot)
  if (!isLink && stat === undefined) return false
  if (!isLink && stat?.kind === 'directory') {
    const {hashGoroot} = await import('../toolchain/goroot-hash.ts')
    const onWait = () => system.tell({kind: 'reading-goroot', goroot, for: 'cache'})
    const found = await hashGoroot(system, goroot, toolchain, onWait).catch(() => undefined)
    if (found?.h1 === toolchain.h1) {
      files.replace(hashFile(goroot), `${toolchain.hash}\n`, 0o444)
      return true
    }
  }
  throw new WorldError(
    `${goroot} is in the way: it is not ${toolchain.hash}, and gowarden has no record of it`,
    {
      hint: `move it away: mv ${shellWord(goroot)} ${shellWord(`${goroot}.old`)}`,
    },
  )
}

/** What is under its final name was proven when it came there. */
function alreadyThere(system: System, here: Here, wanted: Wanted): InstalledNow | undefined {
  const found = installedToolchains(system).find(({toolchain}) =>
    wanted.kind === 'locked'
      ? toolchain.hash === wanted.toolchain.hash
      : toolchain.version === wanted.version && toolchain.os === here.os && toolchain.arch === here.arch,
  )
  return found && {goroot: found.goroot, hash: found.toolchain.hash, wasThere: true}
}

/** The toolchain with the hash that the checksum database holds for it, whatever a lock says of that. */
async function provenToolchain(
  system: System,
  here: Here,
  wanted: Wanted,
  {database, entries}: Network,
): Promise<ToolchainParts> {
  const {version, os, arch} = wanted.kind === 'locked' ? wanted.toolchain : {...here, version: wanted.version}
  const what = `${version} for ${os}/${arch}`
  const folder = openFolder(system, storeFolder(system))
  if (wanted.kind === 'locked') {
    const {proof, hash} = wanted.toolchain
    if (proof.kind === 'unproven')
      throw new WorldError(
        `${wanted.path} locks ${what} as it lay in somebody's GOROOT, which no proxy has: ${proof.reason}`,
        {
          hint: 'put that GOROOT on this machine, and its bin first on PATH',
        },
      )
    if (isRememberedProof(system, folder, hash)) return wanted.toolchain
  }
  const published = await askDatabase(system, database, entries, moduleCache(system))(version, os, arch)
  switch (published.kind) {
    case 'published': {
      const toolchain = parseToolchainHash(toolchainHash(version, os, arch, published.h1))
      if (toolchain === undefined) throw new WorldError(`${what} is no toolchain`)
      if (wanted.kind === 'locked' && wanted.toolchain.h1 !== published.h1)
        throw new WorldError(
          `${wanted.path} says ${wanted.toolchain.h1} of ${what}, and ${database.name} ${published.h1}: nobody published what is locked`,
          {hint: `see who wrote that line: git log -p ${shellWord(wanted.path)}`},
        )
      rememberProof(system, folder, toolchain.hash)
      return toolchain
    }
    case 'none':
      throw new WorldError(`${database.name} knows no ${what}: ${published.reason}`, {
        hint: 'see the versions and platforms that there are: https://go.dev/dl',
      })
    case 'forged':
      throw new WorldError(`${attackText(published, database.name, what)}; nothing was installed`, {
        hint: 'ask over another network, and tell those who run this one',
      })
    case 'unreachable':
      throw new WorldError(`${database.name} cannot be asked for ${what}: ${published.reason}`, {
        hint: 'try again when that is in order; nothing is installed that is not proven',
      })
    default:
      return unreachable(published)
  }
}

/** From the first zip that is the one. Whoever sends another is a liar, unless it was put together from two. */
async function putThere(
  system: System,
  goroot: string,
  toolchain: ToolchainParts,
  network: Network,
  places: Places,
  show: (text: string) => void,
): Promise<void> {
  const {version, hash} = toolchain
  const what = `${version} for ${platformOf(toolchain)}`
  removeLeftovers(system, goroot)
  try {
    for (const zip of keptZips(system, places, toolchain)) {
      if ((await unpackInto(system, zip.path, toolchain, goroot, show)) === undefined) return
      if (zip.isOurs) system.files.remove(zip.path)
    }
    for (let tries = 1; ; tries += 1) {
      const zip = await fetchZip(system, network.entries, places, toolchain, show)
      if (zip.kind !== 'got')
        throw new WorldError(`${what} cannot be fetched: ${zip.reason}`, {hint: hintOf(zip.kind)})
      const wrong = await unpackInto(system, zip.path, toolchain, goroot, show)
      if (wrong === undefined) return
      if (zip.isOurs) system.files.remove(zip.path)
      if (zip.wasResumed && tries === 1) continue
      throw new WorldError(
        `an attack, or a damaged disk: ${zip.from} is not ${hash}, which the checksum database holds: ${wrong}; nothing was installed`,
        {
          hint: 'try another proxy: GOPROXY=https://proxy.golang.org gowarden install, and tell those who run this one',
        },
      )
    }
  } catch (error) {
    if (!isSystemError(error)) throw error
    // Of a full disk as much is given back as was taken.
    const isFull = hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')
    if (isFull) giveBack(system, places)
    throw new WorldError(`installing ${what} in ${goroot}: ${reasonOf(error)}; nothing is left of it`, {
      cause: error,
      hint: isFull
        ? 'it takes about 350 MB, of which 100 MB in the cache: make room, or set XDG_DATA_HOME and XDG_CACHE_HOME'
        : 'name other folders: export XDG_DATA_HOME=/path/to/folder XDG_CACHE_HOME=/path/to/folder',
    })
  } finally {
    removeLeftovers(system, goroot)
  }
}

function giveBack(system: System, places: Places): void {
  for (const path of [ownZip(places), partOf(places), `${partOf(places)}.from`]) system.files.remove(path)
}

function hintOf(kind: 'absent' | 'failed'): string {
  return kind === 'absent'
    ? 'name a proxy that has toolchains: GOPROXY=https://proxy.golang.org gowarden install'
    : 'try again: what has come already is kept, and goes on from there'
}

/** Unpacks beside the final name, and renames when it is proven. Why it is not, as far as it can be said. */
async function unpackInto(
  system: System,
  zip: string,
  toolchain: ToolchainParts,
  goroot: string,
  show: (text: string) => void,
): Promise<string | undefined> {
  const {version, os, arch, h1, hash} = toolchain
  const staging = `${leftoverPrefix(goroot)}${system.pid}`
  let count = 0
  const onFile = () => {
    count += 1
    if (count % 500 === 0) show(`unpacking ${version}: ${count} files`)
  }
  const unpacked = await unpackToolchain(system, zip, toolchainModule(version, os, arch), staging, onFile)
  const wrong =
    unpacked.kind === 'rejected' ? unpacked.reason : unpacked.h1 === h1 ? undefined : `it is ${unpacked.h1}`
  if (wrong !== undefined) {
    removeTree(system, staging)
    return wrong
  }
  system.files.replace(hashFile(goroot), `${hash}\n`, 0o444)
  try {
    system.files.move(staging, goroot)
  } catch (error) {
    system.files.remove(hashFile(goroot))
    throw error
  }
  return undefined
}

/** What a command that was killed left behind has the same beginning. */
function leftoverPrefix(goroot: string): string {
  const slash = goroot.lastIndexOf('/')
  return `${goroot.slice(0, slash)}/.${goroot.slice(slash + 1)}.`
}

function removeLeftovers(system: System, goroot: string): void {
  const prefix = leftoverPrefix(goroot)
  const folder = prefix.slice(0, prefix.lastIndexOf('/'))
  for (const {name} of system.files.list(folder) ?? [])
    if (`${folder}/${name}`.startsWith(prefix)) removeTree(system, `${folder}/${name}`)
}
