/**
 * WebAssembly. The Go linker writes no blob there, and `go version` reads nothing; but the module text stands in the data,
 * between the 16 random bytes on either side that cmd/go gives it, the Go version in the section `producers`, and the build
 * ID in the section `go:buildid` (cmd/link/internal/wasm/asm.go).
 */
import {buildIdInText, buildIdReach} from './build-id.ts'
import {type BuildInfo, type NoBuildInfo, parseModuleText} from './build-info.ts'
import {corrupt, notGo} from './image.ts'
import type {RandomAccess} from './random-access.ts'

/** What a module says of itself, or why that is nothing. */
export function readWasm(
  file: RandomAccess,
): {buildInfo: BuildInfo; buildId: string | undefined} | NoBuildInfo {
  if (file.read(4, 4).toString('latin1') !== '\x01\0\0\0')
    return {kind: 'unsupported', reason: 'a WebAssembly component: look at the modules in it'}
  const sections = sectionsOf(file)
  if ('kind' in sections) return sections
  const texts = new Set<string>()
  for (const section of sections.filter(({id}) => id === dataSection)) {
    for (const text of moduleTexts(file, section)) texts.add(text)
  }
  const [text, ...others] = texts
  if (text === undefined) return notGo('it has no build info (not built by Go)')
  // A program may hold another one as data, and nothing tells which is which.
  if (others.length > 0) return {kind: 'hidden', reason: 'it holds the build info of several programs'}
  const goVersion = producer(file, sections)
  if (goVersion === undefined) return corrupt('it names no Go version: its section producers is gone')
  const buildInfo = parseModuleText(goVersion, text)
  if ('kind' in buildInfo) return buildInfo
  return {buildInfo, buildId: buildIdInText(file.read(0, buildIdReach))}
}

type Section = {id: number; start: number; size: number}

const customSection = 0
const dataSection = 11

/** Go writes some 15; a hostile file is not followed for ever. */
const mostSections = 1 << 10

/** Each section: its id, its size as a varint, its bytes. */
function sectionsOf(file: RandomAccess): Section[] | NoBuildInfo {
  const sections: Section[] = []
  for (let at = 8; at < file.size; ) {
    const head = file.read(at, 6)
    const size = varint(head, 1)
    if (size === undefined || at + size.end + size.value > file.size)
      return corrupt('its sections are damaged or cut off')
    if (sections.length === mostSections) return corrupt('it has more sections than any real module')
    sections.push({id: head[0] ?? 0, start: at + size.end, size: size.value})
    at += size.end + size.value
  }
  return sections
}

/** What cmd/go puts around the module text (infoStart and infoEnd of cmd/go/internal/modload/build.go). */
const textStart = Buffer.from('3077af0c9274080241e1c107e6d618e6', 'hex')
const textEnd = Buffer.from('f932433186182072008242104116d8f2', 'hex')

const piece = 1 << 20
const longestText = 1 << 22
const mostTexts = 8

/** Every module text in a section, which is read in pieces that overlap. */
function moduleTexts(file: RandomAccess, {start, size}: Section): string[] {
  const texts: string[] = []
  const end = start + size
  for (let at = start; at < end && texts.length < mostTexts; ) {
    const bytes = file.read(at, Math.min(piece, end - at))
    const found = bytes.indexOf(textStart)
    if (found < 0) {
      if (bytes.length < piece) break
      at += bytes.length - textStart.length + 1
      continue
    }
    const textAt = at + found + textStart.length
    const text = file.read(textAt, Math.min(longestText, end - textAt))
    const length = text.indexOf(textEnd)
    if (length > 0 && text[length - 1] === 0x0a) texts.push(text.toString('utf8', 0, length))
    at = textAt + Math.max(0, length)
  }
  return texts
}

/** The version behind `language`, `Go` in the section `producers`: names and versions, each behind its length as a varint. */
function producer(file: RandomAccess, sections: readonly Section[]): string | undefined {
  for (const {id, start, size} of sections) {
    if (id !== customSection) continue
    const bytes = file.read(start, Math.min(size, 1 << 12))
    if (bytes.toString('latin1', 1, 10) !== 'producers' || bytes[0] !== 9) continue
    const marker = Buffer.from('\x08language\x01\x02Go', 'latin1')
    const at = bytes.indexOf(marker)
    const version = at < 0 ? undefined : varint(bytes, at + marker.length)
    if (version === undefined) return undefined
    return bytes.toString('utf8', version.end, version.end + version.value) || undefined
  }
  return undefined
}

/** An unsigned LEB128 of at most 5 bytes. */
function varint(bytes: Buffer, start: number): {value: number; end: number} | undefined {
  let value = 0
  for (let digits = 0; digits < 5; digits++) {
    const byte = bytes[start + digits]
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 2 ** (7 * digits)
    if (byte < 0x80) return {value, end: start + digits + 1}
  }
  return undefined
}
