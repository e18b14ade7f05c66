/** go.sum on its own, against its base, against the module cache, and against what needs it. */
import type {Finding} from '../findings.ts'
import {directoryOf, joinPath, pathToUtf8} from '../git/path-bytes.ts'
import {shellWord} from '../git/shell-word.ts'
import {hashesByKey, type SumLine, sumKey} from '../go/go-sum.ts'
import {formatModule, isStandard, isWithin} from '../go/module-path.ts'
import {findReplacement, type MainModule} from '../go/vendor-rules.ts'
import type {ModuleFacts, RootFacts, SumFacts, VerifyFacts} from '../go/verify-facts.ts'
import {finding, type VerifyPolicy} from './verify-policy.ts'

/** Syntax, duplicates, changes since the base, and every hash the module cache can confirm. */
export function checkSumFiles(facts: VerifyFacts, policy: VerifyPolicy): Finding[] {
  return facts.sums.flatMap(sum => [
    ...checkSyntax(sum, policy),
    ...checkRepeats(sum, policy),
    ...checkBase(sum, policy),
    ...checkCache(sum, facts.cached, policy),
  ])
}

function checkSyntax({path, sum}: SumFacts, policy: VerifyPolicy): Finding[] {
  const file = pathToUtf8(path)
  return [
    ...sum.conflictMarkers.flatMap(({line, text}) =>
      finding(policy, 'SUM_CONFLICT', {file, line, module: undefined, text, mend: tidy(path)}),
    ),
    ...sum.malformed.flatMap(({line, text, reason}) =>
      finding(policy, 'SUM_MALFORMED', {
        file,
        line,
        module: undefined,
        text: pathToUtf8(text),
        reason,
        mend: tidy(path),
      }),
    ),
  ]
}

function checkRepeats({path, sum}: SumFacts, policy: VerifyPolicy): Finding[] {
  const first = new Map<string, SumLine>()
  return sum.lines.flatMap(line => {
    const earlier = first.get(line.key)
    if (earlier === undefined) {
      first.set(line.key, line)
      return []
    }
    const place = {...placeOf(path, line), first: earlier.line, mend: tidy(path)}
    return earlier.hash === line.hash
      ? finding(policy, 'SUM_DUPLICATE', place)
      : finding(policy, 'SUM_TWO_HASHES', {...place, expected: earlier.hash, found: line.hash})
  })
}

/** The only sign of a changed hash where neither vendor/ nor the module cache holds the module. */
function checkBase({path, sum, base}: SumFacts, policy: VerifyPolicy): Finding[] {
  if (base === undefined) return []
  const before = new Map<string, Set<string>>()
  for (const {key, hash} of base.lines) before.set(key, (before.get(key) ?? new Set()).add(hash))
  return sum.lines.flatMap(line => {
    const hashes = before.get(line.key)
    if (hashes === undefined || hashes.has(line.hash)) return []
    return finding(policy, 'SUM_CHANGED', {
      ...placeOf(path, line),
      expected: [...hashes].join(' or '),
      found: line.hash,
      mend: restore(path),
    })
  })
}

function checkCache({path, sum}: SumFacts, cached: VerifyFacts['cached'], policy: VerifyPolicy): Finding[] {
  return sum.lines.flatMap(line => {
    const proven = cached.get(line.key)
    // Other algorithms than h1 prove nothing here; the go command ignores them too.
    if (proven === undefined || proven.hash === line.hash || !line.hash.startsWith('h1:')) return []
    return finding(policy, 'SUM_MISMATCH', {
      ...placeOf(path, line),
      expected: proven.hash,
      found: line.hash,
      source: proven.source,
      mend: restore(path),
    })
  })
}

function placeOf(path: string, line: SumLine): {file: string; line: number; module: string} {
  const suffix = line.goMod ? '/go.mod' : ''
  return {file: pathToUtf8(path), line: line.line, module: `${line.path}@${line.version}${suffix}`}
}

function tidy(sumFile: string): string {
  const at = directoryOf(sumFile)
  const inDirectory = at === '' ? '' : ` -C ${shellWord(pathToUtf8(at))}`
  return `go${inDirectory} mod tidy && git add ${shellWord(pathToUtf8(sumFile))}`
}

function restore(sumFile: string): string {
  return `git checkout HEAD -- ${shellWord(pathToUtf8(sumFile))}`
}

/** Sums files of one workspace must not contradict each other: the go command reads them as one. */
export function checkSumsAgree(root: RootFacts, policy: VerifyPolicy): Finding[] {
  const first = new Map<string, {hash: string; path: string}>()
  return root.sums.flatMap(({path, sum}) =>
    sum.lines.flatMap(line => {
      const known = first.get(line.key)
      if (known === undefined) {
        first.set(line.key, {hash: line.hash, path})
        return []
      }
      if (known.hash === line.hash || known.path === path) return []
      return finding(policy, 'SUM_DISAGREE', {
        ...placeOf(path, line),
        expected: known.hash,
        found: line.hash,
        other: pathToUtf8(known.path),
        mend: tidy(path),
      })
    }),
  )
}

