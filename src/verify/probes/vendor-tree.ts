/** Proves one vendor directory: sources, expected tree, differences, and why files are missing. */
import {type Git, type GitSystem, outputOf} from '../../git/git.ts'
import {formatPaths, type IndexEntry, parseFields, parsePaths} from '../../git/index.ts'
import {
  baseName,
  directoryOf,
  isAtOrBelow,
  isBelow,
  joinPath,
  latin1ToUtf8,
  type PathBytes,
  pathBelow,
  pathFromLatin1,
  pathFromUtf8,
  pathToLatin1,
  pathToUtf8,
  resolveInside,
  topDirectory,
} from '../../git/path-bytes.ts'
import {readGoLine} from '../../go/module/go-mod-lines.ts'
import {hashesByKey, sumKey} from '../../go/module/go-sum.ts'
import type {H1} from '../../go/module/h1.ts'
import {findReplacement, hasUnseenMembers, type MainModules} from '../../go/module/main-modules.ts'
import type {ReplacedBy} from '../../go/module/mod-edit.ts'
import {formatModule, isWithin, type ModuleVersion, relativeTo} from '../../go/module/module-path.ts'
import {resolveEmbeds} from '../../go/source/embed.ts'
import {vendorGoVersion} from '../../go/vendor/inconsistencies.ts'
import type {Manifest} from '../../go/vendor/manifest.ts'
import {addFile, addGoFacts, finishManifest, newDraft} from '../../go/vendor/manifest-draft.ts'
import {isMetadataName} from '../../go/vendor/metadata.ts'
import type {ModulesTxt, VendoredModule} from '../../go/vendor/modules-txt.ts'
import type {Proofs} from '../../go/vendor/proofs.ts'
import {compareTree} from '../../go/vendor/tree-differences.ts'
import {
  addVendoredFiles,
  isReadByGo,
  type VendoredFile,
  vendorsEmbedsOfTests,
} from '../../go/vendor/vendored-files.ts'
import type {
  MissingWhy,
  RootFacts,
  SourceFacts,
  SourceState,
  SumFacts,
  TreeDifference,
  VendorDirectory,
} from '../facts.ts'
import {findStoredOtherwise} from './attributes.ts'
import {readGoFiles} from './go-files.ts'
import {type ListedManifest, listedManifest} from './listed-manifest.ts'
import {directoryAt, fileAt, readBlobsOf, type Tree} from './tree.ts'

export type VendorRoot = VendorDirectory & {
  directory: PathBytes
  modulesTxtPath: PathBytes
  modulesTxtText: string
  modulesTxt: ModulesTxt
  mains: MainModules
  sums: SumFacts[]
}

/** What vendored packages are to be compared with. */
export type SourcePlan =
  /**
   * `packages` are the listed ones, as directories relative to the module's root. `isProof` where go.sum has that h1; else the zip of the
   * module cache proves nothing, and shows what differs all the same.
   */
  | {kind: 'zip'; entry: VendoredModule; from: ModuleVersion; h1: H1; packages: string[]; isProof: boolean}
  | {kind: 'directory'; entry: VendoredModule; directory: PathBytes}
  | {kind: 'decided'; entry: VendoredModule; from: ModuleVersion; state: SourceState}

