/** go.sum against what needs it: no line is missing, and none is left over. */
import type {VerifyFactsByCode} from '../../findings/facts-of-verify.ts'
import type {VerifyFound} from '../../findings/finding.ts'
import {
  directoryOf,
  joinPath,
  latin1ToUtf8,
  type PathBytes,
  pathFromUtf8,
  pathToUtf8,
} from '../../git/path-bytes.ts'
import {hashesByKey, type SumLine, sumKey} from '../../go/module/go-sum.ts'
import {
  findReplacement,
  hasUnseenMembers,
  type MainModule,
  type MainModules,
} from '../../go/module/main-modules.ts'
import {
  isStandard,
  isWithin,
  type ModuleVersion,
  moduleName,
  sameModule,
} from '../../go/module/module-path.ts'
import {goAtLeast} from '../../go/module/semver.ts'
import type {ModuleFacts, RootFacts} from '../facts.ts'
import {restore, tidy, vendorAnew, writeAnew} from './mends.ts'
import {isInConflict, placeOf} from './sum-file.ts'

/** Sums files of one workspace must not contradict each other: the go command reads them as one. */
export function checkSumsAgree(root: RootFacts): VerifyFound[] {
  const first = new Map<string, {hash: string; path: PathBytes}>()
  return root.sums.flatMap(({path, sum}) =>
    sum.lines.flatMap((line): VerifyFound[] => {
      const known = first.get(line.key)
      if (known === undefined) {
        first.set(line.key, {hash: line.hash, path})
        return []
      }
      if (known.hash === line.hash || known.path === path) return []
      return [
        {
          code: 'SUM_DISAGREE',
          facts: {
            ...placeOf(path, line),
            expected: known.hash,
            found: line.hash,
            other: pathToUtf8(known.path),
            mend: writeAnew(path, line),
          },
        },
      ]
    }),
  )
}

/**
 * A `/go.mod` line for every requirement and for every go.mod below them that is read for the module graph, after replacement.
 * Those below only a listing of the graph needs: `go mod vendor`, `go mod tidy`, `go list -m all`.
 */
export function checkGraphSums(module: ModuleFacts): VerifyFound[] {
  const [member] = module.mains.members
  if (member === undefined) return []
  const hashes = hashesByKey(module.sums.map(({sum}) => sum))
  const siblings = siblingsOf(module)
  const needed = [
    ...member.file.requires.flatMap(({module: required}) =>
      sourceOf(module.mains, required).map(source => ({
        module: source,
        requiredBy: pathToUtf8(member.modFile),
      })),
    ),
    ...module.graph.loaded,
  ]
  const told = new Set<string>()
  return needed.flatMap(({module: from, requiredBy}): VerifyFound[] => {
    if (isGoOrToolchain(from.path) || siblings.has(from.path)) return []
    const key = sumKey(from.path, from.version, true)
    if (hashes.has(key) || told.has(key)) return []
    if (!wasThere(module, key) && (mayBeUnseen(module, from) || isReplacedAbove(module, from))) return []
    told.add(key)
    return [
      {
        code: 'SUM_MISSING',
        facts: {
          file: pathToUtf8(member.sumFile),
          line: undefined,
          module: moduleName(from),
          key: latin1ToUtf8(key),
          neededBy: requiredBy,
          mend: tidy(member.sumFile),
        },
      },
    ]
  })
}

/** The module that is downloaded for another one: what replaces it, or itself; none where a directory does. */
function sourceOf(mains: MainModules, module: ModuleVersion): ModuleVersion[] {
  const to = findReplacement(mains, module)?.to ?? {kind: 'module', module}
  return to.kind === 'directory' ? [] : [to.module]
}

/** Whether the member's own go.sum had the line before the change. */
function wasThere({sums}: ModuleFacts, key: string): boolean {
  return sums.some(({base}) => base?.lines.some(line => line.key === key) ?? false)
}

/**
 * Whether a module may be a member of the workspace of which the tree holds nothing: then no line of a go.sum speaks of it, at
 * any version.
 */
function mayBeUnseen({workspace}: ModuleFacts, {path}: ModuleVersion): boolean {
  if (workspace === undefined || !hasUnseenMembers(workspace.mains)) return false
  return !workspace.sums.some(({sum, base}) =>
    [...sum.lines, ...(base?.lines ?? [])].some(line => line.path === path),
  )
}

/** Whether go.work or another member replaces a module that this one does not: alone it may not be meant to build. */
function isReplacedAbove({mains, workspace}: ModuleFacts, module: ModuleVersion): boolean {
  if (workspace === undefined || findReplacement(mains, module) !== undefined) return false
  return findReplacement(workspace.mains, module) !== undefined
}

