/**
 * What is judged: the index, a commit, or the work tree as `git add --all` would stage it. All three come out as index
 * entries, so that everything after this file is the same for them.
 */
import {resolve} from 'node:path'
import {copyIndex} from '../../git/copy-index.ts'
import {type Git, type GitSystem, gitIn, outputOf} from '../../git/git.ts'
import {formatPaths, type IndexEntry, parseFields, parseLsFiles, parsePaths} from '../../git/index.ts'
import {emptyBlobId, emptyTreeId} from '../../git/object-id.ts'
import {
  baseName,
  directoryOf,
  type PathBytes,
  pathFromLatin1,
  pathToLatin1,
  pathToUtf8,
  topDirectory,
} from '../../git/path-bytes.ts'
import {noWorkTree, type Repository} from '../../git/repository.ts'
import {isReadByGo} from '../../go/vendor/vendored-files.ts'
import {UsageError} from '../../system/errors.ts'
import type {PipeResult} from '../../system/system.ts'

export type Judged = {kind: 'staged'} | {kind: 'worktree'} | {kind: 'commit'; revision: string}

export type Snapshot = {
  judged: Judged
  /** The commit that is judged. */
  commit?: string
  /** The bytes of `git ls-files -s -z`: equal bytes, equal entries. */
  listing: Buffer
  /** Listed, but no commit would contain them: `git add --intent-to-add`. */
  intentToAdd: PathBytes[]
  /** The tree the change is compared with: that of HEAD, or of the commit's first parent; undefined when there is none. */
  baseTree: string | undefined
  /** Files in vendor directories of the work tree that a rule hides from Git, and that go can read: no commit has them, builds here do. */
  hidden: PathBytes[]
  /** Git with the index that holds the entries. */
  git: Git
}

/**
 * `scratch` is a directory of our own that outlives the snapshot; the index alone needs none. `listing` is
 * that of the index, where it was asked for already.
 */
export async function probeSnapshot(
  system: GitSystem,
  repository: Repository,
  judged: Judged,
  scratch: string,
  listing?: Promise<PipeResult>,
): Promise<Snapshot> {
  switch (judged.kind) {
    case 'staged':
      return list(repository, judged, repository.headTree, repository.git, {
        ...(listing === undefined ? {} : {begun: listing}),
        mayIntendToAdd: () => mayIntendToAdd(system, repository),
      })
    case 'worktree': {
      const vendors = await listVendors(repository)
      const git = await stageWorkTree(system, repository, scratch, vendors)
      const hidden = await listHidden(repository, vendors)
      return {...(await list(repository, judged, repository.headTree, git)), hidden}
    }
    case 'commit': {
      const git = gitIn(system, repository.cwd, {...repository.env, GIT_INDEX_FILE: `${scratch}/index`})
      const commit = await resolveTree(git, `${judged.revision}^{commit}`)
      if (commit === undefined) {
        throw new UsageError(`no commit ${judged.revision}`, 'name a commit: gowarden verify --commit HEAD')
      }
      outputOf(`reading ${judged.revision}`, await git(['read-tree', commit]))
      const baseTree = await resolveTree(git, `${commit}^1^{tree}`)
      return {...(await list(repository, judged, baseTree, git)), commit}
    }
  }
}

/** Undefined when the name is unknown here: before the first commit, or beyond a shallow clone's border. */
async function resolveTree(git: Git, name: string): Promise<string | undefined> {
  const result = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', name])
  return result.exitCode === 0 ? result.stdout.toString().trim() : undefined
}

async function list(
  repository: Repository,
  judged: Judged,
  baseTree: string | undefined,
  git: Git,
  known: {begun?: Promise<PipeResult>; mayIntendToAdd?(): boolean} = {},
): Promise<Snapshot> {
  const listing = outputOf('listing the index', await (known.begun ?? git(['ls-files', '-s', '-z'])))
  const isSettled = judged.kind === 'commit' || known.mayIntendToAdd?.() === false
  const intentToAdd = isSettled ? [] : await listIntentToAdd(repository, listing, git)
  return {judged, listing, intentToAdd, baseTree, hidden: [], git}
}

