/**
 * Events as lines of the store, `events/events.jsonl`:
 *
 *   {"time":"2026-11-27T13:30:00.123Z","kind":"plan","subcommand":"build","toolchain":"go1.26.8.linux-amd64@h1:…",…}
 *
 * Each is appended with one write, so that of any number of programs at once none waits and none loses its line, and kill -9
 * costs at most the line that was being written (read.ts finds the next one behind it). `time` comes first: no text within a
 * line can hold `{"time":"`, for its quotes are escaped there.
 */
import type {Event} from '../system/happening.ts'

export type RecordedEvent = {time: string} & Event

/** How large events.jsonl becomes before it is put aside (rotate.ts). */
export const segmentBytes = 1_500_000

/** The folder of the events below that of the store. */
export function eventsFolder(store: string): string {
  return `${store}/events`
}

/** The file that events are appended to. */
export function eventsFile(store: string): string {
  return `${eventsFolder(store)}/events.jsonl`
}
