/** The caches that `isolate` made beneath a configured GOCACHE, and what stands now in the GOROOTs they were made for. */
import type {Goroot} from '../go/command/go-env.ts'
import {parseToolchainHash, type ToolchainHash, toolchainHash} from '../go/module/toolchain-module.ts'
import {isSystemError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {readGorootVersion} from '../toolchain/goroot.ts'
import {hashGoroot} from '../toolchain/goroot-hash.ts'
import {rememberedGoroots} from '../toolchain/memo.ts'
import {isolatedName} from './contents.ts'
import {type Owner, readOwner} from './owner.ts'

/** An owner that is named by a ToolchainHash, as every record of ours does. */
export type HashedOwner = Owner & {hash: ToolchainHash}

/** A toolchain's own cache. `owner` is undefined where its record is missing, damaged, or not the one of this folder. */
export type IsolatedCache = {
  path: string
  bytes: number
  /** Whether another user's: never ours to remove. */
  isForeign: boolean
  owner: HashedOwner | undefined
  /** GOROOTs that its toolchain is known to lie in now. */
  goroots: Goroot[]
  /** What stands in the owner's GOROOT now, where that is not its toolchain: another ToolchainHash, or nothing. */
  instead: ToolchainHash | undefined
}

/** The folders that `isolate` made beneath a configured GOCACHE, by name. `isForeign` is another user's. */
export function isolatedFolders(
  system: System,
  base: string,
): {name: string; path: string; isForeign: boolean}[] {
  const root = `${base}/gowarden`
  if (system.files.linkTarget(root) !== undefined) return []
  return (system.files.list(root) ?? [])
    .filter(({name, kind}) => kind === 'directory' && /-[0-9a-f]{32}$/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({name}) => {
      const path = `${root}/${name}`
      return {
        name,
        path,
        isForeign: system.user !== undefined && system.files.stat(path)?.owner !== system.user,
      }
    })
}

/** Reads every isolated cache beneath `base`, by name. Each GOROOT that one names is read whole, once; none of it is run. */
export async function readIsolatedCaches(
  system: System,
  base: string,
  folder: string,
): Promise<IsolatedCache[]> {
  const hashes = new Map<string, ToolchainHash | undefined>()
  const hashOf = async (goroot: Goroot, owner: HashedOwner): Promise<ToolchainHash | undefined> => {
    const key = `${owner.hash} ${goroot}`
    if (!hashes.has(key)) hashes.set(key, await hashNow(system, goroot, owner))
    return hashes.get(key)
  }
  const caches: IsolatedCache[] = []
  for (const {name, path, isForeign} of isolatedFolders(system, base)) {
    const owner = ownerOf(system, path, name)
    const common = {path, bytes: bytesOf(system, path), isForeign, owner}
    if (owner === undefined) {
      caches.push({...common, goroots: [], instead: undefined})
      continue
    }
    const goroots: Goroot[] = []
    for (const goroot of new Set([owner.goroot, ...rememberedGoroots(system, folder, owner.hash)])) {
      if ((await hashOf(goroot, owner)) === owner.hash) goroots.push(goroot)
    }
    caches.push({...common, goroots, instead: await hashOf(owner.goroot, owner)})
  }
  return caches
}

/** The one owner of an isolated cache, when the folder is named after it. */
function ownerOf(system: System, path: string, name: string): HashedOwner | undefined {
  const record = readOwner(system, path)
  if (record.kind !== 'owned' || record.owners.length !== 1) return undefined
  const owner = record.owners[0]
  const toolchain = owner && parseToolchainHash(owner.hash)
  if (owner === undefined || toolchain === undefined || isolatedName(toolchain.hash) !== name)
    return undefined
  return {...owner, hash: toolchain.hash}
}

/** The ToolchainHash of what lies in a GOROOT now; undefined where no toolchain does. Throws where that cannot be read. */
async function hashNow(
  system: System,
  goroot: Goroot,
  {hash}: HashedOwner,
): Promise<ToolchainHash | undefined> {
  const before = parseToolchainHash(hash)
  if (before === undefined || system.files.stat(`${goroot}/bin/go`) === undefined) return undefined
  const version = readGorootVersion(system, goroot) ?? before.version
  const {os, arch} = before
  const onWait = () => system.tell({kind: 'reading-goroot', goroot, for: 'cache'})
  const {h1} = await hashGoroot(system, goroot, {version, os, arch}, onWait)
  return toolchainHash(version, os, arch, h1)
}

/** The size of the files below a directory; what goes or may not be read while we look counts as nothing. */
function bytesOf(system: System, directory: string): number {
  let bytes = 0
  for (const {name, kind} of listOrNothing(system, directory)) {
    const path = `${directory}/${name}`
    if (kind === 'directory') bytes += bytesOf(system, path)
    if (kind === 'file') bytes += Number(system.files.stat(path)?.size ?? 0)
  }
  return bytes
}

function listOrNothing(system: System, directory: string): {name: string; kind: string}[] {
  try {
    return system.files.list(directory) ?? []
  } catch (error) {
    if (!isSystemError(error)) throw error
    return []
  }
}
