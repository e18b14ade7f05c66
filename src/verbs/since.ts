/** Times on the command line. */
import {UsageError} from '../system/errors.ts'

/** A time as a person writes it, in milliseconds since the epoch: a date, a date with a time, or how long ago (2h, 3d). Throws UsageError. */
export function parseSince(text: string, nowMs: number): number {
  const [, count, unit] = text.match(/^(\d+)([mhd])$/) ?? []
  if (count !== undefined)
    return nowMs - Number(count) * (unit === 'm' ? 60_000 : unit === 'h' ? 3_600_000 : 86_400_000)
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms))
    throw new UsageError(
      `--since ${text}: not a time`,
      'name a date, or how long ago: --since 2026-11-27T10:00:00Z, --since 2h',
    )
  return ms
}
