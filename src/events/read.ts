/** The events of a store, read again: what was put aside, then what is appended to now. */

import type {Event, FoundCount} from '../system/happening.ts'
import {isObject, parseJson} from '../system/json.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'
import {type Counts, emptyCounts, parseCounts} from './counts.ts'
import {eventsFile, eventsFolder, type RecordedEvent} from './file.ts'

/** What is kept of segments that are gone, and all events that are still there, as they were written. */
export type History = {
  /** Counts of the events that are gone. */
  counts: Counts
  /** The bypasses among them: the last 500. */
  bypasses: (RecordedEvent & {kind: 'bypass'})[]
  events: RecordedEvent[]
}

/** What rotate.ts keeps of the segments that it removes: `counted.json`. `through` is the name of the last of them. */
export type Counted = {through: string; counts: Counts; bypasses: History['bypasses']}

const noneCounted: Counted = {through: '', counts: emptyCounts, bypasses: []}

/** `events-001764250200123-4711.jsonl`: the time it was put aside, in milliseconds, and by which process. */
export const segmentName = /^events-\d{15}-\d+\.jsonl$/

/** Reads all of it. A store without events, or that cannot be read, has none. */
export function readHistory(system: System, store: string): History {
  for (let tries = 0; ; tries += 1) {
    const before = segmentsOf(system, store)
    const {through, counts, bypasses} = readCounted(system, store)
    const files = [
      ...before.filter(name => name > through).map(name => `${eventsFolder(store)}/${name}`),
      eventsFile(store),
    ]
    const events = files.flatMap(file => parseEvents(textOf(system, file)))
    // A file was put aside meanwhile: its lines may be missing, or there twice.
    if (segmentsOf(system, store).join() === before.join() || tries === 3) return {counts, bypasses, events}
  }
}

/** All bypasses that are kept, the oldest first. */
export function readBypasses(system: System, store: string): History['bypasses'] {
  const {bypasses, events} = readHistory(system, store)
  return lastBypasses([...bypasses, ...bypassesIn(events)])
}

export function bypassesIn(events: readonly RecordedEvent[]): History['bypasses'] {
  return events.flatMap(event => (event.kind === 'bypass' ? [event] : []))
}

/** So many are kept, in the order they came. */
export function lastBypasses(bypasses: History['bypasses']): History['bypasses'] {
  return bypasses.slice(-500)
}

/** The names of the segments that were put aside, the oldest first. */
export function segmentsOf(system: System, store: string): string[] {
  try {
    return (system.files.list(eventsFolder(store)) ?? [])
      .map(({name}) => name)
      .filter(name => segmentName.test(name))
      .sort()
  } catch {
    return []
  }
}

export function countedPath(store: string): string {
  return `${eventsFolder(store)}/counted.json`
}

export function readCounted(system: System, store: string): Counted {
  const value = parseJson(textOf(system, countedPath(store)))
  if (!isObject(value) || value['format'] !== 1 || typeof value['through'] !== 'string') return noneCounted
  const bypasses = Array.isArray(value['bypasses']) ? value['bypasses'] : []
  return {
    through: value['through'],
    counts: parseCounts(value['counts']),
    bypasses: bypassesIn(bypasses.flatMap(bypass => eventOf(bypass) ?? [])),
  }
}

/**
 * The events of a text of lines. What a program that was killed left half written has the next line right behind it: that one is
 * found by its beginning. What is no event of ours, or of a later gowarden's, is passed over.
 */
export function parseEvents(text: string): RecordedEvent[] {
  return text.split('\n').flatMap(line => {
    const from = line.lastIndexOf('{"time":"')
    return from < 0 ? [] : (eventOf(parseJson(line.slice(from))) ?? [])
  })
}

function textOf(system: System, path: string): string {
  return orNothing(() => system.files.read(path)?.toString()) ?? ''
}

type Shape = 'text' | 'number' | 'yes-no' | 'texts' | 'found' | 'text?' | 'texts?' | readonly string[]

/** What each field has to be; `?`: it may be missing. The compiler holds the names to those of the events. */
const shapes: {[Kind in Event['kind']]: Record<Exclude<keyof Extract<Event, {kind: Kind}>, 'kind'>, Shape>} =
  {
    plan: {...ofGo(), isStored: 'yes-no'},
    refusal: {...ofGo(), exit: 'number'},
    bypass: {what: 'text', command: 'texts', directory: 'text', reason: 'text', policy: 'text'},
    verify: {
      ms: 'number',
      judged: ['staged', 'worktree', 'commit'],
      repository: 'text',
      modules: 'number',
      files: 'number',
      isRemembered: 'yes-no',
      found: 'found',
    },
    audit: {
      ms: 'number',
      cache: 'text',
      objects: 'number',
      bytes: 'number',
      wrong: 'number',
      isPartial: 'yes-no',
    },
    doctor: {
      ms: 'number',
      guard: ['guarded', 'refused', 'unguarded'],
      canBuild: 'yes-no',
      toolchain: 'text?',
      found: 'found',
    },
    adopt: {cache: 'text', toolchain: 'text'},
    lock: ofToolchain(),
    install: ofToolchain(),
    rebuild: ofToolchain(),
  }

function ofGo() {
  return {
    ms: 'number',
    subcommand: 'text',
    toolchain: 'text?',
    goroot: 'text?',
    repository: 'text',
    found: 'found',
    words: 'texts?',
  } as const
}

function ofToolchain() {
  return {ms: 'number', outcome: ['ok', 'findings', 'failed'], toolchain: 'text?', found: 'found'} as const
}

function eventOf(value: unknown): RecordedEvent | undefined {
  if (!isObject(value)) return undefined
  const {time, kind} = value
  if (typeof time !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time) || typeof kind !== 'string')
    return undefined
  const shape: Record<string, Shape> | undefined = Object.hasOwn(shapes, kind)
    ? shapes[kind as Event['kind']]
    : undefined
  if (shape === undefined) return undefined
  const fits = Object.entries(shape).every(([name, one]) => fitsShape(value[name], one))
  return fits ? (value as RecordedEvent) : undefined
}

function fitsShape(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case 'text':
      return typeof value === 'string'
    case 'text?':
      return value === undefined || typeof value === 'string'
    case 'number':
      return typeof value === 'number' && value >= 0
    case 'yes-no':
      return typeof value === 'boolean'
    case 'texts':
      return Array.isArray(value) && value.every(text => typeof text === 'string')
    case 'texts?':
      return value === undefined || fitsShape(value, 'texts')
    case 'found':
      return Array.isArray(value) && value.every(isFoundCount)
    default:
      return typeof value === 'string' && shape.includes(value)
  }
}

function isFoundCount(value: unknown): value is FoundCount {
  if (!isObject(value)) return false
  const {code, level, count} = value
  return (
    typeof code === 'string' &&
    (level === 'error' || level === 'warn') &&
    typeof count === 'number' &&
    count >= 0
  )
}
