/**
 * Keeps the events within their bound. A long events.jsonl is put aside under the time, and what is too much of that is counted and
 * removed: its counts and the last bypasses stay, in counted.json. Loaded once in some thousand events.
 */
import {lockUnless} from '../store/lock.ts'
import type {System} from '../system/system.ts'
import {countEvents, countsToJson} from './counts.ts'
import {eventsFile, eventsFolder, segmentBytes} from './file.ts'
import {bypassesIn, countedPath, lastBypasses, parseEvents, readCounted, segmentsOf} from './read.ts'

/** Five files that were put aside, the one that is written to, and counted.json: 10 MB in all. */
const keptSegments = 5

/** Of the bypasses in counted.json. */
const bypassBytes = 900_000

/** Does nothing where another program is at it. Throws what the file system throws. */
export async function rotate(system: System, store: string): Promise<void> {
  const file = eventsFile(store)
  const release = await lockUnless(
    system.files,
    file,
    () => undefined,
    () => true,
  )
  if (release === undefined) return
  try {
    if ((system.files.stat(file)?.size ?? 0n) >= BigInt(segmentBytes))
      system.files.move(file, `${eventsFolder(store)}/${nextName(system, store)}`)
    for (const name of segmentsOf(system, store).slice(0, -keptSegments)) countAndRemove(system, store, name)
  } finally {
    await release()
  }
}

/** The name of the next segment: behind all others, also where the clock was set back. */
function nextName(system: System, store: string): string {
  const newest = segmentsOf(system, store).at(-1) ?? readCounted(system, store).through
  const ms = Math.max(system.nowMs(), Number(/\d{15}/.exec(newest)?.[0] ?? 0) + 1)
  return `events-${String(ms).padStart(15, '0')}-${system.pid}.jsonl`
}

/** Killed in between, it leaves a segment that is counted already: `through` says so to whoever reads, and to the next run here. */
function countAndRemove(system: System, store: string, name: string): void {
  const path = `${eventsFolder(store)}/${name}`
  const {through, counts, bypasses} = readCounted(system, store)
  if (name > through) {
    const events = parseEvents(system.files.read(path)?.toString() ?? '')
    const kept = {
      format: 1,
      through: name,
      counts: countsToJson(countEvents(counts, events)),
      bypasses: withinBytes(lastBypasses([...bypasses, ...bypassesIn(events)])),
    }
    system.files.replace(countedPath(store), `${JSON.stringify(kept)}\n`, 0o600)
  }
  system.files.remove(path)
}

/** The last ones that fit. */
function withinBytes<T>(bypasses: readonly T[]): T[] {
  let bytes = 0
  const from = bypasses.findLastIndex(bypass => {
    bytes += Buffer.byteLength(JSON.stringify(bypass))
    return bytes > bypassBytes
  })
  return bypasses.slice(from + 1)
}
