/** Go's dirhash, the `h1:` of go.sum: golang.org/x/mod/sumdb/dirhash.Hash1. */
import {createHash} from 'node:crypto'
import {type H1, h1OfDigest} from './h1.ts'
import {compareText} from './semver.ts'

/** One file: its name within the hashed set, and the SHA-256 of its content in hexadecimal digits. */
export type HashedFile = {name: string; sha256: string}

/**
 * `h1:` and the base64 SHA-256 of the lines `SHA256  NAME\n` in the order of the names' bytes. Names are latin1 strings of
 * their bytes. A name with a newline would be ambiguous: undefined, as in Go.
 */
export function hash1(files: readonly HashedFile[]): H1 | undefined {
  if (files.some(file => file.name.includes('\n'))) return undefined
  const lines = [...files]
    .sort((a, b) => compareText(a.name, b.name))
    .map(file => `${file.sha256}  ${file.name}\n`)
  return hashOfList(lines.join(''))
}

/** The hash of a go.sum line for `VERSION/go.mod`: Hash1 of the one file named go.mod. */
export function goModHash1(content: Uint8Array): H1 {
  return goModHash1Of(createHash('sha256').update(content).digest('hex'))
}

/** The same of a go.mod of which the SHA-256 alone is known, in hexadecimal digits. */
export function goModHash1Of(sha256: string): H1 {
  return hashOfList(`${sha256}  go.mod\n`)
}

/** `list` is latin1. */
function hashOfList(list: string): H1 {
  return h1OfDigest(createHash('sha256').update(Buffer.from(list, 'latin1')).digest())
}

/** The hash of an empty go.mod, which old Go versions wrote; the go command drops such lines. */
export const emptyGoModHash = 'h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY='
