import {lock as acquire} from 'proper-lockfile'
import {patience} from '../system/patience.ts'

export type Release = () => Promise<void>

/** An exclusive lock beside the record. A holder that was killed is passed over ten seconds later. */
export async function lock(path: string, onWait: (lock: string) => void): Promise<Release> {
  const onStep = patience(Date.now, () => onWait(`${path}.lock`))
  for (;;) {
    const release = await lockNow(path)
    if (release !== undefined) return release
    onStep()
    await pause(50)
  }
}

/**
 * The same lock; undefined as soon as `isNeedless`, which is asked ten times a second while another holds it. The lock itself is
 * asked for less and less often: a crowd that asks all the time keeps the holder from its work.
 */
export async function lockUnless(
  path: string,
  onWait: (lock: string) => void,
  isNeedless: () => boolean,
): Promise<Release | undefined> {
  const onStep = patience(Date.now, () => onWait(`${path}.lock`))
  for (let looks = 1; ; looks = Math.min(looks + 1, 10)) {
    const release = await lockNow(path)
    if (release !== undefined) return release
    for (let look = 0; look < looks; look += 1) {
      if (isNeedless()) return undefined
      onStep()
      await pause(100)
    }
  }
}

async function lockNow(path: string): Promise<Release | undefined> {
  try {
    return await acquire(path, {
      realpath: false,
      stale: 10_000,
      update: 2_000,
      // The default throws from a timer. Losing the lock only means that another claim came between, and the
      // record is written by rename.
      onCompromised: () => undefined,
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return undefined
    throw error
  }
}

/** Half to one and a half times as long: those who wait shall not all come at once. */
async function pause(ms: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms * (0.5 + Math.random())))
}
