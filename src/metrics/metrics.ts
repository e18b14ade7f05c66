/**
 * The metrics of a host in the text format of Prometheus, and in that of OpenMetrics: what it is now, and what was counted of its events.
 * Names and units as in prometheus.io/docs/practices/naming. Every label is bounded: by events/counts.ts, by facts.ts, or by a list.
 */
import {Counter, Gauge, Histogram, type OpenMetricsContentType, Registry} from 'prom-client'
import {
  type CounterName,
  type Counts,
  counterLabels,
  type DurationName,
  durationBounds,
  durationLabels,
  type LastName,
} from '../events/counts.ts'
import {countFound} from '../findings/finding.ts'
import type {HostFacts} from './facts.ts'
import {cacheStates} from './states.ts'

/** 'text' is what node_exporter and Pushgateway read. */
export type Format = 'text' | 'openmetrics'

type Series = [values: readonly string[], value: number]

/** The text of all metrics, with its media type. `version` is gowarden's own. */
export async function metricsText(
  facts: HostFacts,
  counts: Counts,
  version: string,
  format: Format,
): Promise<{text: string; type: string}> {
  const registry = format === 'openmetrics' ? openMetrics() : new Registry()
  gaugesOf(facts, version).forEach(([name, help, labels, series]) => {
    const gauge = new Gauge({name, help, labelNames: [...labels], registers: [registry]})
    for (const [values, value] of series) gauge.set(labelled(labels, values), value)
  })
  for (const [name, [metric, help]] of entriesOf(counters)) {
    const labels = counterLabels[name]
    const counter = new Counter({name: metric, help, labelNames: [...labels], registers: [registry]})
    for (const one of counts.counters.values())
      if (one.name === name) counter.inc(labelled(labels, one.labels), one.value)
  }
  for (const [name, [metric, help]] of entriesOf(durations)) addDuration(registry, counts, name, metric, help)
  for (const [name, [metric, help, label]] of entriesOf(lastTimes)) {
    const gauge = new Gauge({name: metric, help, labelNames: [label], registers: [registry]})
    for (const path of name === 'audit' ? facts.caches.map(cache => cache.path) : [])
      gauge.set({[label]: path}, 0)
    for (const {name: of, labels, ms} of counts.last.values())
      if (of === name) gauge.set(labelled([label], labels), ms / 1000)
  }
  return {text: await registry.metrics(), type: registry.contentType}
}

type AnyRegistry = Registry | Registry<OpenMetricsContentType>

function openMetrics(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>()
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  return registry
}

const counters: Record<CounterName, [metric: string, help: string]> = {
  plans: [
    'gowarden_plans_total',
    'Go commands that were planned. One that follows a stored plan is not counted; each folder in use plans once a day.',
  ],
  refusals: ['gowarden_refusals_total', 'Go commands that were refused, by exit status.'],
  refused: ['gowarden_refused_findings_total', 'Findings for which a go command was refused, by code.'],
  findings: ['gowarden_findings_total', 'Findings, by code, level and what found them.'],
  bypasses: [
    'gowarden_bypasses_total',
    'Bypasses with GOWARDEN=off or GOWARDEN_LEVELS, if a policy requires a record.',
  ],
  verifies: ['gowarden_verifies_total', 'Runs of gowarden verify, by result.'],
  audits: ['gowarden_audits_total', 'Runs of gowarden cache audit, by result.'],
  works: ['gowarden_commands_total', 'Other commands of gowarden, by outcome.'],
}

const durations: Record<DurationName, [metric: string, help: string]> = {
  plan: ['gowarden_plan_duration_seconds', 'How long the planner took for a go command, without its start.'],
  verify: ['gowarden_verify_duration_seconds', 'How long gowarden verify took.'],
  audit: ['gowarden_audit_duration_seconds', 'How long gowarden cache audit took.'],
}

const lastTimes: Record<LastName, [metric: string, help: string, label: string]> = {
  plan: [
    'gowarden_plan_last_timestamp_seconds',
    'When a go command was last planned with this toolchain.',
    'hash',
  ],
  audit: [
    'gowarden_audit_last_timestamp_seconds',
    'When a cache was last audited as a whole; 0 for never.',
    'cache',
  ],
  verify: [
    'gowarden_verify_last_timestamp_seconds',
    'When gowarden verify last ran in a repository.',
    'repository',
  ],
}

