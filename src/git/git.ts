/** Git as verify calls it: an argument list, bytes, and never a write to the work tree or the index. */
import {cannotStart, WorldError} from '../system/errors.ts'
import type {Pipe, PipeResult, System} from '../system/system.ts'

/** A System that can also speak bytes. */
export type GitSystem = System & {pipe: Pipe}

export type Git = (args: readonly string[], input?: Uint8Array) => Promise<PipeResult>

/**
 * Runs Git in `cwd`. Pathspec switches of the caller's environment are dropped, for our pathspecs mean what they say here;
 * GIT_INDEX_FILE, GIT_DIR and their like stay: a hook is told by them what it judges. What `git replace` shows in the place of an
 * object is this clone's alone: a push sends the object itself.
 */
export function gitIn(system: GitSystem, cwd: string, env: Record<string, string> = {}): Git {
  const dropped = {
    GIT_LITERAL_PATHSPECS: undefined,
    GIT_GLOB_PATHSPECS: undefined,
    GIT_NOGLOB_PATHSPECS: undefined,
    GIT_ICASE_PATHSPECS: undefined,
  }
  const childEnv = {
    ...system.env,
    ...dropped,
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    LC_ALL: 'C',
    ...env,
  }
  return async (args, input) => {
    try {
      return await system.pipe('git', args, {cwd, env: childEnv, ...(input === undefined ? {} : {input})})
    } catch (cause) {
      throw cannotStart('git', cause, 'install Git')
    }
  }
}

/** The child's standard output; throws with Git's own words when it failed. */
export function outputOf(what: string, result: PipeResult): Buffer {
  if (result.exitCode === 0) return result.stdout
  throw new WorldError(
    `${what}: ${result.stderr.trim() || `git ended with ${result.exitCode ?? result.signal}`}`,
  )
}
