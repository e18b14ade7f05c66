/** Reports of hosts: one of everything, and as many as wanted, the same each time. */
import {emptyCounts} from '../../src/events/counts.ts'
import type {RecordedEvent} from '../../src/events/file.ts'
import type {History} from '../../src/events/read.ts'
import type {HostFacts} from '../../src/metrics/facts.ts'
import {makeReport} from '../../src/report/make.ts'
import type {Report} from '../../src/report/shape.ts'
import type {Event} from '../../src/system/happening.ts'
import {oneOfEach} from './events.ts'
import {hashNamed} from './hashes.ts'
import {hostFacts} from './metrics.ts'
import {randomFrom} from './random.ts'

/** When these reports were made. */
export const now = '2026-11-27T13:30:00.000Z'

const dayMs = 86_400_000

/** The events that are kept, with what was counted of none before. */
export function historyOf(events: readonly RecordedEvent[]): History {
  return {counts: emptyCounts, bypasses: [], events: [...events]}
}

/** Each event, so many hours before. */
export function eventsAgo(hours: number, events: readonly Event[]): RecordedEvent[] {
  const time = new Date(Date.parse(now) - hours * 3_600_000).toISOString()
  return events.map(event => ({time, ...event}))
}

/** The report of a host with something of each kind, of the last thirty days. */
export function reportOf(
  facts: Partial<HostFacts> = {},
  history: History = historyOf([...eventsAgo(200, oneOfEach), ...eventsAgo(2, oneOfEach)]),
  about: Partial<Parameters<typeof makeReport>[2]> = {},
): Report {
  return makeReport({...hostFacts, atMs: Date.parse(now), ...facts}, history, {
    host: 'build-01',
    user: 'ci',
    directory: '/srv/shop',
    version: '1.2.3',
    isThere: () => true,
    sinceMs: Date.parse(now) - 30 * dayMs,
    ...about,
  })
}

const versions = ['go1.26.8', 'go1.26.11', 'go1.25.3', 'go1.27.4', 'go1.24.4', 'go1.23.12', 'go1.22.9']
const repositories = ['shop', 'billing', 'search', 'gateway', 'mobile-api', 'ledger', 'tools']
const codes = ['CACHE_FOREIGN', 'FLAG_DENIED', 'TOOLCHAIN_VERSION', 'LOCK_MISMATCH', 'STAMP_COMPILER']

/** As many hosts, of which some are unguarded, refused, twins or bypassed; `seed` makes others of them. */
export function manyReports(hosts: number, seed = 1): Report[] {
  const below = randomFrom(seed)
  const random = () => below(1_000_000) / 1_000_000
  const pick = <T>(all: readonly [T, ...T[]] | readonly T[]): T => all[below(all.length)] as T
  return Array.from({length: hosts}, (_, at) => {
    const version = versions[Math.floor(random() ** 2 * versions.length)] ?? 'go1.26.8'
    const isTwin = version === 'go1.26.8' && random() < 0.08
    const hash = hashNamed(version, isTwin ? 'distribution' : 'upstream')
    const events = Array.from({length: 40 + below(60)}, () => {
      const time = new Date(Date.parse(now) - below(29 * dayMs)).toISOString()
      return {time, ...anEvent(hash)}
    })
    const isForeign = random() < 0.06
    const report = reportOf(
      {
        guard: random() < 0.05 ? 'unguarded' : 'guarded',
        reason: '',
        canBuild: !isForeign,
        findings: isForeign ? hostFacts.findings : [],
        cacheStatus: isForeign ? 'refused' : 'owned',
        toolchains: [
          {
            hash,
            version,
            platform: 'linux/amd64',
            goroot: '/usr/local/go',
            isCurrent: true,
            proven: isTwin ? 'unknown' : 'yes',
            locked: 'yes',
          },
        ],
        caches: [
          {
            path: '/home/ci/.cache/go-build',
            isCurrent: true,
            owners: [hash],
            bytes: below(9e9),
            objects: 1 + below(90_000),
          },
        ],
        binaries: [
          {directory: '/usr/local/bin', state: 'stamped', count: 4 + below(9), files: []},
          {directory: '/usr/local/bin', state: 'unstamped', count: below(3), files: ['/usr/local/bin/old']},
        ],
      },
      historyOf(events.sort((a, b) => (a.time < b.time ? -1 : 1))),
      {host: `build-${String(at + 1).padStart(3, '0')}`},
    )
    return random() < 0.04 ? {...report, at: '2026-11-14T08:00:00.000Z'} : report
  })

  function anEvent(toolchain: string): Event {
    const repository = `/home/ci/${pick(repositories)}`
    const ofGo = {subcommand: 'build', toolchain, goroot: '/usr/local/go', repository, ms: 60 + below(200)}
    const chance = random()
    if (chance < 0.05)
      return {kind: 'refusal', ...ofGo, exit: 1, found: [{code: pick(codes), level: 'error', count: 1}]}
    if (chance < 0.08)
      return {
        kind: 'bypass',
        what: 'GOWARDEN=off',
        command: ['go', 'test', './...'],
        directory: repository,
        reason: pick(['the proxy is down', 'hotfix 4711, see the incident channel', 'bisecting']),
        policy: `${repository}/.gowardenrc.yaml:3`,
      }
    if (chance < 0.18)
      return {
        kind: 'verify',
        ...{judged: 'staged', repository, modules: 1, files: 900, isRemembered: false, ms: 80 + below(4000)},
        found: random() < 0.1 ? [{code: 'VENDOR_EDITED', level: 'error', count: 1 + below(4)}] : [],
      }
    if (chance < 0.2)
      return {
        kind: 'audit',
        ...{cache: '/home/ci/.cache/go-build', objects: 90_000, bytes: 4e9, isPartial: false, ms: 9000},
        wrong: random() < 0.03 ? 2 : 0,
      }
    return {kind: 'plan', ...ofGo, isStored: true, found: []}
  }
}
