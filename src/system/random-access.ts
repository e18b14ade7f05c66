/** Reads files piece by piece, for those too large to load: with node.ts a door to node:fs. */
import * as fs from 'node:fs'

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
