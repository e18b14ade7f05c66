/** Two files of one program, laid beside each other: what they say of themselves, their build IDs, sections and symbols. */
import {createHash} from 'node:crypto'
import {type BuildId, splitBuildId} from '../go/binary/build-id.ts'
import type {BuildInfo, Module} from '../go/binary/build-info.ts'
import {type GoBinary, readBinary} from '../go/binary/executable.ts'
import type {RandomAccess} from '../go/binary/random-access.ts'
import {readSections, readSymbolSizes} from '../go/binary/sections.ts'

/** A binary as far as it is compared. */
export type Image = {
  sha256: string
  size: number
  binary: GoBinary
  /** Name and SHA-256 of each section. */
  sections: {name: string; size: number; sha256: string}[]
  /** The size of each function and variable; undefined where the file does not say. */
  symbols: Map<string, number> | undefined
  /** Where the compiler found the standard library: `/usr/local/go`, or '' where -trimpath cut it; undefined where it cannot be found. */
  goroot: string | undefined
  /** What C compilers leave in .comment: `GCC: (Debian 12.2.0-14) 12.2.0`. */
  compilers: string[]
}

/** `original` and `rebuilt` are undefined where one of them has no such thing. */
export type Difference = {name: string; original: string | undefined; rebuilt: string | undefined}

export type Differences = {
  buildInfo: Difference[]
  sections: Difference[]
  /** By size, since every address differs where one function does. Undefined where one of the files has no symbol table. */
  symbols: Difference[] | undefined
  /** Whether the parts of the build ID are equal; undefined where one has no build ID of go's. */
  buildId: Record<keyof Omit<BuildId & {kind: 'executable'}, 'kind'>, boolean> | undefined
}

/** Reads all of a file. Undefined where it is no single Go binary. */
export function readForComparing(file: RandomAccess, sha256: string): Image | undefined {
  const binary = readBinary(file)
  if (binary.kind !== 'go') return undefined
  const sections = readSections(file)
  const contentOf = (name: string) => {
    const section = sections.find(each => each.name === name)
    return section && file.read(section.offset, Math.min(section.size, longestText))
  }
  return {
    sha256,
    size: file.size,
    binary,
    sections: sections.map(({name, offset, size}) => ({name, size, sha256: sumOf(file, offset, size)})),
    symbols: readSymbolSizes(file),
    goroot: findGoroot(file),
    compilers: (contentOf('.comment')?.toString('latin1') ?? '').split('\0').filter(line => line !== ''),
  }
}

const longestText = 1 << 16

function sumOf(file: RandomAccess, offset: number, size: number): string {
  const hash = createHash('sha256')
  for (let at = 0; at < size; at += piece) hash.update(file.read(offset + at, Math.min(piece, size - at)))
  return hash.digest('hex')
}

const piece = 1 << 20

/**
 * The folder in front of the runtime's files in the table of line numbers. With -trimpath a path there begins with the package:
 * `runtime/proc.go`.
 */
function findGoroot(file: RandomAccess): string | undefined {
  const wanted = Buffer.from('runtime/proc.go\0')
  for (let at = 0; at < file.size; at += piece) {
    const bytes = file.read(at, piece + 4096)
    for (let found = bytes.indexOf(wanted); found >= 0; found = bytes.indexOf(wanted, found + 1)) {
      const start = bytes.lastIndexOf(0, found) + 1
      const before = bytes.toString('utf8', start, found)
      if (before === '') return ''
      if (before.endsWith('/src/') && /^(\/|[A-Za-z]:)/.test(before)) return before.slice(0, -'/src/'.length)
    }
  }
  return undefined
}

export function differencesOf(original: Image, rebuilt: Image): Differences {
  return {
    buildInfo: between(lines(original.binary.buildInfo), lines(rebuilt.binary.buildInfo)),
    sections: between(sums(original), sums(rebuilt)),
    symbols: sameSymbols(original.symbols, rebuilt.symbols),
    buildId: sameParts(original.binary.buildId, rebuilt.binary.buildId),
  }
}

/** Of the loaded file, what differs only where the build ID or the build info stands, differs because of them. */
function sums({sections}: Image): Map<string, string> {
  return new Map(
    sections.map(({name, size, sha256}) => [name, `${size} bytes, sha256 ${sha256.slice(0, 12)}…`]),
  )
}

function sameSymbols(original: Image['symbols'], rebuilt: Image['symbols']): Differences['symbols'] {
  if (original === undefined || rebuilt === undefined) return undefined
  const texts = (symbols: Map<string, number>) =>
    new Map([...symbols].map(([name, size]): [string, string] => [name, `${size} bytes`]))
  return between(texts(original), texts(rebuilt))
}

function lines({goVersion, path, main, deps, settings}: BuildInfo): Map<string, string> {
  return new Map([
    ['go', goVersion],
    ['path', path ?? ''],
    ['mod', main === undefined ? '' : text(main)],
    ...deps.map((dep): [string, string] => [`dep ${dep.path}`, text(dep)]),
    ...settings.map(({key, value}): [string, string] => [key, value]),
  ])
}

function text({path, version, sum, replace}: Module): string {
  return [path, version, sum ?? '', ...(replace === undefined ? [] : ['=>', text(replace)])].join(' ').trim()
}

function between(original: Map<string, string>, rebuilt: Map<string, string>): Difference[] {
  return [...new Set([...original.keys(), ...rebuilt.keys()])]
    .map(name => ({name, original: original.get(name), rebuilt: rebuilt.get(name)}))
    .filter(each => each.original !== each.rebuilt)
}

function sameParts(original: string | undefined, rebuilt: string | undefined): Differences['buildId'] {
  const [a, b] = [splitBuildId(original ?? ''), splitBuildId(rebuilt ?? '')]
  if (a.kind !== 'executable' || b.kind !== 'executable') return undefined
  return {
    binActionId: a.binActionId === b.binActionId,
    mainActionId: a.mainActionId === b.mainActionId,
    mainContentId: a.mainContentId === b.mainContentId,
    binContentId: a.binContentId === b.binContentId,
  }
}
