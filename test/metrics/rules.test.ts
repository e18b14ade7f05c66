/** config/prometheus: rules that promtool takes, and that do what their tests say. */
import {spawnSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {parse} from 'yaml'
import {root} from '../support/rig.ts'
import {onPath} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

const folder = join(root, 'config/prometheus')
const noPromtool = onPath('promtool') === undefined ? 'promtool is not on PATH' : undefined

type Rules = {
  groups: {rules: {alert?: string; record?: string; expr: string; labels?: {release?: string}}[]}[]
}

suite('metrics/rules', test => {
  const {groups} = parse(readFileSync(join(folder, 'gowarden.rules.yml'), 'utf8')) as Rules
  const rules = groups.flatMap(group => group.rules)

  test.unless(noPromtool, 'promtool finds nothing wrong with the rules', () => {
    const checked = spawnSync('promtool', ['check', 'rules', 'gowarden.rules.yml'], {
      cwd: folder,
      encoding: 'utf8',
    })
    assert.is(checked.status, 0, checked.stdout + checked.stderr)
  })

  for (const file of readdirSync(folder).filter(name => name.endsWith('.tests.yml')))
    test.unless(noPromtool, `promtool test rules ${file}`, () => {
      const tested = spawnSync('promtool', ['test', 'rules', file], {cwd: folder, encoding: 'utf8'})
      assert.is(tested.status, 0, tested.stdout + tested.stderr)
    })

  test('every alert is tried, firing and not', () => {
    const tests = readdirSync(folder)
      .filter(name => name.endsWith('.tests.yml'))
      .map(name => readFileSync(join(folder, name), 'utf8'))
      .join('\n')
    for (const {alert} of rules)
      if (alert !== undefined) assert.ok(tests.includes(`alertname: ${alert}\n`), alert)
  })

  test('the ends of releases are whole days in UTC, half a year or so apart, without a gap', () => {
    const ends = rules.filter(({record}) => record === 'gowarden:go_release_end:timestamp_seconds')
    const days = ends.map(({expr}) => Number(expr.match(/^vector\((\d+)\)$/)?.[1]) / 86_400)
    assert.ok(days.every(Number.isInteger))
    assert.equal(
      ends.map(({labels}) => Number(labels?.release?.split('.')[1])),
      ends.map((_, index) => 18 + index),
    )
    for (const [index, day] of days.entries()) {
      const apart = index === 0 ? 182 : day - (days[index - 1] ?? 0)
      assert.ok(apart > 150 && apart < 220, `${apart} days`)
    }
  })
})
