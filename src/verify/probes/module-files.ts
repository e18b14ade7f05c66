/** Reads every go.mod, go.work, go.sum and modules.txt of the judged tree. */
import {readBlobs} from '../../git/blobs.ts'
import type {GitSystem} from '../../git/git.ts'
import {fetchMissingBlobs} from '../../git/missing-blobs.ts'
import {
  baseName,
  directoryOf,
  joinPath,
  type PathBytes,
  pathToUtf8,
  resolveInside,
} from '../../git/path-bytes.ts'
import {parseGoSum} from '../../go/module/go-sum.ts'
import type {MainModule, MainModules} from '../../go/module/main-modules.ts'
import type {GoMod, GoWork} from '../../go/module/mod-edit.ts'
import type {ModuleRoots} from '../../go/module/module-roots.ts'
import {parseModulesTxt} from '../../go/vendor/modules-txt.ts'
import {shellWord} from '../../text/shell-word.ts'
import type {ModuleFacts, SumFacts, VendorDirectory, VerifyFacts} from '../facts.ts'
import {type ModFileRead, readModFiles} from './mod-files.ts'
import {treesOf} from './snapshot.ts'
import {listIgnoreRules, type Tree, type VendorRoot} from './vendor-tree.ts'

/** What the judged tree itself says of a module. */
export type FoundModule = Omit<ModuleFacts, 'imports' | 'packages' | 'providers' | 'graph'>

export type ModuleFiles = {
  modules: FoundModule[]
  members: MainModule[]
  vendors: VendorRoot[]
  sums: SumFacts[]
  malformed: VerifyFacts['malformedModFiles']
  toolchainLines: VerifyFacts['toolchainLines']
  unlistedVendors: VerifyFacts['unlistedVendors']
  otherVendors: VerifyFacts['otherVendors']
  allRoots: ModuleRoots
}

