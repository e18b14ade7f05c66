import {oneLine} from '../text/one-line.ts'
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
    .map(line => `gowarden: ${oneLine(line)}\n`)
    .join('')
}
