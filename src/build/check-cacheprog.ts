import type {CacheInUse} from '../cache/in-use.ts'
import type {BuildFound} from '../findings/finding.ts'

/** Behind GOCACHEPROG the stamp is the only thing that keeps toolchains apart. */
export function checkCacheProgram(cache: CacheInUse, isStamped: boolean): BuildFound[] {
  if (cache.kind !== 'program' || isStamped) return []
  return [{code: 'CACHEPROG_UNSTAMPED', facts: {program: cache.program}}]
}
