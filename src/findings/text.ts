import {exitCode, isUsageError, isWorldError} from '../system/errors.ts'
import {describe} from './describe.ts'
import type {Finding} from './finding.ts'

/**
 * A finding as lines for stderr:
 *
 *   gowarden: error: GOCACHE /home/u/.cache/go-build was populated by another GOROOT [CACHE_FOREIGN]
 *   gowarden:   owner  go1.26.8.linux-amd64@h1:9f2c…  /opt/go
 *   gowarden: hint: give this toolchain its own cache: export GOWARDEN_CACHE=isolate
 */
export function findingText(finding: Finding): string {
  const {headline, details, hints} = describe(finding)
  const width = Math.max(0, ...details.map(([label]) => label.length))
  const level = finding.level === 'error' ? 'error' : 'warning'
  return [
    `${level}: ${headline} [${finding.code}]`,
    ...details.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`),
    ...hints.map(hint => `hint: ${hint}`),
  ]
    .map(line => `gowarden: ${line}\n`)
    .join('')
}

/** How a program ends on an error: what it says, and its exit status. Neither usage nor world: then it is our bug. */
export function endOf(error: unknown): {text: string; code: number} {
  if (isUsageError(error)) return {text: errorText(error.message, error.hint), code: exitCode.usage}
  if (isWorldError(error)) return {text: errorText(error.message, error.hint), code: error.exitCode}
  // The working directory was removed under us.
  if (hasSyscall(error, 'uv_cwd'))
    return {text: errorText('the working directory is gone', 'cd to one that exists'), code: 1}
  return {text: bugText(error), code: exitCode.bug}
}

function errorText(message: string, hint: string | undefined): string {
  const lines = [`error: ${message}`, ...(hint === undefined ? [] : [`hint: ${hint}`])]
  return lines.map(line => `gowarden: ${line}\n`).join('')
}

function bugText(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `gowarden: error: this is a bug in gowarden; please report it with these lines\n${stack}\n`
}

function hasSyscall(error: unknown, name: string): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === name
}
