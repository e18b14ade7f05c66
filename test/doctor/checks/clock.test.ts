import * as assert from 'uvu/assert'
import {checkClock} from '../../../src/doctor/checks/clock.ts'
import {suite} from '../../support/suite.ts'

suite('clock', test => {
  const nowMs = Date.UTC(2026, 0, 1)
  const minute = 60_000
  const rows: [name: string, laterMs: number | undefined, behind: string | undefined][] = [
    ['nothing is dated', undefined, undefined],
    ['the past', -minute, undefined],
    ['clocks of two machines', 5 * minute, undefined],
    ['a quarter of an hour', 15 * minute, '15 minutes'],
    ['one hour', 61 * minute, '1 hour'],
    ['a clock that was never set', 1e12, '11574 days'],
    ['no time at all', 8e15, '92592592 days'],
  ]
  for (const [name, laterMs, behind] of rows)
    test(name, () => {
      const latest = laterMs === undefined ? undefined : {path: '/c/trim.txt', ms: nowMs + laterMs}
      const [found] = checkClock({nowMs, latest})
      assert.is(found?.code === 'CLOCK_BEHIND' ? found.facts.behind : undefined, behind)
    })
})
