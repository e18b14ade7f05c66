/**
 * Charts as SVG without text in it: it stretches to the page, and what is written stands beside it. Each has a sentence for who does not
 * see it, and a table of the same numbers.
 */

import {countText} from '../text/amounts.ts'
import {sum} from './add-up.ts'
import type {Span} from './days.ts'
import {type Html, html} from './html.ts'
import {table} from './parts.ts'

/** What is drawn over each other in a column. `color` is one of style.ts: `c0` to `c5`, or the name of a level. */
export type Series = {name: string; color: string; values: readonly number[]}

const height = 100

/** Columns of stacked series over time, the first at the bottom. */
export function columnChart(title: string, spans: readonly Span[], series: readonly Series[]): Html {
  const totals = spans.map((_, at) => series.reduce((sum, {values}) => sum + (values[at] ?? 0), 0))
  const highest = Math.max(1, ...totals)
  const used = series.filter(({values}) => values.some(value => value > 0))
  const columns = spans.map((span, at) => {
    let top = height
    const parts = used.map(({color, values}) => {
      const size = ((values[at] ?? 0) / highest) * height
      top -= size
      return (
        size > 0 &&
        html`<rect class="${color}" x="${at + 0.08}" y="${round(top)}" width="0.84" height="${round(size)}"/>`
      )
    })
    const said = used.flatMap(({name, values}) => (values[at] ? [`${name} ${countText(values[at])}`] : []))
    return said.length > 0 && html`<g><title>${span.label}: ${said.join(', ')}</title>${parts}</g>`
  })
  return html`<figure class="chart${series.length === 1 && ' small'}"><figcaption>${title}</figcaption>
${used.length > 1 && legend(used)}<p class="top">${countText(highest)} a ${isWeekly(spans) ? 'week' : 'day'}</p>
<svg viewBox="0 0 ${spans.length} ${height}" preserveAspectRatio="none" role="img" aria-label="${saidOf(title, spans, used, totals)}">${columns}</svg>
<p class="ends"><span>${spans[0]?.first ?? ''}</span><span>${spans.at(-1)?.label.slice(-10) ?? ''}</span></p>
${numbers(title, spans, used)}</figure>
`
}

/** The key: names with their colours, in the order of the columns from the top. */
function legend(series: readonly Series[]): Html {
  return html`<ul class="legend">${series
    .toReversed()
    .map(
      ({name, color}) =>
        html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${color}" width="10" height="10"/></svg> ${name}</li>`,
    )}</ul>
`
}

/** What a chart shows, in a sentence. */
function saidOf(
  title: string,
  spans: readonly Span[],
  series: readonly Series[],
  totals: readonly number[],
): string {
  const sums = series.map(({name, values}) => `${name} ${countText(sum(values))}`)
  const highest = Math.max(...totals)
  const at = spans[totals.indexOf(highest)]?.label ?? ''
  const from = `${spans[0]?.first} to ${spans.at(-1)?.label.slice(-10)}`
  if (series.length === 0) return `${title}, ${from}: none`
  return `${title}, ${from}: ${sums.join(', ')}; most on ${at}: ${countText(highest)}`
}

function numbers(title: string, spans: readonly Span[], series: readonly Series[]): Html {
  const rows = spans.flatMap((span, at) =>
    series.some(({values}) => values[at])
      ? [[span.label, ...series.map(({values}) => ({content: countText(values[at] ?? 0), isNumber: true}))]]
      : [],
  )
  if (rows.length === 0) return html``
  const heads = [{head: 'day'}, ...series.map(({name}) => ({head: name, isNumber: true}))]
  return html`<details><summary>${title} in numbers</summary>${table(`${title}, by day (UTC)`, heads, rows)}</details>`
}

/** Columns in a row of a table, without a scale of their own; `said` names what they show. */
export function sparkline(
  said: string,
  spans: readonly Span[],
  values: readonly number[],
  color: string,
): Html {
  const highest = Math.max(1, ...values)
  const columns = values.map((value, at) => {
    const size = Math.max((value / highest) * height, 8)
    return (
      value > 0 &&
      html`<rect class="${color}" x="${at + 0.08}" y="${round(height - size)}" width="0.84" height="${round(size)}"/>`
    )
  })
  return html`<svg class="spark" viewBox="0 0 ${spans.length} ${height}" preserveAspectRatio="none" role="img" aria-label="${said}">${columns}</svg>`
}

/** A bar of parts, each as wide as its share of `whole`: by default all of them together. */
export function shareBar(
  said: string,
  parts: readonly {color: string; value: number}[],
  whole = Math.max(1, sum(parts.map(({value}) => value))),
): Html {
  let left = 0
  const rects = parts.map(({color, value}) => {
    const x = left
    left += (value / whole) * 100
    return (
      value > 0 &&
      html`<rect class="${color}" x="${round(x)}" y="0" width="${round((value / whole) * 100)}" height="10"/>`
    )
  })
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${said}">${rects}</svg>`
}

/** Columns of a week are labelled by two days. */
function isWeekly([first]: readonly Span[]): boolean {
  return first !== undefined && first.label !== first.first
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
