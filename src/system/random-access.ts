/** Reads files piece by piece, for those too large to load: with node.ts a door to node:fs. */
import * as fs from 'node:fs'
import {Transform} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import * as zlib from 'node:zlib'

/** A file that is read by position. */
export type RandomAccess = {
  size: number
  /** At most `length` bytes from `offset`; fewer at its end. */
  read(offset: number, length: number): Buffer
  /** Fills `buffer` from `offset`; how many bytes there were. */
  fill(buffer: Uint8Array, offset: number): number
}

/** What a reader made of a file, or why there was nothing to read. */
export type Opened<T> = {kind: 'read'; value: T} | {kind: 'absent' | 'unreadable'; reason: string}

/**
 * Opens a regular file for `body` and closes it behind it. A missing file, a directory, a device and a failing read are
 * answers; what `body` itself throws is not caught.
 */
export async function withRandomAccess<T>(
  path: string,
  body: (file: RandomAccess) => T | Promise<T>,
): Promise<Opened<T>> {
  try {
    const stat = fs.statSync(path)
    // opening a pipe would wait for somebody to write to it
    if (stat.isDirectory()) return {kind: 'unreadable', reason: 'it is a directory'}
    if (!stat.isFile()) return {kind: 'unreadable', reason: 'it is not a regular file'}
    const descriptor = fs.openSync(path, 'r')
    try {
      return {kind: 'read', value: await body(randomAccess(descriptor))}
    } finally {
      fs.closeSync(descriptor)
    }
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === undefined) throw error
    return {
      kind: code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : 'unreadable',
      reason: reasons[code] ?? `the system says ${code}`,
    }
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'its name is too long',
}

function randomAccess(descriptor: number): RandomAccess {
  const size = fs.fstatSync(descriptor).size
  const fill = (buffer: Uint8Array, offset: number) => {
    let filled = 0
    while (filled < buffer.length) {
      const count = fs.readSync(descriptor, buffer, filled, buffer.length - filled, offset + filled)
      if (count === 0) break
      filled += count
    }
    return filled
  }
  return {
    size,
    read(offset, length) {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)))
      return bytes.subarray(0, fill(bytes, offset))
    },
    fill,
  }
}

/** The code of a failed system call, e.g. 'EACCES'; undefined for every other error. */
function systemErrorCode(error: unknown): string | undefined {
  const isSystemError = error instanceof Error && 'syscall' in error && 'code' in error
  return isSystemError && typeof error.code === 'string' ? error.code : undefined
}

/** A file that grows at its end. */
export type Appended = {
  /** How many bytes it has. */
  size(): number
  append(bytes: Uint8Array): void
  /** Begins anew with none. */
  clear(): void
}

/** Opens a file for `body` to append to, making it when it is absent, and closes it behind it. Throws what the file system throws. */
export async function withAppending<T>(path: string, body: (file: Appended) => Promise<T>): Promise<T> {
  const descriptor = fs.openSync(path, 'a', 0o600)
  try {
    return await body({
      size: () => fs.fstatSync(descriptor).size,
      append: bytes => {
        for (let at = 0; at < bytes.length; ) at += fs.writeSync(descriptor, bytes, at)
      },
      clear: () => fs.ftruncateSync(descriptor, 0),
    })
  } finally {
    fs.closeSync(descriptor)
  }
}

export type Packing = 'gzip' | 'zstd'

/** What a file may unpack to: the layers of real images have some gigabytes. */
const mostUnpacked = 16 * 2 ** 30

/** Unpacks a part of a file into another one, piece by piece. What is damaged, or larger than anything real, is an answer. */
export async function unpack(
  path: string,
  {offset, size}: {offset: number; size: number},
  packing: Packing,
  target: string,
): Promise<{kind: 'unpacked'; size: number} | {kind: 'corrupt' | 'unreadable'; reason: string}> {
  const unpacker = packing === 'gzip' ? zlib.createGunzip() : zstdUnpacker()
  if (unpacker === undefined)
    return {
      kind: 'unreadable',
      reason: 'it is packed by zstd, which needs Node 22.15: unpack it first (zstd -d)',
    }
  let unpacked = 0
  const counter = new Transform({
    transform(piece: Buffer, _, done) {
      unpacked += piece.length
      done(unpacked > mostUnpacked ? new TooLarge() : null, piece)
    },
  })
  try {
    const source = fs.createReadStream(path, {start: offset, end: offset + size - 1})
    await pipeline(source, unpacker, counter, fs.createWriteStream(target, {mode: 0o600}))
    return {kind: 'unpacked', size: unpacked}
  } catch (error) {
    if (error instanceof TooLarge) return {kind: 'unreadable', reason: 'it unpacks to more than 16 GiB'}
    const code = systemErrorCode(error)
    if (code !== undefined) return {kind: 'unreadable', reason: `unpacking it: the system says ${code}`}
    return {kind: 'corrupt', reason: `its ${packing} is damaged or cut off`}
  }
}

class TooLarge extends Error {}

/** Node has it since 22.15. */
function zstdUnpacker(): NodeJS.ReadWriteStream | undefined {
  const make: unknown = Reflect.get(zlib, 'createZstdDecompress')
  return typeof make === 'function' ? make() : undefined
}