/** For every module with packages: where its files must come from. `hashInCache` is the h1 of a zip in the module cache. */
export function planSources(
  tree: Tree,
  root: VendorRoot,
  hashInCache: (module: ModuleVersion) => H1 | undefined,
): SourcePlan[] {
  const hashes = hashesByKey(root.sums.map(({sum}) => sum))
  const listed = packagesByModule(root.modulesTxt)
  const plans: SourcePlan[] = []
  const seen = new Set<string>()
  const [unseenUse] = root.mains.workspace?.unseen ?? []
  for (const entry of root.modulesTxt.modules) {
    if (entry.packages.length === 0 || seen.has(formatModule(entry.module))) continue
    seen.add(formatModule(entry.module))
    const replacement = findReplacement(root.mains, entry.module) ?? unseenReplacement(root, entry)
    if (replacement?.to.kind === 'directory') {
      const {directory} = replacement.to
      const at = directoryAt(tree, resolveInside(replacement.directory, directory))
      if (at.kind === 'seen') plans.push({kind: 'directory', entry, directory: at.directory})
      else {
        const state = {kind: 'outside', directory, why: at.why} as const
        plans.push({kind: 'decided', entry, from: {path: pathToLatin1(directory), version: ''}, state})
      }
      continue
    }
    const from = replacement?.to.module ?? entry.module
    const h1 = hashes.get(sumKey(from.path, from.version, false))
    if (h1 === undefined && unseenUse !== undefined) {
      // The line may stand in the go.sum of that member.
      const state = {kind: 'outside', directory: unseenUse, why: 'absent'} as const
      plans.push({kind: 'decided', entry, from, state})
      continue
    }
    const hash = h1 ?? hashInCache(from)
    if (hash === undefined) plans.push({kind: 'decided', entry, from, state: {kind: 'unhashed'}})
    else {
      const packages = directoriesOf(entry.module)
      plans.push({kind: 'zip', entry, from, h1: hash, packages, isProof: h1 !== undefined})
    }
  }
  return plans

  function directoriesOf(module: ModuleVersion): string[] {
    return [...(listed.get(formatModule(module))?.keys() ?? [])].flatMap(path =>
      isWithin(path, module.path) ? [relativeTo(path, module.path)] : [],
    )
  }
}

/** A member of which nothing is known may replace a module: then only modules.txt says so. */
function unseenReplacement(
  {mains}: VendorRoot,
  {replacement}: VendoredModule,
): {to: ReplacedBy; directory: PathBytes} | undefined {
  if (replacement === undefined || mains.workspace === undefined || !hasUnseenMembers(mains)) return undefined
  return {to: replacement, directory: mains.workspace.directory}
}

/** What a zip proved: its manifest, or why there is none. */
export type ZipFact = {manifest: Manifest; listed?: ListedManifest} | {state: SourceState}

