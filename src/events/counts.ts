/**
 * Events as counts that only grow: they stay when the events themselves are gone, so what Prometheus reads never falls back. The
 * number of series is bounded here, before anything is kept of them.
 */

import {parseToolchainHash} from '../go/module/toolchain-module.ts'
import {isObject} from '../system/json.ts'
import {unreachable} from '../system/unreachable.ts'
import type {RecordedEvent} from './file.ts'

/** A series: what is counted, with the values of its labels in the order of `labels`. */
export type Counter = {name: CounterName; labels: string[]; value: number}

/** `buckets`: how many took up to each of `bounds` seconds, the bound before excluded; what took longer is in `count` alone. */
export type Duration = {
  name: DurationName
  labels: string[]
  buckets: number[]
  seconds: number
  count: number
}

/** When something was last seen, in milliseconds since the epoch. */
export type LastTime = {name: LastName; labels: string[]; ms: number}

export type Counts = {
  counters: ReadonlyMap<string, Counter>
  durations: ReadonlyMap<string, Duration>
  last: ReadonlyMap<string, LastTime>
}

/** Each name, with its labels. */
export const counterLabels = {
  plans: ['version', 'repository'],
  refusals: ['repository', 'exit'],
  refused: ['code', 'repository'],
  findings: ['code', 'level', 'by'],
  bypasses: ['what', 'repository'],
  verifies: ['repository', 'result'],
  audits: ['result'],
  works: ['kind', 'outcome'],
} as const

export const durationBounds = {
  plan: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
  verify: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  audit: [0.5, 1, 5, 10, 30, 60, 300, 900],
} as const

/** The durations of verify are kept by repository, the others by nothing. */
export const durationLabels = {plan: [], verify: ['repository'], audit: []} as const

export const lastLabels = {plan: ['toolchain'], audit: ['cache'], verify: ['repository']} as const

export type CounterName = keyof typeof counterLabels
export type DurationName = keyof typeof durationBounds
export type LastName = keyof typeof lastLabels

export const emptyCounts: Counts = {counters: new Map(), durations: new Map(), last: new Map()}

/** So many different values a label has; what comes later is called `other`. */
const mostValues = {repository: 30, cache: 20, toolchain: 30, version: 30, code: 200}

/** The counts with more events. */
export function countEvents(before: Counts, events: readonly RecordedEvent[]): Counts {
  const counters = new Map(before.counters)
  const durations = new Map(before.durations)
  const last = new Map(before.last)
  const seen = seenValues(before)

  for (const event of events) count(event)
  return {counters, durations, last}

  function count(event: RecordedEvent): void {
    const ms = Date.parse(event.time)
    switch (event.kind) {
      case 'plan':
        add('plans', [versionOf(event.toolchain), nameOf(event.repository)])
        addFindings(event.found, 'build')
        took('plan', [], event.ms)
        if (event.toolchain !== undefined) saw('plan', [event.toolchain], ms)
        return
      case 'refusal':
        add('refusals', [nameOf(event.repository), String(event.exit)])
        for (const {code, level} of event.found)
          if (level === 'error') add('refused', [code, nameOf(event.repository)])
        addFindings(event.found, 'build')
        return
      case 'bypass':
        add('bypasses', [
          event.what === 'GOWARDEN=off' ? event.what : 'GOWARDEN_LEVELS',
          nameOf(event.directory),
        ])
        return
      case 'verify': {
        const isWrong = event.found.some(({level}) => level === 'error')
        add('verifies', [nameOf(event.repository), isWrong ? 'findings' : 'ok'])
        addFindings(event.found, 'verify')
        took('verify', [nameOf(event.repository)], event.ms)
        saw('verify', [nameOf(event.repository)], ms)
        return
      }
      case 'audit':
        add('audits', [event.wrong > 0 ? 'wrong' : 'ok'])
        took('audit', [], event.ms)
        if (!event.isPartial) saw('audit', [event.cache], ms)
        return
      case 'doctor':
        add('works', ['doctor', event.guard === 'guarded' && event.canBuild ? 'ok' : 'findings'])
        addFindings(event.found, 'doctor')
        return
      case 'adopt':
        add('works', ['adopt', 'ok'])
        return
      case 'lock':
      case 'install':
      case 'rebuild':
        add('works', [event.kind, event.outcome])
        addFindings(event.found, event.kind)
        return
      default:
        unreachable(event)
    }
  }

  function addFindings(found: readonly {code: string; level: string; count: number}[], by: string): void {
    for (const {code, level, count: times} of found) add('findings', [code, level, by], times)
  }

  function add(name: CounterName, values: readonly string[], times = 1): void {
    const labels = bounded(counterLabels[name], values)
    const key = keyOf(name, labels)
    counters.set(key, {name, labels, value: (counters.get(key)?.value ?? 0) + times})
  }

  function took(name: DurationName, values: readonly string[], ms: number): void {
    const labels = bounded(durationLabels[name], values)
    const key = keyOf(name, labels)
    const bounds = durationBounds[name]
    const so = durations.get(key) ?? {name, labels, buckets: bounds.map(() => 0), seconds: 0, count: 0}
    const at = bounds.findIndex(bound => ms / 1000 <= bound)
    const buckets = so.buckets.map((number, index) => (index === at ? number + 1 : number))
    durations.set(key, {...so, buckets, seconds: so.seconds + ms / 1000, count: so.count + 1})
  }

  function saw(name: LastName, values: readonly string[], ms: number): void {
    const labels = bounded(lastLabels[name], values)
    const key = keyOf(name, labels)
    last.set(key, {name, labels, ms: Math.max(ms, last.get(key)?.ms ?? 0)})
  }

  function bounded(names: readonly string[], values: readonly string[]): string[] {
    return values.map((value, index) => {
      const name = names[index] ?? ''
      if (!(name in mostValues)) return value
      const known = seen.get(name) ?? new Set()
      seen.set(name, known)
      if (!known.has(value) && known.size >= mostValues[name as keyof typeof mostValues]) return 'other'
      known.add(value)
      return value
    })
  }
}

