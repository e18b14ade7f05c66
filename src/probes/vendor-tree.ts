/** Proves one vendor directory: sources, expected tree, differences, and why files are missing. */
import {readBlobs} from '../git/blobs.ts'
import {type Git, type GitSystem, outputOf} from '../git/git.ts'
import {formatPaths, type IndexEntry, parsePaths} from '../git/index.ts'
import {
  baseName,
  directoryOf,
  joinPath,
  type PathBytes,
  pathToUtf8,
  resolveInside,
} from '../git/path-bytes.ts'
import {readGoLine} from '../go/go-mod-lines.ts'
import {hashesByKey, sumKey} from '../go/go-sum.ts'
import {addToManifest, emptyManifest, type Manifest} from '../go/manifest.ts'
import {formatModule, isWithin, type ModuleVersion, relativeTo} from '../go/module-path.ts'
import type {ModulesTxt, VendoredModule} from '../go/modules-txt.ts'
import {compareTree, type ExpectedFile, type FoundFile} from '../go/tree-differences.ts'
import {findReplacement, type MainModules, vendorGoVersion} from '../go/vendor-rules.ts'
import {isReadByGo, vendoredFiles} from '../go/vendored-files.ts'
import type {
  MissingWhy,
  RootFacts,
  SourceFacts,
  SourceState,
  SumFacts,
  TreeDifference,
} from '../go/verify-facts.ts'
import {readGoFiles} from './go-files.ts'
import type {Repository} from './repository.ts'
import type {Snapshot} from './snapshot.ts'

/** The judged tree, ready to be asked. */
export type Tree = {
  snapshot: Snapshot
  repository: Repository
  /** Stage 0 only. */
  entries: ReadonlyMap<PathBytes, IndexEntry>
}

export type VendorRoot = {
  directory: PathBytes
  vendor: PathBytes
  modulesTxtPath: PathBytes
  modulesTxtText: string
  modulesTxt: ModulesTxt
  mains: MainModules
  sums: SumFacts[]
  mend: string
}

/** What vendored packages are to be compared with. */
export type SourcePlan =
  | {kind: 'zip'; entry: VendoredModule; from: ModuleVersion; h1: string}
  | {kind: 'directory'; entry: VendoredModule; directory: PathBytes}
  | {kind: 'decided'; entry: VendoredModule; from: ModuleVersion; state: SourceState}

/** For every module with packages: where its files must come from. */
export function planSources(root: VendorRoot): SourcePlan[] {
  const hashes = hashesByKey(root.sums.map(({sum}) => sum))
  const plans: SourcePlan[] = []
  const seen = new Set<string>()
  for (const entry of root.modulesTxt.modules) {
    if (entry.packages.length === 0 || seen.has(formatModule(entry.module))) continue
    seen.add(formatModule(entry.module))
    const replacement = findReplacement(root.mains, entry.module)
    const from = replacement?.to ?? entry.module
    if (replacement !== undefined && from.version === '') {
      const directory = resolveInside(replacement.directory, from.path)
      if (directory === undefined) {
        plans.push({kind: 'decided', entry, from, state: {kind: 'outside', directory: from.path}})
      } else plans.push({kind: 'directory', entry, directory})
      continue
    }
    const h1 = hashes.get(sumKey(from.path, from.version, false))
    if (h1 === undefined) plans.push({kind: 'decided', entry, from, state: {kind: 'unhashed'}})
    else plans.push({kind: 'zip', entry, from, h1})
  }
  return plans
}

/** What a zip proved: its manifest, or why there is none. */
export type ZipFact = {manifest: Manifest} | {state: SourceState}

