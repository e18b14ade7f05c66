/** The verdict of `gowarden verify`, from the facts that everything slow has gathered. Loaded when something changed. */

import {type Finding, hasErrors, type VerifyFound} from '../findings/finding.ts'
import type {GitSystem} from '../git/git.ts'
import {joinPath, type PathBytes, pathFromUtf8, pathToUtf8} from '../git/path-bytes.ts'
import type {Repository} from '../git/repository.ts'
import {moduleName} from '../go/module/module-path.ts'
import {noProofs} from '../go/vendor/proofs.ts'
import {applyVerifyLevels} from '../policy/apply-levels.ts'
import {checkClone, checkVendorsOfOthers, gatherIgnoredSums} from './checks/clone.ts'
import {checkModFiles, checkTidy, mayBeUnused} from './checks/go-mod.ts'
import {settleHints, withholdVendorHints} from './checks/hints.ts'
import {checkClosure, checkModulesTxt} from './checks/modules-txt.ts'
import {checkNested} from './checks/nested.ts'
import {
  checkGraphSums,
  checkImportSums,
  checkSumsAgree,
  checkSurplusSums,
  checkVendoredSums,
} from './checks/sum-complete.ts'
import {checkSumFiles, withoutMalformed} from './checks/sum-file.ts'
import {checkProven, checkVendorTree} from './checks/vendor.ts'
import type {ModuleFacts, RootFacts, VendorDirectory, VerifyFacts} from './facts.ts'
import {gather} from './gather.ts'
import {readGlobs} from './globs.ts'
import type {Remembered} from './memo.ts'
import type {VerifyPolicy} from './policy.ts'
import {mostAbsent} from './probes/cached-hashes.ts'
import {probeVerify} from './probes/facts.ts'
import type {Snapshot} from './probes/snapshot.ts'
import {findOthersInVendor} from './probes/vendor-others.ts'
import type {ModuleLine, VerifyOptions, VerifyResult} from './result.ts'

/**
 * `rests` is what the verdict rests on beside its key; undefined for one that must not be remembered. `isSpotless` where nothing at all was
 * found, lowered or left out, and every vendored file comes from a zip: of the repository's own .go files only what they say counted.
 */
export type Verdict = {
  result: VerifyResult
  rests: Omit<Remembered, 'result'> | undefined
  isSpotless: boolean
}

export async function judgeSnapshot(
  system: GitSystem,
  repository: Repository,
  snapshot: Snapshot,
  options: VerifyOptions,
  modules: readonly PathBytes[],
): Promise<Verdict> {
  const {policy} = options
  const exclude = readGlobs(policy.exclude ?? [], repository.top)
  const vendorExtra = readGlobs(policy.vendorExtra ?? [], repository.top)
  const {facts, absent, proofs} = await probeVerify(system, repository, snapshot, {
    modules,
    mayBeAbsent: options.inRange === true,
    excludes: exclude.directory,
    isVendorExtra: vendorExtra.file,
    vendorExtraGlob: number => vendorExtra.rule(number).rule,
    modFiles: (policy.modFiles ?? []).map(pathFromUtf8),
    wantsToolchainLine: policy.toolchainLine === 'required',
    offline: options.offline,
    progress: options.progress ?? (() => {}),
    proofs: options.proofs?.proofs ?? noProofs,
    list: options.exportProofs !== undefined,
  })
  options.exportProofs?.(proofs)
  // Few repositories have a lock, and reading workflows takes a parser of YAML.
  const ofLocks = facts.locks.length === 0 ? [] : (await import('./checks/locks.ts')).checkLocks(facts)
  const gathered = gather(judge(facts, policy, ofLocks), namesOf(facts))
  const found = settleHints(gathered.kept, facts, snapshot.judged.kind)
  const kept = withholdVendorHints(
    found,
    await othersInVendors(system, repository, snapshot, facts, found, vendorExtra.file),
  )
  const findings = applyVerifyLevels(kept, policy.levels)
  const counted = gathered.counted.flatMap(({one, ...rest}) =>
    applyVerifyLevels([one], policy.levels).map(({code, level}) => ({code, level, ...rest})),
  )
  const result: VerifyResult = {
    judged: snapshot.judged.kind,
    findings,
    more: counted.map(({code, level, count, file}) => ({code, level, count, file})),
    modules: moduleLines(
      facts,
      findings,
      counted.flatMap(({modules}) => [...modules]),
    ),
    leftOut: facts.roots.flatMap(({leftOut}) =>
      leftOut.map(({path, rule}) => ({file: pathToUtf8(path), rule})),
    ),
    unjudged: [
      ...facts.unseenMembers.flatMap(({workFile, use, why}) =>
        why === 'submodule'
          ? [{kind: 'member', file: pathToUtf8(workFile), directory: pathToUtf8(use)} as const]
          : [],
      ),
      ...facts.modules.flatMap(module => unseenImports(module, facts.roots)),
      ...inOrder(facts.excluded).map(
        ([number, directories]) =>
          ({kind: 'exclude', ...exclude.rule(number), directories: directories.length}) as const,
      ),
      ...inOrder(facts.vendorExtras).map(
        ([number, files]) => ({kind: 'vendorExtra', ...vendorExtra.rule(number), files}) as const,
      ),
    ],
    untold: untoldOf(facts),
    counts: countOf(facts),
    remembered: false,
  }
  const isInOrder = !hasErrors(findings) && allProven(facts) && absent.length <= mostAbsent
  const normalized = facts.roots.flatMap(({normalized}) => normalized)
  const isSpotless =
    isInOrder &&
    kept.length === 0 &&
    facts.roots.every(
      ({sources, leftOut}) =>
        leftOut.length === 0 && sources.every(({state}) => state.kind === 'proven' && state.by === 'zip'),
    )
  return {result, rests: isInOrder ? {absent, normalized} : undefined, isSpotless}
}

