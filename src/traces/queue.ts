/**
 * Spans on their way: files `traces/queue/KEY-TIME-PID.jsonl` in the store, each put there by rename, a line for a span. The process that
 * sends takes all that have its key. KEY stands for what OTEL_… says: that process has the environment of whoever started it, and two
 * jobs of one user may send to two places.
 */

import {parseEvents} from '../events/read.ts'
import type {Event} from '../system/happening.ts'
import {isObject, parseJson} from '../system/json.ts'
import {sha256OfBytes} from '../system/sha256.ts'
import type {System} from '../system/system.ts'
import type {Environment} from './settings.ts'

/** An event, and when it was over: milliseconds since the epoch. */
export type Told = {event: Event; endedMs: number}

/** A span that is over, before it is one of OpenTelemetry. */
export type Finished = {
  endedMs: number
  /** How long it took. */
  ms: number
  pid: number
  /** The exit status of the process; undefined where it did more than this. */
  exit: number | undefined
  /** What was done. Where a verb ended before there was anything to tell: the verb. */
  what: Event | {verb: string}
  /** As the environment has them. */
  traceparent: string | undefined
  tracestate: string | undefined
  /** Attributes that say in which job of CI: src/traces/pipeline.ts. */
  pipeline: Record<string, string>
}

/** Where so many files wait, nobody takes them: further spans are dropped. */
export const mostWaiting = 1000

/** What waits for longer than this is nobody's any more: OTEL_… says something else now. */
export const oldestMs = 3_600_000

export function tracesFolder(store: string): string {
  return `${store}/traces`
}

export function queueFolder(store: string): string {
  return `${tracesFolder(store)}/queue`
}

export function queueKey(env: Environment): string {
  const settings = Object.entries(env).filter(([name]) => name.startsWith('OTEL_'))
  return sha256OfBytes(Buffer.from(JSON.stringify(settings.sort()))).slice(0, 16)
}

export function queueName(key: string, {nowMs, pid}: Pick<System, 'nowMs' | 'pid'>): string {
  return `${key}-${String(nowMs()).padStart(15, '0')}-${pid}.jsonl`
}

/** The key of such a name, and when it was put there; undefined for any other. */
export function parseQueueName(name: string): {key: string; atMs: number} | undefined {
  const [, key = '', ms] = /^([0-9a-f]{16})-(\d{15})-\d+\.jsonl$/.exec(name) ?? []
  return ms === undefined ? undefined : {key, atMs: Number(ms)}
}

/** What is locked by whoever sends the spans of a key. */
export function lockedPath(store: string, key: string): string {
  return `${tracesFolder(store)}/${key}`
}

/** The file that says how the last export went: a line. */
export function outcomePath(store: string): string {
  return `${tracesFolder(store)}/last`
}

/** A sender that lives touches its lock every two seconds (store/lock.ts). */
export function isBeingSent(
  {files, nowMs}: Pick<System, 'files' | 'nowMs'>,
  store: string,
  key: string,
): boolean {
  const touchedNs = files.stat(`${lockedPath(store, key)}.lock`)?.mtimeNs
  return touchedNs !== undefined && Math.abs(nowMs() - Number(touchedNs / 1_000_000n)) < 10_000
}

export function queueLine(span: Finished): string {
  const {what} = span
  const time = new Date(span.endedMs).toISOString()
  return `${JSON.stringify({...span, what: 'verb' in what ? what : {time, ...what}})}\n`
}

/** What is no line of ours is passed over. */
export function parseQueue(text: string): Finished[] {
  return text.split('\n').flatMap(line => finishedOf(parseJson(line)) ?? [])
}

function finishedOf(value: unknown): Finished | undefined {
  if (!isObject(value)) return undefined
  const {endedMs, ms, pid, exit, what, traceparent, tracestate, pipeline} = value
  if (typeof endedMs !== 'number' || typeof ms !== 'number' || typeof pid !== 'number') return undefined
  if (!isObject(what) || !isObject(pipeline)) return undefined
  const [event] = parseEvents(JSON.stringify(what))
  const done = event ?? (typeof what['verb'] === 'string' ? {verb: what['verb']} : undefined)
  if (done === undefined) return undefined
  return {
    endedMs,
    ms,
    pid,
    exit: typeof exit === 'number' ? exit : undefined,
    what: done,
    traceparent: textOf(traceparent),
    tracestate: textOf(tracestate),
    pipeline: Object.fromEntries(
      Object.entries(pipeline).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])),
    ),
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
