import {lock as acquire} from 'proper-lockfile'

/** An exclusive lock beside the record. A holder that was killed is passed over ten seconds later. */
export async function lock(path: string, onWait: (lock: string) => void): Promise<() => Promise<void>> {
  const started = Date.now()
  let told = false
  for (;;) {
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
      if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error
      if (!told && Date.now() - started > 2_000) {
        told = true
        onWait(`${path}.lock`)
      }
      await new Promise(resolve => setTimeout(resolve, 20 + Math.random() * 60))
    }
  }
}
