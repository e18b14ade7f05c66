/** Reads every go.mod, go.work, go.sum and modules.txt of the judged tree. */
import {readBlobs, readListed} from '../../git/blobs.ts'
import {type GitSystem, outputOf} from '../../git/git.ts'
import {parseLsTree} from '../../git/index.ts'
import {
  baseName,
  directoryOf,
  isAtOrBelow,
  joinPath,
  type PathBytes,
  pathFromUtf8,
  pathToLatin1,
  pathToUtf8,
} from '../../git/path-bytes.ts'
import {parseGoSum} from '../../go/module/go-sum.ts'
import type {MainModule, MainModules} from '../../go/module/main-modules.ts'
import type {GoMod} from '../../go/module/mod-edit.ts'
import {parseModulesTxt} from '../../go/vendor/modules-txt.ts'
import type {System} from '../../system/system.ts'

import type {ModuleFacts, SumFacts, UnseenMember, VendorDirectory, VerifyFacts} from '../facts.ts'
import {vendorCommand} from '../go-words.ts'
import {readModFiles} from './mod-files.ts'
import type {Roots} from './roots.ts'
import type {Snapshot} from './snapshot.ts'
import {fileAt, readBlobsOf, type Tree} from './tree.ts'
import {listIgnoreRules, type VendorRoot} from './vendor-tree.ts'

/** What the judged tree itself says of a module. */
export type FoundModule = Omit<ModuleFacts, 'imports' | 'packages' | 'submodules' | 'providers' | 'graph'>

export type ModuleFiles = {
  modules: FoundModule[]
  members: MainModule[]
  vendors: VendorRoot[]
  sums: SumFacts[]
  malformed: VerifyFacts['malformedModFiles']
  toolchainLines: VerifyFacts['toolchainLines']
  unlistedVendors: VerifyFacts['unlistedVendors']
  otherVendors: VerifyFacts['otherVendors']
  unseenMembers: UnseenMember[]
  /** Directories with a vendor.mod and no go.mod in the work tree. */
  withoutGoMod: PathBytes[]
}

