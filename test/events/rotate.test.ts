import {mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {countEvents} from '../../src/events/counts.ts'
import {segmentBytes} from '../../src/events/file.ts'
import {readBypasses, readHistory} from '../../src/events/read.ts'
import {appendEvent, recording} from '../../src/events/record.ts'
import {rotate} from '../../src/events/rotate.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {oneOfEach} from '../support/events.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const time = '2026-11-27T13:30:00.123Z'
const lines = oneOfEach.map(event => `${JSON.stringify({time, ...event})}\n`).join('')
/** One event of each kind, so often that the file is to be put aside. */
const times = Math.ceil(segmentBytes / Buffer.byteLength(lines))

function fill(store: string): void {
  mkdirSync(join(store, 'events'), {recursive: true})
  writeFileSync(join(store, 'events/events.jsonl'), lines.repeat(times))
}

function bytesIn(store: string): number {
  const folder = join(store, 'events')
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}

function refusals(store: string): number {
  const {counts, events} = readHistory(nodeSystem(), store)
  return countEvents(counts, events).counters.get('["refusals","shop","1"]')?.value ?? 0
}

suite('events/rotate', test => {
  test('10 MB in all, counts that only grow, and the last 500 bypasses', async () => {
    await withTemporary(async store => {
      for (let round = 1; round <= 9; round += 1) {
        fill(store)
        await rotate(nodeSystem(), store)
        assert.is(refusals(store), round * times)
        assert.ok(bytesIn(store) < 10_000_000)
      }
      assert.is(readBypasses(nodeSystem(), store).length, 500)
      const {events, bypasses} = readHistory(nodeSystem(), store)
      assert.is(events.length, 5 * times * oneOfEach.length)
      assert.is(bypasses.length, 500)
    })
  })

  test('a program that was killed between counting a segment and removing it: nothing counts twice', async () => {
    await withTemporary(async store => {
      for (let round = 1; round <= 5; round += 1) {
        fill(store)
        await rotate(nodeSystem(), store)
      }
      fill(store)
      const killed = {...nodeSystem(), files: {...nodeSystem().files, remove: () => assert.unreachable()}}
      await rotate(killed, store).catch(() => undefined)
      assert.is(refusals(store), 6 * times)
      fill(store)
      await rotate(nodeSystem(), store)
      assert.is(refusals(store), 7 * times)
      assert.is(readdirSync(join(store, 'events')).filter(name => name.startsWith('events-')).length, 5)
    })
  })

  test('a clock that was set back puts no segment before those that are counted', async () => {
    await withTemporary(async store => {
      for (let round = 1; round <= 8; round += 1) {
        fill(store)
        await rotate({...nodeSystem(), nowMs: () => 2_000_000_000_000 - round * 86_400_000}, store)
        assert.is(refusals(store), round * times)
      }
    })
  })

  test('a short file stays, and where another program is at it nothing is done', async () => {
    await withTemporary(async store => {
      appendEvent(nodeSystem(), store, {kind: 'adopt', cache: '/c', toolchain: 'x'})
      await rotate(nodeSystem(), store)
      assert.equal(readdirSync(join(store, 'events')), ['events.jsonl'])
      fill(store)
      mkdirSync(join(store, 'events/events.jsonl.lock'))
      await rotate(nodeSystem(), store)
      assert.equal(readdirSync(join(store, 'events')).sort(), ['events.jsonl', 'events.jsonl.lock'])
    })
  })

  test('a recording system keeps events, passes on the rest, and puts a long file aside when it is closed', async () => {
    await withTemporary(async store => {
      fill(store)
      const told: string[] = []
      const system = {...nodeSystem(), env: {}, tell: ({kind}: {kind: string}) => told.push(kind)}
      const recorded = recording(system, () => ({kind: 'usable', path: store}))
      recorded.system.tell({kind: 'waiting-for-lock', lock: '/l'})
      for (const event of oneOfEach) recorded.system.tell(event)
      assert.equal(told, ['waiting-for-lock'])
      assert.ok(readFileSync(join(store, 'events/events.jsonl'), 'utf8').endsWith('}\n'))
      await recorded.close()
      assert.is(readdirSync(join(store, 'events')).filter(name => name.startsWith('events-')).length, 1)
      assert.is(refusals(store), times + 1)
    })
  })
})
