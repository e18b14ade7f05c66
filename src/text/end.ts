/** The last words of a program that an error ends. */
import {exitCode, hasCode, isUsageError, isWorldError, openFilesHint} from '../system/errors.ts'
import {oneLine, safeLines} from './one-line.ts'

/** How a program ends on an error: what it says, and its exit status. Neither usage nor world: then it is our bug. */
export function endOf(error: unknown): {text: string; code: number} {
  if (isUsageError(error)) return {text: errorText(error.message, error.hint), code: exitCode.usage}
  if (isWorldError(error)) return {text: errorText(error.message, error.hint), code: error.exitCode}
  if (hasCode(error, 'EMFILE'))
    return {text: errorText('too many open files', openFilesHint), code: exitCode.findings}
  // Nobody reads on, as behind head: a program in a pipe ends without a word, as if by SIGPIPE.
  if (hasCode(error, 'EPIPE') && hasSyscall(error, 'write')) return {text: '', code: 128 + 13}
  // The working directory was removed under us.
  if (hasSyscall(error, 'uv_cwd'))
    return {text: errorText('the working directory is gone', 'cd to one that exists'), code: 1}
  const refusal = refusalText(error)
  if (refusal !== undefined) return {text: errorText(refusal, undefined), code: exitCode.findings}
  return {text: bugText(error), code: exitCode.bug}
}

/** `mkdir /opt/x: permission denied`: what the system does not let us do is no bug of ours, wherever it was. */
function refusalText(error: unknown): string | undefined {
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EIO'].some(code => hasCode(error, code)))
    return undefined
  if (!(error instanceof Error)) return undefined
  const [, reason, done] = error.message.match(/^E\w+: (.*?), (.*)$/s) ?? []
  return reason === undefined || done === undefined ? error.message : `${done}: ${reason}`
}

function errorText(message: string, hint: string | undefined): string {
  const lines = [`error: ${message}`, ...(hint === undefined ? [] : [`hint: ${hint}`])]
  return lines.map(line => `gowarden: ${oneLine(line)}\n`).join('')
}

/** A stack trace names files of ours; its message may hold anything, and only lines that begin like one of a stack stay lines. */
function bugText(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `gowarden: error: this is a bug in gowarden; please report it with these lines\n${safeLines(indent(stack))}\n`
}

function indent(stack: string): string {
  return stack.replaceAll('\n', '\n  ')
}

function hasSyscall(error: unknown, name: string): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === name
}