export async function probeVendorTree(
  system: GitSystem,
  tree: Tree,
  root: VendorRoot,
  plans: readonly SourcePlan[],
  zipFact: (from: ModuleVersion, h1: H1) => ZipFact,
  ruleFor: (path: PathBytes) => number | undefined,
  proofs: Proofs,
): Promise<{
  sources: SourceFacts[]
  manifests: Map<string, Manifest>
  differences: TreeDifference[]
  normalized: PathBytes[]
  leftOut: RootFacts['leftOut']
  /** Files that a rule of the policy lets other tools write, by its number. */
  extras: Map<number, number>
  extraFiles: {path: PathBytes; rule: number}[]
}> {
  const goVersion = vendorGoVersion(root.mains)
  const sources: SourceFacts[] = []
  const manifests = new Map<string, Manifest>()
  const expected = new Map<PathBytes, VendoredFile>()
  const listed = packagesByModule(root.modulesTxt)
  const differences: TreeDifference[] = []
  const packages = new Set<PathBytes>()
  const undecided = new Set<PathBytes>()
  const embedsOfTests = vendorsEmbedsOfTests(goVersion)
  const tolerated = new Set<PathBytes>()

  for (const plan of plans) {
    const {module, line} = plan.entry
    const paths = listed.get(formatModule(module)) ?? new Map<string, number>()
    for (const path of paths.keys()) packages.add(pathFromLatin1(path))
    const {from, fact} = await sourceOf(plan)
    const isUnhashed = plan.kind === 'zip' && !plan.isProof
    if ('state' in fact) {
      undecided.add(pathFromLatin1(module.path))
      sources.push({module, line, from, state: isUnhashed ? {kind: 'unhashed'} : fact.state})
      continue
    }
    manifests.set(module.path, fact.manifest)
    const before = expected.size
    const source = {module, manifest: fact.manifest, packages: [...paths.keys()]}
    for (const path of addVendoredFiles(expected, root.vendor, source, goVersion)) {
      differences.push({kind: 'package-absent', line: paths.get(path) ?? line, package: path, module})
    }
    const files = expected.size - before
    sources.push({
      module,
      line,
      from,
      state: isUnhashed ? {kind: 'unhashed'} : provenState(plan, fact.listed, files),
    })
    if (embedsOfTests) for (const path of fact.listed?.tolerated ?? []) tolerated.add(path)
  }

  const below = (path: PathBytes): PathBytes => pathBelow(path, root.vendor)
  const modulePaths = root.modulesTxt.modules
    .map(({module}) => pathFromLatin1(module.path))
    .sort((a, b) => b.length - a.length)
  const isUndecided = (path: PathBytes): boolean => {
    if (undecided.size === 0) return false
    const module = modulePaths.find(module => isAtOrBelow(below(path), module))
    return module !== undefined && undecided.has(module)
  }
  const isEmbedded = openEmbedded(tree, root, manifests, listed)
  const extras = new Map<number, number>()
  const extraFiles: {path: PathBytes; rule: number}[] = []
  const isExtra = ({path, mode}: IndexEntry): boolean => {
    const rule = ruleFor(path)
    // A link or a submodule may hold anything; what go or cgo can read, or a package embeds, is part of a build.
    if (rule === undefined || !mode.startsWith('100') || isReadByGo(path) || isEmbedded(path)) return false
    extras.set(rule, (extras.get(rule) ?? 0) + 1)
    extraFiles.push({path, rule})
    return true
  }
  const entries = [...vendoredEntries(tree, root)].filter(entry => {
    const source = expected.get(entry.path)
    // Another tool may write its file over that of the module: gazelle does. A licence stays the module's.
    if (
      source !== undefined &&
      (source.id === entry.id || isMetadataName(pathToLatin1(baseName(entry.path))))
    )
      return true
    if (source?.reason === 'embedded') return true
    if (!isExtra(entry)) return true
    expected.delete(entry.path)
    return false
  })
  const comparison = compareTree(expected, entries, directory => packages.has(below(directory)), isUndecided)

  // One finding for one cause: a link or a submodule stands for whatever is missing behind it, and an added file goes as a whole.
  const added = new Set(comparison.added.filter(path => !tolerated.has(path)))
  // The list is one that go writes, executable or not.
  added.delete(root.modulesTxtPath)
  const ghosts = new Set(comparison.ghosts.flatMap(({files}) => files))
  const behind = new Map<PathBytes, ModuleVersion | undefined>()
  for (const {path, mode} of comparison.modes) if (!mode.startsWith('100')) behind.set(path, undefined)
  const absent = comparison.missing.filter(({path, module}) => {
    const link = behind.size === 0 ? undefined : nearestOf(behind, path)
    if (link !== undefined) behind.set(link, module)
    return link === undefined
  })
  for (const {path, mode} of comparison.modes) {
    if (mode === '100755' && (added.has(path) || ghosts.has(path))) continue
    differences.push({kind: 'mode', path, mode, module: behind.get(path)})
    added.delete(path)
  }
  for (const path of added) differences.push({kind: 'added', path, isHidden: false})
  for (const path of tree.snapshot.hidden) {
    const isOurs = isBelow(path, root.vendor) && packages.has(below(directoryOf(path)))
    if (isOurs && !expected.has(path) && !isUndecided(path))
      differences.push({kind: 'added', path, isHidden: true})
  }
  for (const {directory, files} of comparison.ghosts) differences.push({kind: 'ghost', directory, files})
  const asText = await listNormalized(
    tree.snapshot.git,
    comparison.lineEndings.map(({path}) => path),
  )
  const lineEndings = comparison.lineEndings.filter(({path}) => !asText.has(path))
  const stored = await findStoredOtherwise(
    system,
    tree,
    comparison.edited.map(({path}) => path),
    lineEndings.map(({path}) => path),
  )
  for (const edit of comparison.edited)
    differences.push({kind: 'edited', ...edit, stored: stored.get(edit.path)})
  for (const edit of lineEndings)
    differences.push({kind: 'line-endings', ...edit, stored: stored.get(edit.path)})
  const {missing, leftOut} = await judgeMissing(system, tree, root.vendor, absent)
  differences.push(...missing)
  return {sources, manifests, differences, normalized: [...asText], leftOut, extras, extraFiles}

  async function zipOrList(plan: SourcePlan & {kind: 'zip'}): Promise<ZipFact> {
    const fact = zipFact(plan.from, plan.h1)
    if (!('state' in fact) || fact.state.kind !== 'absent') return fact
    const listed = await listedManifest(
      system,
      tree,
      root.vendor,
      {...plan, module: plan.entry.module},
      proofs,
    )
    return listed === undefined ? fact : {manifest: listed.manifest, listed}
  }

  async function sourceOf(plan: SourcePlan): Promise<{from: ModuleVersion; fact: ZipFact}> {
    switch (plan.kind) {
      case 'decided':
        return {from: plan.from, fact: {state: plan.state}}
      case 'zip':
        return {from: plan.from, fact: await zipOrList(plan)}
      case 'directory': {
        const from = {path: pathToLatin1(plan.directory) || '.', version: ''}
        return {from, fact: {manifest: await directoryManifest(system, tree, plan.directory)}}
      }
    }
  }
}

