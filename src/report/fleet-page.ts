/** The page of many hosts: which of them to look at first, which toolchains there are, what is refused and bypassed. */

import {binaryStates} from '../metrics/states.ts'
import {countOf, countText, durationText, sizeText} from '../text/amounts.ts'
import {sum} from './add-up.ts'
import {columnChart, shareBar} from './chart.ts'
import {agoText, chartStart, dayOf, type Span, spansOf, timeText} from './days.ts'
import {type Fleet, type FleetHost, shareOf} from './fleet.ts'
import {stateColors, statusLevel, valuesIn, versionSeries} from './host-page.ts'
import {html, type Value} from './html.ts'
import {hashTable, pageText} from './page.ts'
import {
  amount,
  type Cell,
  code,
  count,
  figures,
  hash,
  hostName,
  level,
  name,
  type Problem,
  path,
  problems,
  section,
  table,
  time,
  when,
} from './parts.ts'

/** The text of the page: the same for the same fleet. */
export function fleetPage(fleet: Fleet): string {
  const {hosts, hostCount, at, gowarden} = fleet
  const hashes = [
    ...hosts.flatMap(one => (one.hash === '' ? [] : [one.hash])),
    ...fleet.versions.flatMap(one => one.hashes),
    ...fleet.twins.flatMap(twin => twin.hashes.map(one => one.hash)),
  ]
  const sections: [id: string, heading: string, content: Value][] = [
    ['now', 'What is wrong now', nowOf(fleet)],
    ['hosts', 'Hosts', hostsOf(fleet)],
    ['versions', 'Go versions', versionsOf(fleet)],
    ['findings', 'Refusals and findings', findingsOf(fleet)],
    ['bypasses', 'Bypasses', bypassesOf(fleet)],
    ['checks', 'Verify and audit', checksOf(fleet)],
    ['binaries', 'Binaries', binariesOf(fleet)],
    ['hashes', 'Hashes in full', hashTable(hashes)],
  ]
  const oldest = hosts.reduce((so, one) => (one.at < so ? one.at : so), at)
  return pageText({
    title: `gowarden on ${countOf(hostCount, 'host')}`,
    about: html`reports from <time datetime="${oldest}">${timeText(oldest)}</time> on, merged <time datetime="${at}">${timeText(at)} UTC</time>`,
    verdict: verdictOf(fleet),
    figures: figuresOf(fleet),
    contents: sections.map(([id, heading]) => [id, heading]),
    body: sections.map(([id, heading, content]) => section(id, heading, content)),
    footer: html`<p>Each host counts for one user, since the time that its report was asked for. A go command that follows a stored plan is not counted; each folder in use plans at least once a day. Times are UTC, and “ago” means before ${timeText(at)}. gowarden ${gowarden}.</p>`,
  })
}

function verdictOf({hosts, hostCount, twins}: Fleet): Value {
  const of = (wanted: FleetHost['level']) => hosts.filter(one => one.level === wanted).length
  const [errors, warnings] = [of('error'), of('warn')]
  if (errors + warnings + twins.length === 0)
    return html`${level('ok')} nothing is wrong on ${countOf(hostCount, 'host')}`
  const parts = [
    ...(errors > 0 ? [level('error', `${countOf(errors, 'host')} with errors`)] : []),
    ...(warnings > 0 ? [level('warn', `${countOf(warnings, 'host')} with warnings`)] : []),
    ...(twins.length > 0
      ? [level('error', countOf(twins.length, 'version with twins', 'versions with twins'))]
      : []),
  ]
  return html`${parts.map((part, at) => [at > 0 && ', ', part])} of ${countOf(hostCount, 'host')}`
}

function figuresOf(fleet: Fleet): Value {
  const {hosts, bypassCount, binaries} = fleet
  const plans = sum(hosts.map(one => one.plans))
  const all = sum(Object.values(binaries))
  return figures([
    ['hosts', countText(fleet.hostCount)],
    ['Go versions', countText(fleet.versions.length)],
    ['plans', countText(plans)],
    ['refused', countText(sum(hosts.map(one => one.refusals)))],
    ['bypassed', percent(shareOf({plans, bypasses: bypassCount}))],
    ['caches', sizeText(sum(hosts.map(one => one.cacheBytes)))],
    ['unstamped', all === 0 ? '–' : percent(binaries.unstamped / all)],
  ])
}

function nowOf(fleet: Fleet): Value {
  const {skipped} = fleet
  const all = [...twinProblems(fleet), ...hostProblems(fleet)]
  return [
    all.length === 0 ? html`<p>Nothing on any host.</p>` : problems(all),
    skipped.length > 0 &&
      table(
        'Files that are not in here',
        [{head: 'file'}, {head: 'why'}],
        skipped.map(({file, reason, isWrong}) => [
          path(file),
          html`${isWrong ? level('error') : level('warn')} ${reason}`,
        ]),
      ),
  ]
}

