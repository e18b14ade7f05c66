/**
 * The Grafana dashboard over what `gowarden metrics` exports. gowarden.json beside this file is made of it, and what people import:
 * `UPDATE=1 npm test -- metrics/dashboard` makes it anew.
 */
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard'
import {DataqueryBuilder, PromQueryFormat} from '@grafana/grafana-foundation-sdk/prometheus'
import {PanelBuilder as StatBuilder} from '@grafana/grafana-foundation-sdk/stat'
import {PanelBuilder as TableBuilder} from '@grafana/grafana-foundation-sdk/table'
import {PanelBuilder as TimeseriesBuilder} from '@grafana/grafana-foundation-sdk/timeseries'

const datasource = {type: 'prometheus', uid: '${datasource}'}

/** The hosts that were chosen above the board. */
const host = 'instance=~"$instance"'

/** Each toolchain once for each version and platform it goes by. */
const contents = `count by (version, platform, hash) (go_toolchain_info{${host}})`
const twins = `count by (version, platform) (${contents}) > 1`

/** The dashboard as JSON, with a line break at its end: the same bytes each time. */
export function dashboardText(): string {
  return `${JSON.stringify(dashboard().build(), null, 2)}\n`
}

function dashboard(): DashboardBuilder {
  return new DashboardBuilder('Go toolchains (gowarden)')
    .uid('gowarden-fleet')
    .description('Which Go toolchains build here, where caches are foreign, what is refused and bypassed.')
    .tags(['go', 'gowarden'])
    .timezone('browser')
    .time({from: 'now-7d', to: 'now'})
    .refresh('5m')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .withVariable(
      new QueryVariableBuilder('instance')
        .label('host')
        .datasource(datasource)
        .query('label_values(gowarden_info, instance)')
        .multi(true)
        .includeAll(true)
        .allValue('.*'),
    )
    .withRow(new RowBuilder('Toolchains'))
    .withPanel(number('Hosts', `count(gowarden_info{${host}})`))
    .withPanel(number('Go versions', `count(count by (version) (go_toolchain_info{${host}}))`))
    .withPanel(
      number(
        'Twins',
        `count(${twins}) or vector(0)`,
        'Versions that different toolchains call themselves by on one platform. On a shared cache they serve each other’s objects.',
      ),
    )
    .withPanel(
      number(
        'Hosts that are not guarded',
        `count(gowarden_guarded{${host}} == 0) or vector(0)`,
        'go, as the user types it there, does not go through gowarden.',
      ),
    )
    .withPanel(
      lines('Versions in use', `count by (version) (go_toolchain_info{${host}})`, '{{version}}').description(
        'Toolchains that gowarden has met on each host, and that stand there now.',
      ),
    )
    .withPanel(
      lines(
        'Fragmentation',
        `1 - max(count by (hash) (go_goroot_info{${host}, current="yes"})) / count(go_goroot_info{${host}, current="yes"})`,
        'hosts with another toolchain than most',
      )
        .unit('percentunit')
        .min(0)
        .max(1),
    )
    .withPanel(
      rows(
        'Twins: one version, different toolchains',
        `${contents} and on (version, platform) (${twins})`,
        12,
      ),
    )
    .withPanel(
      rows(
        'Where toolchains lie',
        `sum by (instance, version, goroot, current) (go_goroot_info{${host}})`,
        12,
      ),
    )
    .withRow(new RowBuilder('Caches'))
    .withPanel(
      lines(
        'Hosts by the status of their cache',
        `sum by (status) (go_cache_status{${host}}) > 0`,
        '{{status}}',
      ),
    )
    .withPanel(
      lines('Size of caches', `gowarden_cache_bytes{${host}}`, '{{instance}} {{cache}}').unit('bytes').min(0),
    )
    .withPanel(
      rows(
        'Caches that another toolchain populated, or nobody can use',
        `go_cache_status{${host}, status=~"foreign|refused|damaged|unwritable"} == 1`,
        12,
      ),
    )
    .withPanel(
      rows('Age of the last audit', `time() - (gowarden_audit_last_timestamp_seconds{${host}} > 0)`, 6).unit(
        's',
      ),
    )
    .withPanel(
      rows('Caches that were never audited', `gowarden_audit_last_timestamp_seconds{${host}} == 0`, 6),
    )
    .withRow(new RowBuilder('Refusals and bypasses'))
    .withPanel(
      lines(
        'Refusals by code and repository',
        `sum by (code, repository) (increase(gowarden_refused_findings_total{${host}}[$__rate_interval]))`,
        '{{code}} in {{repository}}',
      ).min(0),
    )
    .withPanel(
      lines(
        'Bypasses',
        `sum by (what, repository) (increase(gowarden_bypasses_total{${host}}[$__rate_interval]))`,
        '{{what}} in {{repository}}',
      )
        .min(0)
        .description('Where a policy wants them recorded (bypass: reason).'),
    )
    .withPanel(
      rows(
        'Findings in the time that is shown',
        `topk(20, sum by (code, level, by) (increase(gowarden_findings_total{${host}}[$__range])))`,
        12,
      ).decimals(0),
    )
    .withPanel(rows('What gowarden doctor finds now', `gowarden_doctor_findings{${host}}`, 12))
    .withRow(new RowBuilder('Verify and binaries'))
    .withPanel(
      rows(
        'Slowest verifies: seconds on average',
        `topk(10, sum by (repository) (increase(gowarden_verify_duration_seconds_sum{${host}}[$__range])) / sum by (repository) (increase(gowarden_verify_duration_seconds_count{${host}}[$__range])))`,
        12,
      ).unit('s'),
    )
    .withPanel(
      lines(
        'How long verify and planning take: 95 of 100 are faster',
        `histogram_quantile(0.95, sum by (le) (increase(gowarden_verify_duration_seconds_bucket{${host}}[$__rate_interval])))`,
        'verify',
      )
        .withTarget(
          query(
            `histogram_quantile(0.95, sum by (le) (increase(gowarden_plan_duration_seconds_bucket{${host}}[$__rate_interval])))`,
          ).legendFormat('plan'),
        )
        .unit('s')
        .min(0),
    )
    .withPanel(
      lines(
        'Binaries by the state of their stamp',
        `sum by (state) (gowarden_binaries{${host}})`,
        '{{state}}',
      ).min(0),
    )
}

function query(expr: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(datasource).expr(expr)
}

function number(title: string, expr: string, description = ''): StatBuilder {
  return new StatBuilder()
    .title(title)
    .description(description)
    .datasource(datasource)
    .span(6)
    .height(4)
    .withTarget(query(expr).instant())
}

function lines(title: string, expr: string, legend: string): TimeseriesBuilder {
  return new TimeseriesBuilder()
    .title(title)
    .datasource(datasource)
    .span(12)
    .height(8)
    .withTarget(query(expr).legendFormat(legend))
}

/** A table of what is now, a row a series. */
function rows(title: string, expr: string, span: number): TableBuilder {
  return new TableBuilder()
    .title(title)
    .datasource(datasource)
    .span(span)
    .height(8)
    .withTarget(query(expr).instant().format(PromQueryFormat.Table))
    .withTransformation({id: 'organize', options: {excludeByName: {Time: true, __name__: true, job: true}}})
}
