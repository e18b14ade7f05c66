/** Days (UTC) and times, as texts that sort. */

/** `2026-11-27` of `2026-11-27T13:30:00.000Z`. */
export function dayOf(time: string): string {
  return time.slice(0, 10)
}

const dayMs = 86_400_000

/** A column of a chart: a day, or a week by its first day. `label` is for a person. */
export type Span = {first: string; label: string; has(day: string): boolean}

/** So many days are columns of their own; of more, a column is seven days. */
const mostColumns = 92

/** The columns from one day to another, both in them. At most a year: then the last of it. */
export function spansOf(from: string, to: string): Span[] {
  const lastMs = Date.parse(to)
  const days = Math.min(371, Math.round((lastMs - Date.parse(from)) / dayMs) + 1)
  const length = days > mostColumns ? 7 : 1
  const columns = Math.max(1, Math.ceil(days / length))
  return Array.from({length: columns}, (_, index) => {
    const endMs = lastMs - (columns - 1 - index) * length * dayMs
    const first = dayAt(endMs - (length - 1) * dayMs)
    const last = dayAt(endMs)
    return {
      first,
      label: length === 1 ? first : `${first} to ${last}`,
      has: day => day >= first && day <= last,
    }
  })
}

/** The first day of a chart: that of `since`, or where that is long ago the first on which something happened. */
export function chartStart(since: string, at: string, first: string | null): string {
  return daysBetween(since, at) > 366 ? dayOf(first ?? at) : dayOf(since)
}

function dayAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** How long before `now` something was: `just now`, `5 min ago`, `3 d ago`. What lies ahead, on a clock that differs, is said to. */
export function agoText(time: string, now: string): string {
  const minutes = Math.round((Date.parse(now) - Date.parse(time)) / 60_000)
  if (minutes < -1) return 'later'
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  const hours = Math.round(minutes / 60)
  if (hours < 48) return `${hours} h ago`
  return `${Math.round(hours / 24)} d ago`
}

/** Whole days from one time to another. */
export function daysBetween(time: string, now: string): number {
  return Math.floor((Date.parse(now) - Date.parse(time)) / dayMs)
}

/** `2026-11-27 13:30` */
export function timeText(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)}`
}
