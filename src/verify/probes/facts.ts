/** Gathers everything `gowarden verify` judges. */
import type {GitSystem} from '../../git/git.ts'
import {
  directoryOf,
  isAtOrBelow,
  type PathBytes,
  pathFromLatin1,
  pathToLatin1,
  pathToUtf8,
  resolveInside,
} from '../../git/path-bytes.ts'
import type {Repository} from '../../git/repository.ts'
import {hashesByKey, type SumLine, sumKey} from '../../go/module/go-sum.ts'
import {hasUnseenMembers, type MainModules} from '../../go/module/main-modules.ts'
import {type ModuleGraph, moduleGraph} from '../../go/module/module-graph.ts'
import {vendorClosure} from '../../go/vendor/closure.ts'
import type {Manifest} from '../../go/vendor/manifest.ts'
import type {Proofs, ProofsToWrite} from '../../go/vendor/proofs.ts'
import type {RootFacts, SumFacts, VerifyFacts} from '../facts.ts'
import {type CachedGoMod, probeCachedHashes} from './cached-hashes.ts'
import {findVendorsOfOthers, probeClone} from './clone.ts'
import {download} from './downloads.ts'
import {goVersions} from './go-versions.ts'
import {readImports} from './imports.ts'
import {keptIn} from './kept-files.ts'
import {probeLocks} from './locks.ts'
import {cachedZipHash, goHere, probeModuleCache} from './module-cache.ts'
import {type FoundModule, type ModuleFiles, readModuleFiles} from './module-files.ts'
import {findRoots, type RootChoice} from './roots.ts'
import type {Snapshot} from './snapshot.ts'
import {openTree} from './tree.ts'
import {probeUnmerged} from './unmerged.ts'
import {planSources, probeVendorTree, type VendorRoot} from './vendor-tree.ts'
import {membersInUse} from './workspace-switch.ts'
import {proveZips} from './zips.ts'

export type ProbeOptions = RootChoice & {
  /** Which rule of the policy lets another tool write this file into vendor/. */
  isVendorExtra(path: PathBytes): number | undefined
  /** The glob of a rule. */
  vendorExtraGlob(rule: number): string
  /** Files for -modfile. */
  modFiles: readonly PathBytes[]
  /** Whether go.mod and go.work have to have a toolchain line. */
  wantsToolchainLine: boolean
  offline: boolean
  progress(text: string): void
  /** What another machine proved. */
  proofs: Proofs
  /** Whether what proves the modules is wanted itself. */
  list: boolean
}

export type Probed = {
  facts: VerifyFacts
  /** Files whose absence the verdict rests on: when one appears, it must be judged again. */
  absent: string[]
  proofs: ProofsToWrite
}

