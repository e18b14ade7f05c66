/** `gowarden verify`: go.sum and vendor/ proven on the Git index, a commit or the work tree. */
import {join} from 'node:path'
import type {GitSystem} from '../git/git.ts'
import {type PathBytes, pathFromUtf8, resolveInside, topDirectory} from '../git/path-bytes.ts'
import type {Repository} from '../git/repository.ts'
import {relativeTo} from '../go/module/module-path.ts'
import {UsageError} from '../system/errors.ts'
import {withScratch} from '../system/node.ts'
import {optimizeLate} from '../system/optimize-late.ts'
import {openVerifyMemo, type Remembered, type VerifyMemo} from './memo.ts'
import {codeDigests} from './probes/code-digest.ts'
import {type Judged, probeSnapshot, type Snapshot} from './probes/snapshot.ts'
import type {VerifyOptions, VerifyResult} from './result.ts'
import {isInsideHook, startVerify} from './start.ts'

/** A run with more warnings than this is judged again: a record of half a million is slower to read than go.sum. */
const mostRemembered = 10_000

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
  const circumstances = circumstancesOf(system, options, repository, snapshot, modules)
  const memo = openVerifyMemo(system, [...circumstances, snapshot.baseTree ?? '', snapshot.listing])
  const isAsked = options.exportProofs === undefined
  const known = isAsked ? await recall(memo) : undefined
  if (known !== undefined) return here(resultOf(known))
  optimizeLate()
  const digests = codeDigests(system, repository, snapshot)
  const byCode = (digest: string) => openVerifyMemo(system, ['code', ...circumstances, digest])
  // A policy may give any name to what is judged as a go.mod.
  const mayBeAlike = (options.policy.modFiles ?? []).every(name => name.endsWith('.mod'))
  const digest = isAsked && mayBeAlike ? await digests.before() : undefined
  const alike = digest === undefined ? undefined : await recall(byCode(digest))
  if (alike !== undefined) {
    memo.write(alike, judged.kind, false)
    return here(resultOf(alike))
  }
  // An unchanged run, and most commits, need none of it.
  const {judgeSnapshot} = await import('./judge.ts')
  const {result, rests, isSpotless} = await judgeSnapshot(system, repository, snapshot, options, modules)
  const {findings, more} = result
  const {length} = findings
  if (rests !== undefined && length + more.length <= mostRemembered)
    memo.write({...rests, result}, judged.kind, length > 0)
  if (rests !== undefined && isSpotless && mayBeAlike) {
    const after = digest ?? (await digests.after())
    if (after !== undefined) byCode(after).write({...rests, result}, judged.kind, false)
  }
  return here(result)

  async function recall(memo: VerifyMemo): Promise<Remembered | undefined> {
    const remembered = memo.read(judged.kind)
    return remembered && (await stillHolds(system, snapshot, remembered)) ? remembered : undefined
  }

  function resultOf({result}: Remembered): VerifyResult {
    return {...(result as VerifyResult), judged: judged.kind, remembered: true}
  }

  /** Told of this commit and where the person stands, which is no part of what is remembered. */
  async function here(result: VerifyResult): Promise<VerifyResult> {
    const {commit: id} = snapshot
    const named = id === undefined ? result : {...result, commit: id}
    if (result.findings.length === 0) return named
    const {hintsAt} = await import('./place.ts')
    const commit = id && {id, isHead: (await headOf(repository)) === id, inRange: options.inRange === true}
    const env = Object.fromEntries(
      Object.entries(repository.env).filter(([name, value]) => system.env[name] !== value),
    )
    return hintsAt(named, {cwd: system.cwd, top: repository.top, env, commit: commit || undefined})
  }
}

async function headOf(repository: Repository): Promise<string> {
  const asked = await repository.git(['rev-parse', '--verify', '--quiet', 'HEAD'])
  return asked.stdout.toString().trim()
}

function directoryInRepository(system: GitSystem, repository: Repository, directory: string): PathBytes {
  const top = system.files.realPath(repository.cwd) ?? repository.cwd
  const here = system.files.realPath(system.cwd) ?? system.cwd
  const absolute = join(directory.startsWith('/') ? '/' : here, directory)
  const inside =
    absolute === top ? topDirectory : resolveInside(topDirectory, pathFromUtf8(relativeTo(absolute, top)))
  if ((absolute !== top && !absolute.startsWith(`${top}/`)) || inside === undefined) {
    throw new UsageError(`--module ${directory}: not a directory of this repository`)
  }
  return inside
}

/** All that decides the verdict beside the listing and its base, apart from what stillHolds asks again. */
function circumstancesOf(
  system: GitSystem,
  options: VerifyOptions,
  repository: Repository,
  snapshot: Snapshot,
  modules: readonly PathBytes[],
): (string | Uint8Array)[] {
  const {env} = system
  const variables = ['GOMODCACHE', 'GOPATH', 'GOENV', 'GOWORK', 'HOME', 'XDG_CONFIG_HOME'].map(
    name => env[name] ?? '',
  )
  const goEnv =
    env['GOENV'] ?? join(env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? '/', '.config'), 'go', 'env')
  const goEnvFile = goEnv === 'off' || !goEnv.startsWith('/') ? undefined : system.files.read(goEnv)
  return [
    options.version,
    repository.format,
    repository.gitDirectory,
    options.proofs?.digest ?? '',
    JSON.stringify([
      snapshot.intentToAdd,
      snapshot.hidden,
      modules,
      options.inRange ?? false,
      options.policy,
      variables,
    ]),
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
