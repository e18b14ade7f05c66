/** What the formats of executables have in common, and how their headers are read: every length in a file is somebody's claim. */

import type {NoBuildInfo} from './build-info.ts'
import type {RandomAccess} from './random-access.ts'

/** An executable with what is the same in every format. */
export type Image = {
  format: Exclude<Format, 'WebAssembly'>
  bits: 32 | 64
  /** GOARCH as the header has it, undefined where Go has no word for the machine. */
  arch: string | undefined
  segments: Segment[]
  /** Where the blob is, or begins to be looked for; undefined when there is nothing it could be in. */
  blobRange: {address: bigint; size: bigint} | undefined
  buildId: string | undefined
  /** Undefined for a static file, and where nothing is known of it. */
  dynamic: Dynamic | undefined
  /** Undefined where nobody looked. */
  symbols: Symbols | undefined
}

export type Format = 'ELF' | 'Mach-O' | 'PE' | 'WebAssembly'

/** What an executable asks of the system that loads it: symbol versions (`GLIBC_2.34`) are ELF's alone. */
export type Dynamic = {loader: string | undefined; libraries: {name: string; versions: string[]}[]}

/** What `-ldflags=-w` (the debugger's tables) and `-ldflags=-s` or strip(1) (names of functions too) have left. */
export type Symbols = 'all' | 'no-debug' | 'none'

/** A run of bytes in the file and the virtual address it is loaded at. */
export type Segment = {address: bigint; offset: number; size: number}

/** Where an address lies in the file, and how many bytes follow there; undefined where nothing is loaded. */
export function locate(
  segments: readonly Segment[],
  address: bigint,
): {offset: number; size: number} | undefined {
  for (const segment of segments) {
    const distance = Number(address - segment.address)
    if (distance >= 0 && distance < segment.size) {
      return {offset: segment.offset + distance, size: segment.size - distance}
    }
  }
  return undefined
}

/** The numbers of a header, by their place in it. */
export type Fields = {
  u16(at: number): number
  u32(at: number): number
  /** A number as wide as the machine's addresses. */
  word(at: number): bigint
  /** A name of up to 16 bytes, padded with zeros. */
  name(at: number): string
}

/** The numbers of `bytes`, in the byte order and width that the file says it has. */
export function fields(bytes: Buffer, isLittleEndian: boolean, isWide: boolean): Fields {
  const u32 = (at: number) => (isLittleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  return {
    u16: at => (isLittleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    u32,
    word: at => {
      if (!isWide) return BigInt(u32(at))
      return isLittleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at)
    },
    name: at => bytes.toString('latin1', at, at + 16).replace(/\0.*$/s, ''),
  }
}

/** The entries of a table of headers, undefined when it is not in the file, too large to be real, or its entries too small. */
export function readTable(
  file: RandomAccess,
  offset: number,
  count: number,
  entrySize: number,
  smallestEntry: number,
): Buffer[] | undefined {
  if (count === 0) return []
  if (entrySize < smallestEntry) return undefined
  const bytes = exactly(file, offset, count * entrySize)
  return (
    bytes &&
    Array.from({length: count}, (_, index) => bytes.subarray(index * entrySize, (index + 1) * entrySize))
  )
}

/** Exactly these bytes, undefined when the file does not hold them or nobody would need so many. */
export function exactly(file: RandomAccess, offset: number, length: number): Buffer | undefined {
  if (length > largestTable || offset + length > file.size) return undefined
  const bytes = file.read(offset, length)
  return bytes.length === length ? bytes : undefined
}

/** Bytes of the file by a place and a size as it claims them, at most `most`. */
export function readAtMost(file: RandomAccess, offset: bigint, size: bigint, most: number): Buffer {
  return file.read(Number(offset), Math.min(Number(size), most))
}

/** Real tables take some kilobytes; a C++ program with a section for each function some megabytes. */
export const largestTable = 1 << 24

/** The answer for a file that Go did not build. */
export function notGo(reason: string): NoBuildInfo {
  return {kind: 'not-go', reason}
}

/** The answer for a file that breaks the rules of its format. */
export function corrupt(reason: string): NoBuildInfo {
  return {kind: 'corrupt', reason}
}
