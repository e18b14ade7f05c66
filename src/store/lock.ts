import {lock as acquire} from 'proper-lockfile'
import {patience} from '../system/patience.ts'
import {statLine} from '../system/stat-text.ts'
import type {Files} from '../system/system.ts'

/** Never fails. Returns whether the lock was still ours: one that somebody else claimed or removed meanwhile stays as it is. */
export type Release = () => Promise<boolean>

/** A holder that lives touches its lock every two seconds; one that has not for so long is gone. */
const staleMs = 10_000

/**
 * An exclusive lock beside the record. A holder that was killed is passed over ten seconds later, whatever time its lock bears: a clock
 * that was set back leaves one of tomorrow.
 */
export async function lock(
  files: Files,
  path: string,
  onWait: (lock: string) => void,
  limitMs = staleMs,
): Promise<Release> {
  const onStep = patience(Date.now, () => onWait(`${path}.lock`))
  const removeAbandoned = watchAbandoned(files, `${path}.lock`, limitMs)
  for (;;) {
    const release = await lockNow(path)
    if (release !== undefined) return release
    onStep()
    removeAbandoned()
    await pause(50)
  }
}

/**
 * The same lock; undefined as soon as `isNeedless`, which is asked ten times a second while another holds it. The lock itself is
 * asked for less and less often: a crowd that asks all the time keeps the holder from its work.
 */
export async function lockUnless(
  files: Files,
  path: string,
  onWait: (lock: string) => void,
  isNeedless: () => boolean,
  limitMs = staleMs,
): Promise<Release | undefined> {
  const onStep = patience(Date.now, () => onWait(`${path}.lock`))
  const removeAbandoned = watchAbandoned(files, `${path}.lock`, limitMs)
  for (let looks = 1; ; looks = Math.min(looks + 1, 10)) {
    const release = await lockNow(path)
    if (release !== undefined) return release
    for (let look = 0; look < looks; look += 1) {
      if (isNeedless()) return undefined
      onStep()
      removeAbandoned()
      await pause(100)
    }
  }
}

/** Whether somebody holds the lock beside a record: it is there, and was touched a moment ago. */
export function isHeld(files: Files, path: string, nowMs: number): boolean {
  const touched = files.stat(`${path}.lock`)?.mtimeNs
  return touched !== undefined && nowMs - Number(touched / 1_000_000n) < staleMs
}

/**
 * Removes a lock that stood untouched for the whole limit while we looked on. proper-lockfile compares its time with the clock,
 * and would wait for a time in the future to pass.
 */
function watchAbandoned(files: Files, lock: string, limitMs: number): () => void {
  let seen: string | undefined
  let sinceMs = 0
  return () => {
    const stat = files.stat(lock)
    const state = stat && statLine(stat)
    const nowMs = performance.now()
    if (state === undefined || state !== seen) {
      seen = state
      sinceMs = nowMs
    } else if (nowMs - sinceMs > limitMs) {
      files.remove(lock)
      seen = undefined
    }
  }
}

async function lockNow(path: string): Promise<Release | undefined> {
  try {
    const release = await acquire(path, {
      realpath: false,
      stale: staleMs,
      update: 2_000,
      // The default throws from a timer. Losing the lock only means that another claim came between, and the
      // record is written by rename.
      onCompromised: () => undefined,
    })
    return () =>
      release().then(
        () => true,
        () => false,
      )
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return undefined
    throw error
  }
}

/** Half to one and a half times as long: those who wait shall not all come at once. */
async function pause(ms: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms * (0.5 + Math.random())))
}