/** The listed directory that a path lies in. */
function nearestOf(directories: ReadonlyMap<PathBytes, unknown>, path: PathBytes): PathBytes | undefined {
  for (let at = directoryOf(path); at !== topDirectory; at = directoryOf(at))
    if (directories.has(at)) return at
  return undefined
}

function provenState(plan: SourcePlan, listed: ListedManifest | undefined, files: number): SourceState {
  if (listed !== undefined) return {kind: 'proven', by: 'list', files, untold: listed.untold}
  return {kind: 'proven', by: plan.kind === 'directory' ? 'directory' : 'zip', files}
}

/** By module, its packages and the lines that list them. A module may be listed more than once. */
function packagesByModule(modulesTxt: ModulesTxt): Map<string, Map<string, number>> {
  const byModule = new Map<string, Map<string, number>>()
  for (const {module, packages} of modulesTxt.modules) {
    const key = formatModule(module)
    const known = byModule.get(key) ?? new Map<string, number>()
    for (const {path, line} of packages) known.set(path, line)
    byModule.set(key, known)
  }
  return byModule
}

/** Whether a file below vendor/ is one that a vendored package embeds, as vendor/ is now. Told of proven modules. */
function openEmbedded(
  tree: Tree,
  {vendor}: VendorRoot,
  manifests: ReadonlyMap<string, Manifest>,
  listed: ReadonlyMap<string, ReadonlyMap<string, number>>,
): (path: PathBytes) => boolean {
  let embedded: Set<PathBytes> | undefined
  return path => {
    embedded ??= listEmbedded()
    return embedded.has(path)
  }

  function listEmbedded(): Set<PathBytes> {
    const found = new Set<PathBytes>()
    for (const paths of listed.values()) {
      for (const path of paths.keys()) {
        for (const file of embeddedIn(path)) found.add(joinPath(vendor, pathFromLatin1(`${path}/${file}`)))
      }
    }
    return found
  }

  function embeddedIn(importPath: string): string[] {
    const patterns = [...manifests].flatMap(([module, manifest]) => {
      if (!isWithin(importPath, module)) return []
      const directory = manifest.directory(relativeTo(importPath, module))
      return [...(directory?.embeds ?? []), ...(directory?.testEmbeds ?? [])]
    })
    if (patterns.length === 0) return []
    const directory = joinPath(vendor, pathFromLatin1(importPath))
    const root = emptyEmbedDirectory()
    for (const path of tree.entries.keys()) {
      if (!isBelow(path, directory)) continue
      addToEmbedDirectory(root, pathToLatin1(pathBelow(path, directory)).split('/'))
    }
    // One pattern that matches nothing must not hide what the others embed.
    return patterns.flatMap(pattern => resolveEmbeds(root, [pattern]) ?? [])
  }
}

