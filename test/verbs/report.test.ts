import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {reportFormat, reportKind} from '../../src/report/shape.ts'
import {assertPage} from '../support/pages.ts'
import {emptyRepository, root, runProgram, tiny, withRig} from '../support/rig.ts'
import {withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

/** The commands of docs/fleet.md. */
const commands = [...readFileSync(join(root, 'docs/fleet.md'), 'utf8').matchAll(/^gowarden report .*/gm)].map(
  ([line]) => line,
)

suite('verbs/report', test => {
  test('a real host: its page, its JSON, and both merged with another host by the commands of docs/fleet.md', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, ...emptyRepository, '.gowardenrc.yaml': 'bypass: reason\n'})
      const bypassed = {GOWARDEN: 'off', GOWARDEN_REASON: 'https://u:hunter2@proxy.example is down'}
      assert.is((await rig.go(['list', '.'])).code, 0)
      assert.is((await rig.go(['list', '-ldflags=-X main.key=hunter2', '.'], {env: bypassed})).code, 0)
      const record = join(rig.cache, '00/gowarden-owner.json')
      const own = readFileSync(record)
      const other = {hash: 'go1.0.linux-amd64@h1:x', goroot: '/opt/other', version: 'go1.0'}
      writeFileSync(record, JSON.stringify({format: 1, owners: [other]}))
      assert.is((await rig.go(['list', '.'])).code, 1)
      writeFileSync(record, own)

      const before = readdirSync(rig.work)
      const [asPage = '', since = '', asJson = '', merge = ''] = commands
      assert.is(commands.length, 4)
      const sh = (line: string) =>
        runProgram('/bin/sh', ['-c', line.replace('"$(hostname).json"', 'build-01.json')], {
          cwd: rig.work,
          env: rig.env,
        })
      const read = (name: string) => readFileSync(join(rig.work, name), 'utf8')
      const pages: string[] = []
      for (const line of [asPage, since]) {
        const ended = await sh(line.replace('/usr/local/bin', '.'))
        assert.equal([ended.code, ended.stdout, ended.stderr], [0, '', ''], line)
        const page = read('gowarden-report.html')
        assertPage(page)
        assert.match(page, /CACHE_FOREIGN/)
        pages.push(page)
      }

      assert.is((await sh(asJson.replace('--json', '--json --host build-01'))).code, 0)
      const json = read('build-01.json')
      const report = JSON.parse(json)
      assert.equal([report.kind, report.format, report.host], [reportKind, reportFormat, 'build-01'])
      assert.equal(report.guard.kind, 'guarded')
      assert.equal(
        [report.toolchains[0].plans, report.toolchains[0].refusals, report.bypassCount, report.cacheStatus],
        [1, 1, 1, 'owned'],
      )
      assert.is(report.bypasses[0].command, 'go list')
      assert.not.match([...pages, json].join(''), /hunter2/)
      assert.equal(readdirSync(rig.work), [...before, 'build-01.json', 'gowarden-report.html'].sort())

      rig.write({
        'reports/build-01.json': json,
        'reports/build-02.json': json.replace('"host": "build-01"', '"host": "build-02"'),
      })
      const merged = await sh(merge)
      assert.equal([merged.code, merged.stdout, merged.stderr], [0, '', ''])
      assert.match(read('fleet.html'), /<h1>gowarden on 2 hosts<\/h1>/)

      // What is no report is said, and the rest goes on.
      rig.write({
        'reports/cut.json': json.slice(0, 400),
        'reports/page.json': pages[0] ?? '',
        'reports/new.json': json.replace('"format": 1', '"format": 2'),
        'reports/twice.json': json,
        'reports/folder.json/x': '',
      })
      const partly = await sh(merge.replace('--out fleet.html', '--json'))
      assert.is(partly.code, 1)
      assert.equal(JSON.parse(partly.stdout).hostCount, 2)
      assert.is(
        partly.stderr,
        [
          'error: reports/cut.json: cut off: it ends in the middle of its JSON',
          'error: reports/folder.json: not a file: name the reports in it',
          'error: reports/new.json: a report of a newer gowarden (format 2; this one reads format 1): update gowarden here',
          'error: reports/page.json: a page, which cannot be merged: write it with gowarden report --json',
          `warning: reports/twice.json: not counted: reports/build-01.json is of the same time and of the same host (build-01, ${report.user}); if they are two hosts, write them with gowarden report --host NAME`,
        ]
          .map(line => `gowarden: ${line}\n`)
          .join(''),
      )

      const none = await rig.gowarden([
        'report',
        '--merge',
        'reports/cut.json',
        'none.json',
        '--out',
        'x.html',
      ])
      assert.equal([none.code, none.stdout, existsSync(join(rig.work, 'x.html'))], [1, '', false])
      assert.is(
        none.stderr,
        'gowarden: error: no report to merge: reports/cut.json: cut off: it ends in the middle of its JSON, and 1 more\n' +
          'gowarden: hint: write one on each host: gowarden report --json --out HOST.json\n',
      )
    })
  })

  test('a host where no go answers and nothing was recorded; a page on stdout; wrong calls', async () => {
    await withRig(async rig => {
      const report = (...words: string[]) => rig.gowarden(['report', ...words], {env: {PATH: '/nowhere'}})
      const page = await report('--host', '<b>"x"')
      assert.equal([page.code, page.stderr], [0, ''])
      assertPage(page.stdout)
      assert.match(page.stdout, /<h1>gowarden on &lt;b&gt;&quot;x&quot;<\/h1>/)
      assert.match(page.stdout, /Nothing was recorded here yet/)
      for (const words of [
        ['--since', 'soon'],
        ['--merge', 'a.json', '--since', '1d'],
        ['--merge', 'a.json', '--binaries', '.'],
        ['--merge', 'a.json', '--host', 'x'],
        ['a.json'],
      ])
        assert.is((await report(...words)).code, 2, words.join(' '))
      const nowhere = await report('--out', 'none/x.html')
      assert.is(nowhere.code, 1)
      assert.match(
        nowhere.stderr,
        /^gowarden: error: writing \S.*\/none\/x\.html: no such file or directory\n$/,
      )
      assert.equal(readdirSync(rig.work), [])
    })
  })
})
