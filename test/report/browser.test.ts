/**
 * The pages in a real browser, with BROWSER=1: Chromium at three widths, light and dark, and axe-core. CI installs no browser.
 */
import {readFileSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import * as assert from 'uvu/assert'
import {mergeReports} from '../../src/report/fleet.ts'
import {fleetPage} from '../../src/report/fleet-page.ts'
import {hostPage} from '../../src/report/host-page.ts'
import {chromium, type Tab, withTab} from '../support/browser.ts'
import {hostileName} from '../support/hostile.ts'
import {assertPage} from '../support/pages.ts'
import {manyReports, now, reportOf} from '../support/reports.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const skipped =
  process.env['BROWSER'] !== '1'
    ? 'needs a browser: BROWSER=1'
    : chromium === undefined
      ? 'chromium is not on PATH'
      : undefined

const empty = reportOf(
  {findings: [], canBuild: true, caches: [], toolchains: [], binaries: []},
  {...{bypasses: [], events: []}, counts: {counters: new Map(), durations: new Map(), last: new Map()}},
)
const hostile = reportOf({}, undefined, {
  host: hostileName,
  user: hostileName,
  directory: `/${'x'.repeat(400)}`,
})

function fleetOf(hosts: number): string {
  const filed = manyReports(hosts).map(report => ({file: `${report.host}.json`, report}))
  return fleetPage(mergeReports(filed, [], {version: '1.2.3', nowMs: Date.parse(now)}))
}

const pages: [name: string, page: string][] = [
  ['a host', hostPage(reportOf())],
  ['a host with nothing yet', hostPage(empty)],
  ['a host with hostile names', hostPage(hostile)],
  ['200 hosts', fleetOf(200)],
]

/** What axe-core finds wrong, one line each. Its script is handed over by the debugger, for the page lets none in. */
async function violations(tab: Tab): Promise<string[]> {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await tab.ask(`${axe}; undefined`)
  return await tab.ask(
    `axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(({violations, passes}) =>
      passes.length < 20 ? ['axe-core looked at nothing'] :
      violations.flatMap(({id, nodes}) => nodes.map(({html}) => id + ': ' + html.slice(0, 200))))`,
  )
}

suite('report/browser', test => {
  test('what the browser is shown is a page by its structure', () => {
    for (const [, page] of pages) assertPage(page)
  })

  test.unless(skipped, 'no page scrolls sideways, asks for anything, or has a barrier', async () => {
    await withTemporary(async folder => {
      await withTab(async tab => {
        for (const [name, page] of pages) {
          const file = join(folder, `${name}.html`)
          writeFileSync(file, page)
          const url = pathToFileURL(file).href
          for (const scheme of ['light', 'dark'] as const)
            for (const width of [360, 800, 1400]) {
              await tab.open(url, {width, scheme})
              const where = `${name}, ${scheme}, ${width}`
              const over = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
              assert.is(await tab.ask(over), 0, `${where} scrolls sideways`)
              await tab.ask("for (const each of document.querySelectorAll('details')) each.open = true")
              assert.is(await tab.ask(over), 0, `${where} with its numbers scrolls sideways`)
              // What a page is made of is the same at each width; colours are by scheme.
              if (width === 800) assert.equal(await violations(tab), [], where)
            }
        }
        assert.equal(
          tab.said.requests.filter(url => !url.startsWith(pathToFileURL(folder).href)),
          [],
        )
        assert.equal(tab.said.complaints, [])
      })
    })
  })

  test.unless(
    skipped,
    'a table is sorted by the keyboard, and printed on white without its links',
    async () => {
      await withTemporary(async folder => {
        await withTab(async tab => {
          const file = join(folder, 'fleet.html')
          writeFileSync(file, fleetOf(30))
          const url = pathToFileURL(file).href
          await tab.open(url, {width: 1400, scheme: 'dark'})
          const column = (at: number) =>
            `[...document.querySelectorAll('[aria-labelledby=hosts] tbody tr')].map(row => Number(row.cells[${at}].dataset.sort))`
          const head = `document.querySelectorAll('[aria-labelledby=hosts] thead th')[4]`
          assert.is(await tab.ask(`${head}.textContent`), 'plans')
          await tab.ask(`${head}.querySelector('button').focus()`)
          for (const [order, sorted] of [
            ['descending', (a: number, b: number) => b - a],
            ['ascending', (a: number, b: number) => a - b],
          ] as const) {
            await tab.press('Enter')
            assert.is(await tab.ask(`${head}.getAttribute('aria-sort')`), order)
            const values = await tab.ask<number[]>(column(4))
            assert.is(values.length, 30)
            assert.equal(values, values.toSorted(sorted))
          }
          assert.equal(await violations(tab), [])

          await tab.open(url, {width: 800, scheme: 'dark', media: 'print'})
          assert.equal(
            await tab.ask(
              "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('nav')).display]",
            ),
            ['rgb(255, 255, 255)', 'none'],
          )
          assert.is(await tab.ask("getComputedStyle(document.querySelector('details')).display"), 'none')
        })
      })
    },
  )
})
