/** The go command, as verify asks it: outside of any module. */
import type {GitSystem} from '../../git/git.ts'
import {outsideModules, withoutCounters} from '../../go/command/child-env.ts'
import {strangersFolder} from '../../store/folder.ts'
import {cannotStart, exitCode, WorldError} from '../../system/errors.ts'
import type {RunResult, System} from '../../system/system.ts'

/**
 * Outside any module no go line switches toolchains and nothing is downloaded for it. Throws a WorldError where there is no go:
 * none on PATH, or a launcher or a shim with none behind it. Any other failure is the caller's to read.
 */
export async function runGo(
  system: System,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  const env = {...outsideModules(system.env, cwd), ...more}
  const isOwnHome = strangersFolder(system, system.env['HOME'] ?? '/') === undefined
  let result: RunResult
  try {
    result = await system.run('go', args, {cwd, env: isOwnHome ? env : withoutCounters(env)})
  } catch (cause) {
    throw cannotStart('go', cause, noGoHint)
  }
  // As sh and env say it: what stands there as go could not start another.
  if (result.exitCode === exitCode.notFound || result.exitCode === exitCode.notExecutable)
    throw goFailed('running go', result)
  return result
}

/** The same for an answer of milliseconds, for which execa is not loaded: nobody waits for its end when ours comes first. */
export function askGo(system: GitSystem, args: readonly string[], cwd: string): Promise<RunResult> {
  const run: System['run'] = async (file, words, options) => {
    const result = await system.pipe(file, words, options)
    return {...result, stdout: result.stdout.toString()}
  }
  return runGo({...system, run}, args, cwd)
}

const noGoHint = 'install Go (https://go.dev/dl), and put it on PATH: export PATH="$PATH:/usr/local/go/bin"'

/** A go command that ended without an answer, in its own words. `what` it was asked for. */
export function goFailed(what: string, {exitCode: code, signal, stderr}: RunResult): WorldError {
  const lines = stderr.split('\n').map(line => line.trim())
  const said = lines.find(line => line.startsWith('gowarden: error: ')) ?? lines.filter(Boolean).at(-1)
  const reason = said?.replace(/^(gowarden: error|go): /, '') ?? `go ended with ${code ?? signal}`
  const isMissing = code === exitCode.notFound
  return new WorldError(`${what}: ${reason}`, {
    ...(isMissing ? {hint: noGoHint} : {}),
    exitCode: isMissing || code === exitCode.notExecutable ? code : exitCode.findings,
  })
}
