/** The page of one host, in the order of questions: what is wrong now, what builds here, in which caches, and what was. */

import {binaryStates} from '../metrics/states.ts'
import {countOf, countText, durationText, sizeText} from '../text/amounts.ts'
import {compare, sum} from './add-up.ts'
import {columnChart, type Series, shareBar, sparkline} from './chart.ts'
import {chartStart, dayOf, type Span, spansOf, timeText} from './days.ts'
import {html, type Value} from './html.ts'
import {hashTable, pageText} from './page.ts'
import {
  amount,
  code,
  command,
  count,
  day,
  figures,
  hash,
  level,
  name,
  path as pathCell,
  problems,
  section,
  table,
  time,
  when,
} from './parts.ts'
import {problemsOf} from './problems.ts'
import type {Report, ReportedToolchain} from './shape.ts'

/** The text of the page: the same for the same report. */
export function hostPage(report: Report): string {
  const spans = spansOf(chartStart(report.since, report.at, report.oldestEvent), dayOf(report.at))
  const hashes = [...report.toolchains.map(one => one.hash), ...report.caches.flatMap(one => one.owners)]
  const sections: [id: string, heading: string, content: Value][] = [
    ['now', 'What is wrong now', nowOf(report)],
    ['builds', 'What builds here', [buildsOf(report, spans), repositoriesOf(report)]],
    ['caches', 'Build caches', cachesOf(report)],
    ['findings', 'Refusals and findings', findingsOf(report, spans)],
    ['bypasses', 'Bypasses', bypassesOf(report, spans)],
    ['checks', 'Verify and audit', checksOf(report)],
    ['binaries', 'Binaries', binariesOf(report)],
    ['hashes', 'Hashes in full', hashTable(hashes)],
  ]
  return pageText({
    title: `gowarden on ${report.host}`,
    about: html`${report.user === '' ? '' : `${report.user}, `}in ${name(report.directory)}, as of <time datetime="${report.at}">${timeText(report.at)} UTC</time>`,
    verdict: verdictOf(report),
    figures: figuresOf(report),
    contents: sections.map(([id, heading]) => [id, heading]),
    body: sections.map(([id, heading, content]) => section(id, heading, content)),
    footer: html`<p>Counted since <time datetime="${report.since}">${timeText(report.since)} UTC</time> for ${report.user === '' ? 'one user' : report.user} of this host. A go command that follows a stored plan is not counted; each folder in use plans at least once a day. Times are UTC, and “ago” means before ${timeText(report.at)}. gowarden ${report.gowarden}.</p>${cutNote(report)}`,
  })
}

function cutNote({isCut, oldestEvent}: Report): Value {
  if (!isCut) return ''
  return html`<p>Events before ${oldestEvent === null ? 'this report' : `${timeText(oldestEvent)} UTC`} were removed, for 10 MB of them are kept: gowarden metrics has the counts of all.</p>`
}

function verdictOf(report: Report): Value {
  const all = problemsOf(report)
  const errors = all.filter(one => one.level === 'error').length
  const warnings = all.length - errors
  if (errors > 0)
    return html`${level('error', countOf(errors, 'error'))}${warnings > 0 && html`, ${level('warn', countOf(warnings, 'warning'))}`}: ${name(all[0]?.headline ?? '')}`
  const guarded = 'go build here is guarded and works'
  if (warnings > 0)
    return html`${level('ok')} ${guarded}, with ${level('warn', countOf(warnings, 'warning'))}`
  return html`${level('ok')} ${guarded}`
}

function figuresOf(report: Report): Value {
  const plans = sum(report.toolchains.map(one => one.plans))
  const refusals = sum(report.days.map(one => one.refusals))
  const runs = sum(report.verifies.map(one => one.runs))
  const failed = sum(report.verifies.map(one => one.failed))
  const unstamped = sum(report.binaries.map(({counts}) => counts.unstamped))
  const binaries = sum(report.binaries.map(({counts}) => sum(Object.values(counts))))
  return figures([
    ['plans', countText(plans)],
    ['refused', countText(refusals)],
    ['bypasses', countText(report.bypassCount)],
    ['verify failed', runs === 0 ? '–' : `${countText(failed)} of ${countText(runs)}`],
    ['caches', sizeText(sum(report.caches.map(one => one.bytes)))],
    ['unstamped', binaries === 0 ? '–' : `${countText(unstamped)} of ${countText(binaries)}`],
  ])
}

