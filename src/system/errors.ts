/**
 * What can go wrong, by who can act on it. A broken rule is not here: that is a `Finding`, returned and never
 * thrown. Anything thrown that is neither of these two is our own bug and leaves with a stack trace (exit 70).
 */

/** A wrong call or a broken policy file: the person at the keyboard can mend it. Exit 2. */
export class UsageError extends Error {
  override name = 'UsageError'
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** The world failed: a file that cannot be read, a command that died. Exit 1 unless it says otherwise (127: not found). */
export class WorldError extends Error {
  override name = 'WorldError'
  readonly hint: string | undefined
  readonly exitCode: number

  constructor(message: string, options: {cause?: unknown; hint?: string; exitCode?: number} = {}) {
    super(message, {cause: options.cause})
    this.hint = options.hint
    this.exitCode = options.exitCode ?? 1
  }
}

/** A program that could not start: 127 when it is not on PATH, 126 when the system refuses to run it. */
export function cannotStart(program: string, cause: unknown, hint: string): WorldError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT') {
    return new WorldError(`running ${program}: not found on PATH`, {cause, hint, exitCode: exitCode.notFound})
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new WorldError(`running ${program}: ${reason}`, {cause, exitCode: exitCode.notExecutable})
}

/** By name: the planner and what it loads later are bundles of their own, each with its own copy of the class. */
export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && error.name === 'UsageError'
}

export function isWorldError(error: unknown): error is WorldError {
  return error instanceof Error && error.name === 'WorldError'
}

/** Exit codes, as CONTRIBUTING.md lists them: 126 and 127 keep their meaning in Unix. */
export const exitCode = {ok: 0, findings: 1, usage: 2, bug: 70, notExecutable: 126, notFound: 127} as const

/** Whether the system refused something, as opposed to a mistake of ours. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

/** A limit of the shell stops Node in any of its calls. */
export const openFilesHint = 'let this shell open more files, or use a new one: ulimit -n 1024'

/** Tells a Node system error by its code, e.g. 'EACCES'. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
