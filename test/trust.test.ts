/** docs/trust.md: every promise names tests, and every test and page that it names is there. */
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {root} from './support/rig.ts'
import {suite} from './support/suite.ts'

const page = readFileSync(join(root, 'docs/trust.md'), 'utf8')
const links = [...page.matchAll(/\[([^\]]+)\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, name = '', to = '']) => ({
  name,
  path: join(root, 'docs', to),
}))
const rows = page.split('\n').filter(line => line.startsWith('| ') && !line.startsWith('| promise'))

suite('trust', test => {
  test('every file that the page names is there, a test under its own name', () => {
    assert.ok(links.length > 30)
    for (const {name, path} of links) {
      assert.ok(existsSync(path), path)
      if (path.endsWith('.test.ts')) assert.is(path, join(root, 'test', `${name}.test.ts`))
    }
  })

  for (const row of rows) {
    test(row.split('|')[1]?.trim() ?? row, () => {
      const [, , against = '', tests = ''] = row.split('|')
      assert.match(against, /[a-z]/)
      assert.match(tests, /\.test\.ts\)/)
      assert.is(row.split('|').length, 5)
    })
  }
})
