import {performance} from 'node:perf_hooks'
import * as assert from 'uvu/assert'
import {type Filed, mergeReports} from '../../src/report/fleet.ts'
import {fleetPage} from '../../src/report/fleet-page.ts'
import type {Report} from '../../src/report/shape.ts'
import {hashNamed} from '../support/hashes.ts'
import {manyReports, now, reportOf} from '../support/reports.ts'
import {suite} from '../support/suite.ts'

const about = {version: '1.2.3', nowMs: Date.parse(now)}

/** Each report in a file that is called after its host. */
function merged(reports: readonly Report[]) {
  return mergeReports(filed(reports), [], about)
}

function filed(reports: readonly Report[]): Filed[] {
  return reports.map((report, at) => ({file: `${at}.json`, report}))
}

const well = {findings: [], canBuild: true, cacheStatus: 'owned', verifies: [], audits: []} as const

/** A host on which nothing is wrong, but for what is said. */
function host(name: string, but: Partial<Report> = {}): Report {
  return {...reportOf(), ...structuredClone(well), host: name, ...but} as Report
}

function withToolchain(name: string, hash: string, proven: 'yes' | 'unknown' = 'unknown'): Report {
  const [toolchain] = reportOf().toolchains
  assert.ok(toolchain)
  return host(name, {toolchains: [{...toolchain, hash, proven}]})
}

suite('report/fleet', test => {
  test('the worst host first, each with what is wrong there', () => {
    const never = reportOf().caches.map(cache => ({...cache, audited: null}))
    const {hosts, problems} = merged([
      host('well'),
      host('old', {at: '2026-11-10T00:00:00.000Z'}),
      host('unguarded', {guard: {kind: 'unguarded', reason: 'x', fix: 'gowarden enable'}}),
      host('both', {
        ...{guard: {kind: 'unguarded', reason: 'x', fix: ''}, findings: reportOf().findings},
        caches: never,
      }),
    ])
    assert.equal(
      hosts.map(one => [one.host, one.level, one.reasons.map(({word}) => word).join()]),
      [
        ['both', 'error', 'not guarded,CACHE_FOREIGN'],
        ['unguarded', 'error', 'not guarded'],
        ['old', 'warn', 'old report'],
        ['well', 'ok', ''],
      ],
    )
    assert.equal(
      problems.map(({word, level, hosts: on}) => [word, level, on.join()]),
      [
        ['not guarded', 'error', 'both,unguarded'],
        ['CACHE_FOREIGN', 'error', 'both'],
        ['old report', 'warn', 'old'],
      ],
    )
    assert.equal(
      hosts.map(({audited}) => audited?.slice(0, 10) ?? 'never'),
      ['never', '2026-11-27', '2026-11-27', '2026-11-27'],
    )
  })

  test('twins of two hosts: those that differ are named, and the proven one is not at fault', () => {
    const [good, bad] = [hashNamed('go1.26.8', 'good'), hashNamed('go1.26.8', 'bad')]
    const {twins, hosts} = merged([
      withToolchain('a', bad),
      withToolchain('b', good, 'yes'),
      withToolchain('c', bad),
      host('gone', {
        toolchains: [
          {...withToolchain('x', hashNamed('go1.26.8', 'gone')).toolchains[0], goroots: []},
        ] as Report['toolchains'],
      }),
    ])
    assert.equal(
      twins.map(({version, hashes}) => [
        version,
        hashes.map(one => [one.hash, one.isProven, one.hosts.join()]),
      ]),
      [
        [
          'go1.26.8',
          [
            [bad, false, 'a,c'],
            [good, true, 'b'],
          ],
        ],
      ],
    )
    assert.equal(
      hosts.map(one => [one.host, one.reasons.map(({word}) => word).join()]),
      [
        ['a', 'twin of go1.26.8'],
        ['c', 'twin of go1.26.8'],
        ['b', ''],
        ['gone', ''],
      ],
    )
  })

  test('of one host the newest counts, and the other is said; another user is another', () => {
    const older = host('a', {at: '2026-11-26T00:00:00.000Z', bypassCount: 7})
    const other = host('a', {user: 'root'})
    for (const reports of [
      [older, host('a'), other],
      [host('a'), older, other],
    ]) {
      const fleet = merged(reports)
      assert.equal([fleet.hostCount, fleet.bypassCount], [2, 4])
      assert.equal(
        fleet.skipped.map(({isWrong}) => isWrong),
        [false],
      )
      assert.match(
        fleet.skipped[0]?.reason ?? '',
        /^not counted: \d\.json is newer and of the same host \(a, ci\); if they are two hosts, write them with gowarden report --host NAME$/,
      )
    }
    const [file] = filed([host('a')])
    assert.ok(file)
    assert.equal(mergeReports([file, file], [], about).skipped, [
      {file: '0.json', reason: 'named twice, and counted once', isWrong: false},
    ])
  })

  test('counts are summed: versions, codes, days, repositories by the name of their folder', () => {
    const elsewhere = reportOf().repositories.map(one => ({...one, path: '/builds/7/shop'}))
    const {versions, codes, days, repositories, binaries} = merged([
      host('a'),
      host('b', {repositories: elsewhere}),
    ])
    assert.equal(versions, [
      {version: 'go1.26.8', hosts: 2, plans: 4, hashes: [hashNamed('go1.26.8', 'one')]},
    ])
    assert.equal(
      codes.map(one => [one.code, one.by, one.count, one.refused, one.hosts].join(' ')),
      [
        'VENDOR_EDITED verify 12 0 2',
        'CACHE_FOREIGN build 4 4 2',
        'CACHE_FOREIGN install 4 0 2',
        'CACHE_FOREIGN rebuild 4 0 2',
      ],
    )
    assert.equal(
      days.map(({day, plans, refusals}) => [day, plans[0]?.count, refusals].join(' ')),
      ['2026-11-19 2 2', '2026-11-27 2 2'],
    )
    assert.equal(repositories, [{name: 'shop', hosts: 2, plans: 4, refusals: 4, bypasses: 4}])
    assert.equal([binaries.stamped, binaries.unstamped], [2, 4])
  })

  test('of 200 hosts a page of less than 2 MB; of 2001 the worst, and their number', () => {
    const many = manyReports(200)
    const started = performance.now()
    const page = fleetPage(merged(many))
    console.log(
      `  200 hosts: ${Math.round(performance.now() - started)} ms, ${Math.round(page.length / 1000)} kB`,
    )
    assert.ok(Buffer.byteLength(page) < 2_000_000)
    const [first] = many
    assert.ok(first)
    const huge = merged(Array.from({length: 2001}, (_, at) => ({...first, host: `h${at}`})))
    assert.equal([huge.hostCount, huge.hosts.length], [2001, 2000])
    assert.match(fleetPage(huge), /<p>The worst 2,000 of 2,001\.<\/p>/)
  })
})