/** Reads every go.mod, go.sum and modules.txt of the judged tree, and the sums of its base. `alternatives` are files for -modfile. */
export async function readModuleFiles(
  system: GitSystem,
  tree: Tree,
  roots: Roots,
  alternatives: Roots['modules'],
): Promise<ModuleFiles> {
  const ignoredAsked = listIgnoreRules(
    tree,
    [...roots.vendors, ...roots.otherVendors]
      .map(({vendor}) => vendor)
      .concat(roots.unlistedVendors)
      .map(vendor => joinPath(vendor, 'modules.txt')),
  )
  // Awaited below; nobody may, when something else fails before.
  ignoredAsked.catch(() => {})
  const withoutGoMod = roots.modules.flatMap(({directory, modFile}) =>
    lacksGoMod(system, tree, modFile) ? [directory] : [],
  )
  const malformed: ModuleFiles['malformed'] = []
  const toolchainLines: ModuleFiles['toolchainLines'] = []

  const all = [...roots.modules, ...alternatives]
  const files = await readFiles(system, tree, [
    ...all.flatMap(({modFile, sumFile}) => [modFile, sumFile]),
    ...roots.workspaces.map(({sumFile}) => sumFile),
    ...roots.vendors.map(({modulesTxt}) => modulesTxt),
  ])
  const parsed = await readModFiles(
    system,
    all.flatMap(({modFile}) => files.get(modFile) ?? []).map(file => ({...file, kind: 'mod'})),
  )
  const sums = await readSums(
    tree,
    files,
    [...all, ...roots.workspaces].map(({sumFile}) => sumFile),
  )

  /** Directories of modules and workspaces of which nothing more can be said: what is wrong with a file of theirs is. */
  const broken = new Set<PathBytes>()
  for (const [path, read] of roots.unreadWorkFiles) {
    const directory = directoryOf(path)
    broken.add(directory)
    // Which of these are its members, nobody knows.
    for (const module of roots.modules)
      if (isAtOrBelow(module.directory, directory)) broken.add(module.directory)
    if (read !== 'unmerged') malformed.push({path, ...read})
  }
  const members = new Map<PathBytes, MainModule>()
  const found: FoundModule[] = []
  const judged = new Set<PathBytes>()
  for (const {directory, modFile, sumFile, isJudged} of roots.modules) {
    const file = readModule({directory, modFile, sumFile, isJudged})
    if (file === undefined) broken.add(directory)
    else members.set(directory, {directory, modFile, sumFile: realPath(tree, sumFile), file})
    if (isJudged) judged.add(directory)
  }
  const workspaces = new Map<PathBytes, MainModules & {sums: SumFacts[]; isJudged: boolean}>()
  for (const {directory, workFile, sumFile, file, used, unseen, isJudged} of roots.workspaces) {
    if (isJudged) toolchainLines.push({path: workFile, toolchain: file.toolchain, goVersion: file.goVersion})
    if (used.some(member => broken.has(member)) || isUnusable(sumFile, isJudged)) broken.add(directory)
    const seen = used.flatMap(member => members.get(member) ?? [])
    workspaces.set(directory, {
      workspace: {directory, workFile, file, unseen: unseen.map(({use}) => use)},
      members: seen,
      sums: sumsOf([...seen.map(member => member.sumFile), realPath(tree, sumFile)]),
      isJudged,
    })
  }

  const ignored = await ignoredAsked
  const vendors: VendorRoot[] = []
  for (const {directory, vendor, modulesTxt} of roots.vendors) {
    const text = files.get(modulesTxt)?.content.toString('latin1')
    // Unmerged, or what stands beside it is: told where it is so.
    if (broken.has(directory) || text === undefined) continue
    const list = parseModulesTxt(text)
    const workspace = list.workspace ? workspaces.get(directory) : undefined
    const member = members.get(directory)
    const mains: MainModules | undefined =
      workspace ?? (member === undefined ? undefined : {workspace: undefined, members: [member]})
    if (mains === undefined) {
      const reason = list.workspace ? 'no go.work beside vendor' : 'no go.mod beside vendor'
      malformed.push({path: modulesTxt, line: undefined, reason})
      continue
    }
    vendors.push({
      directory,
      modulesTxtPath: modulesTxt,
      modulesTxtText: text,
      modulesTxt: list,
      mains,
      sums: workspace?.sums ?? sumsOf(member === undefined ? [] : [member.sumFile]),
      ...vendorDirectory(vendor, list.workspace, member),
    })
  }

  for (const [directory, member] of members) {
    const workspace = [...workspaces.values()].find(({members}) => members.includes(member))
    if (!judged.has(directory) || broken.has(directory)) continue
    if (broken.has(workspace?.workspace?.directory ?? directory)) continue
    found.push({
      mains: {workspace: undefined, members: [member]},
      sums: sumsOf([member.sumFile]),
      alternative: false,
      workspace: workspace === undefined ? undefined : {mains: workspace, sums: workspace.sums},
      vendored: vendors.some(({mains}) => mains.members.includes(member)),
    })
  }
  for (const {directory, modFile, sumFile} of alternatives) {
    const file = readModule({directory, modFile, sumFile, isJudged: true})
    if (file === undefined) continue
    found.push({
      mains: {workspace: undefined, members: [{directory, modFile, sumFile, file}]},
      sums: sumsOf([sumFile]),
      workspace: undefined,
      vendored: false,
      alternative: true,
    })
  }
  const judgedSums = [
    ...all.filter(({isJudged}) => isJudged).map(({sumFile}) => realPath(tree, sumFile)),
    ...[...workspaces.values()].flatMap(({sums, isJudged}) => (isJudged ? sums.map(({path}) => path) : [])),
    ...roots.workspaces.filter(({isJudged}) => isJudged).map(({sumFile}) => realPath(tree, sumFile)),
  ]
  return {
    modules: found,
    members: [...members.values()],
    vendors,
    unlistedVendors: roots.unlistedVendors.map(vendor => unlisted(vendor)),
    otherVendors: roots.otherVendors.map(({vendor, path, mode}) => ({...unlisted(vendor), path, mode})),
    sums: sumsOf([...new Set(judgedSums)]),
    malformed,
    toolchainLines,
    withoutGoMod,
    unseenMembers: roots.workspaces.flatMap(({isJudged, unseen}) => (isJudged ? unseen : [])),
  }

  function sumsOf(paths: readonly PathBytes[]): SumFacts[] {
    return paths.flatMap(path => sums.get(path) ?? [])
  }

  /** Undefined when nothing can be said of the module; why is noted. */
  function readModule({modFile, sumFile, isJudged}: Roots['modules'][number]): GoMod | undefined {
    if (isUnusable(modFile, isJudged)) return undefined
    const id = files.get(modFile)?.id
    const read = id === undefined ? undefined : parsed.get(`mod ${id}`)
    if (read?.kind === 'malformed' && isJudged) {
      malformed.push({path: modFile, line: read.line, reason: read.reason})
    }
    if (read?.kind !== 'mod') return undefined
    if (isJudged)
      toolchainLines.push({path: modFile, toolchain: read.file.toolchain, goVersion: read.file.goVersion})
    return isUnusable(sumFile, isJudged) ? undefined : read.file
  }

  /** Whether a file is unmerged, or a link that leads nowhere. */
  function isUnusable(path: PathBytes, isJudged: boolean): boolean {
    if (tree.unmerged.has(path)) return true
    const at = fileAt(tree, path)
    if (at.kind === 'broken' && isJudged) malformed.push({path, line: undefined, reason: at.reason})
    return at.kind === 'broken'
  }

  /** Without a list go vendors what a workspace needs where there is one. */
  function unlisted(vendor: PathBytes): VendorDirectory {
    const directory = directoryOf(vendor)
    return vendorDirectory(vendor, workspaces.has(directory), members.get(directory))
  }

  function vendorDirectory(
    vendor: PathBytes,
    isWorkspace: boolean,
    member: MainModule | undefined,
  ): VendorDirectory {
    const {directory = directoryOf(vendor), modFile} = member ?? {}
    const anew = vendorCommand(directory, isWorkspace, modFile, withoutGoMod.includes(directory))
    return {
      vendor,
      anew,
      isIgnored: ignored.has(joinPath(vendor, 'modules.txt')),
      kept: [],
      submodules: submodulesIn(system, tree, vendor),
    }
  }
}

