import type {FileStat, Files} from './system.ts'

/**
 * The text by which a file is known again: `stat -L -c '%u %a %d:%i %s %.9Y %.9Z'`, as bin/go prints it.
 *
 *   0 755 65024:328640 15434687 1787934006.000000000 1787934006.000000000
 *
 * The change time in nanoseconds is what counts: a swap in place can keep size, inode and modification time.
 */
export function statLine(stat: FileStat): string {
  const identity = `${stat.owner} ${stat.mode.toString(8)} ${stat.device}:${stat.inode} ${stat.size}`
  return `${identity} ${timeText(stat.mtimeNs)} ${timeText(stat.ctimeNs)}`
}

/** One line a path that exists, in the order given; an absent path has none. */
export function statText(files: Files, paths: readonly string[]): string {
  return paths
    .flatMap(path => {
      const stat = files.stat(path)
      return stat === undefined ? [] : [statLine(stat)]
    })
    .join('\n')
}

/** Seconds since the epoch and their nanoseconds: `1787934006.000000000`. */
function timeText(ns: bigint): string {
  const digits = (ns < 0n ? -ns : ns).toString().padStart(10, '0')
  return `${ns < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`
}

/** The day in UTC, counted from the epoch: bin/go counts it from the seconds that stat prints. */
export function dayOf(ms: number): number {
  return Math.floor(ms / 86_400_000)
}

/**
 * Whether a later change of the file is sure to show in its change time. The kernel stamps in ticks of a few
 * milliseconds, some file systems in whole seconds: what changed within the last tick may change again unseen.
 */
export function isSettled(stat: FileStat, nowMs: number): boolean {
  const wholeSeconds = stat.ctimeNs % 1_000_000_000n === 0n
  const age = BigInt(nowMs) * 1_000_000n - stat.ctimeNs
  return age > (wholeSeconds ? 2_000_000_000n : 20_000_000n)
}