/** Trees that hold what is judged and what it is compared with, apart from what is new in the index. */
export function treesOf({judged, baseTree}: Snapshot): string[] {
  return [
    ...(judged.kind === 'commit' ? [`${judged.revision}^{tree}`] : []),
    ...(baseTree === undefined ? [] : [baseTree]),
  ]
}

/** Entries of a listing. */
export function entriesOf(snapshot: Snapshot): IndexEntry[] {
  const intentToAdd = new Set(snapshot.intentToAdd)
  const entries = parseLsFiles(snapshot.listing)
  return intentToAdd.size === 0 ? entries : entries.filter(entry => !intentToAdd.has(entry.path))
}

/**
 * Whether the index can hold an entry of `git add --intent-to-add`, told without a child. Its first bytes are `DIRC` and a
 * version, and version 2 has no room for the flag (gitformat-index(5)); entries that a split index shares lie in a
 * `sharedindex.*` with a version of its own. Where the file is not where we would look, the answer is true.
 */
function mayIntendToAdd(system: GitSystem, repository: Repository): boolean {
  const named = system.env['GIT_INDEX_FILE']
  // Git takes a relative name from the top of the work tree.
  if (named !== undefined && !named.startsWith('/') && system.cwd !== repository.top) return true
  const index = named === undefined ? `${repository.gitDirectory}/index` : resolve(repository.cwd, named)
  if (system.files.readHead(index, 8)?.toString('latin1') !== 'DIRC\0\0\0\x02') return true
  const beside = system.files.list(repository.gitDirectory) ?? []
  return beside.some(({name}) => name.startsWith('sharedindex.'))
}

/**
 * An intent-to-add entry is listed as the empty blob, like an empty file. Compared with the empty tree, Git shows the empty
 * files and hides the others; the work tree is not looked at.
 */
async function listIntentToAdd(repository: Repository, listing: Buffer, git: Git): Promise<PathBytes[]> {
  const listed = listEmpty(listing, emptyBlobId(repository.format))
  if (listed.length === 0) return []
  // Where the paths do not fit on a command line, or are no text, everything is asked for.
  const words = listed.map(pathToLatin1)
  const fits =
    words.join('').length + words.length < 60_000 && words.every(word => /^[\x01-\x7f]*$/.test(word))
  const shown = outputOf(
    'listing staged files',
    await git([
      '--literal-pathspecs',
      'diff-index',
      '--cached',
      '--ita-invisible-in-index',
      '--name-only',
      '--no-renames',
      '-z',
      emptyTreeId(repository.format),
      '--',
      ...(fits ? words : []),
    ]),
  )
  const staged = new Set(parsePaths(shown))
  return listed.filter(path => !staged.has(path))
}

/** Paths of empty blobs. The listing is searched and not parsed: an unchanged run does nothing else with it. */
function listEmpty(listing: Buffer, empty: string): PathBytes[] {
  const needle = Buffer.from(` ${empty} 0\t`)
  const paths: PathBytes[] = []
  for (let at = listing.indexOf(needle); at >= 0; at = listing.indexOf(needle, at + 1)) {
    const start = at + needle.length
    paths.push(pathFromLatin1(listing.toString('latin1', start, listing.indexOf(0, start))))
  }
  return paths
}

/**
 * An index of our own, beside which Git writes the blobs of changed files to a directory of our own: filters, ignore rules
 * and sparse checkouts are Git's business, and nothing of the repository changes.
 */