function gaugesOf(
  facts: HostFacts,
  version: string,
): [name: string, help: string, labels: readonly string[], series: Series[]][] {
  const {toolchains, caches} = facts
  return [
    ['gowarden_info', 'This gowarden.', ['version'], [[[version], 1]]],
    [
      'go_toolchain_info',
      'Go toolchains on this host, by content: the hash is the ToolchainHash that a stamp names.',
      ['version', 'platform', 'hash', 'proven', 'locked'],
      // Copies of one toolchain are one.
      [...new Map(toolchains.map(one => [one.hash, one])).values()].map(
        ({version: go, platform, hash, proven, locked}) => [[go, platform, hash, proven, locked], 1],
      ),
    ],
    [
      'go_goroot_info',
      'Where these toolchains lie; current: the one that go build uses.',
      ['goroot', 'version', 'hash', 'current'],
      toolchains.map(({goroot, version: go, hash, isCurrent}) => [
        [goroot, go, hash, isCurrent ? 'yes' : 'no'],
        1,
      ]),
    ],
    [
      'go_cache_status',
      'How the build cache of go build stands: 1 for the status that it has.',
      ['status'],
      cacheStates.map(state => [[state], state === facts.cacheStatus ? 1 : 0]),
    ],
    [
      'gowarden_cache_bytes',
      'Size of a build cache.',
      ['cache'],
      caches.map(({path, bytes}) => [[path], bytes]),
    ],
    [
      'gowarden_cache_objects',
      'Objects in a build cache.',
      ['cache'],
      caches.map(({path, objects}) => [[path], objects]),
    ],
    [
      'gowarden_cache_owners',
      'How many toolchains a build cache belongs to.',
      ['cache'],
      caches.map(({path, owners}) => [[path], owners.length]),
    ],
    [
      'gowarden_cache_owner_info',
      'Which toolchains a build cache belongs to.',
      ['cache', 'hash'],
      caches.flatMap(({path, owners}) => owners.slice(0, 10).map((hash): Series => [[path, hash], 1])),
    ],
    [
      'gowarden_guarded',
      'Whether go, as this user types it, goes through gowarden.',
      [],
      [[[], facts.guard === 'guarded' ? 1 : 0]],
    ],
    [
      'gowarden_can_build',
      'Whether nothing keeps go build from working.',
      [],
      [[[], facts.canBuild ? 1 : 0]],
    ],
    [
      'gowarden_doctor_findings',
      'What gowarden doctor finds now.',
      ['code', 'level'],
      countFound(facts.findings).map(({code, level, count}) => [[code, level], count]),
    ],
    [
      'gowarden_binaries',
      'Go binaries below a folder, by the state of their stamp.',
      ['directory', 'state'],
      facts.binaries.map(({directory, state, count}) => [[directory, state], count]),
    ],
    [
      'gowarden_facts_timestamp_seconds',
      'When toolchains, caches and binaries were last looked at.',
      [],
      [[[], facts.atMs / 1000]],
    ],
  ]
}

/** What was counted elsewhere is handed over as it is: a Histogram only takes one observation after the other. */
function addDuration(
  registry: AnyRegistry,
  counts: Counts,
  name: DurationName,
  metric: string,
  help: string,
): void {
  const labelNames = [...durationLabels[name]]
  const bounds: readonly number[] = durationBounds[name]
  const histogram = new Histogram({
    name: metric,
    help,
    labelNames,
    buckets: [...bounds],
    registers: [registry],
  })
  const values = [...counts.durations.values()]
    .filter(one => one.name === name)
    .flatMap(({labels: own, buckets, seconds, count}) => {
      const labels = labelled(labelNames, own)
      const upTo = bounds.map((_, index) =>
        buckets.slice(0, index + 1).reduce((sum, number) => sum + number, 0),
      )
      return [
        ...bounds.map((bound, index) => ({
          metricName: `${metric}_bucket`,
          labels: {le: bound, ...labels},
          value: upTo[index] ?? 0,
        })),
        {metricName: `${metric}_bucket`, labels: {le: '+Inf', ...labels}, value: count},
        {metricName: `${metric}_sum`, labels, value: seconds},
        {metricName: `${metric}_count`, labels, value: count},
      ]
    })
  Object.assign(histogram, {getForPromString: async () => ({name: metric, help, type: 'histogram', values})})
}

function labelled(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
}

function entriesOf<Key extends string, Value>(record: Record<Key, Value>): [Key, Value][] {
  return Object.entries(record) as [Key, Value][]
}