function twinProblems({twins}: Fleet): Problem[] {
  return twins.map(({version, platform, hashes}) => ({
    level: 'error',
    headline: `${hashes.length} different toolchains call themselves ${version} on ${platform}`,
    details: hashes.map(one => [
      countOf(one.hostCount, 'host'),
      html`${hash(one.hash)} ${one.isProven ? level('ok', 'proven') : html`<span class="quiet">not known to be proven</span>`} ${listed(one.hosts, one.hostCount)}`,
    ]),
    hints: ['let one of them build a repository: gowarden lock'],
  }))
}

/** Twins are said above, with their hashes. */
function hostProblems({problems: all}: Fleet): Problem[] {
  return all
    .filter(({word}) => !word.startsWith('twin of '))
    .map(({word, level: of, hostCount, hosts}) => ({
      level: of,
      headline: `${word} on ${countOf(hostCount, 'host')}`,
      details: [['where', listed(hosts, hostCount)]],
      hints: hintsFor(word),
    }))
}

/** What to type, on one of these hosts. */
function hintsFor(word: string): string[] {
  if (/^[A-Z][A-Z_]+$/.test(word)) return [`gowarden explain ${word}`]
  const hint = hintsByWord[word]
  return hint === undefined ? [] : [`there: ${hint}`]
}

const hintsByWord: Record<string, string> = {
  'not guarded': 'gowarden doctor',
  refused: 'gowarden doctor',
  'no go': 'gowarden doctor',
  'cannot build': 'gowarden doctor',
  'wrong objects': 'gowarden cache audit --quarantine',
  'verify failed': 'gowarden verify',
  'old report': 'gowarden report --json --out "$(hostname).json"',
}

