import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {parseEvents, readBypasses, readHistory} from '../../src/events/read.ts'
import {appendEvent} from '../../src/events/record.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {oneOfEach} from '../support/events.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const time = '2026-11-27T13:30:00.123Z'
const [first = '', second = ''] = oneOfEach.map(event => JSON.stringify({time, ...event}))

/** Whatever is between two whole lines: both are read. */
const between: [what: string, text: string][] = [
  ['half a line, with the next one right behind it', `${first}\n${first.slice(0, 60)}${second}\n`],
  ['a line cut within its beginning', `${first}\n{"time":"20${second}\n`],
  [
    'a line cut before its line break',
    `${first}${second}\n`.replace(second, `\n${first.slice(0, -1)}${second}`),
  ],
  ['no line break at the end', `${first}\n${second}`],
  ['half a line at the end', `${first}\n${second}\n${first.slice(0, -1)}`],
  ['a kind of a later gowarden', `${first}\n{"time":"${time}","kind":"moon"}\n${second}\n`],
  ['a kind that every object has', `${first}\n{"time":"${time}","kind":"toString"}\n${second}\n`],
  ['no JSON, no object, nothing', `${first}\n}{\n\n17\nnull\n[]\n${second}\n`],
  ['another time', `${first}\n${second.replace(time, 'yesterday')}\n${second}\n`],
  ['bytes that are no text', `${first}\n\u0000\ufffd\n${second}\n`],
]

suite('events/read', test => {
  for (const [what, text] of between)
    test(`${what}: the whole lines are read, and nothing else`, () => {
      assert.equal(
        parseEvents(text).map(event => JSON.stringify(event)),
        [first, second],
      )
    })

  for (const event of oneOfEach) {
    test(`${event.kind} comes back as it was written, and not with a field missing`, async () => {
      await withTemporary(store => {
        appendEvent({...nodeSystem(), nowMs: () => Date.parse(time)}, store, event)
        const {events} = readHistory(nodeSystem(), store)
        assert.equal(events, [JSON.parse(JSON.stringify({time, ...event}))])
        const file = join(store, 'events/events.jsonl')
        const line: Partial<Record<string, unknown>> = JSON.parse(readFileSync(file, 'utf8'))
        for (const field of Object.keys(line)) {
          if (['toolchain', 'goroot', 'words'].includes(field)) continue
          writeFileSync(file, `${JSON.stringify({...line, [field]: undefined})}\n`)
          assert.equal(readHistory(nodeSystem(), store).events.length, 0, field)
        }
      })
    })
  }

  test('a store that is not there, or is no folder, has none', async () => {
    await withTemporary(folder => {
      writeFileSync(join(folder, 'events'), '')
      for (const store of ['/nowhere', folder]) {
        assert.equal(readHistory(nodeSystem(), store).events, [])
        assert.equal(readBypasses(nodeSystem(), store), [])
      }
    })
  })

  test('a damaged counted.json counts nothing, and the events are read', async () => {
    await withTemporary(store => {
      mkdirSync(join(store, 'events'))
      writeFileSync(join(store, 'events/events.jsonl'), `${first}\n`)
      const damaged = [
        '',
        '{',
        '[]',
        '{"format":2,"through":"z"}',
        '{"format":1,"through":7}',
        '{"format":1,"through":"","counts":{"counters":[{"name":"toString","labels":[],"value":1}]},"bypasses":[1]}',
      ]
      for (const text of damaged) {
        writeFileSync(join(store, 'events/counted.json'), text)
        const {counts, events, bypasses} = readHistory(nodeSystem(), store)
        assert.equal([counts.counters.size, events.length, bypasses.length], [0, 1, 0], text)
      }
    })
  })

  test('bypasses are read in the order they came', async () => {
    await withTemporary(store => {
      const bypass = oneOfEach.find(({kind}) => kind === 'bypass')
      assert.ok(bypass?.kind === 'bypass')
      for (const reason of ['one', 'two']) appendEvent(nodeSystem(), store, {...bypass, reason})
      appendEvent(nodeSystem(), store, oneOfEach.find(({kind}) => kind === 'plan') ?? bypass)
      assert.equal(
        readBypasses(nodeSystem(), store).map(({reason}) => reason),
        ['one', 'two'],
      )
      assert.equal(readdirSync(store), ['events'])
    })
  })
})
