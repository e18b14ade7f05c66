/** The text of Go's h1 hashes, apart from the hashing (hash1.ts): who only reads one loads no cryptography. */

/** `h1:` and 32 bytes in base64. Made in this file alone: of a digest, or of a text that has the form. */
export type H1 = string & {readonly __H1Brand__: never}

/** The text as an h1; undefined when it is of another form, as a hash of another algorithm is. */
export function parseH1(text: string): H1 | undefined {
  return /^h1:[A-Za-z0-9+/]{43}=$/.test(text) ? (text as H1) : undefined
}

/** The h1 with this digest, 32 bytes of SHA-256. */
export function h1OfDigest(sha256: Buffer): H1 {
  return `h1:${sha256.toString('base64')}` as H1
}
