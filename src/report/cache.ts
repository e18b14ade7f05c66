import type {Adopted, CacheStatus} from '../commands/cache.ts'
import type {Owner, OwnerRecord} from '../store/owner.ts'
import {unreachable} from '../unreachable.ts'
import {findingText} from './finding.ts'
import {table} from './table.ts'

/** `gowarden cache status` for a person. */
export function cacheStatusText(status: CacheStatus): string {
  const where =
    status.directory ?? (status.program === undefined ? 'none' : `served by GOCACHEPROG=${status.program}`)
  const rows = [
    ['cache', where],
    ['policy', `${status.policy.value} (${status.policy.origin})`],
    ['this toolchain', ownerText(status.self)],
    ...(status.record === undefined ? [] : recordRows(status.record)),
    ...status.versions.map(({version, objects}) => ['holds', `${objects} package objects of ${version}`]),
  ]
  return [table(rows), ...status.findings.map(findingText)].join('')
}

/** `gowarden cache adopt` for a person. */
export function adoptedText({directory, self, before}: Adopted): string {
  return table([['cache', directory], ...recordRows(before, 'before'), ['owner now', ownerText(self)]])
}

function recordRows(record: OwnerRecord, label = 'owner'): string[][] {
  switch (record.kind) {
    case 'absent':
      return [[label, 'none recorded']]
    case 'corrupt':
      return [[label, `unknown: ${record.reason}`]]
    case 'owned':
      return record.owners.map(owner => [label, ownerText(owner)])
    default:
      return unreachable(record)
  }
}

function ownerText({hash, goroot}: Owner): string {
  return `${hash}  ${goroot}`
}
