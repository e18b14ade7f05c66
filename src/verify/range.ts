/** The commits of a range, as `gowarden verify --range` judges them one by one. */

import {type GitSystem, gitIn} from '../git/git.ts'
import {UsageError} from '../system/errors.ts'

/**
 * Object IDs of `A..B`, the oldest first; none when B adds nothing to A. Throws UsageError for what is no range, and for ends
 * that are unknown here, as they are beyond the border of a shallow clone.
 */
export async function commitsIn(system: GitSystem, range: string): Promise<string[]> {
  if (!range.includes('..')) {
    throw new UsageError(
      `--range ${range}: not a range`,
      'name both ends: gowarden verify --range main..HEAD',
    )
  }
  const listed = await gitIn(system, system.cwd)(['rev-list', '--reverse', '--end-of-options', range, '--'])
  if (listed.exitCode !== 0) {
    throw new UsageError(
      `--range ${range}: an end of it is unknown here`,
      'a shallow clone has not all commits: git fetch --unshallow',
    )
  }
  return listed.stdout.toString().split('\n').filter(Boolean)
}
