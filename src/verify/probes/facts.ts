/** Gathers everything `gowarden verify` judges. */
import {readBlobs} from '../../git/blobs.ts'
import type {GitSystem} from '../../git/git.ts'
import {
  baseName,
  directoryOf,
  joinPath,
  type PathBytes,
  pathToUtf8,
  resolveInside,
} from '../../git/path-bytes.ts'
import type {Repository} from '../../git/repository.ts'
import {shellWord} from '../../git/shell-word.ts'
import {type GoModLines, readGoLine, readGoModLines} from '../../go/module/go-mod-lines.ts'
import {hashesByKey, parseGoSum, sumKey} from '../../go/module/go-sum.ts'
import type {GoMod, GoWork} from '../../go/module/mod-edit.ts'
import {type ModuleGraph, moduleGraph} from '../../go/module/module-graph.ts'
import {formatModule, type ModuleVersion, relativeTo} from '../../go/module/module-path.ts'
import {findModuleRoots, type ModuleRoots} from '../../go/module/module-roots.ts'
import {compareSemver} from '../../go/module/semver.ts'
import {isGoSource, isPackageDirectory} from '../../go/source/main-packages.ts'
import {vendorClosure} from '../../go/vendor/closure.ts'
import {findReplacement, type MainModule, type MainModules} from '../../go/vendor/inconsistencies.ts'
import type {Manifest} from '../../go/vendor/manifest.ts'
import {parseManifest} from '../../go/vendor/manifest.ts'
import {parseModulesTxt} from '../../go/vendor/modules-txt.ts'
import type {ModuleFacts, RootFacts, SumFacts, VendorDirectory, VerifyFacts} from '../facts.ts'
import {readGoFiles} from './go-files.ts'
import {openGoLines} from './go-lines.ts'
import {type ModFileRead, readModFiles} from './mod-files.ts'
import {
  cachedFile,
  downloadModules,
  probeModuleCache,
  readCachedGoMod,
  readCachedZips,
  readZipHash,
  type ZipToRead,
} from './module-cache.ts'
import {entriesOf, type Snapshot} from './snapshot.ts'
import {
  listIgnoreRules,
  planSources,
  probeVendorTree,
  type Tree,
  type VendorRoot,
  type ZipFact,
} from './vendor-tree.ts'
import {openZipManifests} from './zip-manifests.ts'

export type ProbeOptions = {
  /** Directories of modules to judge; empty for all. */
  modules: readonly PathBytes[]
  /** Files for -modfile. */
  modFiles: readonly PathBytes[]
  offline: boolean
  progress(text: string): void
}

export type Probed = {
  facts: VerifyFacts
  /** Files whose absence the verdict rests on: when one appears, it must be judged again. */
  absent: string[]
}