/** Of vendor directories that a hint would write anew: Git is asked where there is something to mend. */
async function othersInVendors(
  system: GitSystem,
  repository: Repository,
  snapshot: Snapshot,
  facts: VerifyFacts,
  found: readonly VerifyFound[],
  isVendorExtra: (path: PathBytes) => number | undefined,
): Promise<{directory: VendorDirectory; others: PathBytes[]}[]> {
  const listed = facts.roots.map(root => {
    const vendored = root.modulesTxt.modules.filter(({packages}) => packages.length > 0)
    const isUndecided = (path: string) =>
      !root.sources.some(({module, state}) => module.path === path && state.kind === 'proven')
    const paths = vendored.map(({module}) => module.path)
    return {
      directory: root,
      modules: paths,
      undecided: paths.filter(isUndecided),
      ownFiles: new Set([
        ...root.leftOut.map(({path}) => path),
        ...root.differences.flatMap(one => (one.kind === 'missing' ? [one.path] : [])),
      ]),
      list: root.modulesTxtText,
      unkept: root.unkept,
      isStaged: (path: PathBytes) => root.kept.length > 0 && isVendorExtra(path) !== undefined,
    }
  })
  const unlisted = facts.unlistedVendors.map(directory => {
    const modules = facts.modules.flatMap(({mains}) =>
      mains.members.flatMap(member =>
        joinPath(member.directory, 'vendor') === directory.vendor
          ? member.file.requires.map(({module}) => module.path)
          : [],
      ),
    )
    const unknown = {undecided: modules, ownFiles: new Set<PathBytes>(), list: undefined, unkept: []}
    return {directory, modules, ...unknown, isStaged: () => false}
  })
  // What a link stands for in the index may be Go's own directory in the work tree.
  const modules = facts.otherVendors.filter(({mode}) => mode === '160000')
  const whole = modules.map(directory => {
    const unknown = {modules: [], undecided: [], ownFiles: new Set<PathBytes>(), list: undefined, unkept: []}
    return {directory, ...unknown, isStaged: () => false}
  })
  const asked = [...listed, ...unlisted, ...whole].filter(({directory: {anew}}) =>
    found.some(({facts}) => 'mend' in facts && facts.mend?.includes(anew)),
  )
  return Promise.all(
    asked.map(async ({unkept, ...one}) => ({
      directory: one.directory,
      others: [...unkept, ...(await findOthersInVendor(system, repository, snapshot, one))],
    })),
  )
}

/** Told where something hangs on it: most submodules hold nothing of Go. */
function unseenImports(module: ModuleFacts, roots: readonly RootFacts[]): VerifyResult['unjudged'] {
  const [member] = module.mains.members
  const [first, ...more] = module.submodules
  if (member === undefined || first === undefined) return []
  const isUnsure = roots.some(({mains, closure}) => closure.unsure > 0 && mains.members.includes(member))
  if (!isUnsure && !mayBeUnused(module)) return []
  const file = pathToUtf8(member.modFile)
  return [{kind: 'imports', file, directory: pathToUtf8(first), more: more.length}]
}