/** Submodules at or below a directory that the work tree holds with a Git directory elsewhere, as `git submodule` makes them. */
function submodulesIn(system: System, tree: Tree, directory: PathBytes): PathBytes[] {
  const {top} = tree.repository
  if (top === undefined) return []
  return [...tree.entries.values()].flatMap(({path, mode}) => {
    if (mode !== '160000' || !isAtOrBelow(path, directory)) return []
    const isListed = tree.entries.has(gitModules)
    const git = system.files.stat(`${top}/${pathToUtf8(path)}/.git`)
    return git?.kind === 'file' || (git === undefined && isListed && isEmptyAt(`${top}/${pathToUtf8(path)}`))
      ? [path]
      : []
  })

  /** As a submodule is that was not fetched. */
  function isEmptyAt(file: string): boolean {
    return system.files.list(file)?.length === 0
  }
}

const gitModules = pathFromUtf8('.gitmodules')

/** A vendor.mod that no go.mod stands beside in the work tree: go's commands want one there. */
function lacksGoMod(system: System, {repository: {top}}: Tree, modFile: PathBytes): boolean {
  if (top === undefined || baseName(modFile) === goMod) return false
  return system.files.stat(`${top}/${pathToUtf8(joinPath(directoryOf(modFile), goMod))}`) === undefined
}

const goMod = pathFromUtf8('go.mod')

type ReadFile = {path: PathBytes; id: string; content: Buffer}

/** Files by the path they were asked for, links followed; those that are not there are left out. */
async function readFiles(
  system: System,
  tree: Tree,
  paths: readonly PathBytes[],
): Promise<Map<PathBytes, ReadFile>> {
  const places = new Map<PathBytes, {path: PathBytes; id: string}>()
  for (const path of paths) {
    const at = fileAt(tree, path)
    if (at.kind === 'file') places.set(path, at)
  }
  const blobs = await readBlobsOf(system, tree, [...places.values()])
  return new Map(
    [...places].flatMap(([asked, {path, id}]) => {
      const content = blobs.get(id)
      return content === undefined ? [] : [[asked, {path, id, content}] as const]
    }),
  )
}

/** The path that a file's content is found under: that of a link's target, where the path is a link. */
function realPath(tree: Tree, path: PathBytes): PathBytes {
  const at = fileAt(tree, path)
  return at.kind === 'file' ? at.path : path
}

/** go.sum files with what the base has of them, by their real paths. */
async function readSums(
  tree: Tree,
  files: ReadonlyMap<PathBytes, ReadFile>,
  sumFiles: readonly PathBytes[],
): Promise<Map<PathBytes, SumFacts>> {
  const paths = new Set(sumFiles.map(path => realPath(tree, path)))
  const bases = await readBase(tree, [...paths])
  const contents = new Map(sumFiles.flatMap(path => files.get(path) ?? []).map(file => [file.path, file]))
  const sums = new Map<PathBytes, SumFacts>()
  for (const path of paths) {
    const content = contents.get(path)?.content
    const base = bases.get(path)
    if (content === undefined && base === undefined) continue
    const sum = parseGoSum(content?.toString('latin1') ?? '')
    // Mostly the same bytes, and then one list for both: there may be half a million lines.
    const isSame = base !== undefined && content?.equals(base) === true
    sums.set(path, {path, sum, base: isSame ? sum : base && parseGoSum(base.toString('latin1'))})
  }
  return sums
}

/** What the tree the change is compared with has at these paths. */
async function readBase({snapshot}: Tree, paths: readonly PathBytes[]): Promise<Map<PathBytes, Buffer>> {
  const {baseTree, git} = snapshot
  if (baseTree === undefined || paths.length === 0) return new Map()
  const nameInBase = (path: PathBytes): string => `${baseTree}:${pathToLatin1(path)}`
  const blobs = await readBlobs(
    git,
    paths.map(path => nameInBase(path)),
  )
  const bases = new Map(
    paths.flatMap(path => {
      const content = blobs.get(nameInBase(path))
      return content === undefined ? [] : [[path, content] as const]
    }),
  )
  await checkAbsent(
    snapshot,
    paths.filter(path => !bases.has(path)),
  )
  return bases
}

/** Git answers alike for a file that a tree does not list and for one that is lost. Throws for the latter. */
async function checkAbsent({baseTree, git}: Snapshot, paths: readonly PathBytes[]): Promise<void> {
  if (baseTree === undefined || paths.length === 0) return
  const words = paths.map(path => pathToUtf8(path))
  const listed = outputOf(
    'reading the commit before',
    await git(['ls-tree', '-r', '-z', '--full-tree', baseTree, '--', ...words]),
  )
  await readListed(git, parseLsTree(listed))
}
