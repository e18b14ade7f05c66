/** A report from what was looked at and what was recorded. A function of both: the same facts give the same bytes. */
import type {RecordedEvent} from '../events/file.ts'
import type {History} from '../events/read.ts'
import {describe} from '../findings/describe.ts'
import {parseToolchainHash} from '../go/module/toolchain-module.ts'
import type {BinaryFacts, HostFacts} from '../metrics/facts.ts'
import {binaryStates} from '../metrics/states.ts'
import type {FoundCount} from '../system/happening.ts'
import {withoutSecretsIn} from '../text/secrets.ts'
import {addUpDays, compare} from './add-up.ts'
import {dayOf} from './days.ts'
import {
  most,
  type Report,
  type ReportedAudit,
  type ReportedBinaries,
  type ReportedBypass,
  type ReportedCode,
  type ReportedDay,
  type ReportedRepository,
  type ReportedToolchain,
  type ReportedVerify,
  reportFormat,
  reportKind,
} from './shape.ts'

/** What a report is called by, and of what time it is. */
export type About = {
  host: string
  user: string
  directory: string
  /** gowarden's own. */
  version: string
  sinceMs: number
  /** Whether a folder that an event names is still there. */
  isThere(folder: string): boolean
}

type EventOf<Kind extends RecordedEvent['kind']> = Extract<RecordedEvent, {kind: Kind}>

/** Secrets in URLs are taken out, texts cut, lists bounded. */
export function makeReport(facts: HostFacts, history: History, about: About): Report {
  const since = isoOf(about.sinceMs)
  const kept = [...history.bypasses, ...history.events]
  const events = kept.filter(({time}) => time >= since)
  const of = <Kind extends RecordedEvent['kind']>(kind: Kind): EventOf<Kind>[] =>
    events.filter((event): event is EventOf<Kind> => event.kind === kind)
  const oldestEvent = earliest(history.events.map(({time}) => time))
  const wasCounted = history.counts.counters.size > 0
  const report: Report = {
    kind: reportKind,
    format: reportFormat,
    gowarden: about.version,
    host: about.host,
    user: about.user,
    directory: about.directory,
    at: isoOf(facts.atMs),
    since,
    oldestEvent,
    isCut: wasCounted && (oldestEvent === null || oldestEvent > since),
    guard: {kind: facts.guard, reason: facts.reason, fix: facts.fix},
    canBuild: facts.canBuild,
    findings: facts.findings.slice(0, most.findings).map(finding => {
      const {headline, details, hints} = describe(finding)
      return {code: finding.code, level: finding.level, headline, details, hints}
    }),
    toolchains: toolchainsOf(facts, history.events, events),
    cacheStatus: facts.cacheStatus,
    caches: facts.caches.slice(0, most.caches).map(cache => ({
      ...cache,
      owners: cache.owners.slice(0, most.owners),
      audited: lastAudit(cache.path, history),
    })),
    repositories: repositoriesOf(events),
    codes: codesOf(events),
    days: daysOf(events),
    bypasses: bypassesOf(of('bypass')),
    bypassCount: of('bypass').length,
    verifies: verifiesOf(of('verify'), about.isThere),
    audits: auditsOf(of('audit')),
    binaries: binariesOf(facts.binaries),
  }
  return cutTexts(withoutSecretsIn(report))
}

function toolchainsOf(
  {toolchains}: HostFacts,
  kept: readonly RecordedEvent[],
  events: readonly RecordedEvent[],
): ReportedToolchain[] {
  const byHash = new Map<string, ReportedToolchain>()
  for (const {hash, version, platform, goroot, isCurrent, proven, locked} of toolchains) {
    const known = byHash.get(hash)
    if (known === undefined)
      byHash.set(hash, {hash, version, platform, goroots: [goroot], isCurrent, proven, locked, ...unused})
    else
      byHash.set(hash, {
        ...known,
        goroots: [...known.goroots, goroot],
        isCurrent: known.isCurrent || isCurrent,
      })
  }
  const inWindow = new Set(events)
  for (const event of kept) {
    if (event.kind !== 'plan' && event.kind !== 'refusal') continue
    const parts = event.toolchain === undefined ? undefined : parseToolchainHash(event.toolchain)
    if (parts === undefined) continue
    const {hash, version, os, arch} = parts
    const {time} = event
    const so = byHash.get(hash) ?? {
      hash,
      version,
      platform: `${os}/${arch}`,
      goroots: [],
      isCurrent: false,
      proven: 'unknown' as const,
      locked: 'none' as const,
      ...unused,
    }
    const counts = inWindow.has(event)
    byHash.set(hash, {
      ...so,
      first: so.first === null || time < so.first ? time : so.first,
      last: so.last === null || time > so.last ? time : so.last,
      plans: so.plans + (counts && event.kind === 'plan' ? 1 : 0),
      refusals: so.refusals + (counts && event.kind === 'refusal' ? 1 : 0),
    })
  }
  return [...byHash.values()]
    .sort(
      (a, b) =>
        Number(b.isCurrent) - Number(a.isCurrent) ||
        b.plans + b.refusals - (a.plans + a.refusals) ||
        compare(a.hash, b.hash),
    )
    .slice(0, most.toolchains)
    .map(toolchain => ({...toolchain, goroots: toolchain.goroots.slice(0, most.owners)}))
}

