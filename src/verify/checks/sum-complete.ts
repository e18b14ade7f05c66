/** go.sum on its own, against its base, against the module cache, and against what needs it. */

import type {VerifyFactsByCode} from '../../findings/facts-of-verify.ts'
import type {VerifyFound} from '../../findings/finding.ts'
import {joinPath, pathToUtf8} from '../../git/path-bytes.ts'
import {type GoSum, hashesByKey, type SumLine, sumKey} from '../../go/module/go-sum.ts'
import {findReplacement, type MainModule, type MainModules} from '../../go/module/main-modules.ts'
import {formatModule, isStandard, isWithin, type ModuleVersion} from '../../go/module/module-path.ts'
import {goAtLeast} from '../../go/module/semver.ts'
import type {ModuleFacts, RootFacts, SumFacts, VerifyFacts} from '../facts.ts'
import {add, keepLines, restore, setHash, tidy, vendorAnew, writeAnew} from './mends.ts'

/** Syntax, duplicates, changes since the base, and every hash the module cache can confirm. */
export function checkSumFiles(facts: VerifyFacts): VerifyFound[] {
  return facts.sums.flatMap(sum => [
    ...checkSyntax(sum),
    ...checkRepeats(sum),
    ...checkBase(sum, facts.cached),
    ...checkCache(sum, facts.cached),
  ])
}

function checkSyntax({path, sum, base}: SumFacts): VerifyFound[] {
  const file = pathToUtf8(path)
  const bad = [...sum.conflictMarkers, ...sum.malformed].map(({line}) => line).sort((a, b) => a - b)
  // One command for all of them: a line that is gone moves those below it.
  const mend =
    bad.length > mostNamedLines && base !== undefined
      ? `${restore(path)} && ${tidy(path)}`
      : `${keepLines(path, bad.map(line => `NR != ${line}`).join(' && '))} && ${tidy(path)}`
  return [
    ...sum.conflictMarkers.map(
      ({line, text}): VerifyFound => ({
        code: 'SUM_CONFLICT',
        facts: {file, line, module: undefined, text, mend},
      }),
    ),
    ...sum.malformed.map(
      ({line, text, reason}): VerifyFound => ({
        code: 'SUM_MALFORMED',
        facts: {file, line, module: undefined, text: pathToUtf8(text), reason, mend},
      }),
    ),
  ]
}

/** A command that names more lines than this is none to copy. */
const mostNamedLines = 12

function checkRepeats({path, sum, base}: SumFacts): VerifyFound[] {
  const first = new Map<string, SumLine>()
  return sum.lines.flatMap((line): VerifyFound[] => {
    const earlier = first.get(line.key)
    if (earlier === undefined) {
      first.set(line.key, line)
      return []
    }
    const place = {...placeOf(path, line), first: earlier.line}
    if (earlier.hash === line.hash)
      return [
        {
          code: 'SUM_DUPLICATE',
          facts: {...place, mend: `${keepLines(path, '!seen[$1, $2, $3]++')} && ${add([path])}`},
        },
      ]
    const known = [earlier, line].filter(({key, hash}) => hashesOf(base, key).includes(hash))
    const [right] = known
    return [
      {
        code: 'SUM_TWO_HASHES',
        facts: {
          ...place,
          expected: earlier.hash,
          found: line.hash,
          mend:
            right !== undefined && known.length === 1
              ? `${keepLines(path, '$1 " " $2 != key || $3 == hash', right)} && ${add([path])}`
              : writeAnew(path, line),
        },
      },
    ]
  })
}

