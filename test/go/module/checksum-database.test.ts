import * as assert from 'uvu/assert'
import {
  findInTree,
  findPrefix,
  openNote,
  parseLookup,
  publicKey,
  type ReadTile,
  tilePath,
} from '../../../src/go/module/checksum-database.ts'
import {type Log, makeLog} from '../../support/log.ts'
import {suite} from '../../support/suite.ts'

/** A real record of the database, with its signed tree. */
const real = `61743986
golang.org/toolchain v0.0.1-go1.26.8.linux-amd64 h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=
golang.org/toolchain v0.0.1-go1.26.8.linux-amd64/go.mod h1:8wlg68NqwW7eMnI1aABk/C2pDYXj8mrMY4TyRfiLeS0=

go.sum database tree
66332798
czPocWFmMwQrSENohgEPvFiqA+2i/3lRZhHbxtma2UQ=

— sum.golang.org Az3grh19zTBOmg0dGOAELF5SP1N/QTSsuYwquERee13uccsbttgwVlS/0MhlHd7IEvb6fQVKmu7XFovf0PT1tKOnHQo=
`

function recordsOf(size: number): string[] {
  return Array.from(
    {length: size},
    (_, id) => `a.b/c${id} v1.0.0 h1:${id}=\na.b/c${id} v1.0.0/go.mod h1:${id}=\n`,
  )
}

function tilesOf(log: Log): ReadTile {
  return (level, index, width) => {
    const path = tilePath(level, index)
    const tile = log.tiles.get(path)
    if (tile !== undefined) return tile
    for (const [at, part] of log.tiles)
      if (at.startsWith(`${path}.p/`) && part.length >= width * 32) return part
    return undefined
  }
}

/** The signature that another log's key makes under its own name. */
function signatureOfAnother(): string {
  return makeLog(['other\n'])
    .lookup(0)
    .slice(-200)
    .replace(/^[\s\S]*(?=\n\n— )/, '')
}

type Outcome = ReturnType<typeof findInTree> | 'unsigned' | 'malformed'

function outcomeOf(log: Log, text: string, readTile = tilesOf(log)): Outcome {
  const lookup = parseLookup(text)
  const note = lookup && openNote(lookup.note, log.key)
  if (lookup === undefined || note === undefined) return 'malformed'
  return note.kind === 'signed' ? findInTree(lookup, note.tree, readTile) : note.kind
}

function isProven(log: Log, text: string): boolean {
  return outcomeOf(log, text) === 'held'
}