function nowOf(report: Report): Value {
  const all = problemsOf(report)
  return [
    all.length === 0 ? html`<p>Nothing: gowarden doctor finds no error and no warning.</p>` : problems(all),
    isEmpty(report) && nothingYet(report),
  ]
}

function isEmpty({days}: Report): boolean {
  return days.length === 0
}

/** What to do where nothing was recorded. */
function nothingYet({oldestEvent, since, at}: Report): Value {
  if (oldestEvent !== null)
    return html`<p>Nothing was recorded since ${timeText(since)} UTC; the oldest event is of ${time(oldestEvent, at)}.</p>`
  return html`<p>Nothing was recorded here yet. Build something through gowarden, and make the report again:</p>
${['go build ./...', 'gowarden report --out gowarden-report.html'].map(command)}`
}

function buildsOf({toolchains, days, at}: Report, spans: readonly Span[]): Value {
  return [
    days.length > 0 && columnChart('Plans by Go version', spans, versionSeries(days, spans)),
    table(
      'Toolchains, the one in use first',
      [
        {head: 'version, hash'},
        {head: 'proven'},
        {head: 'locked'},
        {head: 'where'},
        {head: 'plans', isNumber: true},
        {head: 'refused', isNumber: true},
        {head: 'first plan'},
        {head: 'last plan'},
      ],
      toolchains.map(toolchain => [
        html`${name(toolchain.version)} <span class="quiet">${toolchain.platform}</span><br>${hash(toolchain.hash)}${toolchain.isCurrent && html`<br>${level('ok', 'in use')}`}`,
        toolchain.proven,
        lockedText(toolchain),
        toolchain.goroots.length === 0
          ? html`<span class="none">not here now</span>`
          : html`<ul class="list path">${toolchain.goroots.map(goroot => html`<li>${code(goroot)}</li>`)}</ul>`,
        count(toolchain.plans),
        count(toolchain.refusals),
        day(toolchain.first, at),
        day(toolchain.last, at),
      ]),
      'No toolchain was met here yet.',
    ),
    toolchains.length > 0 &&
      html`<p class="quiet">proven: Go’s checksum database was seen to hold the hash; unknown: nobody asked, or it does not. locked: gowarden.lock of the repositories it built names it. Whether it stamped is known of binaries, below.</p>`,
  ]
}

function lockedText({locked}: ReportedToolchain): Value {
  return locked === 'no' ? level('warn', 'no') : locked === 'none' ? 'no lock' : locked
}

/** How many versions have a colour of their own. */
const mostSeries = 5

/** Plans by version: the most used have a colour each, the others share one. */
export function versionSeries(days: readonly Report['days'][number][], spans: readonly Span[]): Series[] {
  const sums = new Map<string, number>()
  for (const {plans} of days)
    for (const {version, count: plansOf} of plans) sums.set(version, (sums.get(version) ?? 0) + plansOf)
  const order = [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([version]) => version)
  const own = order.length > mostSeries + 1 ? order.slice(0, mostSeries) : order
  const named = new Set(own)
  const valuesOf = (has: (version: string) => boolean) =>
    valuesIn(spans, days, ({plans}) =>
      plans.reduce((so, {version, count: plansOf}) => so + (has(version) ? plansOf : 0), 0),
    )
  const series = own.map((version, at) => ({
    name: version,
    color: `c${at}`,
    values: valuesOf(one => one === version),
  }))
  if (own.length === order.length) return series
  const rest = `${order.length - own.length} others`
  return [...series, {name: rest, color: 'c5', values: valuesOf(one => !named.has(one))}]
}

/** What is counted of each day, in each column. */
export function valuesIn<T extends {day: string}>(
  spans: readonly Span[],
  days: readonly T[],
  countOn: (day: T) => number,
): number[] {
  return spans.map(span => days.reduce((so, one) => so + (span.has(one.day) ? countOn(one) : 0), 0))
}

