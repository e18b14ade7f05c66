/**
 * What Go's checksum database (sum.golang.org) says of a module, proven from what the go command keeps of it in
 * GOMODCACHE/cache/download/sumdb: the record, a signed tree head, and the tiles of hashes that lead from one to the other.
 * The formats are those of golang.org/x/mod/sumdb (note, tlog); the tree is that of RFC 6962.
 */
import {createHash, createPublicKey, verify} from 'node:crypto'
import {type H1, parseH1} from './h1.ts'

/** The name and key that cmd/go carries (cmd/go/internal/modfetch/key.go): the name, 4 bytes of key hash, the key. */
export const publicKey = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8'

/** Hashes of one tile, 32 bytes each: at least `width` of them, or undefined where they are not at hand. */
export type ReadTile = (level: number, index: number, width: number) => Buffer | undefined

export type Tree = {size: number; hash: Buffer}

export type Lookup = {
  /** Its number in the log, from 0. */
  id: number
  /** The lines of go.sum that it stands for. */
  text: string
  /** A signed tree head of about the time of the lookup. */
  note: string
}

/** `ID\nPATH VERSION h1:…\nPATH VERSION/go.mod h1:…\n\nNOTE`; undefined when it is not of that form. */
export function parseLookup(content: string): Lookup | undefined {
  const match = content.match(/^(\d{1,15})\n((?:[^\n]+\n)+)\n([\s\S]+)$/)
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return undefined
  return {id: Number(match[1]), text: match[2], note: match[3]}
}

/** The h1 that a record has for a version of a module; undefined where it is of another. */
export function recordedH1({text}: Pick<Lookup, 'text'>, path: string, version: string): H1 | undefined {
  const line = text.split('\n').find(line => line.startsWith(`${path} ${version} h1:`))
  return parseH1(line?.split(' ')[2] ?? '')
}

/**
 * What stands at the end of a lookup: a tree head that the key has signed; 'unsigned', a tree head that it has not, which nobody
 * but a forger or a damaged disk makes; 'malformed', which is no note of a tree at all.
 */
export type Note = {kind: 'signed'; tree: Tree} | {kind: 'unsigned'} | {kind: 'malformed'}

/**
 * Reads a note, and checks its signature.
 *
 *   go.sum database tree
 *   66332798
 *   czPocWFmMwQrSENohgEPvFiqA+2i/3lRZhHbxtma2UQ=
 *
 *   — sum.golang.org Az3grh19…
 */
export function openNote(note: string, key: string): Note {
  const end = note.lastIndexOf('\n\n')
  const text = note.slice(0, end + 1)
  const [title, size = '', hash = ''] = text.split('\n')
  const bytes = Buffer.from(hash, 'base64')
  if (end < 0 || title !== 'go.sum database tree' || !/^\d{1,15}$/.test(size) || bytes.length !== 32)
    return {kind: 'malformed'}
  const signatures = note.slice(end + 2).split('\n')
  if (!signatures.some(line => isSignature(line, text, key))) return {kind: 'unsigned'}
  return {kind: 'signed', tree: {size: Number(size), hash: bytes}}
}

/** `— NAME BASE64`, where the bytes are the key's hash and the signature. Ed25519 is the one algorithm in use. */
function isSignature(line: string, text: string, key: string): boolean {
  const [name, keyHash, encoded = ''] = key.split(/\+([0-9a-f]{8})\+/)
  const bytes = Buffer.from(line.startsWith(`— ${name} `) ? line.slice(`— ${name} `.length) : '', 'base64')
  const publicBytes = Buffer.from(encoded, 'base64')
  if (bytes.length !== 68 || bytes.toString('hex', 0, 4) !== keyHash) return false
  if (publicBytes.length !== 33 || publicBytes[0] !== 1) return false
  // The fixed head of an Ed25519 key in DER (RFC 8410).
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicBytes.subarray(1)])
  const publicObject = createPublicKey({key: der, format: 'der', type: 'spki'})
  return verify(null, Buffer.from(text), publicObject, bytes.subarray(4))
}

/**
 * Whether the tree holds the record: 'held' when the hashes in the tiles lead from it to the tree's own. Tiles need no trust
 * of their own, for any other hash leads 'elsewhere', as another record does. 'incomplete' when a tile is missing.
 */
