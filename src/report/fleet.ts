/** The reports of many hosts as one: the worst first. A function of the reports and of the time. */
import {binaryStates} from '../metrics/states.ts'
import {addUpDays, compare, sum} from './add-up.ts'
import {daysBetween} from './days.ts'
import {cutTexts} from './make.ts'
import {problemsOf} from './problems.ts'
import type {Report, ReportedBypass, ReportedDay} from './shape.ts'
import {oddHashes, type Twin, twinsOf} from './twins.ts'

export const fleetKind = 'gowarden fleet'
export const fleetFormat = 1

/** A file that is not in it, and why; `isWrong`: it is no report. Else a newer one of the same host is there. */
export type Skipped = {file: string; reason: string; isWrong: boolean}

/** A file, and the report in it. */
export type Filed = {file: string; report: Report}

/** What `gowarden report --merge --json` prints. Lists are bounded, and where one is, its `…Count` says how many there were. */
export type Fleet = {
  kind: typeof fleetKind
  format: typeof fleetFormat
  gowarden: string
  at: string
  /** The earliest time since which a host counted its events. */
  since: string
  hostCount: number
  /** The worst first. */
  hosts: FleetHost[]
  /** What is wrong, with the hosts that have it: the errors first, then by hosts. */
  problems: {word: string; level: 'error' | 'warn'; hostCount: number; hosts: string[]}[]
  twins: FleetTwin[]
  /** By hosts. A release of Go; with how many hashes. */
  versions: {version: string; hosts: number; plans: number; hashes: string[]}[]
  codes: {code: string; level: 'error' | 'warn'; by: string; count: number; refused: number; hosts: number}[]
  /** Called by the name of their folder, so that one is the same on every host; by the share of bypasses. */
  repositories: {name: string; hosts: number; plans: number; refusals: number; bypasses: number}[]
  days: ReportedDay[]
  bypassCount: number
  /** The last first. */
  bypasses: (ReportedBypass & {host: string; user: string})[]
  /** The slowest first. */
  verifies: {
    host: string
    repository: string
    runs: number
    failed: number
    slowestMs: number
    last: string
  }[]
  /** Caches with objects, never audited ones first, then the oldest audit. */
  audits: {host: string; cache: string; audited: string | null; bytes: number}[]
  binaries: Report['binaries'][number]['counts']
  skipped: Skipped[]
}

export type FleetHost = {
  host: string
  user: string
  at: string
  gowarden: string
  level: 'error' | 'warn' | 'ok'
  /** In a few words each, the errors first. */
  reasons: {level: 'error' | 'warn'; word: string}[]
  /** Of the toolchain in use; '' where no go answers. */
  version: string
  hash: string
  toolchains: number
  cacheStatus: Report['cacheStatus']
  cacheBytes: number
  plans: number
  refusals: number
  bypasses: number
  /** The oldest last audit among caches with objects; null where one was never audited, or there is none. */
  audited: string | null
  binaries: number
  unstamped: number
}

export type FleetTwin = {
  version: string
  platform: string
  hashes: {hash: string; isProven: boolean; hostCount: number; hosts: string[]}[]
}

/** How many of each a page of many hosts has. */
const most = {
  hosts: 2000,
  named: 10,
  twins: 50,
  versions: 60,
  codes: 100,
  repositories: 60,
  bypasses: 100,
  verifies: 30,
  audits: 50,
  days: 400,
  problems: 60,
} as const

/** A report that is so many days old says little of what is now. */
const oldDays = 7

