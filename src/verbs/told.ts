/** What several verbs tell of once their work is over. */
import type {System} from '../system/system.ts'

/**
 * Runs the work of a verb, and tells how it ended and how long it took, also where it throws. `endedAs` reads that from what the work
 * returns: the outcome, and the ToolchainHash that it is about.
 */
export async function told<T>(
  system: System,
  kind: 'lock' | 'install' | 'rebuild',
  work: () => Promise<T>,
  endedAs: (result: T) => {outcome: 'ok' | 'findings'; toolchain: string | undefined},
): Promise<T> {
  const startedMs = system.nowMs()
  const tell = (ended: {outcome: 'ok' | 'findings' | 'failed'; toolchain: string | undefined}) =>
    system.tell({kind, ...ended, found: [], ms: system.nowMs() - startedMs})
  try {
    const result = await work()
    tell(endedAs(result))
    return result
  } catch (error) {
    tell({outcome: 'failed', toolchain: undefined})
    throw error
  }
}
