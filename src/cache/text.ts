import {findingText} from '../findings/text.ts'
import {unreachable} from '../system/unreachable.ts'
import {sizeText} from '../text/amounts.ts'
import {oneLine} from '../text/one-line.ts'
import {table} from '../text/table.ts'
import type {Adopted, CacheStatus, Pruned} from './actions.ts'
import type {Audit} from './audit.ts'
import type {Owner, OwnerRecord} from './owner.ts'

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

/** `gowarden cache prune` for a person: a row for each isolated cache, and what came of them all. */
export function prunedText({base, isDryRun, caches}: Pruned): string {
  if (base === undefined) return 'GOCACHE names no directory: nothing to prune\n'
  if (caches.length === 0) return `no toolchain has its own cache below ${oneLine(base)}\n`
  const removed = caches.filter(({verdict}) => verdict.kind === 'remove')
  const verb = isDryRun ? 'would remove' : 'removed'
  const rows = caches.map(({path, bytes, verdict}) => [
    verdict.kind === 'remove' ? verb : 'kept',
    path,
    sizeText(bytes),
    verdict.reason,
  ])
  const freed = removed.reduce((sum, {bytes}) => sum + bytes, 0)
  return `${table(rows)}${verb} ${removed.length} of ${caches.length} caches, ${sizeText(freed)}\n`
}

/** `gowarden cache audit` for a person. */
export function auditText(audit: Audit): string {
  const {cache, since, objects, bytes, entries, oldest, newest, owners, versions, unnamed, dangling} = audit
  const rows = [
    ['cache', cache],
    ...(since === undefined ? [] : [['since', since]]),
    ['objects', `${objects}, ${sizeText(bytes)}`],
    ['entries', `${entries}${dangling ? `, ${dangling} of objects that are gone` : ''}`],
    ...(oldest === undefined ? [] : [['made', `${oldest} to ${newest}`]]),
    ...(owners.length === 0 ? [] : [['of users', owners.join(', ')]]),
    ...versions.map(({version, objects}) => ['holds', `${objects} package objects of ${version}`]),
    ...(unnamed === undefined || unnamed.objects === 0
      ? []
      : [['unnamed', `${unnamed.objects} objects that no entry names, ${sizeText(unnamed.bytes)}`]]),
  ]
  return `${table(rows)}${audit.wrong.map(({path, reason}) => `wrong: ${path}: ${reason}\n`).join('')}${auditEnd(audit)}`
}

function auditEnd({wrong, quarantine}: Audit): string {
  const verdict = wrong.length === 0 ? 'every object matches its name\n' : `${wrong.length} are wrong\n`
  if (quarantine !== undefined)
    return `${verdict}moved ${quarantine.moved} to ${quarantine.folder}; the next build makes new ones: go build ./...\n`
  return wrong.length === 0 ? verdict : `${verdict}move them aside: gowarden cache audit --quarantine\n`
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

/**
 * Where GOCACHE holds what other Go versions made, and nobody has said yet what becomes of it: the line that ends the refusals that
 * would follow, with its reason. '' otherwise.
 */
export function otherVersionsText({directory, versions, self, policy}: CacheStatus): string {
  const others = versions.map(({version}) => version).filter(version => version !== self.version)
  if (directory === undefined || others.length === 0 || policy.value !== 'refuse') return ''
  return (
    `GOCACHE ${oneLine(directory)} also holds objects of ${others.join(', ')}, and one cache has one owner: builds of the others are refused.\n` +
    'where several Go versions are used, give each a cache of its own: add this line to the same file\n' +
    '  export GOWARDEN_CACHE=isolate\n'
  )
}