/** Puts together what was read; `nowMs` is when. Of one host and user the newest report counts. */
export function mergeReports(
  filed: readonly Filed[],
  wrong: readonly Skipped[],
  {version, nowMs}: {version: string; nowMs: number},
): Fleet {
  const at = new Date(nowMs).toISOString()
  const {newest, older} = newestOfEach(filed)
  const reports = newest.map(({report}) => report)
  const twins = twinsOf(
    reports.flatMap(({host, toolchains}) =>
      toolchains.filter(({goroots}) => goroots.length > 0).map(toolchain => ({...toolchain, host})),
    ),
  )
  const hosts = reports.map(report => hostOf(report, twins, at)).sort(worstFirst)
  return cutTexts({
    kind: fleetKind,
    format: fleetFormat,
    gowarden: version,
    at,
    since: reports.reduce((so, {since}) => (since < so ? since : so), at),
    hostCount: hosts.length,
    hosts: hosts.slice(0, most.hosts),
    problems: problemsIn(hosts),
    twins: twins.slice(0, most.twins).map(twin => ({
      ...twin,
      hashes: twin.hashes.slice(0, most.named).map(({hosts: on, ...one}) => ({
        ...{...one, hostCount: on.length, hosts: on.slice(0, most.named)},
      })),
    })),
    versions: versionsOf(reports),
    codes: codesOf(reports),
    repositories: repositoriesOf(reports),
    days: addUpDays(
      reports.flatMap(({days}) => days),
      most,
    ),
    bypassCount: sum(reports.map(({bypassCount}) => bypassCount)),
    bypasses: reports
      .flatMap(({host, user, bypasses}) => bypasses.map(bypass => ({...bypass, host, user})))
      .sort((a, b) => compare(b.time, a.time))
      .slice(0, most.bypasses),
    verifies: reports
      .flatMap(({host, verifies}) =>
        verifies.map(({repository, runs, failed, slowestMs, last}) => ({
          ...{host, repository, runs, failed, slowestMs, last},
        })),
      )
      .sort((a, b) => b.slowestMs - a.slowestMs)
      .slice(0, most.verifies),
    audits: reports
      .flatMap(({host, caches}) =>
        caches
          .filter(({objects}) => objects > 0)
          .map(({path, audited, bytes}) => ({host, cache: path, audited, bytes})),
      )
      .sort((a, b) => compare(a.audited ?? '', b.audited ?? '') || b.bytes - a.bytes)
      .slice(0, most.audits),
    binaries: binariesOf(reports),
    skipped: [...wrong, ...older],
  })
}

/** A page names the host; of the same one under two names it can know nothing. */
function newestOfEach(filed: readonly Filed[]): {newest: Filed[]; older: Skipped[]} {
  const byHost = new Map<string, Filed>()
  const older: Skipped[] = []
  for (const one of filed) {
    const key = JSON.stringify([one.report.host, one.report.user])
    const known = byHost.get(key)
    if (known === undefined) {
      byHost.set(key, one)
      continue
    }
    const isNewer = one.report.at > known.report.at
    const [kept, left] = isNewer ? [one, known] : [known, one]
    byHost.set(key, kept)
    const isTwice = left.file === kept.file
    const whose = `${one.report.host}${one.report.user === '' ? '' : `, ${one.report.user}`}`
    older.push({
      file: left.file,
      reason: isTwice
        ? 'named twice, and counted once'
        : `not counted: ${kept.file} is ${kept.report.at === left.report.at ? 'of the same time' : 'newer'} and of the same host (${whose}); if they are two hosts, write them with gowarden report --host NAME`,
      isWrong: false,
    })
  }
  return {newest: [...byHost.values()], older}
}

function hostOf(report: Report, twins: readonly Twin[], at: string): FleetHost {
  const {host, user, toolchains, caches, days, binaries} = report
  const current = toolchains.find(({isCurrent}) => isCurrent)
  const own = problemsOf(report).map(({level, word}) => ({level, word}))
  const elsewhere = twins
    .filter(twin => oddHashes(twin).some(odd => odd === current?.hash))
    .map(({version}) => ({level: 'error' as const, word: `twin of ${version}`}))
  const age = daysBetween(report.at, at)
  const old = age < oldDays ? [] : [{level: 'warn' as const, word: 'old report'}]
  const reasons = distinct([...own, ...elsewhere, ...old])
  const filled = caches.filter(({objects}) => objects > 0)
  return {
    ...{host, user, at: report.at, gowarden: report.gowarden, cacheStatus: report.cacheStatus},
    level: reasons.some(({level}) => level === 'error') ? 'error' : reasons.length > 0 ? 'warn' : 'ok',
    reasons: [
      ...reasons.filter(({level}) => level === 'error'),
      ...reasons.filter(({level}) => level === 'warn'),
    ].slice(0, most.named),
    version: current?.version ?? '',
    hash: current?.hash ?? '',
    toolchains: toolchains.filter(({goroots}) => goroots.length > 0).length,
    cacheBytes: sum(caches.map(({bytes}) => bytes)),
    plans: sum(toolchains.map(({plans}) => plans)),
    refusals: sum(days.map(({refusals}) => refusals)),
    bypasses: report.bypassCount,
    audited: filled.some(({audited}) => audited === null)
      ? null
      : filled.reduce<string | null>(
          (so, {audited}) => (so === null || (audited ?? '') < so ? audited : so),
          null,
        ),
    binaries: sum(binaries.map(({counts}) => sum(Object.values(counts)))),
    unstamped: sum(binaries.map(({counts}) => counts.unstamped)),
  }
}

function distinct(reasons: FleetHost['reasons']): FleetHost['reasons'] {
  const seen = new Set<string>()
  return reasons.filter(({word}) => !seen.has(word) && seen.add(word))
}

