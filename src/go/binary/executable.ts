/**
 * Reads out of an executable what the Go linker left in it, without running anything and without loading the file:
 * headers, the blob, the build ID. Every length in a file is somebody's claim, so each is held against the file's size
 * before it is believed.
 */

import {
  type BuildInfo,
  blobAlignment,
  findBlob,
  type Memory,
  type NoBuildInfo,
  readBlob,
} from './build-info.ts'
import {readElf} from './elf.ts'
import {
  corrupt,
  type Dynamic,
  type Format,
  type Image,
  locate,
  notGo,
  type Segment,
  type Symbols,
} from './image.ts'
import {isUniversal, readMachO, readUniversal} from './mach-o.ts'
import {readPe} from './pe.ts'
import type {RandomAccess} from './random-access.ts'
import {readWasm} from './wasm.ts'

/** `arch` is GOARCH as the header has it, undefined where Go has no word for the machine. GOOS is in the settings. */
export type GoBinary = {
  kind: 'go'
  format: Format
  bits: Image['bits']
  arch: Image['arch']
  buildInfo: BuildInfo
  buildId: string | undefined
  dynamic: Dynamic | undefined
  symbols: Symbols | undefined
}

/** A universal Mach-O file holds one image for each machine, and each may come from another toolchain. */
export type FatBinary = {kind: 'fat'; images: {arch: string; binary: GoBinary | NoBuildInfo}[]}

/**
 * What the file says about itself: what `go version -m` and `go tool buildid` print, or why that is nothing. Damaged
 * and hostile files are answers too ('corrupt'); only a failing read throws.
 */
export function readBinary(file: RandomAccess): GoBinary | FatBinary | NoBuildInfo {
  const start = file.read(0, 16)
  if (!isUniversal(start)) return readThin(file, start)
  const images = readUniversal(file)
  if ('kind' in images) return images
  return {
    kind: 'fat',
    images: images.map(image => ({arch: image.arch, binary: readThin(image.file, image.file.read(0, 16))})),
  }
}

function readThin(file: RandomAccess, start: Buffer): GoBinary | NoBuildInfo {
  if (start.toString('latin1', 0, 4) === '\0asm') return goWasm(file)
  const image = readImage(file, start)
  if ('kind' in image) return image.kind === 'corrupt' && isPacked(file) ? packed : image
  const blob = blobAddress(file, image)
  if (typeof blob !== 'bigint') return isPacked(file) ? packed : blob
  const buildInfo = readBlob(memoryOf(file, image.segments), blob)
  if ('kind' in buildInfo) return buildInfo
  const {format, bits, arch, buildId, dynamic, symbols} = image
  return {kind: 'go', format, bits, arch, buildInfo, buildId, dynamic, symbols}
}

/** UPX puts its mark behind the headers, and again at the end of the file. */
function isPacked(file: RandomAccess): boolean {
  const places = [file.read(0, 4096), file.read(Math.max(0, file.size - 64), 64)]
  return places.some(bytes => bytes.includes('UPX!'))
}

const packed: NoBuildInfo = {
  kind: 'hidden',
  reason: 'packed by UPX, which hides what is in it: look at an unpacked copy (upx -d -o COPY FILE)',
}

function goWasm(file: RandomAccess): GoBinary | NoBuildInfo {
  const read = readWasm(file)
  if ('kind' in read) return read
  const wasm = {
    format: 'WebAssembly',
    bits: 32,
    arch: 'wasm',
    dynamic: undefined,
    symbols: undefined,
  } as const
  return {kind: 'go', ...wasm, ...read}
}

function readImage(file: RandomAccess, start: Buffer): Image | NoBuildInfo {
  const magic = start.toString('latin1')
  if (magic.startsWith('\x7fELF')) return readElf(file)
  if (magic.startsWith('MZ')) return readPe(file)
  if (/^(\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe)/.test(magic)) return readMachO(file)
  for (const [prefix, reason] of unsupportedFormats) {
    if (magic.startsWith(prefix)) return {kind: 'unsupported', reason}
  }
  if (file.size === 0) return notGo('the file is empty')
  return notGo(magic.startsWith('#!') ? 'it is a script' : 'it is not an ELF, Mach-O or PE file')
}

const unsupportedFormats: [prefix: string, reason: string][] = [
  ['!<arch>\n', 'an archive (.a), which has no build info: look at the executable linked from it'],
  ['!<thin>\n', 'a thin archive (.a), which has no build info: look at the executable linked from it'],
  ['<bigaf>\n', 'an AIX archive (.a), which has no build info: look at the executable linked from it'],
  ['\x01\xdf', 'XCOFF (AIX); try go version -m'],
  ['\x01\xf7', 'XCOFF (AIX); try go version -m'],
  ['\0\0\x01\xeb', 'Plan 9 a.out; try go version -m'],
  ['\0\0\x8a\x97', 'Plan 9 a.out; try go version -m'],
  ['\0\0\x06\x47', 'Plan 9 a.out; try go version -m'],
]

/** The blob's address (searchMagic of debug/buildinfo/buildinfo.go): the range is read in pieces, at most to its end. */
function blobAddress(file: RandomAccess, image: Image): bigint | NoBuildInfo {
  const range = image.blobRange
  if (range === undefined) return notGo(noBlob)
  const misaligned = range.address % BigInt(blobAlignment)
  const address = misaligned === 0n ? range.address : range.address + BigInt(blobAlignment) - misaligned
  const place = locate(image.segments, address)
  if (place === undefined) return corrupt('the file holds nothing of the segment its build info would be in')
  const size = Math.min(Number(range.address + range.size - address), place.size)
  for (let at = 0; at < size; at += searchPiece) {
    const length = Math.min(searchPiece, size - at)
    const bytes = file.read(place.offset + at, length)
    const found = findBlob(bytes)
    if (found !== undefined) return address + BigInt(at + found)
    if (bytes.length < length) return corrupt('the file ends before its data does')
  }
  return notGo(noBlob)
}

const noBlob = 'it has no build info (not built by Go, or by Go before 1.13)'

/** A multiple of blobAlignment, so that no blob's first bytes lie in two pieces. */
const searchPiece = 1 << 20

function memoryOf(file: RandomAccess, segments: readonly Segment[]): Memory {
  return {
    read(address, length) {
      const place = locate(segments, address)
      return place === undefined ? Buffer.alloc(0) : file.read(place.offset, Math.min(length, place.size))
    },
  }
}
