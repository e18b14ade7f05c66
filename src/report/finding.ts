import type {Finding} from '../findings.ts'
import {describe} from '../messages.ts'

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

/** An error that is not a finding: one sentence, and a hint where there is one. */
export function errorText(message: string, hint?: string): string {
  const lines = [`error: ${message}`, ...(hint === undefined ? [] : [`hint: ${hint}`])]
  return lines.map(line => `gowarden: ${line}\n`).join('')
}

/** Our own bug: what happened, and where to tell it. Nothing was built. */
export function bugText(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `gowarden: error: this is a bug in gowarden, nothing was built; please report it with these lines\n${stack}\n`
}