async function stageWorkTree(
  system: GitSystem,
  repository: Repository,
  scratch: string,
  vendors: readonly PathBytes[],
): Promise<Git> {
  if (repository.top === undefined) {
    throw await noWorkTree(repository, '', 'judge a commit: gowarden verify --commit HEAD')
  }
  const located = outputOf(
    'finding the index',
    await repository.git([
      'rev-parse',
      '--path-format=absolute',
      '--git-path',
      'index',
      '--git-path',
      'objects',
    ]),
  )
  const [index = '', objects = ''] = located.toString().split('\n')
  const alternates = [objects, system.env['GIT_ALTERNATE_OBJECT_DIRECTORIES'] ?? ''].filter(
    path => path !== '',
  )
  system.files.makeDirectory(`${scratch}/objects`, 0o700)
  copyIndex(index, `${scratch}/index`)
  const git = gitIn(system, repository.cwd, {
    ...repository.env,
    GIT_INDEX_FILE: `${scratch}/index`,
    GIT_OBJECT_DIRECTORY: `${scratch}/objects`,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates.map(quoteAlternate).join(':'),
  })
  await lookAtOverlooked(system, repository, git, vendors)
  const differing = outputOf(
    'comparing the work tree',
    await git(['ls-files', '-z', '-t', '--modified', '--deleted', '--others', '--exclude-standard']),
  )
  const paths = pathsToStage(parseFields(differing))
  if (paths.length > 0) {
    outputOf(
      'staging the work tree beside the index',
      await git(['update-index', '-z', '--add', '--remove', '--replace', '--stdin'], formatPaths(paths)),
    )
  }
  return git
}

/** Vendor directories with a list of Go's. */
async function listVendors({git}: Repository): Promise<PathBytes[]> {
  const asked = await git(['ls-files', '-z', '--full-name', '--', ':(top,glob)**/vendor/modules.txt'])
  return parsePaths(outputOf('listing vendor directories', asked)).map(path => directoryOf(path))
}

async function listHidden({git}: Repository, vendors: readonly PathBytes[]): Promise<PathBytes[]> {
  if (vendors.length === 0) return []
  const words = ['--literal-pathspecs', 'ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--']
  const listed = outputOf('listing what is hidden', await git([...words, ...vendors.map(pathToUtf8)]))
  // go passes by what begins with these.
  return parsePaths(listed).filter(path => isReadByGo(path) && !/^[._]/.test(pathToLatin1(baseName(path))))
}

/**
 * Vendored files that Git was told to overlook (assume-unchanged, skip-worktree) count in our copy of the index as they lie in the
 * work tree, where go compiles them. Those that are not there, as in a sparse checkout, count as the index has them.
 */
async function lookAtOverlooked(
  system: GitSystem,
  repository: Repository,
  git: Git,
  vendors: readonly PathBytes[],
): Promise<void> {
  if (vendors.length === 0) return
  const words = ['--literal-pathspecs', 'ls-files', '-z', '-v', '--', ...vendors.map(pathToUtf8)]
  const overlooked = parseFields(outputOf('listing flags of the index', await git(words))).flatMap(line => {
    const path = pathFromLatin1(line.slice(2))
    const isThere = () => system.files.stat(`${repository.top}/${pathToUtf8(path)}`) !== undefined
    return /^(S|[a-z]) /.test(line) && isThere() ? [path] : []
  })
  if (overlooked.length === 0) return
  for (const flag of ['--no-assume-unchanged', '--no-skip-worktree']) {
    const cleared = await git(['update-index', flag, '-z', '--stdin'], formatPaths(overlooked))
    outputOf('reading what the index overlooks', cleared)
  }
}

/**
 * What `git update-index --replace` takes of `ls-files -t`, in an order that it takes it in:
 *
 *     ? vendor          a link that nobody knows took the place of a directory, which goes with it: Git refuses what lies behind
 *     R vendor/a.go
 *     C b.go            a directory took the place of a file: the file goes first, or Git refuses it
 *     ? b.go/c.go
 *     ? other/          a repository of its own, which git add would not descend into
 */
function pathsToStage(listed: readonly string[]): PathBytes[] {
  const entries = listed.map(line => ({
    isUnknown: line.startsWith('? '),
    path: pathFromLatin1(line.slice(2)),
  }))
  const unknown = new Set(entries.flatMap(({isUnknown, path}) => (isUnknown ? [path] : [])))
  const isReplaced = (path: PathBytes): boolean => {
    for (let above = directoryOf(path); above !== topDirectory; above = directoryOf(above))
      if (unknown.has(above)) return true
    return false
  }
  const staged = entries.filter(
    ({isUnknown, path}) => !path.endsWith('/') && (isUnknown || !isReplaced(path)),
  )
  return [...new Set(staged.map(({path}) => path))].sort()
}

/** Git splits the list at colons and unquotes what begins with a quote. */
function quoteAlternate(path: string): string {
  return /[":\\]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path
}
