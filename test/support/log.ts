/** A small log in the form of Go's checksum database, with a key of its own, as the go command keeps it. */
import {createHash, generateKeyPairSync, type KeyPairKeyObjectResult, sign} from 'node:crypto'
import {type Tree, tilePath} from '../../src/go/module/checksum-database.ts'

export type Log = {
  key: string
  tree: Tree
  /** The signed tree head. */
  note: string
  /** The text of `lookup/…` for a record. */
  lookup(id: number): string
  /** Every tile, as wide as the log makes it, by its place below the database's folder. */
  tiles: Map<string, Buffer>
}

const name = 'sum.golang.org'

/** The keys of a log. */
export const newSigner = (): KeyPairKeyObjectResult => generateKeyPairSync('ed25519')

/** A log of these records. The tree is computed over all of them, level by level and not by any proof. */
export function makeLog(records: readonly string[], {publicKey, privateKey} = newSigner()): Log {
  const raw = publicKey.export({format: 'der', type: 'spki'}).subarray(12)
  const keyHash = createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([1]))
    .update(raw)
    .digest()
  const levels = [records.map(record => sha256(0, Buffer.from(record)))]
  for (let last = levels[0] ?? []; last.length > 1; last = levels.at(-1) ?? []) {
    const whole = last.length - (last.length % 2)
    const next = []
    for (let at = 0; at < whole; at += 2) next.push(sha256(1, last[at], last[at + 1]))
    levels.push(next)
  }
  const root = rootOf(levels[0] ?? [])
  const text = `go.sum database tree\n${records.length}\n${root.toString('base64')}\n`
  const signature = Buffer.concat([keyHash.subarray(0, 4), sign(null, Buffer.from(text), privateKey)])
  const note = `${text}\n— ${name} ${signature.toString('base64')}\n`
  const tiles = new Map<string, Buffer>()
  for (let level = 0; level * 8 < levels.length; level += 1) {
    const hashes = levels[level * 8] ?? []
    for (let first = 0; first < hashes.length; first += 256) {
      const tile = hashes.slice(first, first + 256)
      const path = tilePath(level, first / 256)
      tiles.set(tile.length === 256 ? path : `${path}.p/${tile.length}`, Buffer.concat(tile))
    }
  }
  return {
    key: `${name}+${keyHash.toString('hex', 0, 4)}+${Buffer.concat([Buffer.from([1]), raw]).toString('base64')}`,
    tree: {size: records.length, hash: root},
    note,
    lookup: id => `${id}\n${records[id]}\n${note}`,
    tiles,
  }
}

/** RFC 6962, section 2.1. */
function rootOf(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 1 && hashes[0] !== undefined) return hashes[0]
  let half = 1
  while (half * 2 < hashes.length) half *= 2
  return sha256(1, rootOf(hashes.slice(0, half)), rootOf(hashes.slice(half)))
}

function sha256(prefix: number, ...parts: (Buffer | undefined)[]): Buffer {
  const hash = createHash('sha256').update(Buffer.from([prefix]))
  for (const part of parts) hash.update(part ?? '')
  return hash.digest()
}
