import {objectHeadLength, objectVersion} from '../go/binary/object-header.ts'
import {parseToolchainHash, type ToolchainHash} from '../go/module/toolchain-module.ts'
import {reasonOf} from '../store/folder.ts'
import {WorldError} from '../system/errors.ts'
import {orNothing} from '../system/or-nothing.ts'
import {patience} from '../system/patience.ts'
import type {DirectoryEntry, System} from '../system/system.ts'
import {objectFolders} from './object-folders.ts'
import {type OwnerRecord, readOwner} from './owner.ts'

/** How many package objects of one Go version lie in a cache. */
export type VersionCount = {version: string; objects: number}

/** What a cache shows of who populated it. */
export type CacheContents = {record: OwnerRecord; versions: VersionCount[]}

/**
 * Reads whose a cache is: its owner record, and where there is none, the versions in the headers of its objects. Objects
 * say a version and never a GOROOT; entries without a header (indexes, file lists, test results) say nothing.
 */
export function probeCache(system: System, cache: string, onWait: (scanned: number) => void): CacheContents {
  const record = readOwner(system, cache)
  return {record, versions: record.kind === 'absent' ? countVersions(system, cache, onWait) : []}
}

/** The Go versions among a cache's package objects, most objects first. */
export function countVersions(
  system: System,
  cache: string,
  onWait: (scanned: number) => void,
): VersionCount[] {
  const counts = new Map<string, number>()
  let scanned = 0
  const onStep = patience(system.nowMs, () => onWait(scanned))
  for (const directory of objectFolders(cache)) {
    for (const entry of listFolder(system, directory)) {
      if (entry.kind !== 'file' || !entry.name.endsWith('-d')) continue
      // An object that another command trims, or that may not be read, is passed over.
      const head = orNothing(() => system.files.readHead(`${directory}/${entry.name}`, objectHeadLength))
      const version = head === undefined ? undefined : objectVersion(head)
      if (version !== undefined) counts.set(version, (counts.get(version) ?? 0) + 1)
      scanned += 1
    }
    onStep()
  }
  return [...counts].map(([version, objects]) => ({version, objects})).sort((a, b) => b.objects - a.objects)
}

/** A folder that may not be read may hold anybody's objects. */
function listFolder(system: System, directory: string): DirectoryEntry[] {
  try {
    return system.files.list(directory) ?? []
  } catch (error) {
    throw new WorldError(
      `finding out which Go versions made the objects of GOCACHE: ${directory}: ${reasonOf(error)}`,
      {
        cause: error,
        hint: 'take ownership of the cache, or use another one: export GOCACHE=/path/to/folder',
      },
    )
  }
}

/**
 * Where a toolchain's own cache lies beneath the configured one: `gowarden/go1.26.8.linux-amd64-<32 hex digits>`, the
 * digits being the first half of its h1. A GOCACHE that is such a folder already, because an outer command exported it,
 * stands for the one it lies beneath.
 */
export function isolatedCache(cache: string, hash: ToolchainHash): string {
  return `${configuredCache(cache)}/gowarden/${isolatedName(hash)}`
}

/** The configured cache that an isolated one lies beneath; any other cache is that itself. */
export function configuredCache(cache: string): string {
  return cache.replace(/\/gowarden\/[^/]+-[0-9a-f]{32}\/?$/, '')
}

/** The name of a toolchain's own cache below `gowarden/`. */
export function isolatedName(hash: ToolchainHash): string {
  const parts = parseToolchainHash(hash)
  if (parts === undefined) throw new Error(`not a ToolchainHash: ${hash}`)
  const {version, os, arch, h1} = parts
  const digits = Buffer.from(h1.slice('h1:'.length), 'base64').toString('hex').slice(0, 32)
  return `${version}.${os}-${arch}-${digits}`
}