/** The only sign of a changed hash where neither vendor/ nor the module cache holds the module. */
function checkBase({path, sum, base}: SumFacts, cached: VerifyFacts['cached']): VerifyFound[] {
  if (base === undefined) return []
  const before = new Map<string, Set<string>>()
  for (const {key, hash} of base.lines) before.set(key, (before.get(key) ?? new Set()).add(hash))
  return sum.lines.flatMap((line): VerifyFound[] => {
    const hashes = before.get(line.key)
    if (hashes === undefined || hashes.has(line.hash)) return []
    const known = cached.get(line.key)
    return [
      {
        code: 'SUM_CHANGED',
        facts: {
          ...placeOf(path, line),
          expected: [...hashes].join(' or '),
          found: line.hash,
          proven: known?.hash === line.hash ? known.source : undefined,
          mend: mendChanged(path, line, [...hashes], known?.hash),
        },
      },
    ]
  })
}

/** A proven one is right, and one that the cache refutes is written anew, not put back: the hash before may be wrong, too. */
function mendChanged(
  path: string,
  line: SumLine,
  before: readonly string[],
  cached: string | undefined,
): string | undefined {
  if (cached === line.hash) return undefined
  const [hash] = before
  if (before.length !== 1 || hash === undefined) return restore(path)
  return cached === undefined || cached === hash ? setHash(path, line, hash) : writeAnew(path, line)
}

function checkCache({path, sum, base}: SumFacts, cached: VerifyFacts['cached']): VerifyFound[] {
  return sum.lines.flatMap((line): VerifyFound[] => {
    const proven = cached.get(line.key)
    // Other algorithms than h1 prove nothing here; the go command ignores them too.
    if (proven === undefined || proven.hash === line.hash || !line.hash.startsWith('h1:')) return []
    return [
      {
        code: 'SUM_MISMATCH',
        facts: {
          ...placeOf(path, line),
          expected: proven.hash,
          found: line.hash,
          source: proven.source,
          // Where the commit before has the right line it is known; elsewhere go writes it, once the wrong one is gone.
          mend:
            hashesOf(base, line.key).join() === proven.hash
              ? setHash(path, line, proven.hash)
              : writeAnew(path, line),
        },
      },
    ]
  })
}

/** What the commit before has for a key; more than one hash where it is wrong itself. */
function hashesOf(base: GoSum | undefined, key: string): string[] {
  return (base?.lines ?? []).flatMap(line => (line.key === key ? [line.hash] : []))
}

function placeOf(path: string, line: SumLine): {file: string; line: number; module: string} {
  const suffix = line.goMod ? '/go.mod' : ''
  return {file: pathToUtf8(path), line: line.line, module: `${line.path}@${line.version}${suffix}`}
}

/** Sums files of one workspace must not contradict each other: the go command reads them as one. */
export function checkSumsAgree(root: RootFacts): VerifyFound[] {
  const first = new Map<string, {hash: string; path: string}>()
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
    ...member.file.requires.map(({module: required}) => ({
      module: findReplacement(module.mains, required)?.to ?? required,
      requiredBy: member.modFile,
    })),
    ...module.graph.loaded,
  ]
  const told = new Set<string>()
  return needed.flatMap(({module: from, requiredBy}): VerifyFound[] => {
    if (from.version === '' || isGoOrToolchain(from.path) || siblings.has(from.path)) return []
    const key = sumKey(from.path, from.version, true)
    if (hashes.has(key) || told.has(key)) return []
    told.add(key)
    return [
      {
        code: 'SUM_MISSING',
        facts: {
          file: pathToUtf8(member.sumFile),
          line: undefined,
          module: formatModule(from),
          key,
          neededBy: pathToUtf8(requiredBy),
          mend: tidy(member.sumFile),
        },
      },
    ]
  })
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
    const sumFile = sumFileOf(root)
    return [
      {
        code: 'SUM_MISSING',
        facts: {
          file: pathToUtf8(sumFile),
          line: undefined,
          module: formatModule(from),
          key: sumKey(from.path, from.version, false),
          neededBy: `the packages of ${formatModule(module)} in ${pathToUtf8(root.modulesTxtPath)}`,
          // Of go.work.sum it writes the line that lacks.
          mend: root.mains.workspace === undefined ? tidy(sumFile) : vendorAnew(root, [sumFile]),
        },
      },
    ]
  })
}

