/** Which cache a build's objects come from, and what that cache shows of who populated it. */
import type {GoEnv} from '../go/command/go-env.ts'
import type {Policy} from '../policy/policy.ts'
import type {System} from '../system/system.ts'
import type {Toolchain} from '../toolchain/identify.ts'
import {type CacheContents, isolatedCache, probeCache} from './contents.ts'
import {type Doubt, noteDoubt, readDoubts} from './doubt.ts'

/**
 * The cache that objects come from. 'none': GOCACHE is off, relative or unknown, which go refuses by itself where it
 * needs one. 'program': GOCACHEPROG serves the objects, and nobody here can see whose they are.
 */
export type CacheInUse =
  | {kind: 'none'}
  | {kind: 'program'; program: string}
  | {kind: 'directory'; path: string; isIsolated: boolean; contents: CacheContents; doubts: Doubt[]}

/**
 * Reads the cache in use; its objects are looked through only where no record says whose they are, or some are in doubt. That is noted
 * when it is found out, for the next plan would not see it.
 */
export function readCache(system: System, env: GoEnv, toolchain: Toolchain, policy: Policy): CacheInUse {
  if (!env.GOCACHE.startsWith('/')) return {kind: 'none'}
  if (env.GOCACHEPROG !== '') return {kind: 'program', program: env.GOCACHEPROG}
  const isIsolated = policy.cache.value === 'isolate'
  const path = isIsolated ? isolatedCache(env.GOCACHE, toolchain.hash) : env.GOCACHE
  const onWait = (objects: number) => system.tell({kind: 'attributing-cache', cache: path, objects})
  const {replaced} = toolchain
  if (replaced !== undefined)
    noteDoubt(system, isIsolated ? isolatedCache(env.GOCACHE, replaced.hash) : path, replaced)
  const doubts = readDoubts(system, path, toolchain)
  return {kind: 'directory', path, isIsolated, contents: probeCache(system, path, onWait), doubts}
}
