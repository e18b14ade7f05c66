/**
 * Who holds the lock of an install, so that the next one need not wait until a lock has grown old: a process that was killed is known by
 * its number, its start, and the system that counts both (Linux: proc_pid_stat(5), field 22). Where that cannot be told, as on macOS and
 * across machines, the lock grows old.
 */
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'

/** A living holder touches its lock every two seconds. */
const untouchedMs = 2_500

/** Writes down that this process holds the lock at `path`. */
export function nameHolder(system: Pick<System, 'files' | 'pid'>, path: string): void {
  const own = holderOf(system, system.pid)
  if (own !== undefined) orNothing(() => system.files.replace(`${path}.holder`, own, 0o600))
}

/** The opposite, before the lock is released. */
export function forgetHolder({files}: Pick<System, 'files'>, path: string): void {
  orNothing(() => files.remove(`${path}.holder`))
}

/** Removes the lock at `path` when the process that wrote its name there is gone, and nobody has taken the lock since. */
export function passOverDead(system: Pick<System, 'files' | 'nowMs'>, path: string): void {
  const {files} = system
  const named = orNothing(() => files.readHead(`${path}.holder`, 256))?.toString()
  const pid = Number(named?.match(/^(\d+) /)?.[1])
  if (named === undefined || !Number.isInteger(pid)) return
  // Another boot or another container counts processes for itself.
  const isDead = isOfHere(system, named) && holderOf(system, pid) !== named
  const touchedMs = Number((files.stat(`${path}.lock`)?.mtimeNs ?? 0n) / 1_000_000n)
  if (isDead && touchedMs !== 0 && system.nowMs() - touchedMs > untouchedMs)
    orNothing(() => files.remove(`${path}.lock`))
}

/** `PID START BOOT NAMESPACE`; undefined for a process that is not there, and where nothing says so. */
function holderOf({files}: Pick<System, 'files'>, pid: number): string | undefined {
  const place = placeOf({files})
  const stat = orNothing(() => files.readHead(`/proc/${pid}/stat`, 4096))?.toString('latin1')
  // The name in parentheses may hold anything.
  const start = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return place === undefined || start === undefined ? undefined : `${pid} ${start} ${place}`
}

function isOfHere(system: Pick<System, 'files'>, named: string): boolean {
  const place = placeOf(system)
  return place !== undefined && named.endsWith(` ${place}`)
}

/** What counts processes here: this boot, and the namespace of this container. */
function placeOf({files}: Pick<System, 'files'>): string | undefined {
  const boot = orNothing(() => files.readHead('/proc/sys/kernel/random/boot_id', 64))
    ?.toString()
    .trim()
  const namespace = orNothing(() => files.linkTarget('/proc/self/ns/pid'))
  return boot === undefined || namespace === undefined ? undefined : `${boot} ${namespace}`
}