function sumFileOf(root: RootFacts): string {
  const {workspace, members} = root.mains
  if (workspace !== undefined) return joinPath(workspace.directory, 'go.work.sum')
  return members[0]?.sumFile ?? 'go.sum'
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
  const told = new Set<string>()
  return module.imports.flatMap(({path, file}): VerifyFound[] => {
    if (isStandard(path) || isWithin(path, member.file.modulePath)) return []
    const providers = providersOf(workspace?.mains ?? module.mains, member, path)
    const nearest = providers[0]
    if (nearest === undefined || told.has(nearest.path)) return []
    if (providers.some(({path, version}) => version === '' || siblings.has(path))) return []
    if (providers.some(({path, version}) => own.has(sumKey(path, version, false)))) return []
    told.add(nearest.path)
    const place = {
      file: pathToUtf8(member.sumFile),
      line: undefined,
      module: formatModule(nearest),
      key: sumKey(nearest.path, nearest.version, false),
      neededBy: file,
      mend: tidy(member.sumFile),
    }
    if (workspace === undefined) return [{code: 'SUM_MISSING', facts: place}]
    return checkBorrowedSum(module, providers, place)
  })
}

/**
 * A workspace's sums are read as one (modfetch.HaveSum), and it may select a higher version than the member asks for. So a
 * line in any of them serves the workspace; in another member's go.sum it serves this one only within the workspace.
 */
function checkBorrowedSum(
  module: ModuleFacts,
  providers: readonly ModuleVersion[],
  place: VerifyFactsByCode['SUM_MISSING'],
): VerifyFound[] {
  const {workspace} = module
  if (workspace === undefined) return []
  const holders = workspace.sums.filter(({sum}) =>
    sum.lines.some(line => !line.goMod && providers.some(({path}) => path === line.path)),
  )
  // That a vendored workspace lacks the line is told where its packages are.
  if (holders.length === 0) return module.vendored ? [] : [{code: 'SUM_MISSING', facts: place}]
  const isShared = holders.some(({path}) => path.endsWith('go.work.sum'))
  if (isShared || !standsAlone(module)) return []
  const lender = pathToUtf8(holders[0]?.path ?? '')
  return [{code: 'SUM_BORROWED', facts: {...place, lender}}]
}

/** A member that requires another one may not be tidied without the workspace: the version may not be published. */
function standsAlone(module: ModuleFacts): boolean {
  const siblings = siblingsOf(module)
  return ![...module.graph.selected.keys()].some(path => siblings.has(path))
}

/** What is read for an import: required modules whose path is a prefix of it, the longest first, after replacement. */
function providersOf(mains: MainModules, member: MainModule, importPath: string): ModuleVersion[] {
  return member.file.requires
    .flatMap(({module}) => (isWithin(importPath, module.path) ? [module] : []))
    .sort((a, b) => b.path.length - a.path.length)
    .map(module => findReplacement(mains, module)?.to ?? module)
}

/** Lines for versions that are not in use: `go mod tidy` would drop them. */
export function checkSurplusSums(module: ModuleFacts): VerifyFound[] {
  const [member] = module.mains.members
  // For Go 1.17, go mod tidy keeps what Go 1.16 would select too; later versions select alike.
  if (member === undefined || isGo117(member.file.goVersion)) return []
  const inUse = versionsInUse(module, member)
  return module.sums.flatMap(({path, sum}) =>
    sum.lines.flatMap((line): VerifyFound[] => {
      const versions = inUse(line)
      if (versions === undefined || versions.includes(line.version)) return []
      return [
        {
          code: 'SUM_SURPLUS',
          facts: {
            ...placeOf(path, line),
            required: versions.filter(version => version !== '').join(', '),
            mend: tidy(path),
          },
        },
      ]
    }),
  )
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
  const zips = byPath([
    ...selected,
    ...selected.map(required => findReplacement(module.mains, required)?.to ?? required),
  ])
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