export async function probeVendorTree(
  system: GitSystem,
  tree: Tree,
  root: VendorRoot,
  plans: readonly SourcePlan[],
  zipFact: (from: ModuleVersion, h1: string) => ZipFact,
): Promise<{
  sources: SourceFacts[]
  manifests: Map<string, Manifest>
  differences: TreeDifference[]
  normalized: PathBytes[]
  leftOut: RootFacts['leftOut']
}> {
  const goVersion = vendorGoVersion(root.mains)
  const sources: SourceFacts[] = []
  const manifests = new Map<string, Manifest>()
  const expected = new Map<PathBytes, ExpectedFile>()
  const differences: TreeDifference[] = []
  const packages = new Set<PathBytes>()
  const undecided = new Set<PathBytes>()

  for (const plan of plans) {
    const {module, line} = plan.entry
    const paths = packagesOf(root.modulesTxt, module)
    for (const path of paths.keys()) packages.add(path)
    const {from, fact} = await sourceOf(plan)
    if ('state' in fact) {
      undecided.add(module.path)
      sources.push({module, line, from, state: fact.state})
      continue
    }
    manifests.set(module.path, fact.manifest)
    const {files, absentPackages} = vendoredFiles(module.path, fact.manifest, [...paths.keys()], goVersion)
    for (const [path, file] of files) expected.set(path, {...file, module})
    for (const path of absentPackages) {
      differences.push({kind: 'package-absent', line: paths.get(path) ?? line, package: path, module})
    }
    const by = plan.kind === 'directory' ? 'directory' : 'zip'
    sources.push({module, line, from, state: {kind: 'proven', by, files: files.size}})
  }

  const found = vendoredEntries(tree, root.vendor)
  const modulePaths = root.modulesTxt.modules
    .map(({module}) => module.path)
    .sort((a, b) => b.length - a.length)
  const isUndecided = (path: PathBytes): boolean =>
    undecided.size > 0 && undecided.has(modulePaths.find(module => isWithin(path, module)) ?? '')
  const comparison = compareTree(expected, found, packages, isUndecided)
  const full = (path: PathBytes): PathBytes => `${root.vendor}/${path}`

  for (const {path, mode} of comparison.modes) differences.push({kind: 'mode', path: full(path), mode})
  for (const path of comparison.added) differences.push({kind: 'added', path: full(path)})
  for (const {directory, files} of comparison.ghosts) {
    differences.push({kind: 'ghost', directory: full(directory), files: files.map(full)})
  }
  for (const edit of comparison.edited) differences.push({kind: 'edited', ...edit, path: full(edit.path)})
  const endings = comparison.lineEndings.map(edit => ({...edit, path: full(edit.path)}))
  const asText = await listNormalized(
    tree.snapshot.git,
    endings.map(({path}) => path),
  )
  for (const edit of endings) if (!asText.has(edit.path)) differences.push({kind: 'line-endings', ...edit})
  const {missing, leftOut} = await judgeMissing(
    system,
    tree,
    root.vendor,
    comparison.missing.map(file => ({...file, path: full(file.path)})),
  )
  differences.push(...missing)
  return {sources, manifests, differences, normalized: [...asText], leftOut}

  async function sourceOf(plan: SourcePlan): Promise<{from: ModuleVersion; fact: ZipFact}> {
    switch (plan.kind) {
      case 'decided':
        return {from: plan.from, fact: {state: plan.state}}
      case 'zip':
        return {from: plan.from, fact: zipFact(plan.from, plan.h1)}
      case 'directory': {
        const from = {path: pathToUtf8(plan.directory) || '.', version: ''}
        return {from, fact: {manifest: await directoryManifest(system, tree, plan.directory)}}
      }
    }
  }
}

/** A module may be listed more than once; its packages are all of them. */
function packagesOf(modulesTxt: ModulesTxt, module: ModuleVersion): Map<string, number> {
  const packages = new Map<string, number>()
  for (const entry of modulesTxt.modules) {
    if (formatModule(entry.module) !== formatModule(module)) continue
    for (const {path, line} of entry.packages) packages.set(path, line)
  }
  return packages
}