/** By the number of the rule, as the policy has them. */
function inOrder<T>(byRule: ReadonlyMap<number, T>): [number, T][] {
  return [...byRule].sort(([a], [b]) => a - b)
}

/** Every check, in the order a person would mend: what is broken first, then what it says, then what it holds. */
function* judge(
  facts: VerifyFacts,
  {toolchainLine}: VerifyPolicy,
  ofLocks: readonly VerifyFound[],
): Iterable<VerifyFound[]> {
  const ofSums = gatherIgnoredSums(facts.clone)
  for (const found of checksOf()) yield ofSums(withoutMalformed(found, facts.sums))

  function* checksOf(): Iterable<readonly VerifyFound[]> {
    yield checkModFiles(facts, toolchainLine)
    yield ofLocks
    yield checkSumFiles(facts)
    for (const module of facts.modules) {
      yield checkGraphSums(module)
      yield checkImportSums(module)
      yield checkSurplusSums(module)
      yield checkTidy(module)
    }
    yield checkClone(facts.clone)
    yield checkVendorsOfOthers(facts.vendorsOfOthers)
    yield checkNested(facts.modules)
    for (const root of facts.roots) {
      yield checkVendoredSums(root)
      yield checkSumsAgree(root)
      yield checkModulesTxt(root)
      yield checkProven(root)
      yield checkClosure(root)
      yield checkVendorTree(root)
    }
  }
}

/** What is lowered to a warning or switched off is still not proven, and must be looked at again next time. */
function allProven(facts: VerifyFacts): boolean {
  // A rule of Git, and what it hides, may change without the listing.
  if (facts.clone.ignoredPackages.length > 0) return false
  // The work tree's file may change without the listing.
  if (facts.unmerged.length > 0) return false
  return facts.roots.every(
    ({sources, goVersions}) =>
      sources.every(({state}) => state.kind === 'proven') &&
      [...goVersions.values()].every(version => version !== 'unknown'),
  )
}

/** Modules that a line of the verbose report is about. */
function namesOf(facts: VerifyFacts): Set<string> {
  return new Set(facts.roots.flatMap(({sources}) => sources.map(({module}) => moduleName(module))))
}

/** `more` are modules with findings that are counted alone. */
function moduleLines(
  facts: VerifyFacts,
  findings: readonly Finding[],
  more: readonly string[],
): ModuleLine[] {
  const blamed = new Set(findings.flatMap(({facts}) => ('module' in facts ? [facts.module] : [])))
  for (const module of more) blamed.add(module)
  return facts.roots.flatMap(root =>
    root.sources.map(({module, from, state}) => {
      const name = moduleName(module)
      const found = state.kind === 'unhashed' || state.kind === 'mismatched' || blamed.has(name)
      const proven = state.kind === 'proven' ? state : undefined
      return {
        vendor: pathToUtf8(root.vendor),
        module: name,
        from: moduleName(from) === name ? undefined : moduleName(from),
        state:
          state.kind === 'outside'
            ? ('outside' as const)
            : state.kind === 'absent'
              ? ('unproven' as const)
              : found
                ? ('found' as const)
                : ('proven' as const),
        by: proven?.by,
        files: proven?.files ?? 0,
      }
    }),
  )
}

function untoldOf(facts: VerifyFacts): VerifyResult['untold'] {
  return facts.roots.flatMap(({sources}) =>
    sources.flatMap(({module, state}) =>
      state.kind === 'proven' && state.by === 'list' && state.untold.length > 0
        ? [{module: moduleName(module), files: state.untold.map(pathToUtf8)}]
        : [],
    ),
  )
}

function countOf(facts: VerifyFacts): VerifyResult['counts'] {
  const sources = facts.roots.flatMap(root => root.sources)
  return {
    modules: sources.length,
    vendors: facts.roots.length,
    files: sources.reduce((sum, {state}) => sum + (state.kind === 'proven' ? state.files : 0), 0),
    sums: facts.sums.reduce((sum, file) => sum + file.sum.lines.length, 0),
  }
}