/** A `/go.mod` line for every requirement, after replacement: the go command reads each of these go.mod files. */
export function checkRequirementSums(module: ModuleFacts, policy: VerifyPolicy): Finding[] {
  return module.mains.members.flatMap(member => {
    const hashes = hashesByKey(module.sums.map(({sum}) => sum))
    return member.file.requires.flatMap(({module: required}) => {
      const from = findReplacement(module.mains, required)?.to ?? required
      if (from.version === '' || isMainOrToolchain(from.path) || module.siblings.includes(from.path))
        return []
      const key = sumKey(from.path, from.version, true)
      if (hashes.has(key)) return []
      return finding(policy, 'SUM_MISSING', {
        file: pathToUtf8(member.sumFile),
        line: undefined,
        module: formatModule(from),
        key,
        neededBy: pathToUtf8(member.modFile),
        mend: tidy(member.sumFile),
      })
    })
  })
}

function isMainOrToolchain(path: string): boolean {
  return path === 'go' || path === 'toolchain'
}

/** A zip line for every module that has vendored packages. */
export function checkVendoredSums(root: RootFacts, policy: VerifyPolicy): Finding[] {
  return root.sources.flatMap(({module, from, state}) => {
    if (state.kind !== 'unhashed') return []
    const sumFile = sumFileOf(root)
    return finding(policy, 'SUM_MISSING', {
      file: pathToUtf8(sumFile),
      line: undefined,
      module: formatModule(from),
      key: sumKey(from.path, from.version, false),
      neededBy: `the packages of ${formatModule(module)} in ${pathToUtf8(root.modulesTxtPath)}`,
      mend: tidy(sumFile),
    })
  })
}

function sumFileOf(root: RootFacts): string {
  const {workspace, members} = root.mains
  if (workspace !== undefined) return joinPath(workspace.directory, 'go.work.sum')
  return members[0]?.sumFile ?? 'go.sum'
}

/**
 * Where nothing is vendored: a zip line for a module that could provide each import. Several required modules may be
 * prefixes of the import path; one line among them is enough, for only the go command can tell which it is.
 */
export function checkImportSums(module: ModuleFacts, policy: VerifyPolicy): Finding[] {
  if (module.vendored) return []
  const told = new Set<string>()
  return module.mains.members.flatMap(member => {
    const hashes = hashesByKey(module.sums.map(({sum}) => sum))
    return module.imports.flatMap(({path, file}) => {
      if (isStandard(path) || isWithin(path, member.file.modulePath)) return []
      const providers = providersOf(module, member, path)
      const nearest = providers[0]
      if (nearest === undefined || told.has(nearest.path)) return []
      if (providers.some(({path, version}) => version === '' || hashes.has(sumKey(path, version, false))))
        return []
      told.add(nearest.path)
      return finding(policy, 'SUM_MISSING', {
        file: pathToUtf8(member.sumFile),
        line: undefined,
        module: formatModule(nearest),
        key: sumKey(nearest.path, nearest.version, false),
        neededBy: file,
        mend: tidy(member.sumFile),
      })
    })
  })
}

/** What is read for an import: required modules whose path is a prefix of it, the longest first, after replacement. */
function providersOf(
  facts: ModuleFacts,
  member: MainModule,
  importPath: string,
): {path: string; version: string}[] {
  return member.file.requires
    .flatMap(({module}) => (isWithin(importPath, module.path) ? [module] : []))
    .sort((a, b) => b.path.length - a.path.length)
    .map(module => findReplacement(facts.mains, module)?.to ?? module)
}

/** The zip of a version that go.mod no longer requires: `go mod tidy` would drop the line. */
export function checkSurplusSums(module: ModuleFacts, policy: VerifyPolicy): Finding[] {
  const [member] = module.mains.members
  if (member === undefined) return []
  const required = new Map<string, Set<string>>()
  for (const {module: requirement} of member.file.requires) {
    for (const {path, version} of [
      requirement,
      findReplacement(module.mains, requirement)?.to ?? requirement,
    ]) {
      required.set(path, (required.get(path) ?? new Set()).add(version))
    }
  }
  return module.sums.flatMap(({path, sum}) =>
    sum.lines.flatMap(line => {
      const versions = required.get(line.path)
      if (line.goMod || versions === undefined || versions.has(line.version)) return []
      return finding(policy, 'SUM_SURPLUS', {
        ...placeOf(path, line),
        required: [...versions].filter(version => version !== '').join(', '),
        mend: tidy(path),
      })
    }),
  )
}