export async function probeVerify(
  system: GitSystem,
  repository: Repository,
  snapshot: Snapshot,
  options: ProbeOptions,
): Promise<Probed> {
  const moduleCacheAsked = probeModuleCache(system)
  // Whoever awaits it is told; nobody may, when something else fails before.
  moduleCacheAsked.catch(() => {})
  const tree = await openTree(system, repository, snapshot)
  const roots = await findRoots(system, tree, options)
  const alternatives = options.modFiles.flatMap(modFile =>
    tree.entries.has(modFile)
      ? [
          {
            directory: directoryOf(modFile),
            modFile,
            sumFile: pathFromLatin1(`${pathToLatin1(modFile).replace(/\.mod$/, '')}.sum`),
            isJudged: true,
          },
        ]
      : [],
  )
  const read = await readModuleFiles(system, tree, roots, alternatives)
  const moduleCache = await moduleCacheAsked
  const absent: string[] = []

  const vendorRoots = read.vendors
  const plans = vendorRoots.map(root =>
    planSources(tree, root, module => cachedZipHash(system, moduleCache, module)),
  )
  const sumHashes = hashesByKey(read.sums.map(({sum}) => sum))
  // Read while other threads read the zips.
  const importsAsked = readImports(system, tree, read, roots.boundaries)
  importsAsked.catch(() => {})
  const zips = await proveZips(
    system,
    repository,
    moduleCache,
    options,
    plans
      .flat()
      .flatMap(plan =>
        plan.kind === 'zip' ? [{module: plan.from, h1: plan.h1, packages: plan.packages}] : [],
      ),
    sumHashes,
  )
  const cached: VerifyFacts['cached'] = zips.hashes
  const goMods = probeCachedHashes(system, moduleCache, read.sums, cached, absent, options.proofs)
  const changed = options.offline ? [] : changedUnproven(read.sums, cached)
  for (const wanted of ['zip', 'go.mod'] as const) {
    const modules = changed.filter(({goMod}) => goMod === (wanted === 'go.mod'))
    if (modules.length === 0) continue
    await download(system, {wanted, modules, hashes: sumHashes, progress: options.progress})
  }
  if (changed.length > 0) {
    for (const [key, goMod] of probeCachedHashes(
      system,
      moduleCache,
      read.sums,
      cached,
      absent,
      options.proofs,
    ))
      goMods.set(key, goMod)
  }

  const imports = await importsAsked
  const rootFacts: RootFacts[] = []
  const vendorExtras = new Map<number, number>()
  for (const [index, root] of vendorRoots.entries()) {
    const proven = await probeVendorTree(
      system,
      tree,
      root,
      plans[index] ?? [],
      zips.fact,
      options.isVendorExtra,
      options.proofs,
    )
    for (const [rule, files] of proven.extras) vendorExtras.set(rule, (vendorExtras.get(rule) ?? 0) + files)
    const members = imports.filter(({member}) => root.mains.members.includes(member))
    rootFacts.push({
      vendor: root.vendor,
      anew: root.anew,
      isIgnored: root.isIgnored,
      submodules: root.submodules,
      ...keptIn(root.vendor, proven.extraFiles, proven.differences, options),
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
        hasUnseen: hasUnseenMembers(root.mains),
        hasUnseenPackages: members.some(({submodules}) => submodules.length > 0),
        manifest: path => proven.manifests.get(path),
      }),
      normalized: proven.normalized,
      leftOut: proven.leftOut,
    })
  }

  async function provenGoVersions(root: VendorRoot, manifests: ReadonlyMap<string, Manifest>) {
    const ask = () =>
      goVersions(system, repository.gitDirectory, moduleCache, root, read, manifests, options.proofs)
    const first = ask()
    const missing = first.unread
    if (missing.length === 0 || options.offline) return first.versions
    const {progress} = options
    await download(system, {wanted: 'go.mod', modules: missing, hashes: sumHashes, progress})
    return ask().versions
  }

  const modules = read.modules.map(facts => {
    const own = imports.find(({member}) => facts.mains.members.includes(member))
    return {
      ...facts,
      imports: own?.imports ?? [],
      packages: new Set(own?.packages),
      submodules: own?.submodules ?? [],
      providers: providersIn(vendorRoots, facts.mains),
      graph: graphOf(facts, read, goMods),
    }
  })
  // go takes the workspace that it finds from there upwards, and looks for vendor beside go.work.
  const inWorkspace = new Set(
    roots.workspaces.flatMap(({directory, used}) => [
      directory,
      ...used.filter(member => isAtOrBelow(member, directory)),
    ]),
  )
  const judged = new Set(roots.modules.flatMap(({directory, isJudged}) => (isJudged ? [directory] : [])))
  const vendorsOfOthers = findVendorsOfOthers(
    tree,
    read.members.filter(({directory}) => judged.has(directory)),
    inWorkspace,
  )
  const ofOthers = new Set(vendorsOfOthers.map(({vendor}) => vendor))
  return {
    facts: {
      unmerged: probeUnmerged(system, tree),
      malformedModFiles: read.malformed,
      toolchainLines: read.toolchainLines,
      goHere: options.wantsToolchainLine ? await goHere(system) : undefined,
      withoutGoMod: read.withoutGoMod,
      sums: read.sums,
      cached,
      modules,
      roots: rootFacts,
      unlistedVendors: read.unlistedVendors.filter(({vendor}) => !ofOthers.has(vendor)),
      vendorsOfOthers,
      locks: await probeLocks(
        system,
        tree,
        read.toolchainLines.map(({path}) => path),
      ),
      clone: await probeClone(system, tree, modules, absent),
      otherVendors: read.otherVendors,
      unseenMembers: await membersInUse(system, read.unseenMembers),
      excluded: roots.excluded,
      vendorExtras,
      base: snapshot.baseTree,
    },
    absent,
    proofs: {
      modules: zips.lists,
      goMods: options.list ? listGoMods(read.sums, goMods) : [],
    },
  }
}

/** Lines with another hash than the commit before has, and of which the module cache says nothing: their modules can tell. */
function changedUnproven(sums: readonly SumFacts[], cached: VerifyFacts['cached']): SumLine[] {
  return sums.flatMap(({sum, base}) => {
    const before = new Map<string, string[]>()
    for (const {key, hash} of base?.lines ?? []) before.set(key, [...(before.get(key) ?? []), hash])
    return sum.lines.filter(
      ({key, hash}) => !cached.has(key) && before.has(key) && !before.get(key)?.includes(hash),
    )
  })
}

/** The go.mod files of the module cache that go.sum vouches for. */
function listGoMods(
  sums: readonly SumFacts[],
  goMods: ReadonlyMap<string, CachedGoMod>,
): ProofsToWrite['goMods'] {
  return sums.flatMap(({sum}) =>
    sum.lines.flatMap(({key, path, version, goMod, hash}) => {
      const cached = goMod ? goMods.get(key) : undefined
      if (cached?.hash !== hash) return []
      return [{module: {path, version}, h1: cached.hash, content: cached.content}]
    }),
  )
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
  return moduleGraph(mains, member, source => {
    if (source.kind === 'directory') {
      const directory = resolveInside(member.directory, source.directory)
      const file = members.find(other => other.directory === directory)?.file
      return file && {goVersion: file.goVersion, requires: file.requires.map(({module}) => module)}
    }
    const key = sumKey(source.module.path, source.module.version, true)
    const goMod = goMods.get(key)
    return goMod === undefined || goMod.hash !== hashes.get(key) ? undefined : goMod.lines()
  })
}
