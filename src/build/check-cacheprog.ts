import type {CacheInUse} from '../cache/in-use.ts'
import type {BuildFound} from '../findings/finding.ts'

/**
 * What go's preprofile makes of a profile is keyed by the tool's version and the profile alone (cmd/go/internal/work, pgoActionID):
 * behind GOCACHEPROG no stamp keeps the toolchains apart there.
 */
export function checkProfile(cache: CacheInUse, profile: string | undefined): BuildFound[] {
  if (cache.kind !== 'program' || profile === undefined) return []
  return [{code: 'CACHEPROG_PROFILE', facts: {program: cache.program, profile}}]
}

/** Behind GOCACHEPROG the stamp is the only thing that keeps toolchains apart. */
export function checkCacheProgram(cache: CacheInUse, isStamped: boolean): BuildFound[] {
  if (cache.kind !== 'program' || isStamped) return []
  return [{code: 'CACHEPROG_UNSTAMPED', facts: {program: cache.program}}]
}
