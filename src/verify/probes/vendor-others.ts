/** Files in a vendor directory that are no business of Go's, and that `go mod vendor` would delete with it. */
import {type GitSystem, gitIn, outputOf} from '../../git/git.ts'
import {parsePaths} from '../../git/index.ts'
import {
  baseName,
  isAtOrBelow,
  joinPath,
  type PathBytes,
  pathBelow,
  pathFromLatin1,
  pathFromUtf8,
  pathToUtf8,
  topDirectory,
} from '../../git/path-bytes.ts'
import type {Repository} from '../../git/repository.ts'
import {withoutLocalGit} from '../../go/command/git-variables.ts'
import type {VendorDirectory} from '../facts.ts'
import {entriesOf, type Snapshot} from './snapshot.ts'

/** What systems leave everywhere, and nobody misses. */
const leftovers = new Set(['.DS_Store', 'Thumbs.db'].map(pathFromUtf8))

const modulesTxt = pathFromUtf8('modules.txt')

/** What is known of a vendor directory that a hint would write anew. */
export type ToWriteAnew = {
  directory: VendorDirectory
  /** Paths of the modules that it lists, or that are required where it lists none. */
  modules: readonly string[]
  /** Of these nobody knows what they hold. */
  undecided: readonly string[]
  /** What `go mod vendor` writes there and the judged tree does not hold. */
  ownFiles: ReadonlySet<PathBytes>
  /** modules.txt as it is judged, as latin1; undefined where there is none. */
  list: string | undefined
  /** Whether the hint stages a file before it is deleted, unless a rule of Git hides it. */
  isStaged(path: PathBytes): boolean
}

/**
 * What Git has no copy of. Outside of the listed modules that is every untracked file: all of them, or those that a rule hides
 * where the work tree is judged, which has the others. Within a module it is what go would not have put there, as far as that is known:
 * where the work tree was vendored for another list, it is not. Repositories of their own always are, submodules where they
 * hold what a rule of theirs hides.
 */
export async function findOthersInVendor(
  system: GitSystem,
  repository: Repository,
  snapshot: Snapshot,
  {directory: {vendor, submodules}, modules, undecided, ownFiles, list, isStaged}: ToWriteAnew,
): Promise<PathBytes[]> {
  const {top} = repository
  if (top === undefined) return []
  const hiddenWords = ['--ignored', '--exclude-standard']
  const isWorkTree = snapshot.judged.kind === 'worktree'
  const listed = await untracked(isWorkTree ? hiddenWords : [])
  const needsHidden = !isWorkTree && listed.some(isStaged)
  const hidden = new Set(isWorkTree ? listed : needsHidden ? await untracked(hiddenWords) : [])
  const repositories = isWorkTree ? (await untracked(['--exclude-standard'])).filter(isDirectory) : []
  const inWorkTree = system.files.read(at(joinPath(vendor, 'modules.txt')))?.toString('latin1')
  const isFor = (path: PathBytes, names: readonly string[]) =>
    names.some(name => isAtOrBelow(pathBelow(path, vendor), pathFromLatin1(name)))
  const files = listed.filter(path => {
    const inside = pathBelow(path, vendor)
    if (leftovers.has(baseName(path)) || inside === modulesTxt || inside === topDirectory) return false
    if (isStaged(path) && !hidden.has(path)) return false
    if (!isFor(path, modules)) return true
    return inWorkTree === list && !ownFiles.has(path) && !isFor(path, undecided)
  })
  const nested = [...gitlinks(), ...modules.map(name => joinPath(vendor, pathFromLatin1(name)))].filter(
    path => system.files.stat(at(joinPath(path, '.git')))?.kind === 'directory',
  )
  const dirty: PathBytes[] = []
  for (const path of submodules) if (await hidesFiles(path)) dirty.push(path)
  return [...new Set([...files, ...repositories, ...nested, ...dirty])]

  function at(path: PathBytes): string {
    return `${top}/${pathToUtf8(path)}`
  }

  async function untracked(words: readonly string[]): Promise<PathBytes[]> {
    const asked = ['--literal-pathspecs', 'ls-files', '--others', ...words, '-z', '--', pathToUtf8(vendor)]
    return parsePaths(outputOf('listing what is not tracked', await repository.git(asked)))
  }

  function gitlinks(): PathBytes[] {
    return entriesOf(snapshot).flatMap(({path, mode}) =>
      mode === '160000' && isAtOrBelow(path, vendor) ? [path] : [],
    )
  }

  /** Git sees to it that nothing else of a submodule is lost. */
  async function hidesFiles(path: PathBytes): Promise<boolean> {
    if (system.files.stat(at(joinPath(path, '.git'))) === undefined) return false
    const env = withoutLocalGit(system.env)
    const git = gitIn({...system, env}, at(path))
    const {stdout} = await git(['ls-files', '--others', ...hiddenWords, '-z'])
    return parsePaths(stdout).some(file => !leftovers.has(baseName(file)))
  }
}

/** As Git lists a repository of its own. */
function isDirectory(path: PathBytes): boolean {
  return path.endsWith('/')
}