function listed(hosts: readonly string[], hostCount: number): Value {
  const more = hostCount - hosts.length
  return html`${hosts.map((one, at) => [at > 0 && ', ', hostName(one)])}${more > 0 && html` <span class="quiet">and ${countText(more)} more</span>`}`
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`
}

function shareCell(of: {plans: number; bypasses: number}): Cell {
  const share = shareOf(of)
  return share === 0 ? {...count(0), sort: 0} : amount(percent(share), share)
}

function hostsOf({hosts, hostCount, at}: Fleet): Value {
  return [
    hosts.length < hostCount && html`<p>The worst ${countText(hosts.length)} of ${countText(hostCount)}.</p>`,
    table(
      'Hosts, the worst first',
      [
        {head: 'host'},
        {head: 'what is wrong'},
        {head: 'Go in use'},
        {head: 'cache'},
        {head: 'plans', isNumber: true},
        {head: 'refused', isNumber: true},
        {head: 'bypassed', isNumber: true},
        {head: 'audited'},
        {head: 'report of'},
      ],
      hosts.map(one => [
        {
          content: html`<strong>${hostName(one.host)}</strong>${one.user !== '' && html`<br><span class="quiet">${name(one.user)}</span>`}`,
          sort: one.host,
        },
        {
          content:
            one.reasons.length === 0
              ? level('ok')
              : html`<ul class="list reasons">${one.reasons.map(({level: of, word}) => html`<li>${level(of, word)}</li>`)}</ul>`,
          sort: {error: 2, warn: 1, ok: 0}[one.level] * 1000 + one.reasons.length,
        },
        {
          content:
            one.version === ''
              ? html`<span class="none">none</span>`
              : html`${name(one.version)} ${hash(one.hash)}`,
          sort: `${one.version} ${one.hash}`,
        },
        statusLevel(one.cacheStatus),
        count(one.plans),
        count(one.refusals),
        shareCell(one),
        {content: ago(one.audited, at), sort: one.audited ?? ''},
        {content: ago(one.at, at), sort: one.at},
      ]),
    ),
  ]
}

/** In a table of many hosts there is room for how long ago; the time is in the element. */
function ago(iso: string | null, now: string): Value {
  if (iso === null) return html`<span class="none">never</span>`
  return html`<time datetime="${iso}" title="${timeText(iso)} UTC">${agoText(iso, now)}</time>`
}

/** The columns of the charts. */
function spansIn({since, at, days}: Pick<Fleet, 'since' | 'at' | 'days'>): Span[] {
  return spansOf(chartStart(since, at, days[0]?.day ?? null), dayOf(at))
}

function versionsOf({versions, twins, hostCount, days, since, at}: Fleet): Value {
  const spans = spansIn({since, at, days})
  const hasTwins = new Set(twins.map(({version}) => version))
  return [
    days.length > 0 && columnChart('Plans by Go version', spans, versionSeries(days, spans)),
    table(
      'Go versions, those on the most hosts first',
      [
        {head: 'version'},
        {head: 'hosts', isNumber: true},
        {head: 'share of hosts'},
        {head: 'plans', isNumber: true},
        {head: 'hashes', isNumber: true},
        {head: 'which'},
      ],
      versions.map(({version, hosts, plans, hashes}) => [
        html`${name(version)}${hasTwins.has(version) && html` ${level('error', 'twins')}`}`,
        count(hosts),
        shareBar(`${hosts} of ${countOf(hostCount, 'host')}`, [{color: 'c0', value: hosts}], hostCount),
        count(plans),
        count(hashes.length),
        html`<ul class="list">${hashes.map(one => html`<li>${hash(one)} <span class="quiet">${name(platformOf(one))}</span></li>`)}</ul>`,
      ]),
      'No toolchain was met.',
    ),
  ]
}

/** `linux-amd64` of `go1.26.8.linux-amd64@h1:…` */
function platformOf(text: string): string {
  const before = text.slice(0, Math.max(0, text.lastIndexOf('@')))
  return before.slice(before.lastIndexOf('.') + 1)
}

function findingsOf({codes, days, since, at}: Fleet): Value {
  const spans = spansIn({since, at, days})
  if (codes.length === 0) return html`<p class="none">No go command was refused, and nothing was found.</p>`
  return [
    html`<div class="charts">${columnChart('Refused go commands by day', spans, [
      {name: 'refused', color: 'error', values: valuesIn(spans, days, day => day.refusals)},
    ])}${columnChart('Recorded bypasses by day', spans, [
      {name: 'bypasses', color: 'warn', values: valuesIn(spans, days, day => day.bypasses)},
    ])}</div>`,
    table(
      'Findings by code, the errors first; what each means: gowarden explain CODE',
      [
        {head: 'code'},
        {head: 'level'},
        {head: 'found by'},
        {head: 'hosts', isNumber: true},
        {head: 'count', isNumber: true},
        {head: 'refused', isNumber: true},
      ],
      codes.map(one => [
        code(one.code),
        level(one.level),
        one.by,
        count(one.hosts),
        count(one.count),
        count(one.refused),
      ]),
    ),
  ]
}

function bypassesOf({bypasses, bypassCount, repositories, at}: Fleet): Value {
  return [
    table(
      'Repositories, by the share of commands that bypassed gowarden; called by the name of their folder',
      [
        {head: 'repository'},
        {head: 'bypassed', isNumber: true},
        {head: 'bypasses', isNumber: true},
        {head: 'plans', isNumber: true},
        {head: 'refused', isNumber: true},
        {head: 'hosts', isNumber: true},
      ],
      repositories.map(one => [
        path(one.name),
        shareCell(one),
        count(one.bypasses),
        count(one.plans),
        count(one.refusals),
        count(one.hosts),
      ]),
      'Nothing was built.',
    ),
    table(
      bypasses.length < bypassCount
        ? `The last ${bypasses.length} of ${countText(bypassCount)} bypasses`
        : 'Bypasses, the last first',
      [{head: 'when'}, {head: 'who'}, {head: 'reason'}, {head: 'command'}, {head: 'where'}],
      bypasses.map(one => [
        when(one.time, at),
        html`${name(one.user)} <span class="quiet">on</span> ${hostName(one.host)}`,
        html`<div class="words">${name(one.reason)}</div>`,
        html`${code(one.command)}<div class="path quiet">${code(one.what)}</div>`,
        path(one.directory),
      ]),
      'None was recorded. They are recorded only where a policy says bypass: reason.',
    ),
  ]
}

function checksOf({verifies, audits, at}: Fleet): Value {
  return [
    table(
      'The slowest gowarden verify',
      [
        {head: 'repository'},
        {head: 'host'},
        {head: 'slowest', isNumber: true},
        {head: 'runs', isNumber: true},
        {head: 'failed', isNumber: true},
        {head: 'last run'},
      ],
      verifies.map(one => [
        path(one.repository),
        hostName(one.host),
        amount(durationText(one.slowestMs), one.slowestMs),
        count(one.runs),
        count(one.failed),
        when(one.last, at),
      ]),
      'gowarden verify did not run.',
    ),
    table(
      'Build caches, those that nobody audited and the oldest audits first',
      [{head: 'cache'}, {head: 'host'}, {head: 'audited'}, {head: 'size', isNumber: true}],
      audits.map(one => [
        path(one.cache),
        hostName(one.host),
        {content: time(one.audited, at), sort: one.audited ?? ''},
        amount(sizeText(one.bytes), one.bytes),
      ]),
      'No cache holds anything.',
    ),
  ]
}

function binariesOf({binaries, hosts}: Fleet): Value {
  const all = sum(binaryStates.map(state => binaries[state]))
  if (all === 0)
    return html`<p class="none">No host counted binaries: gowarden report --json --binaries DIR.</p>`
  return table(
    'Hosts, those with the most unstamped Go binaries first',
    [
      {head: 'host'},
      {head: 'unstamped', isNumber: true},
      {head: 'binaries', isNumber: true},
      {head: 'share'},
    ],
    [
      {host: 'all hosts', unstamped: binaries.unstamped, binaries: all},
      ...hosts.filter(one => one.unstamped > 0).sort((a, b) => b.unstamped - a.unstamped),
    ]
      .slice(0, 51)
      .map(one => [
        hostName(one.host),
        count(one.unstamped),
        count(one.binaries),
        shareBar(
          `${one.unstamped} of ${one.binaries} unstamped`,
          [{color: stateColors.unstamped, value: one.unstamped}],
          one.binaries,
        ),
      ]),
  )
}