function repositoriesOf({repositories, at}: Report): Value {
  return table(
    'Repositories and folders in which go ran',
    [
      {head: 'folder'},
      {head: 'plans', isNumber: true},
      {head: 'refused', isNumber: true},
      {head: 'bypasses', isNumber: true},
      {head: 'verifies', isNumber: true},
      {head: 'last'},
    ],
    repositories.map(({path, plans, refusals, bypasses, verifies, last}) => [
      pathCell(path),
      count(plans),
      count(refusals),
      count(bypasses),
      count(verifies),
      when(last, at),
    ]),
  )
}

function cachesOf({caches, cacheStatus, at}: Report): Value {
  const largest = Math.max(1, ...caches.map(({bytes}) => bytes))
  return [
    html`<p>The cache of go build: ${statusLevel(cacheStatus)}${statusMeaning[cacheStatus]}.</p>`,
    table(
      'Caches, with the toolchains that own them',
      [
        {head: 'cache'},
        {head: 'size', isNumber: true},
        {head: 'share of the largest'},
        {head: 'objects', isNumber: true},
        {head: 'owners'},
        {head: 'audited'},
      ],
      caches.map(({path, isCurrent, owners, bytes, objects, audited}) => [
        html`${pathCell(path)}${isCurrent && level('ok', 'in use')}`,
        amount(sizeText(bytes), bytes),
        shareBar(sizeText(bytes), [{color: 'c0', value: bytes}], largest),
        count(objects),
        owners.length === 0
          ? html`<span class="none">nobody’s</span>`
          : html`<ul class="list">${owners.map(owner => html`<li>${ownerOf(owner)}</li>`)}</ul>`,
        when(audited, at),
      ]),
      'No cache is there yet.',
    ),
  ]
}

/** Its version, and its hash. */
function ownerOf(owner: string): Value {
  const at = owner.lastIndexOf('@')
  return html`${name(at < 0 ? '' : owner.slice(0, at))} ${hash(owner)}`
}

export function statusLevel(status: Report['cacheStatus']): Value {
  if (status === 'owned') return level('ok', 'owned')
  return status === 'refused' || status === 'damaged' || status === 'unwritable'
    ? level('error', status)
    : level('warn', status)
}

const statusMeaning: Record<Report['cacheStatus'], string> = {
  owned: ', by the toolchain that builds here',
  unowned: ': it has no owner yet, and the first build records one',
  foreign: ': another toolchain owns it, which the policy allows',
  refused: ': another toolchain populated it',
  damaged: ': the record of its owner cannot be read',
  unwritable: ': this user cannot write to it',
  program: ': GOCACHEPROG serves the objects',
  off: ': GOCACHE names no folder',
  unknown: ': no go says which it is',
}

function findingsOf({codes, days, at}: Report, spans: readonly Span[]): Value {
  if (codes.length === 0 && days.every(({refusals}) => refusals === 0))
    return html`<p class="none">No go command was refused, and nothing was found.</p>`
  return [
    columnChart('Refused go commands by day', spans, [
      {name: 'refused', color: 'error', values: valuesIn(spans, days, ({refusals}) => refusals)},
    ]),
    table(
      'Findings by code, the errors first; what each means: gowarden explain CODE',
      [
        {head: 'code'},
        {head: 'level'},
        {head: 'found by'},
        {head: 'count', isNumber: true},
        {head: 'refused', isNumber: true},
        {head: 'by day'},
        {head: 'last'},
      ],
      codes.map(one => [
        code(one.code),
        level(one.level),
        one.by,
        count(one.count),
        count(one.refused),
        sparkline(
          `${one.code} by day: ${one.days
            .slice(-10)
            .map(day => `${day.count} on ${day.day}`)
            .join(', ')}`,
          spans,
          valuesIn(spans, one.days, day => day.count),
          one.level,
        ),
        when(one.last, at),
      ]),
    ),
    codes.length > 0 &&
      html`<details><summary>Findings by day in numbers</summary>${table(
        'Findings by day (UTC) and code',
        [{head: 'day'}, {head: 'code'}, {head: 'found by'}, {head: 'count', isNumber: true}],
        codes
          .flatMap(one => one.days.map(day => ({...one, ...day})))
          .sort((a, b) => compare(b.day, a.day))
          .slice(0, 200)
          .map(one => [one.day, code(one.code), one.by, count(one.count)]),
      )}</details>`,
  ]
}

