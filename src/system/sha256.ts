import {createHash} from 'node:crypto'
import type {RandomAccess} from './random-access.ts'

/** The SHA-256 of a whole file, in hex; read in pieces. */
export function sha256Of(file: RandomAccess): string {
  const hash = createHash('sha256')
  const piece = Buffer.alloc(1 << 20)
  for (let at = 0; ; ) {
    const count = file.fill(piece, at)
    hash.update(piece.subarray(0, count))
    at += count
    if (count < piece.length) return hash.digest('hex')
  }
}

/** The SHA-256 of bytes, in hex. */
export function sha256OfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
