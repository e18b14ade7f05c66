import * as assert from 'uvu/assert'
import {
  isInTree,
  openTree,
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

function isProven(log: Log, text: string, readTile = tilesOf(log)): boolean {
  const lookup = parseLookup(text)
  const tree = lookup && openTree(lookup.note, log.key)
  return lookup !== undefined && tree !== undefined && isInTree(lookup, tree, readTile)
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

  const forged: [name: string, forge: (text: string) => string][] = [
    ['a hash in the record', text => text.replace('h1:300=', 'h1:301=')],
    ['the number of the record', text => text.replace(/^300\n/, '301\n')],
    ['a number beyond the tree', text => text.replace(/^300\n/, '700\n')],
    ['the size of the tree', text => text.replace('\n700\n', '\n699\n')],
    ['a signature of nobody', text => text.replace(/— .*\n$/, '')],
    ['another name of the signer', text => text.replace('— sum.golang.org', '— sum.example.org')],
    ['a signature that was cut', text => text.replace(/.{8}\n$/, '\n')],
    ['a line more', text => text.replace('\n\n', '\nx v1 h1:x=\n\n')],
    ['nothing', () => ''],
  ]
  for (const [name, forge] of forged) {
    test(`${name} proves nothing`, () => {
      const log = makeLog(recordsOf(700))
      assert.ok(isProven(log, log.lookup(300)))
      assert.not(isProven(log, forge(log.lookup(300))))
    })
  }

  test('a tile that is missing, cut or forged proves nothing', () => {
    const log = makeLog(recordsOf(700))
    const read = tilesOf(log)
    for (const change of [
      () => undefined,
      (tile: Buffer) => tile.subarray(0, 32),
      (tile: Buffer) => Buffer.from(tile).fill(1, 64, 96),
    ]) {
      assert.not(
        isProven(log, log.lookup(300), (level, index, width) => {
          const tile = read(level, index, width)
          return level === 0 && index === 1 && tile !== undefined ? change(tile) : tile
        }),
      )
    }
  })

  test('the tree of the public database opens with its key, and with no other', () => {
    const lookup = parseLookup(real)
    if (lookup === undefined) throw new Error('not understood')
    assert.is(openTree(lookup.note, publicKey)?.size, 66332798)
    assert.is(openTree(lookup.note, makeLog(['a\n']).key), undefined)
    assert.is(openTree(lookup.note.replace('66332798', '66332799'), publicKey), undefined)
  })

  test('tiles lie where go keeps them', () => {
    assert.is(tilePath(0, 5), 'tile/8/0/005')
    assert.is(tilePath(0, 280_351), 'tile/8/0/x280/351')
    assert.is(tilePath(1, 1_012), 'tile/8/1/x001/012')
    assert.is(tilePath(0, 1_234_067), 'tile/8/0/x001/x234/067')
  })
})
