/** Adding up for reports, of one host's events and of many hosts' reports alike. */
import type {ReportedDay} from './shape.ts'

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((so, one) => so + one, 0)
}

/** Texts in the order of their characters' codes, on whatever machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** One entry for each day, the oldest first, with the versions of most plans first: the last `most.days`, the first `most.versions` of each. */
export function addUpDays(
  entries: readonly ReportedDay[],
  most: {days: number; versions: number},
): ReportedDay[] {
  const byDay = new Map<string, ReportedDay & {versions: Map<string, number>}>()
  for (const {day, plans, refusals, bypasses, verifies, audits} of entries) {
    const so = byDay.get(day) ?? {
      ...{day, plans: [], refusals: 0, bypasses: 0, verifies: 0, audits: 0},
      versions: new Map<string, number>(),
    }
    for (const {version, count} of plans) so.versions.set(version, (so.versions.get(version) ?? 0) + count)
    so.refusals += refusals
    so.bypasses += bypasses
    so.verifies += verifies
    so.audits += audits
    byDay.set(day, so)
  }
  return [...byDay.values()]
    .sort((a, b) => compare(a.day, b.day))
    .slice(-most.days)
    .map(({versions, ...day}) => ({
      ...day,
      plans: [...versions]
        .map(([version, count]) => ({version, count}))
        .sort((a, b) => b.count - a.count || compare(a.version, b.version))
        .slice(0, most.versions),
    }))
}