export async function probeVerify(
  system: GitSystem,
  repository: Repository,
  snapshot: Snapshot,
  options: ProbeOptions,
): Promise<Probed> {
  const moduleCacheAsked = probeModuleCache(system)
  const entries = entriesOf(snapshot)
  const tree: Tree = {
    snapshot,
    repository,
    entries: new Map(entries.flatMap(entry => (entry.stage === 0 ? [[entry.path, entry]] : []))),
  }
  const roots = findModuleRoots(tree.entries, options.modules)
  const unmerged = [...new Set(entries.flatMap(entry => (entry.stage === 0 ? [] : [entry.path])))]
  const alternatives = options.modFiles.flatMap(modFile =>
    tree.entries.has(modFile)
      ? [{directory: directoryOf(modFile), modFile, sumFile: `${modFile.replace(/\.mod$/, '')}.sum`}]
      : [],
  )
  const read = await readModuleFiles(system, tree, roots, alternatives)
  const moduleCache = await moduleCacheAsked
  const absent: string[] = []

  const vendorRoots = read.vendors
  const plans = vendorRoots.map(root => planSources(tree, root))
  const zips = await proveZips(
    system,
    repository,
    moduleCache,
    options,
    plans.flat().flatMap(plan => (plan.kind === 'zip' ? [{module: plan.from, h1: plan.h1}] : [])),
  )
  const cached: VerifyFacts['cached'] = zips.hashes
  const goMods = probeCachedHashes(system, moduleCache, read.sums, cached, absent)

  const imports = await readImports(system, tree, read)
  const rootFacts: RootFacts[] = []
  for (const [index, root] of vendorRoots.entries()) {
    const proven = await probeVendorTree(system, tree, root, plans[index] ?? [], zips.fact)
    const members = imports.filter(({member}) => root.mains.members.includes(member))
    rootFacts.push({
      vendor: root.vendor,
      anew: root.anew,
      isIgnored: root.isIgnored,
      modulesTxtPath: root.modulesTxtPath,
      modulesTxtText: root.modulesTxtText,
      modulesTxt: root.modulesTxt,
      mains: root.mains,
      sums: root.sums,
      sources: proven.sources,
      goVersions: await provenGoVersions(root, proven.manifests),
      differences: proven.differences,
      closure: vendorClosure({
        roots: [
          ...members.flatMap(({imports}) => imports.map(({path, file}) => ({path, by: file}))),
          ...root.mains.members.flatMap(member =>
            member.file.tools.map(path => ({path, by: `the tool line of ${pathToUtf8(member.modFile)}`})),
          ),
        ],
        mainPackages: new Set(members.flatMap(({packages}) => packages)),
        mainModules: root.mains.members.map(member => member.file.modulePath),
        requires: root.mains.members.flatMap(member => member.file.requires.map(({module}) => module.path)),
        modulesTxt: root.modulesTxt,
        manifest: path => proven.manifests.get(path),
      }),
      normalized: proven.normalized,
      leftOut: proven.leftOut,
    })
  }

  async function provenGoVersions(root: VendorRoot, manifests: ReadonlyMap<string, Manifest>) {
    const ask = () => goVersions(system, repository.gitDirectory, moduleCache, root, read, manifests)
    const first = ask()
    const missing = first.unread
    if (missing.length === 0 || options.offline) return first.versions
    await downloadModules(system, missing, options.progress)
    return ask().versions
  }

  return {
    facts: {
      unmerged,
      malformedModFiles: read.malformed,
      toolchainLines: read.toolchainLines,
      sums: read.sums,
      cached,
      modules: read.modules.map(facts => {
        const own = imports.find(({member}) => facts.mains.members.includes(member))
        return {
          ...facts,
          imports: own?.imports ?? [],
          packages: new Set(own?.packages),
          providers: providersIn(vendorRoots, facts.mains),
          graph: graphOf(facts, read, goMods),
        }
      }),
      roots: rootFacts,
      unlistedVendors: read.unlistedVendors,
      otherVendors: read.otherVendors,
      base: snapshot.baseTree,
    },
    absent,
  }
}

/** Which module each package is vendored from; in a workspace other versions may be selected than a member would select. */
function providersIn(roots: readonly VendorRoot[], {members}: MainModules): Map<string, string> {
  const root = roots.find(({mains}) => mains.workspace === undefined && mains.members[0] === members[0])
  const modules = root?.modulesTxt.modules ?? []
  return new Map(
    modules.flatMap(({module, packages}) => packages.map(({path}): [string, string] => [path, module.path])),
  )
}

/** `goMods` are the go.mod files of the module cache that go.sum vouches for, by key of go.sum. */
function graphOf(
  {mains, sums}: FoundModule,
  {members}: ModuleFiles,
  goMods: ReadonlyMap<string, CachedGoMod>,
): ModuleGraph {
  const [member] = mains.members
  if (member === undefined) return {loaded: [], selected: new Map(), complete: false}
  const hashes = hashesByKey(sums.map(({sum}) => sum))
  return moduleGraph(mains, member, module => {
    if (module.version === '') {
      const directory = resolveInside(member.directory, module.path)
      const file = members.find(other => other.directory === directory)?.file
      return file && {goVersion: file.goVersion, requires: file.requires.map(({module}) => module)}
    }
    const key = sumKey(module.path, module.version, true)
    const goMod = goMods.get(key)
    return goMod === undefined || goMod.hash !== hashes.get(key) ? undefined : goMod.lines()
  })
}