type MutableEmbedDirectory = {files: Set<string>; directories: Map<string, MutableEmbedDirectory>}

function emptyEmbedDirectory(): MutableEmbedDirectory {
  return {files: new Set(), directories: new Map()}
}

function addToEmbedDirectory(root: MutableEmbedDirectory, elements: readonly string[]): void {
  let at = root
  for (const element of elements.slice(0, -1)) {
    const next = at.directories.get(element) ?? emptyEmbedDirectory()
    at.directories.set(element, next)
    at = next
  }
  at.files.add(elements.at(-1) ?? '')
}

function* vendoredEntries(tree: Tree, {vendor, modulesTxtPath}: VendorRoot): Iterable<IndexEntry> {
  const folded = `${foldCase(vendor)}/`
  for (const entry of tree.entries.values()) {
    // Where the disk knows no case, VENDOR/x lands in vendor.
    const isVendored = isBelow(entry.path, vendor) || foldCase(entry.path).startsWith(folded)
    if (isVendored && (entry.path !== modulesTxtPath || entry.mode !== '100644')) yield entry
  }
}

const goMod = pathFromUtf8('go.mod')

/** The manifest of a module that is replaced by a directory of the same tree: its regular files, without nested modules. */
export async function directoryManifest(
  system: GitSystem,
  tree: Tree,
  directory: PathBytes,
): Promise<Manifest> {
  const files = [...tree.entries.values()].filter(
    ({path, mode}) => isBelow(path, directory) && (mode === '100644' || mode === '100755'),
  )
  const nested = files.flatMap(({path}) =>
    baseName(path) === goMod && directoryOf(path) !== directory ? [directoryOf(path)] : [],
  )
  const own = files.filter(({path}) => !nested.some(module => isBelow(path, module)))
  const facts = await readGoFiles(
    system,
    tree,
    pathToUtf8(directory),
    own.filter(({path}) => path.endsWith('.go')),
  )
  const draft = newDraft('all')
  for (const {path, id} of own) {
    const inModule = pathToLatin1(pathBelow(path, directory))
    addFile(draft, inModule, id)
    const said = path.endsWith('.go') ? facts.get(id) : undefined
    if (said !== undefined) addGoFacts(draft, inModule, said)
  }
  const file = fileAt(tree, joinPath(directory, 'go.mod'))
  const content = file.kind === 'file' ? (await readBlobsOf(system, tree, [file])).get(file.id) : undefined
  return finishManifest(draft, content && readGoLine(content.toString('latin1')))
}

/** Paths Git's attributes make text, so that Git stores them with LF. */
export async function listNormalized(git: Git, paths: readonly PathBytes[]): Promise<Set<PathBytes>> {
  if (paths.length === 0) return new Set()
  const output = outputOf(
    'reading attributes',
    await git(['check-attr', '--cached', '--stdin', '-z', 'text', 'eol'], formatPaths(paths)),
  )
  const fields = parseFields(output)
  const normalized = new Set<PathBytes>()
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [path = '', attribute = '', value = ''] = fields.slice(i, i + 3)
    const isText = attribute === 'text' && (value === 'set' || value === 'auto')
    const hasEol = attribute === 'eol' && (value === 'lf' || value === 'crlf')
    if (isText || hasEol) normalized.add(pathFromLatin1(path))
  }
  return normalized
}