/** The values of labels that are bounded, as far as they are counted. */
function seenValues({counters, durations, last}: Counts): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>()
  const see = (names: readonly string[], values: readonly string[]) => {
    for (const [index, name] of names.entries()) {
      const value = values[index]
      if (!(name in mostValues) || value === undefined || value === 'other') continue
      seen.set(name, (seen.get(name) ?? new Set()).add(value))
    }
  }
  for (const {name, labels} of counters.values()) see(counterLabels[name], labels)
  for (const {name, labels} of durations.values()) see(durationLabels[name], labels)
  for (const {name, labels} of last.values()) see(lastLabels[name], labels)
  return seen
}

function keyOf(name: string, labels: readonly string[]): string {
  return JSON.stringify([name, ...labels])
}

/** A repository is called by its last folder: the same on every machine that has it. */
function nameOf(repository: string): string {
  return repository.slice(repository.lastIndexOf('/') + 1).slice(0, 100) || '/'
}

function versionOf(toolchain: string | undefined): string {
  return (toolchain === undefined ? undefined : parseToolchainHash(toolchain)?.version) ?? 'unknown'
}

/** As JSON: three lists. */
export function countsToJson({counters, durations, last}: Counts): unknown {
  return {counters: [...counters.values()], durations: [...durations.values()], last: [...last.values()]}
}

/** What cannot be understood counts nothing. */
export function parseCounts(value: unknown): Counts {
  const {counters, durations, last} = isObject(value) ? value : {}
  return {
    counters: mapOf(
      counters,
      (one): one is Counter => isSeries(one, counterLabels) && isNumber(one['value']),
    ),
    durations: mapOf(
      durations,
      (one): one is Duration =>
        isSeries(one, durationLabels) &&
        isNumber(one['seconds']) &&
        isNumber(one['count']) &&
        Array.isArray(one['buckets']) &&
        one['buckets'].length === durationBounds[one['name'] as DurationName].length &&
        one['buckets'].every(isNumber),
    ),
    last: mapOf(last, (one): one is LastTime => isSeries(one, lastLabels) && isNumber(one['ms'])),
  }
}

function mapOf<T extends {name: string; labels: string[]}>(
  value: unknown,
  isOne: (one: unknown) => one is T,
): Map<string, T> {
  return new Map(
    (Array.isArray(value) ? value : []).filter(isOne).map(one => [keyOf(one.name, one.labels), one]),
  )
}

function isSeries(
  value: unknown,
  names: Readonly<Record<string, readonly string[]>>,
): value is Record<string, unknown> {
  if (!isObject(value)) return false
  const {name, labels} = value
  return (
    typeof name === 'string' &&
    Object.hasOwn(names, name) &&
    Array.isArray(labels) &&
    labels.length === names[name]?.length &&
    labels.every(label => typeof label === 'string')
  )
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}
