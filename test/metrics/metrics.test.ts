import {spawnSync} from 'node:child_process'
import * as assert from 'uvu/assert'
import {countEvents, emptyCounts} from '../../src/events/counts.ts'
import {metricsText} from '../../src/metrics/metrics.ts'
import {oneOfEach} from '../support/events.ts'
import {hostFacts} from '../support/metrics.ts'
import {onPath} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

const time = '2026-11-27T13:30:00.000Z'
const counts = countEvents(
  emptyCounts,
  oneOfEach.map(event => ({time, ...event})),
)
const noPromtool = onPath('promtool') === undefined ? 'promtool is not on PATH' : undefined

const lines: string[] = [
  'go_toolchain_info{version="go1.26.8",platform="linux/amd64",hash="go1.26.8.linux-amd64@h1:one0000000000000000000000000000000000000000=",proven="yes",locked="none"} 1',
  'go_goroot_info{goroot="/opt/a \\"b\\"",version="go1.26.8",hash="go1.26.8.linux-amd64@h1:one0000000000000000000000000000000000000000=",current="no"} 1',
  'go_cache_status{status="refused"} 1',
  'go_cache_status{status="owned"} 0',
  'gowarden_cache_bytes{cache="/c"} 2048',
  'gowarden_guarded 1',
  'gowarden_binaries{directory="/srv",state="unstamped"} 2',
  'gowarden_plans_total{version="go1.26.8",repository="shop"} 1',
  'gowarden_refused_findings_total{code="CACHE_FOREIGN",repository="shop"} 1',
  'gowarden_findings_total{code="VENDOR_EDITED",level="error",by="verify"} 3',
  'gowarden_bypasses_total{what="GOWARDEN=off",repository="shop"} 1',
  'gowarden_verify_duration_seconds_bucket{le="1",repository="shop"} 0',
  'gowarden_verify_duration_seconds_bucket{le="2.5",repository="shop"} 1',
  'gowarden_verify_duration_seconds_bucket{le="300",repository="shop"} 1',
  'gowarden_verify_duration_seconds_bucket{le="+Inf",repository="shop"} 1',
  'gowarden_verify_duration_seconds_sum{repository="shop"} 1.234',
  'gowarden_verify_duration_seconds_count{repository="shop"} 1',
  'gowarden_audit_last_timestamp_seconds{cache="/c"} 1795786200',
  'gowarden_audit_last_timestamp_seconds{cache="/never"} 0',
]

suite('metrics/metrics', test => {
  for (const line of lines)
    test(`text: ${line.slice(0, 70)}`, async () => {
      const {text} = await metricsText(hostFacts, counts, '1.2.3', 'text')
      assert.ok(text.split('\n').includes(line), text)
    })

  test('two copies of a toolchain are one toolchain with two GOROOTs', async () => {
    const {text} = await metricsText(hostFacts, counts, '1.2.3', 'text')
    assert.is(text.match(/^go_toolchain_info\{/gm)?.length, 1)
    assert.is(text.match(/^go_goroot_info\{/gm)?.length, 2)
  })

  test('OpenMetrics: counters are declared without _total, and it ends with EOF', async () => {
    const {text, type} = await metricsText(hostFacts, counts, '1.2.3', 'openmetrics')
    assert.match(type, /^application\/openmetrics-text; version=1\.0\.0/)
    assert.match(text, /^# TYPE gowarden_bypasses counter\ngowarden_bypasses_total\{/m)
    assert.ok(text.endsWith('\n# EOF\n'))
  })

  test.unless(noPromtool, 'promtool finds nothing to say of the names', async () => {
    const {text} = await metricsText(hostFacts, counts, '1.2.3', 'text')
    const checked = spawnSync('promtool', ['check', 'metrics'], {input: text, encoding: 'utf8'})
    assert.equal([checked.status, checked.stdout, checked.stderr], [0, '', ''])
  })
})
