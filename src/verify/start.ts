/** What every run of `gowarden verify` asks of Git, begun while the rest of the command is still being loaded. */
import {type GitSystem, gitIn} from '../git/git.ts'
import {probeRepository, type Repository} from '../git/repository.ts'
import type {PipeResult, System} from '../system/system.ts'

export type VerifyStart = {
  repository: Promise<Repository>
  /** The listing of the index; undefined where something else is judged. */
  listing: Promise<PipeResult> | undefined
}

export function startVerify(system: GitSystem, judged: 'staged' | 'worktree' | 'commit'): VerifyStart {
  const start = {
    listing: judged === 'staged' ? listIndex(system) : undefined,
    repository: probeRepository(system),
  }
  // Whoever awaits them is told; nobody may, when the words turn out to be wrong.
  start.listing?.catch(() => {})
  start.repository.catch(() => {})
  return start
}

/** The whole index from wherever the command runs: where its top is, is asked at the same time. */
function listIndex(system: GitSystem): Promise<PipeResult> {
  return gitIn(system, system.cwd)(['ls-files', '-s', '-z', '--full-name', ':/'])
}

/** Whether words of the command line, as far as they can be told before they are parsed, ask for the index. */
export function asksForIndex(words: readonly string[], env: System['env']): boolean {
  const [verb, ...flags] = words
  if (verb !== 'verify') return false
  if (flags.some(word => /^(-h|--help|--worktree|--commit(=.*)?)$/.test(word))) return false
  return flags.includes('--staged') || isInsideHook(env)
}

/** Git, or pre-commit, tells its hooks by these; a hook judges what the commit will hold. */
export function isInsideHook(env: System['env']): boolean {
  return ['GIT_INDEX_FILE', 'GIT_EXEC_PATH', 'PRE_COMMIT'].some(name => env[name] !== undefined)
}
