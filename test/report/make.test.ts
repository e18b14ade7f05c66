import {Ajv} from 'ajv'
import * as assert from 'uvu/assert'
import schema from '../../config/report.schema.json' with {type: 'json'}
import {countEvents, emptyCounts} from '../../src/events/counts.ts'
import {mostReportBytes} from '../../src/report/read.ts'
import {most, type Report} from '../../src/report/shape.ts'
import type {Event} from '../../src/system/happening.ts'
import {jsonText} from '../../src/text/one-line.ts'
import {oneOfEach} from '../support/events.ts'
import {hashNamed} from '../support/hashes.ts'
import {hostFacts} from '../support/metrics.ts'
import {eventsAgo, historyOf, manyReports, now, reportOf} from '../support/reports.ts'
import {suite} from '../support/suite.ts'

const isReport = new Ajv({strict: true, allowUnionTypes: true, allErrors: true}).compile(schema)

function assertFits(report: Report): void {
  assert.ok(isReport(JSON.parse(jsonText(report))), JSON.stringify(isReport.errors?.slice(0, 3)))
}

const one = hashNamed('go1.26.8', 'one')
const plan = oneOfEach.find(({kind}) => kind === 'plan')
const bypass = oneOfEach.find(({kind}) => kind === 'bypass')
assert.ok(plan?.kind === 'plan' && bypass?.kind === 'bypass')

suite('report/make', test => {
  test('what is in it is what the schema says, and no field more', () => {
    const report = reportOf()
    for (const each of [report, ...manyReports(3), reportOf({toolchains: [], caches: []}, historyOf([]))])
      assertFits(each)
    assert.equal(Object.keys(report).sort(), [...schema.required].sort())
    // So that a field that is new gets there: each object of the schema names all that a report has.
    const strangers: string[] = []
    const compare = (value: unknown, rule: {items?: unknown; properties?: object}, at: string): void => {
      if (Array.isArray(value)) {
        if (!Array.isArray(rule.items)) for (const item of value) compare(item, rule.items ?? {}, `${at}[]`)
        return
      }
      if (typeof value !== 'object' || value === null || rule.properties === undefined) return
      for (const [key, part] of Object.entries(value)) {
        const below = (rule.properties as Record<string, object>)[key]
        if (below === undefined) strangers.push(`${at}.${key}`)
        else compare(part, below, `${at}.${key}`)
      }
    }
    compare(report, schema, 'report')
    assert.equal(strangers, [])
  })

  test('toolchains: copies are one; what built and is gone is there; first and last also before --since', () => {
    const gone = hashNamed('go1.25.3', 'gone')
    const {toolchains} = reportOf(
      {},
      historyOf([
        ...eventsAgo(1000, [plan]),
        ...eventsAgo(5, [plan, {...plan, toolchain: gone}]),
        ...eventsAgo(4, [{...plan, toolchain: gone}]),
      ]),
    )
    assert.equal(
      toolchains.map(({hash, goroots, isCurrent, plans, first, last}) => [
        ...[hash, goroots.join(), isCurrent, plans],
        ...[first?.slice(0, 13), last?.slice(0, 13)],
      ]),
      [
        [one, '/usr/local/go,/opt/a "b"', true, 1, '2026-10-16T21', '2026-11-27T08'],
        [gone, '', false, 2, '2026-11-27T08', '2026-11-27T09'],
      ],
    )
  })

  test('findings by code and day, and how many go commands each refused', () => {
    const {codes, days} = reportOf()
    assert.equal(
      codes.map(({code, level, by, count, refused, days: perDay}) =>
        [code, level, by, count, refused, perDay.map(({day, count: on}) => `${day} ${on}`).join()].join(' '),
      ),
      [
        'VENDOR_EDITED error verify 6 0 2026-11-19 3,2026-11-27 3',
        'CACHE_FOREIGN error build 2 2 2026-11-19 1,2026-11-27 1',
        'CACHE_FOREIGN error install 2 0 2026-11-19 1,2026-11-27 1',
        'CACHE_FOREIGN error rebuild 2 0 2026-11-19 1,2026-11-27 1',
      ],
    )
    const day = {plans: [{version: 'go1.26.8', count: 1}], refusals: 1, bypasses: 1, verifies: 1, audits: 1}
    assert.equal(days, [
      {day: '2026-11-19', ...day},
      {day: '2026-11-27', ...day},
    ])
  })

  test('what was removed is said, and an audit among that still counts', () => {
    const audit = oneOfEach.filter(({kind}) => kind === 'audit')
    const counts = countEvents(emptyCounts, eventsAgo(3000, audit))
    const events = eventsAgo(5, [plan])
    const cut = reportOf({}, {counts, bypasses: [], events})
    assert.equal([cut.isCut, cut.oldestEvent?.slice(0, 10)], [true, '2026-11-27'])
    assert.is(cut.caches.find(({path}) => path === '/c')?.audited, '2026-07-25T13:30:00.000Z')
    assert.is(cut.caches.find(({path}) => path === '/never')?.audited, null)
    assert.not.ok(reportOf({}, {counts, bypasses: [], events: eventsAgo(2000, [plan])}).isCut)
  })

  test('of a bypass only the subcommand, of URLs no password, in whatever text', () => {
    const secret = 'https://u:hunter2@proxy.example/x?token=hunter2'
    const {bypasses, ...rest} = reportOf(
      {reason: secret, fix: `x ${secret}`},
      historyOf(
        eventsAgo(1, [
          {...bypass, command: ['go', 'build', '-ldflags=-X main.key=hunter2'], reason: secret},
          {...bypass, command: ['go', '-C=hunter2', 'build']},
        ]),
      ),
    )
    assert.equal(bypasses.map(({command}) => command).toSorted(), ['go', 'go build'])
    assert.not.match(JSON.stringify([bypasses, rest]), /hunter2/)
  })

  test('however much happened, whatever it is called, it stays within its bounds', () => {
    const names = Array.from({length: 500}, (_, at) => `${at} ${'x'.repeat(5000)}`)
    const events = names.flatMap((name, at) =>
      eventsAgo(at, [
        {...plan, repository: name, toolchain: hashNamed(`go1.${at}`, 'x')},
        ...oneOfEach.map((event): Event => {
          if (event.kind === 'verify' || event.kind === 'refusal') return {...event, repository: name}
          if (event.kind === 'audit') return {...event, cache: name}
          return event.kind === 'bypass' ? {...event, directory: name, reason: name} : event
        }),
        {...plan, found: [{code: name, level: 'error', count: 1}]},
      ]),
    )
    const report = reportOf(
      {
        caches: names.map(path => ({path, isCurrent: false, owners: names, bytes: 1, objects: 1})),
        binaries: names.map(directory => ({directory, state: 'unstamped', count: 500, files: names})),
        findings: names.flatMap(() => hostFacts.findings),
      },
      historyOf(events),
      {host: 'x'.repeat(5000), sinceMs: 0},
    )
    assertFits(report)
    assert.is(report.host.length, most.text)
    assert.ok(Buffer.byteLength(jsonText(report)) < mostReportBytes / 6, `${jsonText(report).length}`)
  })

  test('the same facts give the same bytes, in whatever order the events of one time came', () => {
    assert.is(jsonText(reportOf()), jsonText(reportOf()))
    assert.is(reportOf().at, now)
  })
})
