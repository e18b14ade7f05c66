import type {CacheInUse} from '../cache/in-use.ts'
import type {Finding} from '../findings/finding.ts'

/** Behind GOCACHEPROG the stamp is the only thing that keeps toolchains apart. */
export function checkCacheProgram(cache: CacheInUse, isStamped: boolean): Finding[] {
  if (cache.kind !== 'program' || isStamped) return []
  return [{code: 'CACHEPROG_UNSTAMPED', level: 'error', facts: {program: cache.program}}]
}
