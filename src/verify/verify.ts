/** `gowarden verify`: go.sum and vendor/ proven on the Git index, a commit or the work tree. */
import {join} from 'node:path'
import type {Finding} from '../findings/finding.ts'
import type {GitSystem} from '../git/git.ts'
import {pathFromUtf8, resolveInside} from '../git/path-bytes.ts'
import type {Repository} from '../git/repository.ts'
import {relativeTo} from '../go/module/module-path.ts'
import {UsageError} from '../system/errors.ts'
import {withScratch} from '../system/node.ts'
import type {VerifyPolicy} from './checks/finding.ts'
import {openVerifyMemo, type Remembered} from './memo.ts'
import {type Judged, probeSnapshot, type Snapshot} from './probes/snapshot.ts'
import {isInsideHook, startVerify, type VerifyStart} from './start.ts'

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
  /** What was asked already of the index that is judged. */
  start?: VerifyStart | undefined
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
  const start = options.start ?? startVerify(system, judged.kind)
  const repository = await start.repository
  const modules = options.modules.map(directory => directoryInRepository(system, repository, directory))
  const listing = judged.kind === 'staged' ? start.listing : undefined
  const snapshot = await probeSnapshot(system, repository, judged, scratch, listing)
  const memo = openVerifyMemo(system, memoKey(system, options, repository, snapshot, modules))
  const remembered = memo.read()
  if (remembered !== undefined && (await stillHolds(system, snapshot, remembered))) {
    return {...(remembered.result as VerifyResult), judged: judged.kind, remembered: true}
  }
  // An unchanged run needs none of it.
  const {judgeSnapshot} = await import('./judge.ts')
  const {result, rests} = await judgeSnapshot(system, repository, snapshot, options, modules)
  if (rests !== undefined) memo.write({...rests, result})
  return result
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
  if (remembered.normalized.length === 0) return true
  const {listNormalized} = await import('./probes/vendor-tree.ts')
  const normalized = await listNormalized(snapshot.git, remembered.normalized)
  return remembered.normalized.every(path => normalized.has(path))
}
