/** Notes in a cache of times in which a toolchain's tools were others, so that objects under its stamp may not be its own. */
import {parseGoroot} from '../go/command/go-env.ts'
import {parseToolchainHash} from '../go/module/toolchain-module.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'
import type {Toolchain} from '../toolchain/identify.ts'
import {type Replaced, toolsSinceMs} from '../toolchain/replaced.ts'
import {objectFolders} from './object-folders.ts'

/** What is in doubt: `objects` were made or used between the two times (milliseconds since the epoch). */
export type Doubt = Replaced & {untilMs: number; objects: number}

/** Beside the owner record: it goes when `go clean -cache` takes the objects. */
export function doubtPath(cache: string): string {
  return `${cache}/00/gowarden-doubt.json`
}

/** So many notes are kept: who builds Go itself makes one each time, and never goes back. */
const kept = 20

/** A compilation that began just before the right tools were back may have ended after. */
const marginMs = 60_000

/** Writes a note by rename. A cache that cannot be written has no new objects either; one that is not there, none at all. */
export function noteDoubt(system: System, cache: string, replaced: Replaced): void {
  try {
    if (system.files.stat(`${cache}/00`) === undefined) return
    const notes = readNotes(system, cache)
    const same = notes.find(({hash}) => hash === replaced.hash)
    const fromMs = Math.min(replaced.fromMs, same?.fromMs ?? replaced.fromMs)
    const others = notes.filter(note => note !== same)
    writeNotes(system, cache, [...others, {...replaced, fromMs}].slice(-kept))
  } catch {
    // The objects cannot be told from others; nor can they be where nothing was noted before.
  }
}

/** Takes back the notes about a toolchain: a person who uses it knows, and goes on. Those about others stay. */
export function forgetDoubts(system: System, cache: string, hash: string): void {
  const notes = readNotes(system, cache).filter(note => note.hash !== hash)
  if (notes.length === 0) system.files.remove(doubtPath(cache))
  else writeNotes(system, cache, notes)
}

function writeNotes(system: System, cache: string, notes: readonly Replaced[]): void {
  system.files.replace(doubtPath(cache), `${JSON.stringify({format: 1, notes})}\n`, 0o666)
}

/** What is in doubt for this toolchain, and what this very plan found out. A note behind which no object stands says nothing. */
export function readDoubts(system: System, cache: string, toolchain: Toolchain): Doubt[] {
  const doubts = readNotes(system, cache)
    .filter(({hash}) => hash === toolchain.hash || hash === toolchain.replaced?.hash)
    .map(note => {
      const isBack = note.hash === toolchain.hash && note.goroot === toolchain.goroot
      const untilMs = isBack ? toolsSinceMs(system.files, note.goroot) + marginMs : system.nowMs()
      return {...note, untilMs, objects: countMade(system, cache, note.fromMs, untilMs)}
    })
  return doubts.filter(({objects}) => objects > 0)
}

/** The package objects of a cache with a modification time between the two: go sets it when it writes and, hours later, when it uses one. */
function countMade(system: System, cache: string, fromMs: number, untilMs: number): number {
  const [from, until] = [BigInt(Math.floor(fromMs)) * 1_000_000n, BigInt(Math.ceil(untilMs)) * 1_000_000n]
  let count = 0
  for (const directory of objectFolders(cache)) {
    for (const {name} of orNothing(() => system.files.list(directory)) ?? []) {
      if (!name.endsWith('-d')) continue
      const made = system.files.stat(`${directory}/${name}`)?.mtimeNs
      if (made !== undefined && made >= from && made <= until) count += 1
    }
  }
  return count
}

/** A file that is not understood is none: it says nothing that could be acted on. */
function readNotes(system: System, cache: string): Replaced[] {
  try {
    const text = system.files.read(doubtPath(cache))?.toString()
    const notes: unknown = text === undefined ? [] : JSON.parse(text).notes
    return Array.isArray(notes) ? notes.flatMap(parseNote) : []
  } catch {
    return []
  }
}

/** The note, or none where it is not understood. */
function parseNote(value: unknown): Replaced[] {
  if (typeof value !== 'object' || value === null) return []
  const {hash, fromMs, ...rest} = value as Partial<Record<keyof Replaced, unknown>>
  const goroot = parseGoroot(rest.goroot)
  if (typeof hash !== 'string' || goroot === undefined || typeof fromMs !== 'number') return []
  const toolchain = parseToolchainHash(hash)
  return toolchain === undefined ? [] : [{hash: toolchain.hash, goroot, fromMs}]
}