function bypassesOf({bypasses, bypassCount, days, at}: Report, spans: readonly Span[]): Value {
  if (bypassCount === 0)
    return html`<p class="none">None was recorded. They are recorded only where a policy says <code>bypass: reason</code>.</p>`
  return [
    columnChart('Recorded bypasses by day', spans, [
      {name: 'bypasses', color: 'warn', values: valuesIn(spans, days, day => day.bypasses)},
    ]),
    table(
      bypasses.length < bypassCount
        ? `The last ${bypasses.length} of ${countText(bypassCount)} bypasses`
        : 'Bypasses, the last first',
      [{head: 'when'}, {head: 'reason'}, {head: 'command'}, {head: 'where'}, {head: 'required by'}],
      bypasses.map(one => [
        when(one.time, at),
        html`<div class="words">${name(one.reason)}</div>`,
        html`${code(one.command)}<div class="path quiet">${code(one.what)}</div>`,
        pathCell(one.directory),
        pathCell(one.policy),
      ]),
    ),
  ]
}

function checksOf({verifies, audits, at}: Report): Value {
  return [
    table(
      'gowarden verify, by repository',
      [
        {head: 'repository'},
        {head: 'runs', isNumber: true},
        {head: 'failed', isNumber: true},
        {head: 'median', isNumber: true},
        {head: 'slowest', isNumber: true},
        {head: 'last run'},
        {head: 'took', isNumber: true},
        {head: 'result'},
      ],
      verifies.map(one => [
        pathCell(one.repository),
        count(one.runs),
        count(one.failed),
        amount(durationText(one.medianMs), one.medianMs),
        amount(durationText(one.slowestMs), one.slowestMs),
        when(one.last, at),
        amount(durationText(one.lastMs), one.lastMs),
        one.lastFailed ? level('error', 'errors') : level('ok'),
      ]),
      'gowarden verify did not run.',
    ),
    table(
      'gowarden cache audit, by cache',
      [
        {head: 'cache'},
        {head: 'runs', isNumber: true},
        {head: 'slowest', isNumber: true},
        {head: 'last run'},
        {head: 'took', isNumber: true},
        {head: 'objects', isNumber: true},
        {head: 'size', isNumber: true},
        {head: 'wrong', isNumber: true},
      ],
      audits.map(one => [
        html`${pathCell(one.cache)}${one.isPartial && html` <span class="quiet">in part, by --since</span>`}`,
        count(one.runs),
        amount(durationText(one.slowestMs), one.slowestMs),
        when(one.last, at),
        amount(durationText(one.lastMs), one.lastMs),
        count(one.objects),
        amount(sizeText(one.bytes), one.bytes),
        one.wrong === 0 ? count(0) : {...count(one.wrong), content: level('error', countText(one.wrong))},
      ]),
      'gowarden cache audit did not run.',
    ),
  ]
}

/** How a state of a binary is drawn. */
export const stateColors = {
  stamped: 'ok',
  unstamped: 'warn',
  malformed: 'error',
  conflicting: 'error',
  unreadable: 'c5',
} as const

function binariesOf({binaries}: Report): Value {
  if (binaries.length === 0)
    return html`<p class="none">No folder was named. To count binaries by the state of their stamp:</p>${command('gowarden report --binaries /usr/local/bin --out gowarden-report.html')}`
  const files = binaries.flatMap(one => one.files)
  return [
    table(
      'Go binaries by the state of their stamp',
      [{head: 'folder'}, {head: 'share'}, ...binaryStates.map(state => ({head: state, isNumber: true}))],
      binaries.map(({directory, counts}) => [
        pathCell(directory),
        shareBar(
          binaryStates
            .flatMap(state => (counts[state] > 0 ? [`${countText(counts[state])} ${state}`] : []))
            .join(', ') || 'none',
          binaryStates.map(state => ({color: stateColors[state], value: counts[state]})),
        ),
        ...binaryStates.map(state => count(counts[state])),
      ]),
    ),
    files.length > 0 &&
      table(
        'Not stamped, or not as they should be',
        [{head: 'binary'}, {head: 'state'}],
        files.map(({file, state}) => [pathCell(file), state]),
      ),
  ]
}
