/** Which modules, workspaces and vendor directories of the tree are judged. */

import type {GitSystem} from '../../git/git.ts'
import {directoryOf, type PathBytes, pathToUtf8, resolveInside, topDirectory} from '../../git/path-bytes.ts'
import type {GoWork} from '../../go/module/mod-edit.ts'
import {type FoundRoots, findModuleRoots, isFixture} from '../../go/module/module-roots.ts'
import {UsageError} from '../../system/errors.ts'
import type {UnseenMember} from '../facts.ts'
import {type ModFileRead, readModFiles} from './mod-files.ts'
import {directoryAt, fileAt, readBlobsOf, type Tree} from './tree.ts'

export type Workspace = {
  directory: PathBytes
  workFile: PathBytes
  sumFile: PathBytes
  file: GoWork
  /** Directories of its members that the tree holds. */
  used: PathBytes[]
  unseen: UnseenMember[]
}

export type Judged<Root> = Root & {isJudged: boolean}

export type Roots = {
  /** Those that are not judged tell what others need: members of a workspace, replacements. */
  modules: Judged<FoundRoots['modules'][number]>[]
  workspaces: Judged<Workspace>[]
  vendors: FoundRoots['vendors']
  unlistedVendors: PathBytes[]
  otherVendors: FoundRoots['otherVendors']
  /** Every directory with a go.mod, judged or not: where a module begins, the one above it ends. */
  boundaries: ReadonlySet<PathBytes>
  /** go.work files that could not be read, by path. */
  unreadWorkFiles: Map<PathBytes, Omit<ModFileRead & {kind: 'malformed'}, 'kind'> | 'unmerged'>
  /** Directories with a module or workspace that a rule of the policy excludes, by its number. */
  excluded: Map<number, PathBytes[]>
}

export type RootChoice = {
  /** Directories of --module; empty for all. */
  modules: readonly PathBytes[]
  /** Whether a chosen directory may hold no module, as in the older commits of a range. */
  mayBeAbsent: boolean
  /** Which rule of the policy says that a directory holds no modules of this repository. */
  excludes(directory: PathBytes): number | undefined
}

/**
 * All but fixtures (testdata, `_x`, `.x`) and what the policy excludes; a `use` line of go.work outranks both. With directories
 * chosen, these alone.
 */
export async function findRoots(system: GitSystem, tree: Tree, choice: RootChoice): Promise<Roots> {
  const paths = new Map<PathBytes, {mode: string}>(tree.entries)
  for (const path of tree.unmerged) paths.set(path, {mode: '100644'})
  const found = findModuleRoots(paths)
  const excluded: Roots['excluded'] = new Map()
  const isOwn = (directory: PathBytes): boolean =>
    !isFixture(directory) && (directory === topDirectory || choice.excludes(directory) === undefined)
  const isChosen = (directory: PathBytes): boolean => choice.modules.includes(directory)

  const rootAt = new Set(
    [...found.modules, ...found.workspaces, ...found.vendors].map(({directory}) => directory),
  )
  const absent = choice.mayBeAbsent ? undefined : choice.modules.find(directory => !rootAt.has(directory))
  if (absent !== undefined) {
    throw new UsageError(
      `--module ${pathToUtf8(absent) || '.'}: no go.mod and no go.work there, in what is judged`,
      "name a directory that has one: git ls-files -- ':(top,glob)**/go.mod'",
    )
  }

  const unread: Roots['unreadWorkFiles'] = new Map()
  const read = await readWorkFiles(
    system,
    tree,
    found.workspaces.filter(({directory}) => isOwn(directory) || isChosen(directory)),
    unread,
  )
  const directories = new Set(found.modules.map(({directory}) => directory))
  const workspaces = read.map(workspace => ({...workspace, ...membersOf(tree, workspace, directories)}))
  const members = new Set(workspaces.flatMap(({used}) => used))
  const isKnown = (directory: PathBytes): boolean => isOwn(directory) || members.has(directory)
  const isJudged = (directory: PathBytes): boolean =>
    choice.modules.length === 0 ? isKnown(directory) : isChosen(directory)

  for (const directory of new Set([...found.modules, ...found.workspaces].map(({directory}) => directory))) {
    const rule = isKnown(directory) || isFixture(directory) ? undefined : choice.excludes(directory)
    if (rule !== undefined) excluded.set(rule, [...(excluded.get(rule) ?? []), directory])
  }
  return {
    modules: found.modules
      .map(module => ({...module, isJudged: isJudged(module.directory)}))
      .filter(({directory, isJudged}) => isJudged || isKnown(directory)),
    workspaces: workspaces.map(workspace => ({...workspace, isJudged: isJudged(workspace.directory)})),
    vendors: found.vendors.filter(({directory}) => isJudged(directory)),
    unlistedVendors: found.unlistedVendors.filter(vendor => isJudged(directoryOf(vendor))),
    otherVendors: found.otherVendors.filter(({vendor}) => isJudged(directoryOf(vendor))),
    boundaries: directories,
    unreadWorkFiles: unread,
    excluded,
  }
}

type ReadWorkspace = Omit<Workspace, 'used' | 'unseen'>

async function readWorkFiles(
  system: GitSystem,
  tree: Tree,
  workspaces: FoundRoots['workspaces'],
  unread: Roots['unreadWorkFiles'],
): Promise<ReadWorkspace[]> {
  if (workspaces.length === 0) return []
  const files = new Map<PathBytes, {id: string; path: PathBytes}>()
  for (const {workFile} of workspaces) {
    const at = fileAt(tree, workFile)
    if (at.kind === 'file') files.set(workFile, at)
    else if (at.kind === 'broken') unread.set(workFile, {line: undefined, reason: at.reason})
    else unread.set(workFile, 'unmerged')
  }
  const blobs = await readBlobsOf(system, tree, [...files.values()])
  const parsed = await readModFiles(
    system,
    [...files.values()].map(({id}) => ({id, content: blobs.get(id) ?? Buffer.alloc(0), kind: 'work'})),
  )
  return workspaces.flatMap(workspace => {
    const id = files.get(workspace.workFile)?.id
    const read = id === undefined ? undefined : parsed.get(`work ${id}`)
    if (read?.kind === 'work') return [{...workspace, file: read.file}]
    if (read?.kind === 'malformed') unread.set(workspace.workFile, read)
    return []
  })
}

/** The directories that `use` lines name, and those of which the tree holds no go.mod. */
function membersOf(
  tree: Tree,
  {directory, workFile, file}: ReadWorkspace,
  modules: ReadonlySet<PathBytes>,
): Pick<Workspace, 'used' | 'unseen'> {
  const used: PathBytes[] = []
  const unseen: UnseenMember[] = []
  for (const use of file.uses) {
    const at = directoryAt(tree, resolveInside(directory, use))
    if (at.kind === 'seen' && modules.has(at.directory)) used.push(at.directory)
    else unseen.push({workFile, use, why: at.kind === 'seen' ? 'absent' : at.why})
  }
  return {used, unseen}
}
