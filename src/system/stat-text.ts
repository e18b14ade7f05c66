import type {FileStat, Files} from './system.ts'

/**
 * The text by which a file is known again: `stat -L -c '%u %a %d:%i %s %y %z'` with TZ=UTC0, as bin/go prints it.
 *
 *   0 755 65024:328640 15434687 2026-08-28 16:20:06.000000000 +0000 2026-08-28 16:20:06.000000000 +0000
 *
 * The change time in nanoseconds is what counts: a swap in place can keep size, inode and modification time.
 */
export function statLine(stat: FileStat): string {
  const identity = `${stat.owner} ${stat.mode.toString(8)} ${stat.device}:${stat.inode} ${stat.size}`
  return `${identity} ${timeText(stat.mtimeNs)} ${timeText(stat.ctimeNs)}`
}

/** The same facts for digests of many files, cheaper to write. */
export function stateText(stat: FileStat): string {
  return `${stat.mode}:${stat.device}:${stat.inode}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`
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

function timeText(ns: bigint): string {
  const second = 1_000_000_000n
  const fraction = ((ns % second) + second) % second
  const whole = new Date(Number((ns - fraction) / 1_000_000n)).toISOString()
  return `${whole.slice(0, 10)} ${whole.slice(11, 19)}.${fraction.toString().padStart(9, '0')} +0000`
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
