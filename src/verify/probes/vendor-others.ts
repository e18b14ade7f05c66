/** Files in a vendor directory that are no business of Go's, and that `go mod vendor` would delete with it. */
import {outputOf} from '../../git/git.ts'
import {parsePaths} from '../../git/index.ts'
import {
  baseName,
  isAtOrBelow,
  type PathBytes,
  pathBelow,
  pathFromLatin1,
  pathFromUtf8,
  pathToUtf8,
  topDirectory,
} from '../../git/path-bytes.ts'
import type {Repository} from '../../git/repository.ts'
import type {VendorDirectory} from '../facts.ts'
import type {Snapshot} from './snapshot.ts'

/** What systems leave everywhere, and nobody misses. */
const leftovers = new Set(['.DS_Store', 'Thumbs.db'].map(pathFromUtf8))

const modulesTxt = pathFromUtf8('modules.txt')

/**
 * Untracked files below the directory and outside of the modules that it lists: all of them, or those that a rule hides where
 * the work tree is judged, which has the others.
 */
export async function findOthersInVendor(
  repository: Repository,
  snapshot: Snapshot,
  {vendor}: VendorDirectory,
  modules: readonly string[],
): Promise<PathBytes[]> {
  if (repository.top === undefined) return []
  const hidden = snapshot.judged.kind === 'worktree' ? ['--ignored', '--exclude-standard'] : []
  const listed = await repository.git([
    '--literal-pathspecs',
    'ls-files',
    '--others',
    ...hidden,
    '-z',
    '--',
    pathToUtf8(vendor),
  ])
  return parsePaths(outputOf('listing what is not tracked', listed)).filter(path => {
    const inside = pathBelow(path, vendor)
    if (leftovers.has(baseName(path)) || inside === modulesTxt || inside === topDirectory) return false
    return !modules.some(module => isAtOrBelow(inside, pathFromLatin1(module)))
  })
}
