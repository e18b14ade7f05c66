import * as assert from 'uvu/assert'
import {parseReport} from '../../src/report/read.ts'
import {most} from '../../src/report/shape.ts'
import {jsonText} from '../../src/text/one-line.ts'
import {hostile} from '../support/hostile.ts'
import {damage, randomFrom} from '../support/random.ts'
import {reportOf} from '../support/reports.ts'
import {suite} from '../support/suite.ts'

const whole = jsonText(reportOf())

/** The report with something else in one of its fields. */
function but(change: (report: Record<string, unknown>) => unknown): string {
  const report = JSON.parse(whole)
  change(report)
  return JSON.stringify(report)
}

suite('report/read', test => {
  test('a report reads back as it was, with fields that a later gowarden added', () => {
    const read = parseReport(whole)
    assert.equal(read, {kind: 'report', report: reportOf()})
    assert.is(parseReport(but(report => Object.assign(report, {later: 1}))).kind, 'report')
  })

  for (const [what, text, reason] of [
    ['empty', '', 'an empty file'],
    ['cut off', whole.slice(0, 900), 'cut off: it ends in the middle of its JSON'],
    [
      'the page',
      '<!DOCTYPE html>\n<html>',
      'a page, which cannot be merged: write it with gowarden report --json',
    ],
    ['no JSON', 'go_toolchain_info 1', 'not JSON: write it with gowarden report --json'],
    ['other JSON', '{"kind": "gowarden fleet"}', 'not a report: write one with gowarden report --json'],
    ['null', 'null', 'not a report: write one with gowarden report --json'],
    [
      'of a newer one',
      but(report => Object.assign(report, {format: 2})),
      'a report of a newer gowarden (format 2; this one reads format 1): update gowarden here',
    ],
    [
      'of format 0',
      but(report => Object.assign(report, {format: 0})),
      'not a whole report: /format must be equal to constant',
    ],
    [
      'without a field',
      but(report => delete report['caches']),
      "not a whole report: it must have required property 'caches'",
    ],
    [
      'a negative count',
      but(report => Object.assign(report, {bypassCount: -1})),
      'not a whole report: /bypassCount must be >= 0',
    ],
    [
      'no number at all',
      whole.replace('"bypassCount": 2', '"bypassCount": 1e999'),
      'not a whole report: /bypassCount must be number',
    ],
    [
      'a time that is none',
      but(report => Object.assign(report, {at: 'yesterday'})),
      /^not a whole report: \/at must match pattern/,
    ],
    [
      'a 13th month',
      but(report => Object.assign(report, {at: '2026-13-27T13:30:00.000Z'})),
      'not a whole report: there is no time 2026-13-27T13:30:00.000Z',
    ],
    [
      'a list without an end',
      but(report =>
        Object.assign(report, {repositories: Array(51).fill((report['repositories'] as unknown[])[0])}),
      ),
      'not a whole report: /repositories must NOT have more than 50 items',
    ],
  ] as const)
    test(`${what} is said, and is no report`, () => {
      const read = parseReport(text)
      assert.is(read.kind, 'wrong')
      if (read.kind !== 'wrong') return
      if (typeof reason === 'string') assert.is(read.reason, reason)
      else assert.match(read.reason, reason)
    })

  test('texts that are longer than a report writes them are cut', () => {
    const read = parseReport(but(report => Object.assign(report, {user: 'x'.repeat(100_000)})))
    assert.is(read.kind === 'report' && read.report.user.length, most.text)
  })

  test('names of another host cannot change what is read', () => {
    const text = but(report =>
      Object.assign(report, {codes: [], ...hostile({host: '', user: '', directory: ''})}),
    )
    assert.is(parseReport(text).kind, 'report')
    assert.is(parseReport(text.replace('{', '{"__proto__": {"host": 1}, ')).kind, 'report')
  })

  test('whatever is damaged: a report, or a reason', () => {
    const random = randomFrom(17)
    const bytes = Buffer.from(whole)
    const kinds = Array.from({length: 300}, () => parseReport(damage(bytes, random).toString()).kind)
    assert.ok(kinds.includes('wrong') && kinds.includes('report'))
  })
})