function isGoOrToolchain(path: string): boolean {
  return path === 'go' || path === 'toolchain'
}

/** Paths of the other members of the workspace. */
function siblingsOf({mains, workspace}: ModuleFacts): Set<string> {
  const others = workspace?.mains.members.filter(member => !mains.members.includes(member)) ?? []
  return new Set(others.map(({file}) => file.modulePath))
}

/** A zip line for every module that has vendored packages. */
export function checkVendoredSums(root: RootFacts): VerifyFound[] {
  return root.sources.flatMap(({module, from, state}): VerifyFound[] => {
    if (state.kind !== 'unhashed') return []
    const key = sumKey(from.path, from.version, false)
    return sumFilesFor(root, module, key).map(({sumFile, mend}) => ({
      code: 'SUM_MISSING',
      facts: {
        file: pathToUtf8(sumFile),
        line: undefined,
        module: moduleName(from),
        key: latin1ToUtf8(key),
        neededBy: `the packages of ${moduleName(module)} in ${pathToUtf8(root.modulesTxtPath)}`,
        mend,
      },
    }))
  })
}

const goSum = pathFromUtf8('go.sum')

/**
 * Which file a zip line belongs into. Of a workspace those that had it before the change, else that of a member which requires
 * the module; go.work.sum has what no member requires at this version.
 */
function sumFilesFor(
  root: RootFacts,
  module: ModuleVersion,
  key: string,
): {sumFile: PathBytes; mend: string}[] {
  const {workspace, members} = root.mains
  if (workspace === undefined) {
    const sumFile = members[0]?.sumFile ?? goSum
    return [{sumFile, mend: tidy(sumFile)}]
  }
  const dropped = root.sums.filter(({base}) => base?.lines.some(line => line.key === key))
  if (dropped.length > 0) return dropped.map(({path}) => ({sumFile: path, mend: restore(path)}))
  const requirer = members.find(({file}) =>
    file.requires.some(required => sameModule(required.module, module)),
  )
  if (requirer !== undefined) return [{sumFile: requirer.sumFile, mend: tidy(requirer.sumFile)}]
  const sumFile = joinPath(workspace.directory, 'go.work.sum')
  // It writes the missing line.
  return [{sumFile, mend: vendorAnew(root, [sumFile])}]
}

/**
 * A zip line for a module that could provide each import, where vendor/ does not tell which it is. Several required modules
 * may be prefixes of the import path; one line among them is enough, for only the go command can tell.
 */
export function checkImportSums(module: ModuleFacts): VerifyFound[] {
  const {workspace} = module
  const [member] = module.mains.members
  if (member === undefined || (module.vendored && workspace === undefined)) return []
  const own = hashesByKey(module.sums.map(({sum}) => sum))
  const siblings = siblingsOf(module)
  const providersOf = openProviders(module.mains, member)
  const inWorkspace = workspace && openProviders(workspace.mains, member)
  const told = new Set<string>()
  return module.imports.flatMap(({path, file}): VerifyFound[] => {
    if (isStandard(path) || isWithin(path, member.file.modulePath)) return []
    // Only the member's own replacements count where it is alone.
    const providers = providersOf(path)
    const nearest = providers?.[0]
    if (providers === undefined || nearest === undefined || told.has(nearest.path)) return []
    if (providers.some(({path}) => siblings.has(path))) return []
    if (providers.some(({path, version}) => own.has(sumKey(path, version, false)))) return []
    told.add(nearest.path)
    const key = sumKey(nearest.path, nearest.version, false)
    const place = {
      file: pathToUtf8(member.sumFile),
      line: undefined,
      module: moduleName(nearest),
      key: latin1ToUtf8(key),
      neededBy: file,
      mend: wasThere(module, key) ? restore(member.sumFile) : tidy(member.sumFile),
    }
    return inWorkspace === undefined
      ? [{code: 'SUM_MISSING', facts: place}]
      : checkBorrowedSum(module, providers, inWorkspace(path), key, place)
  })
}

/**
 * A workspace's sums are read as one (modfetch.HaveSum), and it may select a higher version than the member asks for, or
 * replace it. So a line in any of them serves the workspace; in another member's go.sum it serves this one only within the
 * workspace.
 */
