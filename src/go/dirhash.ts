import {createHash} from 'node:crypto'

/** One file of a tree that is hashed: its full name there, and the SHA-256 of its content in hex. */
export type HashedFile = {name: string; sha256: string}

/**
 * Go's Hash1 (golang.org/x/mod/sumdb/dirhash): "h1:" and the base64 SHA-256 of one line `<sha256>  <name>\n` a file, in
 * the order of the names' bytes. This is the hash of go.sum and of the checksum database.
 */
export function hash1(files: readonly HashedFile[]): string {
  const sum = createHash('sha256')
  for (const file of [...files].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))) {
    sum.update(`${file.sha256}  ${file.name}\n`)
  }
  return `h1:${sum.digest('base64')}`
}
