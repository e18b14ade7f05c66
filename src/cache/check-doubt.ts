import type {BuildFound} from '../findings/finding.ts'
import type {Doubt} from './doubt.ts'

/** Objects that another compiler may have made under a toolchain's stamp: served, they would make that stamp false. */
export function checkDoubts(cache: string, doubts: readonly Doubt[]): BuildFound[] {
  return doubts.map(({hash, goroot, fromMs, untilMs, objects}) => ({
    code: 'CACHE_IN_DOUBT',
    facts: {cache, hash, goroot, objects, since: timeText(fromMs), until: timeText(untilMs)},
  }))
}

/** `2026-11-27T10:03:07Z` */
function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
