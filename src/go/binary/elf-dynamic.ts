/** What a dynamically linked ELF file needs of the system that loads it (System V ABI, and GNU's symbol versions). */
import {type Dynamic, exactly, type Fields, locate, type Segment} from './image.ts'
import type {RandomAccess} from './random-access.ts'

/** A segment as the program header has it. */
export type Program = Segment & {type: number}

/**
 * Reads the loader's name (PT_INTERP), the libraries (DT_NEEDED) and the versions that are asked of each (.gnu.version_r).
 * Undefined for a static file, and where the dynamic section makes no sense: nothing is known then.
 */
export function readDynamic(
  file: RandomAccess,
  programs: readonly Program[],
  isWide: boolean,
  fieldsOf: (bytes: Buffer) => Fields,
): Dynamic | undefined {
  const section = programs.find(({type}) => type === dynamicType)
  const bytes = section && exactly(file, section.offset, Math.min(section.size, largestDynamic))
  if (bytes === undefined) return undefined
  const entries = entriesOf(fieldsOf(bytes), bytes.length, isWide ? 8 : 4)
  const valueAt = (wanted: bigint) => entries.find(([tag]) => tag === wanted)?.[1]
  const at = (address: bigint | undefined, size: number) => {
    const place = address === undefined ? undefined : locate(loadedOf(programs), address)
    return place && exactly(file, place.offset, Math.min(size, place.size))
  }
  const strings = at(valueAt(tags.strings), Math.min(Number(valueAt(tags.stringsSize) ?? 0n), largestStrings))
  if (strings === undefined) return undefined
  const versions = versionsOf(
    at(valueAt(tags.versions), largestVersions),
    Number(valueAt(tags.versionsCount) ?? 0n),
    fieldsOf,
    strings,
  )
  const names = entries
    .filter(([tag]) => tag === tags.library)
    .map(([, value]) => textAt(strings, Number(value)))
  const interpreter = programs.find(({type}) => type === interpreterType)
  const loader = interpreter && file.read(interpreter.offset, Math.min(interpreter.size, longestName))
  return {
    loader: loader && textAt(loader, 0),
    libraries: [...new Set(names)].map(name => ({name, versions: versions.get(name) ?? []})),
  }
}

const loadType = 1
const dynamicType = 2
const interpreterType = 3
const tags = {
  library: 1n,
  strings: 5n,
  stringsSize: 10n,
  versions: 0x6ffffffen,
  versionsCount: 0x6fffffffn,
}

/** Real ones have some dozens of entries, some libraries and some dozens of versions. */
const largestDynamic = 1 << 16
const largestStrings = 1 << 22
const largestVersions = 1 << 16
const mostVersions = 1 << 10
const longestName = 1 << 12

function loadedOf(programs: readonly Program[]): Program[] {
  return programs.filter(({type}) => type === loadType)
}

/** Pairs of a tag and a value, each as wide as the machine's addresses, up to the tag 0. */
function entriesOf(fields: Fields, length: number, width: number): [tag: bigint, value: bigint][] {
  const entries: [bigint, bigint][] = []
  for (let at = 0; at + 2 * width <= length; at += 2 * width) {
    const tag = fields.word(at)
    if (tag === 0n) break
    entries.push([tag, fields.word(at + width)])
  }
  return entries
}

/**
 * The versions by library. Both records are 16 bytes: Verneed {version, count: 16 bit; file, aux, next: 32 bit} and behind it, at
 * `aux`, a chain of Vernaux {hash: 32 bit; flags, other: 16 bit; name, next: 32 bit}. A chain goes on by `next` bytes, or ends with 0.
 */
function versionsOf(
  bytes: Buffer | undefined,
  libraries: number,
  fieldsOf: (bytes: Buffer) => Fields,
  strings: Buffer,
): Map<string, string[]> {
  const found = new Map<string, string[]>()
  if (bytes === undefined) return found
  const fields = fieldsOf(bytes)
  let left = mostVersions
  let at = 0
  for (let library = 0; library < libraries && at + 16 <= bytes.length; library++) {
    const name = textAt(strings, fields.u32(at + 4))
    const versions = found.get(name) ?? []
    found.set(name, versions)
    let aux = at + fields.u32(at + 8)
    for (let count = fields.u16(at + 2); count > 0 && left > 0 && aux + 16 <= bytes.length; count--) {
      left--
      versions.push(textAt(strings, fields.u32(aux + 8)))
      const next = fields.u32(aux + 12)
      if (next === 0) break
      aux += next
    }
    const next = fields.u32(at + 12)
    if (next === 0 || left === 0) break
    at += next
  }
  return found
}

function textAt(strings: Buffer, at: number): string {
  const end = strings.indexOf(0, at)
  return strings.toString('utf8', at, Math.min(end < 0 ? strings.length : end, at + longestName))
}
