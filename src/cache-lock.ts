import {lock as acquire} from 'proper-lockfile'

export type Release = () => Promise<void>

/** An exclusive lock beside the record. A holder that was killed is passed over ten seconds later. */
export async function lock(path: string, onWait: (lock: string) => void): Promise<Release> {
  const started = Date.now()
  let told = false
  for (;;) {
    const release = await lockNow(path)
    if (release !== undefined) return release
    if (!told && Date.now() - started > 2_000) {
      told = true
      onWait(`${path}.lock`)
    }
    await pause()
  }
}

/** The same lock for at most `limitMs`; undefined when another held it all the while. */
export async function lockFor(path: string, limitMs: number): Promise<Release | undefined> {
  const started = Date.now()
  for (;;) {
    const release = await lockNow(path)
    if (release !== undefined || Date.now() - started > limitMs) return release
    await pause()
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

async function pause(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 20 + Math.random() * 60))
}
