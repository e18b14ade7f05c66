import type {DoctorFound} from '../../findings/finding.ts'
import type {ClockFacts} from '../probes/clock.ts'

/** Clocks of machines that share a disk differ by seconds; this is a clock that was never set, or set back. */
const tolerated = 10 * 60 * 1000

/** CLOCK_BEHIND, where the clock is further behind the newest time that was seen than is tolerated. */
export function checkClock({nowMs, latest}: ClockFacts): DoctorFound[] {
  if (latest === undefined || latest.ms - nowMs < tolerated) return []
  const facts = {
    now: timeText(nowMs),
    path: latest.path,
    written: timeText(latest.ms),
    behind: spanText(latest.ms - nowMs),
  }
  return [{code: 'CLOCK_BEHIND', facts}]
}

/** ISO 8601 in seconds; what no date can hold is shown as the last that one can. */
function timeText(ms: number): string {
  return new Date(Math.min(ms, 8.64e15)).toISOString().replace(/\.\d+Z$/, 'Z')
}

function spanText(ms: number): string {
  const units: [string, number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ]
  const [unit, size] = units.find(([, size]) => ms >= size) ?? ['minute', 60_000]
  const count = Math.floor(ms / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