function vendoredEntries(tree: Tree, vendor: PathBytes): Map<PathBytes, FoundFile> {
  const found = new Map<PathBytes, FoundFile>()
  const prefix = `${vendor}/`
  for (const [path, {id, mode}] of tree.entries) {
    if (path.startsWith(prefix) && path !== `${prefix}modules.txt`)
      found.set(path.slice(prefix.length), {id, mode})
  }
  return found
}

/** The manifest of a module that is replaced by a directory of the same tree: its regular files, without nested modules. */
export async function directoryManifest(
  system: GitSystem,
  tree: Tree,
  directory: PathBytes,
): Promise<Manifest> {
  const prefix = directory === '' ? '' : `${directory}/`
  const files = [...tree.entries.values()].filter(
    ({path, mode}) => path.startsWith(prefix) && (mode === '100644' || mode === '100755'),
  )
  const nested = files.flatMap(({path}) =>
    baseName(path) === 'go.mod' && directoryOf(path) !== directory ? [`${directoryOf(path)}/`] : [],
  )
  const own = files.filter(({path}) => !nested.some(module => path.startsWith(module)))
  const goIds = own.flatMap(({path, id}) => (path.endsWith('.go') ? [id] : []))
  const facts = await readGoFiles(
    system,
    tree.snapshot.git,
    `${tree.repository.gitDirectory} ${pathToUtf8(directory)}`,
    goIds,
  )
  const manifest = emptyManifest()
  for (const {path, id} of own) {
    addToManifest(manifest, {
      path: relativeTo(path, directory),
      id,
      facts: path.endsWith('.go') ? facts.get(id) : undefined,
    })
  }
  const goMod = tree.entries.get(joinPath(directory, 'go.mod'))
  if (goMod !== undefined) {
    const content = (await readBlobs(tree.snapshot.git, [goMod.id])).get(goMod.id)
    manifest.goVersion = content === undefined ? undefined : readGoLine(content.toString('latin1'))
  }
  return manifest
}

/** Paths Git's attributes make text, so that Git stores them with LF. */
export async function listNormalized(git: Git, paths: readonly PathBytes[]): Promise<Set<PathBytes>> {
  if (paths.length === 0) return new Set()
  const output = outputOf(
    'reading attributes',
    await git(['check-attr', '--cached', '--stdin', '-z', 'text', 'eol'], formatPaths(paths)),
  )
  const fields = parsePaths(output)
  const normalized = new Set<PathBytes>()
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [path = '', attribute = '', value = ''] = fields.slice(i, i + 3)
    const isText = attribute === 'text' && (value === 'set' || value === 'auto')
    const hasEol = attribute === 'eol' && (value === 'lf' || value === 'crlf')
    if (isText || hasEol) normalized.add(path)
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
    byFold ??= new Map([...tree.entries.keys()].map(path => [path.toLowerCase(), path]))
    missing.push({
      kind: 'missing',
      path,
      module,
      why: whyMissing(path, rule),
      twin: byFold.get(path.toLowerCase()),
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

async function listBase(tree: Tree, vendor: PathBytes): Promise<Set<PathBytes>> {
  const {baseTree, git} = tree.snapshot
  if (baseTree === undefined) return new Set()
  const pathspec = Buffer.from(vendor, 'latin1').toString()
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
async function listIgnoreRules(tree: Tree, paths: readonly PathBytes[]): Promise<Map<PathBytes, string>> {
  const rules = new Map<PathBytes, string>()
  if (tree.repository.top === undefined) return rules
  const result = await tree.repository.git(
    ['check-ignore', '--no-index', '--verbose', '-z', '--stdin'],
    formatPaths(paths),
  )
  // source NUL line NUL pattern NUL path NUL
  const fields = parsePaths(result.stdout)
  for (let i = 0; i + 3 < fields.length; i += 4) {
    const [source = '', line = '', pattern = '', path = ''] = fields.slice(i, i + 4)
    if (!pattern.startsWith('!')) rules.set(path, `${pathToUtf8(source)}:${line}:${pathToUtf8(pattern)}`)
  }
  return rules
}