const rank = {error: 0, warn: 1, ok: 2}

function worstFirst(a: FleetHost, b: FleetHost): number {
  const errors = ({reasons}: FleetHost) => reasons.filter(({level}) => level === 'error').length
  return (
    rank[a.level] - rank[b.level] ||
    errors(b) - errors(a) ||
    b.reasons.length - a.reasons.length ||
    b.refusals - a.refusals ||
    shareOf(b) - shareOf(a) ||
    compare(a.host, b.host) ||
    compare(a.user, b.user)
  )
}

/** Which part of the commands that were planned or bypassed was bypassed, from 0 to 1. */
export function shareOf({plans, bypasses}: {plans: number; bypasses: number}): number {
  return plans + bypasses === 0 ? 0 : bypasses / (plans + bypasses)
}

function problemsIn(hosts: readonly FleetHost[]): Fleet['problems'] {
  const byWord = new Map<string, {word: string; level: 'error' | 'warn'; on: Set<string>}>()
  for (const {host, reasons} of hosts)
    for (const {word, level} of reasons) {
      const so = byWord.get(`${level} ${word}`) ?? {word, level, on: new Set()}
      so.on.add(host)
      byWord.set(`${level} ${word}`, so)
    }
  return [...byWord.values()]
    .sort((a, b) => rank[a.level] - rank[b.level] || b.on.size - a.on.size || compare(a.word, b.word))
    .slice(0, most.problems)
    .map(({word, level, on}) => ({word, level, hostCount: on.size, hosts: [...on].slice(0, most.named)}))
}

function versionsOf(reports: readonly Report[]): Fleet['versions'] {
  const byVersion = new Map<string, {on: Set<string>; plans: number; hashes: Set<string>}>()
  for (const {host, toolchains} of reports)
    for (const {version, hash, plans, goroots} of toolchains) {
      if (goroots.length === 0 && plans === 0) continue
      const so = byVersion.get(version) ?? {on: new Set(), plans: 0, hashes: new Set()}
      so.on.add(host)
      so.hashes.add(hash)
      byVersion.set(version, {...so, plans: so.plans + plans})
    }
  return [...byVersion]
    .map(([version, {on, plans, hashes}]) => ({
      ...{version, hosts: on.size, plans, hashes: [...hashes].sort().slice(0, most.named)},
    }))
    .sort((a, b) => b.hosts - a.hosts || b.plans - a.plans || compare(a.version, b.version))
    .slice(0, most.versions)
}

function codesOf(reports: readonly Report[]): Fleet['codes'] {
  const byKey = new Map<string, Omit<Fleet['codes'][number], 'hosts'> & {on: Set<string>}>()
  for (const {host, codes} of reports)
    for (const {code, level, by, count, refused} of codes) {
      const key = JSON.stringify([code, level, by])
      const so = byKey.get(key) ?? {code, level, by, count: 0, refused: 0, on: new Set()}
      so.on.add(host)
      byKey.set(key, {...so, count: so.count + count, refused: so.refused + refused})
    }
  return [...byKey.values()]
    .map(({on, ...code}) => ({...code, hosts: on.size}))
    .sort(
      (a, b) =>
        rank[a.level] - rank[b.level] ||
        b.hosts - a.hosts ||
        b.count - a.count ||
        compare(a.code + a.by, b.code + b.by),
    )
    .slice(0, most.codes)
}

function repositoriesOf(reports: readonly Report[]): Fleet['repositories'] {
  const byName = new Map<string, Omit<Fleet['repositories'][number], 'hosts'> & {on: Set<string>}>()
  for (const {host, repositories} of reports)
    for (const {path, plans, refusals, bypasses} of repositories) {
      const name = path.slice(path.lastIndexOf('/') + 1) || '/'
      const so = byName.get(name) ?? {name, plans: 0, refusals: 0, bypasses: 0, on: new Set()}
      so.on.add(host)
      byName.set(name, {
        ...so,
        plans: so.plans + plans,
        refusals: so.refusals + refusals,
        bypasses: so.bypasses + bypasses,
      })
    }
  return [...byName.values()]
    .map(({on, ...repository}) => ({...repository, hosts: on.size}))
    .sort(
      (a, b) =>
        shareOf(b) - shareOf(a) || b.refusals - a.refusals || b.plans - a.plans || compare(a.name, b.name),
    )
    .slice(0, most.repositories)
}

function binariesOf(reports: readonly Report[]): Fleet['binaries'] {
  const all = reports.flatMap(({binaries}) => binaries)
  const entries = binaryStates.map(state => [state, sum(all.map(({counts}) => counts[state]))])
  return Object.fromEntries(entries) as Fleet['binaries']
}
