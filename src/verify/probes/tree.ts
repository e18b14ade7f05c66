/** The judged tree, ready to be asked. */
import {readListed} from '../../git/blobs.ts'
import type {IndexEntry} from '../../git/index.ts'
import {followLinks} from '../../git/links.ts'
import {fetchMissingBlobs} from '../../git/missing-blobs.ts'
import {
  directoryOf,
  isBelow,
  type PathBytes,
  pathFromLatin1,
  pathToUtf8,
  topDirectory,
} from '../../git/path-bytes.ts'
import type {Repository} from '../../git/repository.ts'
import {vendorAbove} from '../../go/module/module-roots.ts'
import type {System} from '../../system/system.ts'
import type {UnseenWhy} from '../facts.ts'
import {entriesOf, type Snapshot, treesOf} from './snapshot.ts'

export type Tree = {
  snapshot: Snapshot
  repository: Repository
  /** Stage 0 only. */
  entries: ReadonlyMap<PathBytes, IndexEntry>
  /** Paths with a merge conflict. */
  unmerged: ReadonlySet<PathBytes>
  /** Where symbolic links lead that lie outside of vendor directories: go follows them there, and writes none of them here. */
  links: ReadonlyMap<PathBytes, PathBytes>
}

export async function openTree(system: System, repository: Repository, snapshot: Snapshot): Promise<Tree> {
  const entries = new Map<PathBytes, IndexEntry>()
  const unmerged = new Set<PathBytes>()
  const linked: IndexEntry[] = []
  for (const entry of entriesOf(snapshot)) {
    if (entry.stage !== 0) unmerged.add(entry.path)
    else entries.set(entry.path, entry)
    if (entry.stage === 0 && entry.mode === '120000' && vendorAbove(entry.path) === undefined)
      linked.push(entry)
  }
  const targets = await readBlobsOf(system, {repository, snapshot}, linked)
  const links = new Map(
    linked.map(({path, id}) => [path, pathFromLatin1(targets.get(id)?.toString('latin1') ?? '')]),
  )
  return {snapshot, repository, entries, unmerged, links}
}

/** Contents by object ID. Throws a WorldError that names a file of which it is missing. */
export async function readBlobsOf(
  system: System,
  {repository, snapshot}: Pick<Tree, 'repository' | 'snapshot'>,
  files: readonly {id: string; path: PathBytes}[],
): Promise<Map<string, Buffer>> {
  const ids = files.map(({id}) => id)
  await fetchMissingBlobs(system, repository, snapshot.git, treesOf(snapshot), ids)
  return readListed(snapshot.git, files)
}

export type FileAt =
  /** `path` is that of the file itself, where links lead to it. */
  | {kind: 'file'; path: PathBytes; id: string}
  | {kind: 'absent'}
  /** A link that leads nowhere in this repository. */
  | {kind: 'broken'; reason: string}

/** The file that go would open at a path, links followed. */
export function fileAt(tree: Tree, path: PathBytes): FileAt {
  const followed = followLinks(tree.links, path)
  switch (followed.kind) {
    case 'outside':
      return broken(`a symbolic link to ${pathToUtf8(followed.target)}, which lies outside of the repository`)
    case 'endless':
      return broken('a symbolic link that leads back to itself')
    case 'inside': {
      const entry = tree.entries.get(followed.path)
      if (entry?.mode.startsWith('100')) return {kind: 'file', path: followed.path, id: entry.id}
      if (followed.path === path) return {kind: 'absent'}
      const module = submoduleOf(tree, followed.path)
      return broken(
        module === undefined
          ? `a symbolic link to ${pathToUtf8(followed.path)}, and there is no such file in the index`
          : `a symbolic link into the submodule ${pathToUtf8(module)}`,
      )
    }
  }
}

function broken(reason: string): FileAt {
  return {kind: 'broken', reason}
}

export type DirectoryAt = {kind: 'seen'; directory: PathBytes} | {kind: 'unseen'; why: UnseenWhy}

/** The directory that go would open, links followed, or why the tree holds nothing of it. `path` is undefined outside. */
export function directoryAt(tree: Tree, path: PathBytes | undefined): DirectoryAt {
  const followed = path === undefined ? undefined : followLinks(tree.links, path)
  if (followed?.kind !== 'inside') return {kind: 'unseen', why: 'outside'}
  if (submoduleOf(tree, followed.path) !== undefined) return {kind: 'unseen', why: 'submodule'}
  const {path: directory} = followed
  for (const entry of tree.entries.keys()) if (isBelow(entry, directory)) return {kind: 'seen', directory}
  return {kind: 'unseen', why: 'absent'}
}

/** The submodule that a path is or lies in: its files are another repository's. */
export function submoduleOf(tree: Tree, path: PathBytes): PathBytes | undefined {
  for (let at = path; at !== topDirectory; at = directoryOf(at)) {
    if (tree.entries.get(at)?.mode === '160000') return at
  }
  return undefined
}
