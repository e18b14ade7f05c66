/**
 * Tar archives by position: a layer of an image, and a binary in it, are read where they lie, and nothing is held or copied. POSIX
 * ustar with pax headers, and GNU's long names.
 */
import type {RandomAccess} from '../go/binary/random-access.ts'

export type TarEntry = {
  /** Without `./` in front and `/` behind; `..` and empty parts are left out. */
  path: string
  kind: 'file' | 'hard-link' | 'symbolic-link' | 'directory' | 'other'
  /** Of a link, as it is written. */
  target: string
  offset: number
  size: number
}

const block = 512

/** Whether a file begins with a header whose checksum is right. */
export function isTar(file: RandomAccess): boolean {
  const header = file.read(0, block)
  return header.length === block && isHeader(header)
}

/** Every entry in order. Throws TarError where the archive is damaged or cut off. */
export function* tarEntries(file: RandomAccess): Iterable<TarEntry> {
  let long: {path?: string; target?: string; size?: number} = {}
  for (let at = 0; at + block <= file.size; ) {
    const header = file.read(at, block)
    if (header.every(byte => byte === 0)) return
    if (!isHeader(header)) throw new TarError('one of its headers is damaged')
    const type = String.fromCharCode(header[156] ?? 0)
    const isExtension = type === 'x' || type === 'g' || type === 'L' || type === 'K'
    const size = isExtension ? numberIn(header, 124, 12) : (long.size ?? numberIn(header, 124, 12))
    const offset = at + block
    if (!Number.isSafeInteger(size) || size < 0 || offset + size > file.size)
      throw new TarError('it is cut off')
    at = offset + Math.ceil(size / block) * block
    if (isExtension) {
      if (size > largestExtension) throw new TarError('one of its headers is damaged')
      const bytes = file.read(offset, size)
      if (type === 'L') long.path = textOf(bytes)
      if (type === 'K') long.target = textOf(bytes)
      if (type === 'x') long = {...long, ...paxOf(bytes)}
      continue
    }
    const prefix = textIn(header, 345, 155)
    const name = textIn(header, 0, 100)
    const isUstar = header.toString('latin1', 257, 263) === 'ustar\0'
    yield {
      path: plain(long.path ?? (isUstar && prefix !== '' ? `${prefix}/${name}` : name)),
      kind: kinds[type] ?? 'other',
      target: long.target ?? textIn(header, 157, 100),
      offset,
      size,
    }
    long = {}
  }
}

export class TarError extends Error {}

const kinds: Record<string, TarEntry['kind']> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hard-link',
  '2': 'symbolic-link',
  '5': 'directory',
}

/** Names and times take some hundred bytes. */
const largestExtension = 1 << 20

/** The sum of all bytes of a header, its own field counted as spaces. */
function isHeader(header: Buffer): boolean {
  let sum = 0
  for (let at = 0; at < block; at++) sum += at >= 148 && at < 156 ? 0x20 : (header[at] ?? 0)
  return sum === numberIn(header, 148, 8)
}

/** Octal digits, or with the first bit set the number itself, big endian. */
function numberIn(header: Buffer, at: number, length: number): number {
  if (((header[at] ?? 0) & 0x80) !== 0) {
    let value = (header[at] ?? 0) & 0x7f
    for (let index = 1; index < length; index++) value = value * 256 + (header[at + index] ?? 0)
    return value
  }
  const digits = header.toString('latin1', at, at + length).replace(/[\0 ]+/g, '')
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : digits === '' ? 0 : Number.NaN
}

function textIn(header: Buffer, at: number, length: number): string {
  return textOf(header.subarray(at, at + length))
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}

/** Records `LENGTH KEY=VALUE\n`, where the length counts the whole record. */
function paxOf(bytes: Buffer): {path?: string; target?: string; size?: number} {
  const found: {path?: string; target?: string; size?: number} = {}
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const length = space < 0 ? Number.NaN : Number(bytes.toString('latin1', at, space))
    if (!(length > space - at + 1)) break
    const record = bytes.toString('utf8', space + 1, at + length - 1)
    const equals = record.indexOf('=')
    const value = record.slice(equals + 1)
    switch (record.slice(0, equals)) {
      case 'path':
        found.path = value
        break
      case 'linkpath':
        found.target = value
        break
      case 'size':
        found.size = Number(value)
        break
    }
    at += length
  }
  return found
}

function plain(path: string): string {
  return path
    .split('/')
    .filter(part => part !== '' && part !== '.' && part !== '..')
    .join('/')
}