const unused = {first: null, last: null, plans: 0, refusals: 0}

/** Of the events that are kept, and of those that were only counted. */
function lastAudit(cache: string, {counts, events}: History): string | null {
  const times = events.flatMap(event =>
    event.kind === 'audit' && !event.isPartial && event.cache === cache ? [event.time] : [],
  )
  const counted = [...counts.last.values()].flatMap(({name, labels, ms}) =>
    name === 'audit' && labels[0] === cache ? [isoOf(ms)] : [],
  )
  return latest([...times, ...counted])
}

function repositoriesOf(events: readonly RecordedEvent[]): ReportedRepository[] {
  const byPath = new Map<string, ReportedRepository>()
  const add = (path: string, time: string, what: 'plans' | 'refusals' | 'bypasses' | 'verifies') => {
    const so = byPath.get(path) ?? {path, plans: 0, refusals: 0, bypasses: 0, verifies: 0, last: time}
    byPath.set(path, {...so, [what]: so[what] + 1, last: time > so.last ? time : so.last})
  }
  for (const event of events) {
    if (event.kind === 'plan') add(event.repository, event.time, 'plans')
    if (event.kind === 'refusal') add(event.repository, event.time, 'refusals')
    if (event.kind === 'verify') add(event.repository, event.time, 'verifies')
    if (event.kind === 'bypass') add(event.directory, event.time, 'bypasses')
  }
  const rank = ({plans, refusals, bypasses, verifies}: ReportedRepository) =>
    plans + refusals + bypasses + verifies
  return [...byPath.values()]
    .sort((a, b) => rank(b) - rank(a) || compare(a.path, b.path))
    .slice(0, most.repositories)
}

function codesOf(events: readonly RecordedEvent[]): ReportedCode[] {
  const byKey = new Map<string, ReportedCode & {perDay: Map<string, number>}>()
  for (const event of events) {
    const by = finderOf(event)
    for (const {code, level, count} of foundIn(event)) {
      const key = `${code} ${level} ${by}`
      const so = byKey.get(key) ?? {
        ...{code, level, by, count: 0, refused: 0, last: event.time, days: []},
        perDay: new Map<string, number>(),
      }
      const day = dayOf(event.time)
      so.perDay.set(day, (so.perDay.get(day) ?? 0) + count)
      so.count += count
      if (event.kind === 'refusal' && level === 'error') so.refused += 1
      if (event.time > so.last) so.last = event.time
      byKey.set(key, so)
    }
  }
  return [...byKey.values()]
    .sort(
      (a, b) =>
        Number(a.level === 'warn') - Number(b.level === 'warn') ||
        b.count - a.count ||
        compare(a.code + a.by, b.code + b.by),
    )
    .slice(0, most.codes)
    .map(({perDay, ...code}) => ({
      ...code,
      days: [...perDay]
        .map(([day, count]) => ({day, count}))
        .sort((a, b) => compare(a.day, b.day))
        .slice(-most.days),
    }))
}

function foundIn(event: RecordedEvent): readonly FoundCount[] {
  return 'found' in event ? event.found : []
}

function finderOf({kind}: RecordedEvent): string {
  return kind === 'plan' || kind === 'refusal' ? 'build' : kind
}

function daysOf(events: readonly RecordedEvent[]): ReportedDay[] {
  const entries = events.map(event => ({
    day: dayOf(event.time),
    plans: event.kind === 'plan' ? [{version: versionOf(event.toolchain), count: 1}] : [],
    refusals: Number(event.kind === 'refusal'),
    bypasses: Number(event.kind === 'bypass'),
    verifies: Number(event.kind === 'verify'),
    audits: Number(event.kind === 'audit'),
  }))
  return addUpDays(entries, most)
}