function checkBorrowedSum(
  module: ModuleFacts,
  own: readonly ModuleVersion[],
  inWorkspace: readonly ModuleVersion[] | undefined,
  key: string,
  place: VerifyFactsByCode['SUM_MISSING'],
): VerifyFound[] {
  const {workspace, sums} = module
  if (workspace === undefined || inWorkspace === undefined) return []
  const providers = [...own, ...inWorkspace]
  if (providers.every(provider => mayBeUnseen(module, provider))) return []
  const holders = workspace.sums.filter(({sum}) =>
    sum.lines.some(line => !line.goMod && providers.some(({path}) => path === line.path)),
  )
  // That a vendored workspace has no such line is told where its packages are.
  if (holders.length === 0) return module.vendored ? [] : [{code: 'SUM_MISSING', facts: place}]
  const others = holders.filter(({path}) => !sums.some(own => own.path === path))
  const [lender] = others
  // A line of its own for another version: the one it selects, should nobody else be asked.
  if (lender === undefined || others.length < holders.length) return []
  const isDropped = wasThere(module, key)
  const isShared = others.some(({path}) => path.endsWith('go.work.sum'))
  if (!isDropped && (isShared || !standsAlone(module))) return []
  return [{code: 'SUM_BORROWED', facts: {...place, lender: pathToUtf8(lender.path)}}]
}

/** A member that requires another one may not be tidied without the workspace: the version may not be published. */
function standsAlone(module: ModuleFacts): boolean {
  const siblings = siblingsOf(module)
  if (module.workspace !== undefined && hasUnseenMembers(module.workspace.mains)) return false
  return ![...module.graph.selected.keys()].some(path => siblings.has(path))
}

/**
 * What is read for an import: required modules whose path is a prefix of it, the longest first, after replacement. Undefined where
 * a directory replaces one of them.
 */
function openProviders(
  mains: MainModules,
  member: MainModule,
): (importPath: string) => ModuleVersion[] | undefined {
  const byPath = new Map<string, ModuleVersion[]>()
  for (const {module} of member.file.requires)
    byPath.set(module.path, [...(byPath.get(module.path) ?? []), module])
  return importPath => {
    const required: ModuleVersion[] = []
    for (let at = importPath; at !== ''; at = directoryOf(at)) required.push(...(byPath.get(at) ?? []))
    const sources = required.flatMap(module => sourceOf(mains, module))
    return sources.length === required.length ? sources : undefined
  }
}

/** Lines for versions that are not in use: `go mod tidy` would drop them. */
export function checkSurplusSums(module: ModuleFacts): VerifyFound[] {
  const [member] = module.mains.members
  // For Go 1.17, go mod tidy keeps what Go 1.16 would select too; later versions select alike.
  if (member === undefined || isGo117(member.file.goVersion)) return []
  const inUse = versionsInUse(module, member)
  return module.sums.flatMap(facts => {
    const {path, sum} = facts
    if (isInConflict(facts)) return []
    const mend = tidy(path)
    return sum.lines.flatMap((line): VerifyFound[] => {
      const versions = inUse(line)
      if (versions === undefined || versions.includes(line.version)) return []
      return [
        {
          code: 'SUM_SURPLUS',
          facts: {
            ...placeOf(path, line),
            required: versions.filter(version => version !== '').join(', '),
            mend,
          },
        },
      ]
    })
  })
}

function isGo117(goVersion: string | undefined): boolean {
  return goVersion !== undefined && goAtLeast(goVersion, '1.17') && !goAtLeast(goVersion, '1.18')
}

/**
 * The versions a line may name, undefined where nobody can tell. A zip line names a selected version, a `/go.mod` line that or
 * one whose go.mod is read; a replacement stands for what it replaces. Where a go.mod of the graph is not to be had, only
 * the zips of required modules can be told: from Go 1.17 on go.mod has the selected versions.
 */
function versionsInUse(module: ModuleFacts, member: MainModule): (line: SumLine) => string[] | undefined {
  const {graph} = module
  const decided = graph.complete && standsAlone(module)
  const selected = decided
    ? [...graph.selected].map(([path, version]) => ({path, version}))
    : member.file.requires.map(({module}) => module)
  const zips = byPath([...selected, ...selected.flatMap(required => sourceOf(module.mains, required))])
  const goMods = byPath(graph.loaded.map(({module}) => module))
  return ({path, goMod}) => {
    if (path === 'golang.org/toolchain') return undefined
    const known = zips.get(path) ?? []
    if (decided) return goMod ? [...new Set([...known, ...(goMods.get(path) ?? [])])] : known
    return goMod || known.length === 0 ? undefined : known
  }
}

function byPath(modules: readonly ModuleVersion[]): Map<string, string[]> {
  const versions = new Map<string, string[]>()
  for (const {path, version} of modules) {
    const known = versions.get(path)
    if (known === undefined) versions.set(path, [version])
    else if (!known.includes(version)) known.push(version)
  }
  return versions
}