suite('go/module/checksum-database', test => {
  for (const size of [1, 2, 3, 7, 255, 256, 257, 700]) {
    test(`every record of a log of ${size} is proven`, () => {
      const log = makeLog(recordsOf(size))
      const step = size > 50 ? 37 : 1
      for (let id = 0; id < size; id += step) assert.ok(isProven(log, log.lookup(id)), String(id))
      assert.ok(isProven(log, log.lookup(size - 1)))
    })
  }

  test('a log with a third level of tiles is proven', () => {
    const log = makeLog(recordsOf(256 * 256 + 300))
    for (const id of [0, 255, 256, 65_535, 65_536, 65_835])
      assert.ok(isProven(log, log.lookup(id)), String(id))
  })

  test('every earlier tree of a log is the beginning of a later one, and no tree of another log is', () => {
    const sizes = [1, 2, 3, 4, 6, 7, 8, 9, 255, 256, 257, 300, 512, 700]
    const logs = sizes.map(size => makeLog(recordsOf(size)))
    const others = sizes.map(size => makeLog(['other\n', ...recordsOf(size).slice(1)]))
    for (const [at, older] of logs.entries())
      for (const [later, newer] of logs.entries()) {
        const what = `${sizes[at]} in ${sizes[later]}`
        assert.is(findPrefix(older.tree, newer.tree, tilesOf(newer)), at <= later ? 'prefix' : 'fork', what)
        const other = others[at]?.tree ?? older.tree
        assert.is(findPrefix(other, newer.tree, tilesOf(newer)), 'fork', `another ${what}`)
        // Tiles that fit the one tree do not fit the other.
        if (at < later)
          assert.is(findPrefix(other, newer.tree, tilesOf(others[later] ?? newer)), 'fork', `tiles, ${what}`)
      }
    const [small, large] = [logs[5], logs[13]]
    if (small === undefined || large === undefined) throw new Error('no logs')
    assert.is(
      findPrefix(small.tree, large.tree, () => undefined),
      'incomplete',
    )
  })

  const altered: [name: string, alter: (text: string) => string, outcome: Outcome][] = [
    ['a hash in the record', text => text.replace('h1:300=', 'h1:301='), 'elsewhere'],
    ['the number of the record', text => text.replace(/^300\n/, '301\n'), 'elsewhere'],
    ['a number beyond the tree', text => text.replace(/^300\n/, '700\n'), 'elsewhere'],
    ['a line more', text => text.replace('\n\n', '\nx v1 h1:x=\n\n'), 'elsewhere'],
    ['the size of the tree', text => text.replace('\n700\n', '\n699\n'), 'unsigned'],
    ['no signature', text => text.replace(/— .*\n$/, ''), 'unsigned'],
    ['another name of the signer', text => text.replace('— sum.golang.org', '— sum.example.org'), 'unsigned'],
    ['a signature that was cut', text => text.replace(/.{8}\n$/, '\n'), 'unsigned'],
    ['a signature of another key', text => text.replace(/\n\n— .*\n$/, signatureOfAnother), 'unsigned'],
    ['nothing', () => '', 'malformed'],
    ['null bytes', text => '\0'.repeat(text.length), 'malformed'],
    ['a note that was cut', text => text.slice(0, text.indexOf('go.sum database') + 30), 'malformed'],
  ]
  for (const [name, alter, outcome] of altered) {
    test(`${name} proves nothing: ${outcome}`, () => {
      const log = makeLog(recordsOf(700))
      assert.is(outcomeOf(log, log.lookup(300)), 'held')
      assert.is(outcomeOf(log, alter(log.lookup(300))), outcome)
    })
  }

  const tiles: [name: string, change: (tile: Buffer) => Buffer | undefined, outcome: Outcome][] = [
    ['missing', () => undefined, 'incomplete'],
    ['cut', tile => tile.subarray(0, 32), 'incomplete'],
    ['of other hashes', tile => Buffer.from(tile).fill(1, 64, 96), 'elsewhere'],
  ]
  for (const [name, change, outcome] of tiles) {
    test(`a tile that is ${name} proves nothing: ${outcome}`, () => {
      const log = makeLog(recordsOf(700))
      const read = tilesOf(log)
      const changed: ReadTile = (level, index, width) => {
        const tile = read(level, index, width)
        return level === 0 && index === 1 && tile !== undefined ? change(tile) : tile
      }
      assert.is(outcomeOf(log, log.lookup(300), changed), outcome)
    })
  }

  test('the tree of the public database opens with its key, and with no other', () => {
    const lookup = parseLookup(real)
    if (lookup === undefined) throw new Error('not understood')
    const opened = openNote(lookup.note, publicKey)
    assert.is(opened.kind === 'signed' && opened.tree.size, 66332798)
    assert.is(openNote(lookup.note, makeLog(['a\n']).key).kind, 'unsigned')
    assert.is(openNote(lookup.note.replace('66332798', '66332799'), publicKey).kind, 'unsigned')
  })

  test('tiles lie where go keeps them', () => {
    assert.is(tilePath(0, 5), 'tile/8/0/005')
    assert.is(tilePath(0, 280_351), 'tile/8/0/x280/351')
    assert.is(tilePath(1, 1_012), 'tile/8/1/x001/012')
    assert.is(tilePath(0, 1_234_067), 'tile/8/0/x001/x234/067')
  })
})
