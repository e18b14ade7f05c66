/** config/grafana: the dashboard that is checked in is the one that its generator makes, and shows only metrics that there are. */
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {dashboardText} from '../../config/grafana/dashboard.ts'
import {emptyCounts} from '../../src/events/counts.ts'
import {metricsText} from '../../src/metrics/metrics.ts'
import {hostFacts} from '../support/metrics.ts'
import {expressionsOf, type Panel} from '../support/prometheus.ts'
import {root} from '../support/rig.ts'
import {suite} from '../support/suite.ts'

const file = join(root, 'config/grafana/gowarden.json')

suite('metrics/dashboard', test => {
  test('made anew it is the same, byte for byte', () => {
    if (process.env['UPDATE'] === '1') writeFileSync(file, dashboardText())
    assert.is(
      readFileSync(file, 'utf8'),
      dashboardText(),
      'make it anew: UPDATE=1 npm test -- metrics/dashboard',
    )
    assert.is(dashboardText(), dashboardText())
  })

  test('every query names a metric that gowarden exports, and what neither board nor rules use is known', async () => {
    const {text} = await metricsText(hostFacts, emptyCounts, '1.2.3', 'text')
    const exported = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name)
    const rules = readFileSync(join(root, 'config/prometheus/gowarden.rules.yml'), 'utf8')
    const queries = expressionsOf(JSON.parse(readFileSync(file, 'utf8')))
    assert.ok(queries.length > 20)
    const names = (expr: string) =>
      [...expr.matchAll(/\b(go_[a-z]+_\w+|gowarden_\w+)/g)].map(([name]) =>
        name.replace(/_(bucket|sum|count)$/, ''),
      )
    assert.equal(
      queries.flatMap(names).filter(name => !exported.includes(name)),
      [],
    )
    const used = [...queries, rules].flatMap(names)
    assert.equal(
      exported.filter(name => !used.includes(name)),
      [
        'gowarden_cache_objects',
        'gowarden_cache_owners',
        'gowarden_cache_owner_info',
        'gowarden_can_build',
        'gowarden_facts_timestamp_seconds',
        'gowarden_refusals_total',
        'gowarden_verifies_total',
        'gowarden_audits_total',
        'gowarden_commands_total',
        'gowarden_audit_duration_seconds',
        'gowarden_plan_last_timestamp_seconds',
        'gowarden_verify_last_timestamp_seconds',
      ],
    )
  })

  test('panels have a title and a place of their own', () => {
    const {panels} = JSON.parse(readFileSync(file, 'utf8')) as {panels: Panel[]}
    const places = panels.map(({gridPos}) => JSON.stringify(gridPos))
    assert.is(new Set(places).size, panels.length)
    assert.equal(
      panels.filter(({title}) => title === undefined || title === ''),
      [],
    )
  })
})