/** What the judged tree itself says of a module. */
type FoundModule = Omit<ModuleFacts, 'imports' | 'packages' | 'providers' | 'graph'>

type ModuleFiles = {
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
async function readModuleFiles(
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
  const idOf = (path: PathBytes): string | undefined => entries.get(path)?.id
  const sumPaths = [...roots.modules, ...alternatives, ...roots.workspaces].map(({sumFile}) => sumFile)
  const paths = [
    ...[...roots.modules, ...alternatives].map(({modFile}) => modFile),
    ...roots.workspaces.map(({workFile}) => workFile),
    ...roots.vendors.map(({modulesTxt}) => modulesTxt),
    ...sumPaths,
  ]
  const baseName = (path: PathBytes): string => `${snapshot.baseTree ?? ''}:${path}`
  const blobs = await readBlobs(snapshot.git, [
    ...paths.flatMap(path => idOf(path) ?? []),
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
    if (read.kind === 'malformed') malformed.push({path, reason: read.reason})
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

/**
 * Manifests of all zips: stored ones, then those of the module cache, then downloaded ones. Only a zip whose h1 is that of
 * go.sum proves anything.
 */
async function proveZips(
  system: GitSystem,
  repository: Repository,
  moduleCache: string,
  options: ProbeOptions,
  wanted: readonly ZipToRead[],
): Promise<{hashes: VerifyFacts['cached']; fact(from: ModuleVersion, h1: string): ZipFact}> {
  const store = openZipManifests(system, repository.format)
  const facts = new Map<string, ZipFact>()
  const hashes: VerifyFacts['cached'] = new Map()
  const keyOf = (module: ModuleVersion, h1: string): string => `${formatModule(module)} ${h1}`
  const unread = new Map<string, ZipToRead>()
  for (const zip of wanted) {
    const manifest = store.read(zip.module, zip.h1)
    if (manifest === undefined) unread.set(keyOf(zip.module, zip.h1), zip)
    else facts.set(keyOf(zip.module, zip.h1), {manifest})
  }

  let absent: ZipToRead[] = []
  const readAll = async (zips: readonly ZipToRead[]): Promise<void> => {
    absent = []
    let read = 0
    await readCachedZips(system, moduleCache, zips, repository.format, (zip, outcome) => {
      options.progress(`reading module zips: ${++read} of ${zips.length}`)
      const key = keyOf(zip.module, zip.h1)
      switch (outcome.kind) {
        case 'read': {
          hashes.set(sumKey(zip.module.path, zip.module.version, false), {hash: outcome.h1, source: 'zip'})
          if (outcome.h1 !== zip.h1) {
            facts.set(key, {state: {kind: 'mismatched'}})
            return
          }
          store.write(zip.module, zip.h1, outcome.manifest)
          facts.set(key, {manifest: parseManifest(outcome.manifest)})
          return
        }
        case 'rejected':
          facts.set(key, {
            state: {kind: 'absent', reason: `its zip in the module cache is broken: ${outcome.reason}`},
          })
          return
        case 'absent':
          absent.push(zip)
          facts.set(key, {state: {kind: 'absent', reason: 'its zip is not in the module cache'}})
      }
    })
    options.progress('')
  }
  await readAll([...unread.values()])
  if (absent.length > 0 && !options.offline) {
    const missing = absent
    const failures = await downloadModules(
      system,
      missing.map(({module}) => module),
      options.progress,
    )
    await readAll(missing)
    for (const {module, h1} of absent) {
      const reason = failures.get(formatModule(module))
      if (reason !== undefined) facts.set(keyOf(module, h1), {state: {kind: 'absent', reason}})
    }
  }
  store.prune()
  return {
    hashes,
    fact: (from, h1) =>
      facts.get(keyOf(from, h1)) ?? {state: {kind: 'absent', reason: 'its zip is not in the module cache'}},
  }
}

type CachedGoMod = {hash: string; lines(): GoModLines | undefined}

/**
 * The hashes the module cache knows for lines of go.sum, and the go.mod files that were hashed for it. A file that is absent
 * is remembered: it could appear.
 */
function probeCachedHashes(
  system: GitSystem,
  moduleCache: string,
  sums: readonly SumFacts[],
  cached: VerifyFacts['cached'],
  absent: string[],
): Map<string, CachedGoMod> {
  const goMods = new Map<string, CachedGoMod>()
  const seen = new Set<string>()
  for (const {sum} of sums) {
    for (const {key, path, version, goMod} of sum.lines) {
      if (seen.has(key) || cached.has(key)) continue
      seen.add(key)
      const module = {path, version}
      const read = goMod ? readCachedGoMod(system, moduleCache, module) : undefined
      if (read !== undefined) goMods.set(key, {hash: read.hash, lines: () => readGoModLines(read.content)})
      const hash = goMod ? read?.hash : readZipHash(system, moduleCache, module)
      const file = cachedFile(moduleCache, module, goMod ? 'mod' : 'ziphash')
      if (hash !== undefined) cached.set(key, {hash, source: goMod ? 'go.mod' : 'ziphash'})
      else if (file !== undefined) absent.push(file)
    }
  }
  return goMods
}

type MemberImports = {
  member: MainModule
  /** Import paths of its packages. */
  packages: string[]
  imports: {path: string; file: string}[]
}

/**
 * What the packages of each main module and their tests import. Directories that `./...` passes by (testdata, `_x`, `.x`) hold
 * packages once something imports them.
 */
async function readImports(system: GitSystem, tree: Tree, read: ModuleFiles): Promise<MemberImports[]> {
  const {packages, asides} = findPackages(tree, read)
  const wanted = [...packages]
  const ask = () =>
    readGoFiles(
      system,
      tree.snapshot.git,
      `${tree.repository.gitDirectory} main`,
      wanted.flatMap(({files}) => files.map(({id}) => id)),
    )
  let facts = await ask()
  for (let from = 0; from < wanted.length; ) {
    const imported = wanted
      .slice(from)
      .flatMap(({files}) => files.flatMap(({id}) => facts.get(id)?.imports ?? []))
    from = wanted.length
    for (const path of new Set(imported)) {
      const aside = asides.get(path)
      if (aside === undefined) continue
      asides.delete(path)
      wanted.push(aside)
    }
    if (wanted.length > from) facts = await ask()
  }
  return read.members.map(member => {
    const imports = new Map<string, string>()
    const own = new Set<string>()
    for (const {importPath, files} of wanted.filter(found => found.member === member)) {
      for (const {path, id} of files) {
        const file = facts.get(id)
        if (file === undefined || !file.buildable) continue
        own.add(importPath)
        for (const imported of file.imports)
          if (!imports.has(imported)) imports.set(imported, pathToUtf8(path))
      }
    }
    return {member, packages: [...own], imports: [...imports].map(([path, file]) => ({path, file}))}
  })
}

type MainPackage = {member: MainModule; importPath: string; files: {path: PathBytes; id: string}[]}

/** Directories with Go files by their main module: those of `./...`, and by import path those it passes by. */
function findPackages(
  tree: Tree,
  read: ModuleFiles,
): {packages: MainPackage[]; asides: Map<string, MainPackage>} {
  const directories = new Set(read.allRoots.modules.map(({directory}) => directory))
  const memberAt = new Map(read.members.map(member => [member.directory, member]))
  const owners = new Map<PathBytes, PathBytes | undefined>()
  /** The nearest module above a directory. */
  const ownerOf = (directory: PathBytes): PathBytes | undefined => {
    if (directories.has(directory)) return directory
    if (directory === '') return undefined
    if (!owners.has(directory)) owners.set(directory, ownerOf(directoryOf(directory)))
    return owners.get(directory)
  }
  const found = new Map<PathBytes, MainPackage>()
  for (const {path, id, mode} of tree.entries.values()) {
    if (!path.endsWith('.go') || !isGoSource(baseName(path)) || !mode.startsWith('100')) continue
    if (path.startsWith('vendor/') || path.includes('/vendor/')) continue
    const directory = directoryOf(path)
    const known = found.get(directory)
    const member = known?.member ?? memberAt.get(ownerOf(directory) ?? '\0')
    if (member === undefined) continue
    if (known !== undefined) known.files.push({path, id})
    else {
      const importPath = joinPath(member.file.modulePath, relativeTo(directory, member.directory))
      found.set(directory, {member, importPath, files: [{path, id}]})
    }
  }
  const packages: MainPackage[] = []
  const asides = new Map<string, MainPackage>()
  for (const [directory, main] of found) {
    const {member, importPath} = main
    if (isPackageDirectory(relativeTo(directory, member.directory), member.file.ignores)) packages.push(main)
    else asides.set(importPath, main)
  }
  return {packages, asides}
}

/**
 * The `go` line modules.txt records for each module: that of the replacement, or of a workspace member of that path, or of
 * the selected version's go.mod.
 */
function goVersions(
  system: GitSystem,
  gitDirectory: string,
  moduleCache: string,
  root: VendorRoot,
  read: ModuleFiles,
  manifests: ReadonlyMap<string, Manifest>,
): {versions: RootFacts['goVersions']; unread: ModuleVersion[]} {
  const unread: ModuleVersion[] = []
  const versions: RootFacts['goVersions'] = new Map()
  const lines = openGoLines(system, gitDirectory, root.vendor)
  const hashes = hashesByKey(root.sums.map(({sum}) => sum))
  const requires = root.mains.members.flatMap(member => member.file.requires.map(({module}) => module))
  // Lines that only record a replacement have no go line.
  const listed = root.modulesTxt.modules.flatMap(({module, packages}) =>
    packages.length > 0 ? [module] : [],
  )
  for (const path of new Set([...requires, ...listed].map(module => module.path))) {
    versions.set(path, goVersionOf(path))
  }
  lines.save()
  return {versions, unread}

  function goVersionOf(path: string): {version: string | undefined} | 'unknown' {
    const member = root.mains.members.find(member => member.file.modulePath === path)
    if (member !== undefined) return {version: member.file.goVersion}
    const manifest = manifests.get(path)
    if (manifest !== undefined) return {version: manifest.goVersion}
    const selected = [...requires, ...listed]
      .filter(module => module.path === path && module.version !== '')
      .sort((a, b) => compareSemver(b.version, a.version))[0]
    if (selected === undefined) return 'unknown'
    const replacement = findReplacement(root.mains, selected)
    if (replacement !== undefined && replacement.to.version === '') {
      const directory = resolveInside(replacement.directory, replacement.to.path)
      const replaced =
        directory === undefined ? undefined : read.members.find(other => other.directory === directory)
      return replaced === undefined ? 'unknown' : {version: replaced.file.goVersion}
    }
    const from = replacement?.to ?? selected
    const hash = hashes.get(sumKey(from.path, from.version, true))
    if (hash === undefined) return 'unknown'
    const known = lines.read(from, hash)
    if (known !== undefined) return known
    const goMod = readCachedGoMod(system, moduleCache, from)
    if (goMod === undefined) unread.push(from)
    if (goMod?.hash !== hash) return 'unknown'
    const version = readGoLine(goMod.content)
    lines.add(from, hash, version)
    return {version}
  }
}
