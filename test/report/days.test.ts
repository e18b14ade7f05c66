import * as assert from 'uvu/assert'
import {agoText, daysBetween, spansOf} from '../../src/report/days.ts'
import {suite} from '../support/suite.ts'

suite('report/days', test => {
  for (const [from, to, columns, first, last] of [
    ['2026-11-27', '2026-11-27', 1, '2026-11-27', '2026-11-27'],
    ['2026-10-28', '2026-11-27', 31, '2026-10-28', '2026-11-27'],
    ['2024-02-28', '2024-03-01', 3, '2024-02-28', '2024-03-01'],
    ['2026-08-27', '2026-11-27', 14, '2026-08-22 to 2026-08-28', '2026-11-21 to 2026-11-27'],
    ['0001-01-01', '2026-11-27', 53, '2025-11-22 to 2025-11-28', '2026-11-21 to 2026-11-27'],
    ['2027-01-01', '2026-11-27', 1, '2026-11-27', '2026-11-27'],
  ] as const)
    test(`${columns} columns from ${from} to ${to}, none of them twice`, () => {
      const spans = spansOf(from, to)
      assert.equal([spans.length, spans[0]?.label, spans.at(-1)?.label], [columns, first, last])
      assert.is(spans.filter(span => span.has(to)).length, 1)
      if (from <= to && columns < 53) assert.is(spans.filter(span => span.has(from)).length, 1)
    })

  for (const [time, said] of [
    ['2026-11-27T13:30:20.000Z', 'just now'],
    ['2026-11-27T13:25:00.000Z', '5 min ago'],
    ['2026-11-27T11:30:00.000Z', '2 h ago'],
    ['2026-11-25T13:29:00.000Z', '2 d ago'],
    ['2026-11-28T13:30:00.000Z', 'later'],
  ] as const)
    test(`${time} is ${said}`, () => assert.is(agoText(time, '2026-11-27T13:30:00.000Z'), said))

  test('days are whole', () =>
    assert.is(daysBetween('2026-11-20T13:30:01.000Z', '2026-11-27T13:30:00.000Z'), 6))
})