function versionOf(toolchain: string | undefined): string {
  return (toolchain === undefined ? undefined : parseToolchainHash(toolchain)?.version) ?? 'unknown'
}

function bypassesOf(bypasses: readonly EventOf<'bypass'>[]): ReportedBypass[] {
  return [...bypasses]
    .sort((a, b) => compare(b.time, a.time))
    .slice(0, most.bypasses)
    .map(({time, what, command, directory, reason, policy}) => ({
      ...{time, what, command: subcommandOf(command), directory, reason, policy},
    }))
}

/** `go build`: what follows may hold what is nobody's business. */
function subcommandOf([program = '', second = '']: readonly string[]): string {
  return /^[a-z][a-z-]*$/.test(second) ? `${program} ${second}` : program
}

function verifiesOf(verifies: readonly EventOf<'verify'>[], isThere: About['isThere']): ReportedVerify[] {
  return groups(verifies, ({repository}) => repository)
    .map(([repository, runs]): ReportedVerify & {at: string} => {
      const {time, ms, found} = newest(runs)
      return {
        at: time,
        repository,
        runs: runs.length,
        failed: runs.filter(run => hasError(run.found)).length,
        medianMs: median(runs.map(run => run.ms)),
        slowestMs: Math.max(...runs.map(run => run.ms)),
        last: time,
        lastMs: ms,
        lastFailed: hasError(found),
        isThere: isThere(repository),
      }
    })
    .sort((a, b) => compare(b.at, a.at) || compare(a.repository, b.repository))
    .slice(0, most.verifies)
    .map(({at: _, ...verify}) => verify)
}

function hasError(found: readonly FoundCount[]): boolean {
  return found.some(({level}) => level === 'error')
}

function auditsOf(audits: readonly EventOf<'audit'>[]): ReportedAudit[] {
  return groups(audits, ({cache}) => cache)
    .map(([cache, runs]): ReportedAudit => {
      const {time, ms, objects, bytes, wrong, isPartial} = newest(runs)
      return {
        cache,
        runs: runs.length,
        slowestMs: Math.max(...runs.map(run => run.ms)),
        last: time,
        lastMs: ms,
        ...{objects, bytes, wrong, isPartial},
      }
    })
    .sort((a, b) => compare(b.last, a.last) || compare(a.cache, b.cache))
    .slice(0, most.audits)
}

function binariesOf(facts: readonly BinaryFacts[]): ReportedBinaries[] {
  return groups(facts, ({directory}) => directory)
    .slice(0, most.directories)
    .map(([directory, states]) => {
      const count = (state: string) => states.find(one => one.state === state)?.count ?? 0
      const counts = Object.fromEntries(binaryStates.map(state => [state, count(state)]))
      const files = states.flatMap(({state, files: named}) =>
        state === 'stamped' ? [] : named.map(file => ({state, file})),
      )
      return {directory, counts: counts as ReportedBinaries['counts'], files: files.slice(0, most.files)}
    })
}

function groups<T>(all: readonly T[], keyOf: (one: T) => string): [key: string, each: [T, ...T[]]][] {
  const byKey = new Map<string, [T, ...T[]]>()
  for (const one of all) {
    const so = byKey.get(keyOf(one))
    if (so === undefined) byKey.set(keyOf(one), [one])
    else so.push(one)
  }
  return [...byKey]
}

function newest<T extends {time: string}>([first, ...others]: readonly [T, ...T[]]): T {
  return others.reduce((so, one) => (one.time >= so.time ? one : so), first)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}

function earliest(times: readonly string[]): string | null {
  return times.reduce<string | null>((so, time) => (so === null || time < so ? time : so), null)
}

function latest(times: readonly string[]): string | null {
  return times.reduce<string | null>((so, time) => (so === null || time > so ? time : so), null)
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}

/** The order of bytes, so that a report is the same under every language. */
/** Every text in a value cut to what a report holds, so that no name fills it. */
export function cutTexts<T>(value: T): T {
  if (typeof value === 'string')
    return (value.length <= most.text ? value : `${value.slice(0, most.text - 1)}…`) as T & string
  if (Array.isArray(value)) return value.map(cutTexts) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cutTexts(part)])) as T
}
