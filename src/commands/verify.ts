/** `gowarden verify`: go.sum and vendor/ proven on the Git index, a commit or the work tree. */
import {join} from 'node:path'
import {checkModFiles, checkTidy} from '../checks/go-mod.ts'
import {
  checkGraphSums,
  checkImportSums,
  checkSumFiles,
  checkSumsAgree,
  checkSurplusSums,
  checkVendoredSums,
} from '../checks/go-sum.ts'
import {checkClosure, checkModulesTxt, checkProven, checkVendorTree} from '../checks/vendor.ts'
import type {VerifyPolicy} from '../checks/verify-policy.ts'
import {UsageError} from '../errors.ts'
import {type Finding, hasErrors} from '../findings.ts'
import type {GitSystem} from '../git/git.ts'
import {pathFromUtf8, pathToUtf8, resolveInside} from '../git/path-bytes.ts'
import {formatModule, relativeTo} from '../go/module-path.ts'
import type {VerifyFacts} from '../go/verify-facts.ts'
import {probeRepository, type Repository} from '../probes/repository.ts'
import {type Judged, probeSnapshot, type Snapshot, startListing} from '../probes/snapshot.ts'
import {listNormalized} from '../probes/vendor-tree.ts'
import {probeVerify} from '../probes/verify.ts'
import {openVerifyMemo, type Remembered} from '../store/verify-memo.ts'
import {withScratch} from '../system.ts'

export type VerifyOptions = {
  /** Undefined: the index inside a Git hook, the work tree elsewhere. */
  judged: Judged | undefined
  /** Directories as the caller wrote them, relative to the working directory; empty for every module. */
  modules: readonly string[]
  /** Never download a zip. */
  offline: boolean
  policy: VerifyPolicy
  /** Changes with every release: a memo of another version is not read. */
  version: string
  /** Told what takes long; an empty text when it is over. */
  progress?(text: string): void
}

/** One line of the verbose report: zip ⇔ go.sum ⇔ vendor ⇔ modules.txt. */
export type ModuleLine = {
  vendor: string
  module: string
  /** The module whose source it is, where that is another. */
  from: string | undefined
  state: 'proven' | 'found' | 'unproven' | 'outside'
  by: 'zip' | 'directory' | undefined
  files: number
}

export type VerifyResult = {
  judged: Judged['kind']
  findings: Finding[]
  modules: ModuleLine[]
  /** Vendored files that were left out and that no build could read. */
  leftOut: {file: string; rule: string | undefined}[]
  counts: {modules: number; vendors: number; files: number; sums: number}
  /** True when nothing changed since a run that found everything in order. */
  remembered: boolean
}

/**
 * Returns what was found; prints nothing. Throws a UsageError for a revision or directory that does not exist, and a
 * WorldError outside a repository or without Git or Go.
 */
export async function verify(system: GitSystem, options: VerifyOptions): Promise<VerifyResult> {
  const judged: Judged = options.judged ?? (isInsideHook(system.env) ? {kind: 'staged'} : {kind: 'worktree'})
  if (judged.kind !== 'staged') return withScratch(scratch => verifyJudged(system, options, judged, scratch))
  return verifyJudged(system, options, judged, '')
}

async function verifyJudged(
  system: GitSystem,
  options: VerifyOptions,
  judged: Judged,
  scratch: string,
): Promise<VerifyResult> {
  const listing = judged.kind === 'staged' ? startListing(system) : undefined
  const repository = await probeRepository(system)
  const modules = options.modules.map(directory => directoryInRepository(system, repository, directory))
  const snapshot = await probeSnapshot(system, repository, judged, scratch, listing)
  const memo = openVerifyMemo(system, memoKey(system, options, repository, snapshot, modules))
  const remembered = memo.read()
  if (remembered !== undefined && (await stillHolds(system, snapshot, remembered))) {
    return {...(remembered.result as VerifyResult), judged: judged.kind, remembered: true}
  }
  const {facts, absent} = await probeVerify(system, repository, snapshot, {
    modules,
    modFiles: (options.policy.modFiles ?? []).map(pathFromUtf8),
    offline: options.offline,
    progress: options.progress ?? (() => {}),
  })
  const findings = judge(facts, options.policy)
  const result: VerifyResult = {
    judged: judged.kind,
    findings,
    modules: moduleLines(facts, findings),
    leftOut: facts.roots.flatMap(({leftOut}) =>
      leftOut.map(({path, rule}) => ({file: pathToUtf8(path), rule})),
    ),
    counts: countOf(facts),
    remembered: false,
  }
  if (!hasErrors(findings) && allProven(facts)) {
    memo.write({absent, normalized: facts.roots.flatMap(({normalized}) => normalized), result})
  }
  return result
}

