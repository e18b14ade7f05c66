import * as assert from 'uvu/assert'
import {countEvents, countsToJson, emptyCounts, parseCounts} from '../../src/events/counts.ts'
import type {RecordedEvent} from '../../src/events/file.ts'
import type {Event} from '../../src/system/happening.ts'
import {oneOfEach} from '../support/events.ts'
import {suite} from '../support/suite.ts'

const at = (event: Event, time = '2026-11-27T13:30:00.000Z'): RecordedEvent => ({time, ...event})
const each = oneOfEach.map(event => at(event))

function counted(events: readonly RecordedEvent[], name: string, ...labels: string[]): number | undefined {
  return countEvents(emptyCounts, events).counters.get(JSON.stringify([name, ...labels]))?.value
}

const expected: [name: string, labels: string[], value: number][] = [
  ['plans', ['go1.26.8', 'shop'], 1],
  ['refusals', ['shop', '1'], 1],
  ['refused', ['CACHE_FOREIGN', 'shop'], 1],
  ['findings', ['CACHE_FOREIGN', 'error', 'build'], 1],
  ['findings', ['VENDOR_EDITED', 'error', 'verify'], 3],
  ['bypasses', ['GOWARDEN=off', 'shop'], 1],
  ['verifies', ['shop', 'findings'], 1],
  ['audits', ['ok'], 1],
  ['works', ['doctor', 'ok'], 1],
  ['works', ['install', 'failed'], 1],
]

suite('events/counts', test => {
  for (const [name, labels, value] of expected)
    test(`one event of each: ${name} ${labels.join(' ')} is ${value}`, () => {
      assert.is(counted(each, name, ...labels), value)
    })

  test('what was counted and kept as JSON goes on where it was, wherever it is cut', () => {
    const events = [...each, ...each, ...each]
    const whole = countEvents(emptyCounts, events)
    for (const cut of [0, 1, 7, 13, events.length]) {
      const first = parseCounts(
        JSON.parse(JSON.stringify(countsToJson(countEvents(emptyCounts, events.slice(0, cut))))),
      )
      assert.equal(countEvents(first, events.slice(cut)), whole, `${cut}`)
    }
  })

  test('a duration counts in the first bucket that holds it, the longest in none', () => {
    const audit = oneOfEach.find(({kind}) => kind === 'audit')
    assert.ok(audit?.kind === 'audit')
    const {durations} = countEvents(
      emptyCounts,
      [500, 501, 900_000, 900_001].map(ms => at({...audit, ms})),
    )
    const [duration] = durations.values()
    assert.equal(duration?.buckets, [1, 1, 0, 0, 0, 0, 0, 1])
    assert.equal([duration?.count, duration?.seconds], [4, 1801.002])
  })

  test('labels are bounded: the thirty-first repository is called other, then and after the counts were kept', () => {
    const plan = oneOfEach.find(({kind}) => kind === 'plan')
    assert.ok(plan?.kind === 'plan')
    const plans = Array.from({length: 100}, (_, index) => at({...plan, repository: `/r/${index}`}))
    const counts = countEvents(emptyCounts, plans)
    assert.is(counts.counters.size, 31)
    assert.is(counts.counters.get('["plans","go1.26.8","other"]')?.value, 70)
    const later = countEvents(parseCounts(countsToJson(counts)), plans)
    assert.is(later.counters.size, 31)
    assert.is(later.counters.get('["plans","go1.26.8","3"]')?.value, 2)
    assert.is(later.counters.get('["plans","go1.26.8","other"]')?.value, 140)
  })

  test('an audit of a part is none that the age of the last one is told from', () => {
    const audit = oneOfEach.find(({kind}) => kind === 'audit')
    assert.ok(audit?.kind === 'audit')
    const last = countEvents(emptyCounts, [
      at(audit, '2026-11-27T10:00:00.000Z'),
      at({...audit, isPartial: true}, '2026-11-27T12:00:00.000Z'),
    ]).last.get('["audit","/c"]')
    assert.is(last?.ms, Date.parse('2026-11-27T10:00:00.000Z'))
  })

  test('a repository at / and a path of an odd kind have a name', () => {
    const plan = oneOfEach.find(({kind}) => kind === 'plan')
    assert.ok(plan?.kind === 'plan')
    for (const [repository, name] of [
      ['/', '/'],
      ['/a/b', 'b'],
      [`/${'x'.repeat(300)}`, 'x'.repeat(100)],
    ] as const)
      assert.is(counted([at({...plan, repository})], 'plans', 'go1.26.8', name), 1)
  })
})
