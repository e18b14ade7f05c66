import {crc32, deflateRawSync} from 'node:zlib'
import * as assert from 'uvu/assert'
import {type Declared, inflateMany, runsOf} from '../../../src/go/vendor/inflate-many.ts'
import {randomFrom} from '../../support/random.ts'
import {suite} from '../../support/suite.ts'

type Entry = Declared & {method: 'stored' | 'deflated'; bytes: Buffer; content: Buffer}

function entryOf(content: Buffer, changed: Partial<Entry> = {}): Entry {
  const bytes = deflateRawSync(content)
  const declared = {compressed: bytes.length, size: content.length, crc32: crc32(content)}
  return {...declared, method: 'deflated', bytes, content, ...changed}
}

suite('module zip: many entries by one call', test => {
  const random = randomFrom(5)
  const texts = Array.from({length: 40}, (_, index) =>
    Buffer.from(Array.from({length: index === 7 ? 0 : random(3000)}, () => (random(9) === 0 ? 0x1f : random(256)))),
  )

  test('every content as it was, the empty one too', () => {
    const contents = inflateMany(texts.map(text => entryOf(text)), ({bytes}) => bytes)
    assert.equal(contents?.map(String), texts.map(String))
  })

  test('one that is not as it declares: none', () => {
    const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = texts
    const wrong: [name: string, entries: Entry[]][] = [
      ['another CRC-32', [entryOf(first), entryOf(second, {crc32: 1})]],
      ['a byte more than there is', [entryOf(first, {size: first.length + 1}), entryOf(second)]],
      [
        'a byte more, and a byte less',
        [entryOf(first, {size: first.length + 1}), entryOf(second, {size: second.length - 1})],
      ],
      ['a byte less', [entryOf(first), entryOf(second, {size: second.length - 1})]],
      ['cut short', [entryOf(first, {bytes: entryOf(first).bytes.subarray(0, 20)}), entryOf(second)]],
      ['no deflate', [entryOf(first, {bytes: Buffer.alloc(first.length, 0xff)}), entryOf(second)]],
    ]
    for (const [name, entries] of wrong) assert.is(inflateMany(entries, ({bytes}) => bytes), undefined, name)
  })

  test('runs hold every entry once and in order, are bounded, and leave alone what is large or stored', () => {
    const entries = Array.from({length: 3000}, (_, index) =>
      entryOf(texts[index % texts.length] ?? Buffer.alloc(0), {
        method: index % 50 === 0 ? 'stored' : 'deflated',
        size: index % 70 === 1 ? 1_000_000 : random(20_000),
      }),
    )
    const runs = [...runsOf(entries)]
    assert.is(runs.flat().length, entries.length)
    assert.ok(runs.flat().every((entry, index) => entry === entries[index]))
    assert.ok(runs.length > 100 && runs.length < 1000, `${runs.length}`)
    for (const run of runs) {
      const bytes = run.reduce((sum, {compressed, size}) => sum + compressed + size, 0)
      const isAlone = run.some(({method, size}) => method === 'stored' || size === 1_000_000)
      assert.ok(isAlone ? run.length === 1 : bytes <= 512 * 1024)
    }
  })
})