/** Git tells its hooks by these; a hook judges what the commit will hold. */
export function isInsideHook(env: GitSystem['env']): boolean {
  return env['GIT_INDEX_FILE'] !== undefined || env['GIT_EXEC_PATH'] !== undefined
}

function directoryInRepository(system: GitSystem, repository: Repository, directory: string): string {
  const top = system.files.realPath(repository.cwd) ?? repository.cwd
  const here = system.files.realPath(system.cwd) ?? system.cwd
  const absolute = join(directory.startsWith('/') ? '/' : here, directory)
  const inside = absolute === top ? '' : resolveInside('', relativeTo(absolute, top))
  if ((absolute !== top && !absolute.startsWith(`${top}/`)) || inside === undefined) {
    throw new UsageError(`--module ${directory}: not a directory of this repository`)
  }
  return pathFromUtf8(inside)
}

/** All that decides the verdict, apart from what stillHolds asks again. */
function memoKey(
  system: GitSystem,
  options: VerifyOptions,
  repository: Repository,
  snapshot: Snapshot,
  modules: readonly string[],
): (string | Uint8Array)[] {
  const {env} = system
  const moduleCache = ['GOMODCACHE', 'GOPATH', 'GOENV', 'HOME', 'XDG_CONFIG_HOME'].map(
    name => env[name] ?? '',
  )
  const goEnv =
    env['GOENV'] ?? join(env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? '/', '.config'), 'go', 'env')
  const goEnvFile = goEnv === 'off' || !goEnv.startsWith('/') ? undefined : system.files.read(goEnv)
  return [
    options.version,
    repository.format,
    repository.gitDirectory,
    snapshot.listing,
    JSON.stringify([snapshot.intentToAdd, snapshot.baseTree ?? null, modules, options.policy, moduleCache]),
    goEnvFile ?? '',
  ]
}

async function stillHolds(system: GitSystem, snapshot: Snapshot, remembered: Remembered): Promise<boolean> {
  if (remembered.absent.some(path => system.files.stat(path) !== undefined)) return false
  const normalized = await listNormalized(snapshot.git, remembered.normalized)
  return remembered.normalized.every(path => normalized.has(path))
}

/** Every check, in the order a person would mend: what is broken first, then what it says, then what it holds. */
function judge(facts: VerifyFacts, policy: VerifyPolicy): Finding[] {
  return [
    ...checkModFiles(facts, policy),
    ...checkSumFiles(facts, policy),
    ...facts.modules.flatMap(module => [
      ...checkGraphSums(module, policy),
      ...checkImportSums(module, policy),
      ...checkSurplusSums(module, policy),
      ...checkTidy(module, policy),
    ]),
    ...facts.roots.flatMap(root => [
      ...checkVendoredSums(root, policy),
      ...checkSumsAgree(root, policy),
      ...checkModulesTxt(root, policy),
      ...checkProven(root, policy),
      ...checkClosure(root, policy),
      ...checkVendorTree(root, policy),
    ]),
  ]
}

/** What is lowered to a warning or switched off is still not proven, and must be looked at again next time. */
function allProven(facts: VerifyFacts): boolean {
  return facts.roots.every(
    ({sources, goVersions}) =>
      sources.every(({state}) => state.kind === 'proven') &&
      [...goVersions.values()].every(version => version !== 'unknown'),
  )
}

function moduleLines(facts: VerifyFacts, findings: readonly Finding[]): ModuleLine[] {
  const blamed = new Set(findings.flatMap(({facts}) => ('module' in facts ? [facts.module] : [])))
  return facts.roots.flatMap(root =>
    root.sources.map(({module, from, state}) => {
      const name = formatModule(module)
      const found = state.kind === 'unhashed' || state.kind === 'mismatched' || blamed.has(name)
      const proven = state.kind === 'proven' ? state : undefined
      return {
        vendor: pathToUtf8(root.vendor),
        module: name,
        from: formatModule(from) === name ? undefined : formatModule(from),
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

function countOf(facts: VerifyFacts): VerifyResult['counts'] {
  const sources = facts.roots.flatMap(root => root.sources)
  return {
    modules: sources.length,
    vendors: facts.roots.length,
    files: sources.reduce((sum, {state}) => sum + (state.kind === 'proven' ? state.files : 0), 0),
    sums: facts.sums.reduce((sum, file) => sum + file.sum.lines.length, 0),
  }
}