export function findInTree(
  {id, text}: Pick<Lookup, 'id' | 'text'>,
  tree: Tree,
  readTile: ReadTile,
): 'held' | 'elsewhere' | 'incomplete' {
  if (id >= tree.size) return 'elsewhere'
  const leaf = sha256(Buffer.from([0]), Buffer.from(text))
  const root = rootAbove(leaf, id, 0, tree.size, readTile)
  if (root === undefined) return 'incomplete'
  return root.equals(tree.hash) ? 'held' : 'elsewhere'
}

/**
 * Whether a tree is the beginning of a larger one, as every tree of an honest log is: 'prefix' when one set of hashes in the tiles makes
 * both (RFC 6962, section 2.1.2). 'fork' when it does not, 'incomplete' when a tile is missing.
 */
export function findPrefix(older: Tree, newer: Tree, readTile: ReadTile): 'prefix' | 'fork' | 'incomplete' {
  if (older.size === 0) return 'prefix'
  if (older.size > newer.size) return 'fork'
  if (older.size === newer.size) return older.hash.equals(newer.hash) ? 'prefix' : 'fork'
  const roots = rootsOf(0, newer.size, older.size, readTile)
  if (roots.older === undefined || roots.newer === undefined) return 'incomplete'
  return roots.older.equals(older.hash) && roots.newer.equals(newer.hash) ? 'prefix' : 'fork'
}

/** The hash of the records from `low` up to `high`, and of those among them before `end`. */
function rootsOf(
  low: number,
  high: number,
  end: number,
  readTile: ReadTile,
): {older: Buffer | undefined; newer: Buffer | undefined} {
  if (high <= end) {
    const whole = rangeHash(low, high, readTile)
    return {older: whole, newer: whole}
  }
  const middle = low + largestPowerBelow(high - low)
  if (end <= middle) {
    const left = rootsOf(low, middle, end, readTile)
    return {older: left.older, newer: nodeHash(left.newer, rangeHash(middle, high, readTile))}
  }
  const left = rangeHash(low, middle, readTile)
  const right = rootsOf(middle, high, end, readTile)
  return {older: nodeHash(left, right.older), newer: nodeHash(left, right.newer)}
}

/** The hash of the records from `low` up to `high`, where that of record `id` is given. */
function rootAbove(
  leaf: Buffer,
  id: number,
  low: number,
  high: number,
  readTile: ReadTile,
): Buffer | undefined {
  if (high - low === 1) return leaf
  const middle = low + largestPowerBelow(high - low)
  return id < middle
    ? nodeHash(rootAbove(leaf, id, low, middle, readTile), rangeHash(middle, high, readTile))
    : nodeHash(rangeHash(low, middle, readTile), rootAbove(leaf, id, middle, high, readTile))
}

function rangeHash(low: number, high: number, readTile: ReadTile): Buffer | undefined {
  const level = Math.log2(high - low)
  if (Number.isInteger(level)) return storedHash(level, low / (high - low), readTile)
  const middle = low + largestPowerBelow(high - low)
  return nodeHash(rangeHash(low, middle, readTile), rangeHash(middle, high, readTile))
}

/** The hash of a whole subtree: tiles hold every eighth level, what lies between is computed from the level below. */
function storedHash(level: number, index: number, readTile: ReadTile): Buffer | undefined {
  const tileLevel = Math.floor(level / 8)
  const count = 2 ** (level - tileLevel * 8)
  const first = index * count
  const offset = first % 256
  const tile = readTile(tileLevel, Math.floor(first / 256), offset + count)
  if (tile === undefined || tile.length < (offset + count) * 32) return undefined
  let hashes: (Buffer | undefined)[] = Array.from({length: count}, (_, at) =>
    tile.subarray((offset + at) * 32, (offset + at + 1) * 32),
  )
  while (hashes.length > 1) {
    hashes = Array.from({length: hashes.length / 2}, (_, at) => nodeHash(hashes[2 * at], hashes[2 * at + 1]))
  }
  return hashes[0]
}

function nodeHash(left: Buffer | undefined, right: Buffer | undefined): Buffer | undefined {
  return left === undefined || right === undefined ? undefined : sha256(Buffer.from([1]), left, right)
}

function sha256(...parts: Buffer[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function largestPowerBelow(count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}

/** Where a tile lies below the database's folder: `tile/8/0/x280/351`, and the parts of one that is not full in `….p/WIDTH`. */
export function tilePath(level: number, index: number): string {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const groups = padded.match(/\d{3}/g) ?? []
  return `tile/8/${level}/${groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')}`
}