/** Reads every go.mod, go.work, go.sum and modules.txt of the judged tree, and the sums of its base. */
export async function readModuleFiles(
  system: GitSystem,
  tree: Tree,
  roots: ModuleRoots,
  alternatives: ModuleRoots['modules'],
): Promise<ModuleFiles> {
  const {snapshot, entries} = tree
  const ignoredAsked = listIgnoreRules(tree, [
    ...[...roots.vendors, ...roots.otherVendors].map(({vendor}) => `${vendor}/modules.txt`),
    ...roots.unlistedVendors.map(vendor => `${vendor}/modules.txt`),
  ])
  // Awaited below; nobody may, when something else fails before.
  ignoredAsked.catch(() => {})
  const idOf = (path: PathBytes): string | undefined => entries.get(path)?.id
  const sumPaths = [...roots.modules, ...alternatives, ...roots.workspaces].map(({sumFile}) => sumFile)
  const paths = [
    ...[...roots.modules, ...alternatives].map(({modFile}) => modFile),
    ...roots.workspaces.map(({workFile}) => workFile),
    ...roots.vendors.map(({modulesTxt}) => modulesTxt),
    ...sumPaths,
  ]
  const baseName = (path: PathBytes): string => `${snapshot.baseTree ?? ''}:${path}`
  const ids = paths.flatMap(path => idOf(path) ?? [])
  await fetchMissingBlobs(system, tree.repository, snapshot.git, treesOf(snapshot), ids)
  const blobs = await readBlobs(snapshot.git, [
    ...ids,
    ...(snapshot.baseTree === undefined ? [] : sumPaths.map(baseName)),
  ])
  const contentOf = (path: PathBytes): Buffer | undefined => blobs.get(idOf(path) ?? '')

  const malformed: ModuleFiles['malformed'] = []
  const toolchainLines: ModuleFiles['toolchainLines'] = []
  const parsed = await readModFiles(system, [
    ...[...roots.modules, ...alternatives].flatMap(({modFile}) => toRead(modFile, 'mod')),
    ...roots.workspaces.flatMap(({workFile}) => toRead(workFile, 'work')),
  ])

  const sums = new Map<PathBytes, SumFacts>()
  for (const path of sumPaths) {
    const content = contentOf(path)
    const base = blobs.get(baseName(path))
    if (content === undefined && base === undefined) continue
    sums.set(path, {
      path,
      sum: parseGoSum(content?.toString('latin1') ?? ''),
      base: base === undefined ? undefined : parseGoSum(base.toString('latin1')),
    })
  }

  const members = new Map<PathBytes, MainModule>()
  for (const {directory, modFile, sumFile} of roots.modules) {
    const file = modOf(modFile)
    if (file !== undefined) members.set(directory, {directory, modFile, sumFile, file})
  }
  const workspaces = new Map<PathBytes, MainModules & {sums: SumFacts[]}>()
  for (const {directory, workFile, sumFile} of roots.workspaces) {
    const file = workOf(workFile)
    if (file === undefined) continue
    const used = file.uses.flatMap(use => {
      const at = resolveInside(directory, use)
      const member = at === undefined ? undefined : members.get(at)
      return member === undefined ? [] : [member]
    })
    workspaces.set(directory, {
      workspace: {directory, workFile, file},
      members: used,
      sums: [...used.map(member => member.sumFile), sumFile].flatMap(path => sums.get(path) ?? []),
    })
  }

  const ignored = await ignoredAsked
  const vendors: VendorRoot[] = []
  for (const {directory, vendor, modulesTxt} of roots.vendors) {
    const text = contentOf(modulesTxt)?.toString('latin1') ?? ''
    const list = parseModulesTxt(text)
    const workspace = list.workspace ? workspaces.get(directory) : undefined
    const member = members.get(directory)
    const mains: MainModules | undefined =
      workspace ?? (member === undefined ? undefined : {workspace: undefined, members: [member]})
    if (mains === undefined) {
      malformed.push({
        path: modulesTxt,
        line: undefined,
        reason: list.workspace ? 'no go.work beside vendor' : 'no go.mod beside vendor',
      })
      continue
    }
    vendors.push({
      directory,
      modulesTxtPath: modulesTxt,
      modulesTxtText: text,
      modulesTxt: list,
      mains,
      sums: workspace?.sums ?? (member === undefined ? [] : [sums.get(member.sumFile) ?? []].flat()),
      ...vendorDirectory(vendor, list.workspace, member),
    })
  }

  const modules: FoundModule[] = [...members.values()].map(member => {
    const workspace = [...workspaces.values()].find(({members}) => members.includes(member))
    const own = sums.get(member.sumFile)
    return {
      mains: {workspace: undefined, members: [member]},
      sums: own === undefined ? [] : [own],
      alternative: false,
      workspace: workspace === undefined ? undefined : {mains: workspace, sums: workspace.sums},
      vendored: vendors.some(({mains}) => mains.members.includes(member)),
    }
  })
  for (const {directory, modFile, sumFile} of alternatives) {
    const file = modOf(modFile)
    const own = sums.get(sumFile)
    if (file === undefined) continue
    modules.push({
      mains: {workspace: undefined, members: [{directory, modFile, sumFile, file}]},
      sums: own === undefined ? [] : [own],
      workspace: undefined,
      vendored: false,
      alternative: true,
    })
  }
  return {
    modules,
    members: [...members.values()],
    vendors,
    unlistedVendors: roots.unlistedVendors.map(vendor => unlisted(vendor)),
    otherVendors: roots.otherVendors.map(({vendor, mode}) => ({...unlisted(vendor), mode})),
    sums: [...sums.values()],
    malformed,
    toolchainLines,
    allRoots: roots,
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
    const anew = vendorCommand(directoryOf(vendor), isWorkspace, member?.modFile)
    return {vendor, anew, isIgnored: ignored.has(`${vendor}/modules.txt`)}
  }

  function toRead(path: PathBytes, kind: 'mod' | 'work') {
    const id = idOf(path)
    const content = contentOf(path)
    return id === undefined || content === undefined ? [] : [{id, content, kind}]
  }

  function modOf(path: PathBytes): GoMod | undefined {
    const read = judgeRead(path, parsed.get(`mod ${idOf(path)}`))
    return read?.kind === 'mod' ? read.file : undefined
  }

  function workOf(path: PathBytes): GoWork | undefined {
    const read = judgeRead(path, parsed.get(`work ${idOf(path)}`))
    return read?.kind === 'work' ? read.file : undefined
  }

  function judgeRead(path: PathBytes, read: ModFileRead | undefined): ModFileRead | undefined {
    if (read === undefined) return undefined
    if (read.kind === 'malformed') malformed.push({path, line: read.line, reason: read.reason})
    else toolchainLines.push({path, toolchain: read.file.toolchain})
    return read
  }
}

function vendorCommand(directory: PathBytes, isWorkspace: boolean, modFile: PathBytes | undefined): string {
  const at = directory === '' ? '' : ` -C ${shellWord(pathToUtf8(directory))}`
  if (isWorkspace) return `go${at} work vendor`
  if (modFile === undefined || baseName(modFile) === 'go.mod') return `go${at} mod vendor`
  // The go command wants a go.mod beside the file that -modfile names.
  const [named, plain] = [modFile, joinPath(directory, 'go.mod')].map(path => shellWord(pathToUtf8(path)))
  return `cp ${named} ${plain} && go${at} mod vendor -modfile=vendor.mod; rm ${plain}`
}
