import * as assert from 'uvu/assert'
import {hostPage} from '../../src/report/host-page.ts'
import type {Report} from '../../src/report/shape.ts'
import {hashNamed} from '../support/hashes.ts'
import {hostile, hostileName} from '../support/hostile.ts'
import {hostFacts} from '../support/metrics.ts'
import {assertPage} from '../support/pages.ts'
import {eventsAgo, historyOf, manyReports, reportOf} from '../support/reports.ts'
import {suite} from '../support/suite.ts'

/** A page as somebody reads it: no tags. */
function read(page: string): string {
  return page
    .replace(/<(style|script)>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
}

/** The texts of a report hostile, where they may be any. */
function hostileReport(name: string): Report {
  const report = reportOf()
  const any = <T>(value: T): T => hostile(value, name)
  return {
    ...report,
    ...{host: name, user: name, directory: name, gowarden: name},
    guard: {kind: 'refused', reason: name, fix: name},
    findings: report.findings.map(one => ({...any(one), level: one.level})),
    toolchains: report.toolchains.map(one => ({
      ...one,
      hash: name,
      version: name,
      platform: name,
      goroots: [name],
    })),
    caches: report.caches.map(one => ({...one, path: name, owners: [name]})),
    repositories: report.repositories.map(one => ({...one, path: name})),
    codes: report.codes.map(one => ({...one, code: name, by: name})),
    days: report.days.map(one => ({...one, plans: [{version: name, count: 1}]})),
    bypasses: report.bypasses.map(one => ({...any(one), time: one.time})),
    verifies: report.verifies.map(one => ({...one, repository: name})),
    audits: report.audits.map(one => ({...one, cache: name, wrong: 1})),
    binaries: report.binaries.map(one => ({
      ...one,
      directory: name,
      files: [{state: 'unstamped', file: name}],
    })),
  }
}

suite('report/host-page', test => {
  test('a page of everything: what is wrong first, then what builds, in which caches, and what was', () => {
    const page = hostPage(reportOf())
    assertPage(page)
    assert.equal(
      [...page.matchAll(/<h2[^>]*>(.*?)<\/h2>/g)].map(([, heading]) => heading),
      [
        'What is wrong now',
        'What builds here',
        'Build caches',
        'Refusals and findings',
        'Bypasses',
        'Verify and audit',
        'Binaries',
        'Hashes in full',
      ],
    )
    const text = read(page)
    for (const said of [
      '1 error , 1 warning : GOCACHE /c was populated by another GOROOT',
      'give this toolchain its own cache: export GOWARDEN_CACHE=isolate',
      'cd /home/u/shop &amp;&amp; gowarden verify',
      'go1.26.8 linux/amd64 h1:one0000000… in use yes no lock /usr/local/go',
      'The cache of go build: refused : another toolchain populated it.',
      'CACHE_FOREIGN error build 2 2 2026-11-27 11:30 2 h ago',
      '2026-11-27 11:30 2 h ago the proxy\\x0ais down go build GOWARDEN=off /home/u/shop',
      '/home/u/shop 2 2 1.2 s 1.2 s 2026-11-27 11:30 2 h ago 1.2 s errors',
      '/c 2 700 ms 2026-11-27 11:30 2 h ago 700 ms 10 2.0 kB 0',
      '/srv 1 2 0 0 0',
      '/srv/old unstamped',
      hashNamed('go1.26.8', 'one'),
    ])
      assert.ok(text.includes(said), `${said}\n${text}`)
  })

  test('a chart has a sentence, and a table of the same numbers', () => {
    const page = hostPage(reportOf())
    assert.match(
      page,
      /role="img" aria-label="Plans by Go version, 2026-10-28 to 2026-11-27: go1\.26\.8 2; most on 2026-11-19: 1"/,
    )
    const [, numbers = ''] =
      page.match(/<summary>Plans by Go version in numbers<\/summary>([\s\S]*?)<\/details>/) ?? []
    assert.is(
      read(numbers).trim(),
      'Plans by Go version, by day (UTC) day go1.26.8 2026-11-19 1 2026-11-27 1',
    )
    assert.match(page, /aria-label="VENDOR_EDITED by day: 3 on 2026-11-19, 3 on 2026-11-27"/)
  })

  test('a machine where nothing was recorded says so, and what to type', () => {
    const facts = {
      findings: [],
      canBuild: true,
      cacheStatus: 'unowned',
      caches: [],
      binaries: [],
      toolchains: [],
    } as const
    const empty = hostPage(reportOf({...structuredClone(facts)} as never, historyOf([])))
    assertPage(empty)
    assert.match(
      read(empty),
      /Nothing was recorded here yet\. .* go build \.\/\.\.\. gowarden report --out gowarden-report\.html/,
    )
    assert.not.match(read(empty), /gowarden enable/)
    const unguarded = {
      ...structuredClone(facts),
      guard: 'unguarded',
      reason: '/usr/bin/go runs, which is not gowarden',
      fix: 'gowarden enable',
    }
    assert.match(
      read(hostPage(reportOf(unguarded as never, historyOf([])))),
      /go build is not guarded: \/usr\/bin\/go runs, .* gowarden enable Nothing was recorded here yet\. .* go build/,
    )
    const quiet = hostPage(
      reportOf({}, historyOf(eventsAgo(2000, [{kind: 'adopt', cache: '/c', toolchain: 'x'}]))),
    )
    assert.match(
      read(quiet),
      /Nothing was recorded since 2026-10-28 13:30 UTC; the oldest event is of 2026-09-05/,
    )
  })

  test('a well host has nothing that looks like an error', () => {
    const facts = {findings: [], canBuild: true, cacheStatus: 'owned'} as const
    const page = hostPage(reportOf({...facts, findings: []}, historyOf([])))
    assert.match(
      read(page),
      /ok go build here is guarded and works .* Nothing: gowarden doctor finds no error/,
    )
    assert.not.match(page, /class="level (error|warn)"/)
  })

  test('twins on one host, wrong objects and wrong stamps are said with a command', () => {
    const [toolchain, cache] = [hostFacts.toolchains[0], hostFacts.caches[0]]
    assert.ok(toolchain && cache)
    const report = reportOf({
      canBuild: true,
      findings: [],
      toolchains: [
        toolchain,
        {...toolchain, hash: hashNamed('go1.26.8', 'two'), goroot: '/opt/two', isCurrent: false},
      ],
      binaries: [{directory: "/srv/a 'b'", state: 'conflicting', count: 1, files: []}],
    })
    const wrong = {...report, audits: report.audits.map(one => ({...one, cache: "/o'c", wrong: 3}))}
    const there = report.caches.map(one => ({...one, path: "/o'c", isCurrent: false}))
    const text = read(hostPage({...wrong, caches: there}))
    // A command for what is gone would help nobody.
    assert.not.match(read(hostPage(wrong)), /cache audit --quarantine/)
    const gone = report.verifies.map(one => ({...one, isThere: false}))
    assert.not.match(read(hostPage({...report, verifies: gone})), /the last gowarden verify/)
    for (const said of [
      'warning 2 different toolchains call themselves go1.26.8 on linux/amd64',
      'error the last audit of /o&#39;c found 3 wrong objects',
      `GOCACHE=&#39;/o&#39;\\&#39;&#39;c&#39; gowarden cache audit --quarantine`,
      'gowarden inspect',
    ])
      assert.ok(text.includes(said), `${said}\n${text}`)
  })

  test('hostile names, names of 10,000 characters, and none at all stay text', () => {
    for (const name of [
      hostileName,
      "</script></title></style>-->\" onerror='x'",
      'x'.repeat(10_000),
      '',
      '\u202e'.repeat(300),
    ])
      assertPage(hostPage(hostileReport(name)))
    const long = hostPage(hostileReport('x'.repeat(10_000)))
    assert.not.match(read(long).replace(/x{10000}/g, ''), /x{200}/)
  })

  test('the same report gives the same bytes', () => {
    const [one, again] = [manyReports(2), manyReports(2)]
    assert.is(hostPage(one[1] as Report), hostPage(again[1] as Report))
  })
})
