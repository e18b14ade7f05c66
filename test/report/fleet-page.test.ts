import * as assert from 'uvu/assert'
import {mergeReports} from '../../src/report/fleet.ts'
import {fleetPage} from '../../src/report/fleet-page.ts'
import type {Report} from '../../src/report/shape.ts'
import {hostileName} from '../support/hostile.ts'
import {assertPage} from '../support/pages.ts'
import {manyReports, now, reportOf} from '../support/reports.ts'
import {suite} from '../support/suite.ts'

const about = {version: '1.2.3', nowMs: Date.parse(now)}

function pageOf(reports: readonly Report[], wrong: Parameters<typeof mergeReports>[1] = []): string {
  return fleetPage(
    mergeReports(
      reports.map((report, at) => ({file: `${at}.json`, report})),
      wrong,
      about,
    ),
  )
}

suite('report/fleet-page', test => {
  test('many hosts: the worst first, with their links, and the same each time', () => {
    const page = pageOf(manyReports(90))
    assertPage(page)
    assert.is(page, pageOf(manyReports(90)))
    assert.match(page, /<h1>gowarden on 90 hosts<\/h1>/)
    assert.match(page, /different toolchains call themselves go1\.26\.8 on linux\/amd64/)
    const levels = [...page.matchAll(/data-sort="(?:(\d)\d{3}|(0))"><(?:ul|span) class="l/g)].map(
      ([, a, b]) => Number(a ?? b),
    )
    assert.is(levels.length, 90)
    assert.equal(
      levels,
      levels.toSorted((a, b) => b - a),
    )
  })

  test('one well host says that nothing is wrong', () => {
    const page = pageOf([{...reportOf({findings: [], canBuild: true, cacheStatus: 'owned'}), verifies: []}])
    assertPage(page)
    assert.match(page, /nothing is wrong on 1 host</)
  })

  test('files that are not in it are named in it', () => {
    const page = pageOf([reportOf()], [{file: hostileName, reason: 'cut off', isWrong: true}])
    assertPage(page)
    assert.match(page, /Files that are not in here[\s\S]*cut off/)
  })

  test('hostile hosts stay text', () => {
    for (const name of [hostileName, "</script>\" onerror='x'", 'x'.repeat(10_000), ''])
      assertPage(
        pageOf(
          manyReports(4).map((report, at) => ({
            ...report,
            ...{host: `${name}${at}`, user: name},
            toolchains: report.toolchains.map(one => ({...one, version: name, hash: `${name}${at}`})),
            codes: report.codes.map(one => ({...one, code: name})),
            repositories: report.repositories.map(one => ({...one, path: `/${name}`})),
            bypasses: report.bypasses.map(one => ({...one, reason: name, directory: name})),
          })),
        ),
      )
  })
})
