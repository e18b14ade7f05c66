/** The commits of a range, as `gowarden verify --range` judges them one by one. */

import {type GitSystem, gitIn} from '../git/git.ts'
import {UsageError} from '../system/errors.ts'
import {shellWord} from '../text/shell-word.ts'

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
  // As hooks and CI name what is not: `0000…0000..HEAD`.
  const [before = '', after = ''] = range.split(/\.{2,3}/)
  if (/^0{40,}$/.test(after)) {
    throw new UsageError(
      `--range ${range}: zeros stand for a removed branch: there is nothing to judge`,
      'name both ends: gowarden verify --range main..HEAD',
    )
  }
  if (/^0{40,}$/.test(before)) {
    throw new UsageError(
      `--range ${range}: zeros stand for a new branch`,
      `judge its tip: gowarden verify --commit ${shellWord(after || 'HEAD')}`,
    )
  }
  const git = gitIn(system, system.cwd)
  const listed = await git(['rev-list', '--reverse', '--end-of-options', range, '--'])
  if (listed.exitCode !== 0) {
    const shallow = await git(['rev-parse', '--is-shallow-repository'])
    throw new UsageError(
      `--range ${range}: an end of it is unknown here`,
      shallow.stdout.toString().trim() === 'true'
        ? 'a shallow clone is missing commits: git fetch --unshallow'
        : 'name commits that git log shows: git log --oneline --all',
    )
  }
  return listed.stdout.toString().split('\n').filter(Boolean)
}
