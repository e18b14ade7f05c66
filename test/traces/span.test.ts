import * as names from '@opentelemetry/semantic-conventions/incubating'
import * as assert from 'uvu/assert'
import type {Event} from '../../src/system/happening.ts'
import {type Finished, parseQueue, queueLine} from '../../src/traces/queue.ts'
import {hasSpan, spanOf} from '../../src/traces/span.ts'
import {oneOfEach} from '../support/events.ts'
import {hashNamed} from '../support/hashes.ts'
import {suite} from '../support/suite.ts'

function finished(what: Event | {verb: string}, exit?: number): Finished {
  const ms = 'ms' in what ? what.ms : 0
  const none = {traceparent: undefined, tracestate: undefined, pipeline: {}}
  return {endedMs: 100_000, ms, pid: 7, exit, what, ...none}
}

const events = oneOfEach.filter(hasSpan)

suite('traces/span', test => {
  test('a span for whatever takes time, under the name of its verb', () => {
    assert.equal(
      events.map(event => [event.kind, spanOf(finished(event)).name, spanOf(finished(event)).error]),
      [
        ['plan', 'gowarden plan', undefined],
        ['refusal', 'gowarden plan', 'CACHE_FOREIGN'],
        ['verify', 'gowarden verify', 'VENDOR_EDITED'],
        ['audit', 'gowarden cache audit', undefined],
        ['doctor', 'gowarden doctor', undefined],
        ['lock', 'gowarden lock', undefined],
        ['install', 'gowarden install', 'CACHE_FOREIGN'],
        ['rebuild', 'gowarden rebuild', 'CACHE_FOREIGN'],
      ],
    )
    assert.equal(
      oneOfEach.filter(event => !hasSpan(event)).map(({kind}) => kind),
      ['bypass', 'adopt'],
    )
  })

  test('it began before its event by as much as that took', () => {
    const [plan] = events
    const {startMs, endMs} = spanOf(finished(plan ?? {verb: ''}))
    assert.equal([startMs, endMs], [100_000 - 85, 100_000])
  })

  test('a plan says the subcommand, the toolchain and the name of the repository', () => {
    const [plan] = events
    assert.equal(spanOf(finished(plan ?? {verb: ''}, 0)).attributes, {
      'process.executable.name': 'gowarden',
      'process.pid': 7,
      'process.exit.code': 0,
      'gowarden.outcome': 'ok',
      'gowarden.subcommand': 'build',
      'gowarden.repository': 'shop',
      'gowarden.toolchain.hash': hashNamed('go1.26.8', 'one'),
      'gowarden.toolchain.version': 'go1.26.8',
      'gowarden.plan.stored': true,
    })
  })

  test('what failed says why in a word', () => {
    const rows: [Finished, outcome: string, error: string | undefined][] = [
      [finished({verb: 'verify'}, 1), 'failed', 'failed'],
      [
        finished(
          {
            kind: 'refusal',
            subcommand: 'build',
            toolchain: undefined,
            goroot: undefined,
            repository: '/r',
            ms: 1,
            exit: 2,
            found: [],
          },
          2,
        ),
        'refused',
        'refused',
      ],
      [
        finished(
          {kind: 'doctor', guard: 'unguarded', canBuild: true, toolchain: undefined, found: [], ms: 1},
          0,
        ),
        'findings',
        'findings',
      ],
      [
        finished({kind: 'audit', cache: '/c', objects: 1, bytes: 1, wrong: 1, isPartial: false, ms: 1}, 1),
        'findings',
        'findings',
      ],
      [
        finished(
          {
            kind: 'lock',
            outcome: 'ok',
            toolchain: undefined,
            found: [{code: 'X', level: 'warn', count: 1}],
            ms: 1,
          },
          0,
        ),
        'ok',
        undefined,
      ],
      [finished({kind: 'lock', outcome: 'ok', toolchain: undefined, found: [], ms: 1}, 1), 'ok', 'findings'],
    ]
    for (const [one, outcome, error] of rows) {
      const span = spanOf(one)
      assert.equal(
        [span.attributes['gowarden.outcome'], span.error, span.attributes['error.type']],
        [outcome, error, error],
      )
    }
  })

  test('no path, and no word beyond the subcommand', () => {
    const {words, ...asked} = {words: ['build', './secret'], ...events[0]}
    const all = [...events, {...asked, words} as Event].map(event => JSON.stringify(spanOf(finished(event))))
    for (const text of all) assert.not.match(text, /secret|\/home|\/opt|"\/c"/)
  })

  test("what is not gowarden's own is one of the semantic conventions", () => {
    const known = new Set<string>(Object.values(names).filter(value => typeof value === 'string'))
    const used = events.flatMap(event => Object.keys(spanOf(finished(event, 1)).attributes))
    assert.equal(
      used.filter(name => !name.startsWith('gowarden.') && !known.has(name)),
      [],
    )
  })

  test('it is read from the queue as it was written, and what is no line of ours is passed over', () => {
    const all = [...events.map(event => finished(event, 0)), finished({verb: 'verify'}, 1)].map(one => ({
      ...one,
      traceparent: '00-1-2-01',
      tracestate: 'a=b',
      pipeline: {'cicd.pipeline.name': 'x\ny'},
    }))
    const text = `{"torn":\n\n[]\n{"what":{"kind":"plan"}}\n${all.map(queueLine).join('')}{"endedMs":1`
    const time = new Date(100_000).toISOString()
    assert.equal(
      JSON.parse(JSON.stringify(parseQueue(text))),
      JSON.parse(
        JSON.stringify(all.map(one => ({...one, what: 'verb' in one.what ? one.what : {time, ...one.what}}))),
      ),
    )
  })
})