/**
 * Which missing files matter: those the go command can read, those that are embedded, licences, and those the base has.
 * The others were left out on purpose, by a .gitignore or a pruning tool.
 */
async function judgeMissing(
  system: GitSystem,
  tree: Tree,
  vendor: PathBytes,
  absent: readonly {path: PathBytes; reason: string; module: ModuleVersion}[],
): Promise<{missing: TreeDifference[]; leftOut: RootFacts['leftOut']}> {
  if (absent.length === 0) return {missing: [], leftOut: []}
  const optional = absent.filter(({path, reason}) => reason === 'package' && !isReadByGo(path))
  const inBase = optional.length === 0 ? new Set<PathBytes>() : await listBase(tree, vendor)
  const isOptional = new Set(optional.flatMap(({path}) => (inBase.has(path) ? [] : [path])))
  const rules = await listIgnoreRules(
    tree,
    absent.map(({path}) => path),
  )
  const intentToAdd = new Set(tree.snapshot.intentToAdd)
  let byFold: Map<string, PathBytes> | undefined

  const missing: TreeDifference[] = []
  const leftOut: RootFacts['leftOut'] = []
  for (const {path, module} of absent) {
    const rule = rules.get(path)
    if (isOptional.has(path)) {
      leftOut.push({path, rule})
      continue
    }
    byFold ??= new Map([...tree.entries.keys()].map(path => [foldCase(path), path]))
    missing.push({
      kind: 'missing',
      path,
      module,
      why: whyMissing(path, rule),
      twin: byFold.get(foldCase(path)),
    })
  }
  return {missing, leftOut}

  function whyMissing(path: PathBytes, rule: string | undefined): MissingWhy {
    if (intentToAdd.has(path)) return {kind: 'intent-to-add'}
    if (rule !== undefined) return {kind: 'ignored', rule}
    const {top} = tree.repository
    const lies = top !== undefined && tree.snapshot.judged.kind !== 'commit'
    if (lies && system.files.stat(`${top}/${pathToUtf8(path)}`) !== undefined) return {kind: 'untracked'}
    return {kind: 'absent'}
  }
}

/** Equal where a disk that knows no case takes two paths for one. */
function foldCase(path: PathBytes): string {
  return pathToUtf8(path).toLowerCase()
}

async function listBase(tree: Tree, vendor: PathBytes): Promise<Set<PathBytes>> {
  const {baseTree, git} = tree.snapshot
  if (baseTree === undefined) return new Set()
  const pathspec = pathToUtf8(vendor)
  const result = await git([
    'ls-tree',
    '-r',
    '-z',
    '--full-tree',
    '--name-only',
    baseTree,
    '--',
    `${pathspec}/`,
  ])
  return new Set(result.exitCode === 0 ? parsePaths(result.stdout) : [])
}

/** The rule that ignores each path, as `FILE:LINE:PATTERN`. A bare repository has no ignore rules to ask. */
export async function listIgnoreRules(
  tree: Tree,
  paths: readonly PathBytes[],
): Promise<Map<PathBytes, string>> {
  const rules = new Map<PathBytes, string>()
  if (tree.repository.top === undefined || paths.length === 0) return rules
  const result = await tree.repository.git(
    ['check-ignore', '--no-index', '--verbose', '-z', '--stdin'],
    formatPaths(paths),
  )
  // source NUL line NUL pattern NUL path NUL
  const fields = parseFields(result.stdout)
  for (let i = 0; i + 3 < fields.length; i += 4) {
    const [source = '', line = '', pattern = '', path = ''] = fields.slice(i, i + 4)
    if (pattern.startsWith('!')) continue
    rules.set(pathFromLatin1(path), `${latin1ToUtf8(source)}:${line}:${latin1ToUtf8(pattern)}`)
  }
  return rules
}
