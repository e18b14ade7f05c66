/** `gowarden cache`: whose the build cache is, taking it over, and removing what nothing uses any more. */

import type {Finding} from '../findings/finding.ts'
import type {GoEnv} from '../go/command/go-env.ts'
import {type CachePolicy, describeOrigin, type Policy, type Setting} from '../policy/policy.ts'
import type {Folder} from '../store/folder.ts'
import {WorldError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import type {Toolchain} from '../toolchain/identify.ts'
import {judgeIsolated, type PruneVerdict} from './check-prune.ts'
import {configuredCache, countVersions, type VersionCount} from './contents.ts'
import {forgetDoubts} from './doubt.ts'
import type {CacheInUse} from './in-use.ts'
import {type IsolatedCache, readIsolatedCaches} from './isolated.ts'
import {type Owner, type OwnerRecord, updateOwner} from './owner.ts'

export type CacheStatus = {
  /** The directory that builds here use; undefined where GOCACHEPROG serves them or GOCACHE names none. */
  directory: string | undefined
  program: string | undefined
  policy: {value: CachePolicy; origin: string}
  self: Owner
  record: OwnerRecord | undefined
  versions: VersionCount[]
  findings: Finding[]
}

/** What is known of a build here, as far as its cache is concerned. */
export type CacheSituation = {
  env: GoEnv
  toolchain: Toolchain
  policy: Policy
  folder: Folder
  cache: CacheInUse
}

/** What a build here would find in the cache; `findings` are those of that build. Writes nothing. */
export function cacheStatus(
  system: System,
  {cache, toolchain, policy}: CacheSituation,
  findings: readonly Finding[],
): CacheStatus {
  const directory = cache.kind === 'directory' ? cache.path : undefined
  return {
    directory,
    program: cache.kind === 'program' ? cache.program : undefined,
    policy: withOrigin(policy.cache),
    self: {hash: toolchain.hash, goroot: toolchain.goroot, version: toolchain.version},
    record: cache.kind === 'directory' ? cache.contents.record : undefined,
    versions: directory === undefined ? [] : countVersions(system, directory, () => undefined),
    findings: findings.filter(finding => finding.code.startsWith('CACHE')),
  }
}

export type Adopted = {directory: string; self: Owner; before: OwnerRecord}

/** Writes this toolchain into the owner record, whatever it said. The objects stay; the stamp keeps them apart. */
export async function adoptCache(system: System, {cache, toolchain}: CacheSituation): Promise<Adopted> {
  if (cache.kind === 'program') {
    throw new WorldError(`GOCACHEPROG=${cache.program} serves the objects here; there is no cache to adopt`)
  }
  if (cache.kind === 'none') {
    throw new WorldError('GOCACHE names no directory', {
      hint: 'see what go has for it: GOWARDEN=off go env GOCACHE',
    })
  }
  const self: Owner = {hash: toolchain.hash, goroot: toolchain.goroot, version: toolchain.version}
  const onWait = (lock: string) => system.tell({kind: 'waiting-for-lock', lock})
  const before = await updateOwner<OwnerRecord>(system, cache.path, onWait, record => ({
    answer: record,
    write: [self],
  }))
  forgetDoubts(system, cache.path, toolchain.hash)
  return {directory: cache.path, self, before}
}

export type Pruned = {
  /** The configured GOCACHE that the caches lie beneath; undefined where go has none. */
  base: string | undefined
  isDryRun: boolean
  caches: (IsolatedCache & {verdict: PruneVerdict})[]
}

/** Removes the isolated caches of toolchains that are gone; with `isDryRun` says only which. Other caches are never touched. */
export async function pruneCaches(
  system: System,
  {env, toolchain, folder}: CacheSituation,
  {isDryRun}: {isDryRun: boolean},
): Promise<Pruned> {
  if (!env.GOCACHE.startsWith('/')) return {base: undefined, isDryRun, caches: []}
  const base = configuredCache(env.GOCACHE)
  const caches = (await readIsolatedCaches(system, base, folder.path)).map(cache => ({
    ...cache,
    verdict: judgeIsolated(cache, toolchain.hash),
  }))
  if (!isDryRun) {
    for (const {path, verdict} of caches) if (verdict.kind === 'remove') removeCache(system, path)
  }
  return {base, isDryRun, caches}
}

/** Its record goes last: a removal that was cut short is known for what it is, and ended by the next. */
function removeCache(system: System, path: string): void {
  for (const {name} of system.files.list(path) ?? [])
    if (name !== '00') system.files.remove(`${path}/${name}`)
  system.files.remove(path)
}

function withOrigin<T>(setting: Setting<T>): {value: T; origin: string} {
  return {value: setting.value, origin: describeOrigin(setting.origin)}
}
