/** What a page is made of: cells, tables, times, names. */
import {sha256OfBytes} from '../system/sha256.ts'
import {countText} from '../text/amounts.ts'
import {agoText, timeText} from './days.ts'
import {type Html, html, type Value} from './html.ts'

/** So many characters of a name are shown; the middle of a longer one is in its title alone. */
const shownLength = 120

/** A name, path or sentence of somebody else, as long as fits. */
export function name(text: string): Html {
  if (text.length <= shownLength) return html`${text}`
  const short = `${text.slice(0, shownLength - 40)}…${text.slice(-39)}`
  return html`<span title="${text}">${short}</span>`
}

export function code(text: string): Html {
  return html`<code>${name(text)}</code>`
}

/** A path or other long text in a cell: broken wherever it has to be. */
export function path(text: string): Html {
  return html`<div class="path">${code(text)}</div>`
}

/** The name of a host or person: whole on one line, if it is no longer than such names are. */
export function hostName(text: string): Html {
  return html`<span class="${text.length > 32 ? 'path' : 'host'}">${name(text)}</span>`
}

/** A command to copy. */
export function command(text: string): Html {
  return html`<pre><code>${text}</code></pre>`
}

/** `h1:ZOmGe1On…`, with a link to the whole of it at the end of the page. */
export function hash(text: string): Html {
  return html`<a class="hash" href="#${hashId(text)}" title="${text}"><code>${shortHash(text)}</code></a>`
}

/** The hash without its version and platform, cut; what is no hash is cut, too. */
export function shortHash(text: string): string {
  const digest = text.slice(text.lastIndexOf('@') + 1)
  return digest.length > 14 ? `${digest.slice(0, 13)}…` : digest
}

/** Where the whole of a hash stands, in a name of letters and digits. */
export function hashId(text: string): string {
  return `hash-${sha256OfBytes(Buffer.from(text)).slice(0, 16)}`
}

/** A time, and how long before the report that was. */
export function time(iso: string | null, now: string): Html {
  if (iso === null) return html`<span class="none">never</span>`
  return html`<time datetime="${iso}">${timeText(iso)}</time> <span class="ago">${agoText(iso, now)}</span>`
}

/** 'error' and 'warning' in words, so that nobody needs the colour. */
export function level(text: 'error' | 'warn' | 'ok', word?: string): Html {
  const words = {error: 'error', warn: 'warning', ok: 'ok'}
  return html`<span class="level ${text}">${word ?? words[text]}</span>`
}

/** A cell; `sort`: by what a column is sorted, where that is not its text. */
export type Cell = {content: Value; sort?: number | string; isNumber?: boolean}

/** A count, aligned with those above it. Nothing is a dash, so that what is there is seen. */
export function count(value: number): Cell {
  return {
    content: value === 0 ? html`<span class="none">0</span>` : countText(value),
    sort: value,
    isNumber: true,
  }
}

/** A number with its unit. */
export function amount(text: string, value: number): Cell {
  return {content: text, sort: value, isNumber: true}
}

/** A day in a cell, where the hour is of no use. */
export function day(iso: string | null, now: string): Cell {
  if (iso === null) return when(iso, now)
  return {
    content: html`<time datetime="${iso}" title="${timeText(iso)} UTC, ${agoText(iso, now)}">${iso.slice(0, 10)}</time>`,
    sort: iso,
  }
}

/** A time in a cell. */
export function when(iso: string | null, now: string): Cell {
  return {content: time(iso, now), sort: iso ?? ''}
}

export type Column = {head: string; isNumber?: boolean}

/**
 * A table with its caption. The first column names the row. One that is wider than the page scrolls for itself. Without rows there is
 * none, but `empty` as a sentence.
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (Cell | Value)[])[],
  empty = '',
): Html {
  if (rows.length === 0) return html`<p class="none">${empty}</p>`
  const heads = columns.map(
    ({head, isNumber}) => html`<th scope="col"${isNumber && html` class="number"`}>${head}</th>`,
  )
  const isSortable = rows.length > 2
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table${isSortable && html` data-sortable`}><caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>
${rows.map(row => html`<tr>${row.map(cellOf)}</tr>\n`)}</tbody></table></div>`
}

function cellOf(cell: Cell | Value, at: number): Html {
  const {content, sort, isNumber}: Cell = isCell(cell) ? cell : {content: cell}
  const sorts = sort !== undefined && html` data-sort="${sort}"`
  const isNumeric = isNumber === true && html` class="number"`
  return at === 0
    ? html`<th scope="row"${sorts}${isNumeric}>${content}</th>`
    : html`<td${sorts}${isNumeric}>${content}</td>`
}

function isCell(cell: Cell | Value): cell is Cell {
  return typeof cell === 'object' && 'content' in cell
}

/** A section with its heading; `id` is what the contents point to. */
export function section(id: string, heading: string, ...content: readonly Value[]): Html {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>
${content}</section>
`
}

/** Figures with their names. */
export function figures(entries: readonly (readonly [label: string, value: Value])[]): Html {
  return html`<dl class="figures">${entries.map(
    ([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`,
  )}</dl>
`
}

/** Something that is wrong: what, what decided it, and what to do. */
export type Problem = {
  level: 'error' | 'warn'
  headline: string
  code?: string
  details?: readonly (readonly [label: string, value: Value])[]
  hints?: readonly string[]
}

export function problems(all: readonly Problem[]): Html {
  return html`<ul class="problems">${all.map(
    ({level: of, headline, code: by, details = [], hints = []}) => html`<li class="${of}">
<p>${level(of)} <strong>${name(headline)}</strong>${by !== undefined && html` <code class="by">${by}</code>`}</p>
${details.length > 0 && html`<dl class="details">${details.map(([label, value]) => html`<div><dt>${label}</dt><dd>${typeof value === 'string' ? code(value) : value}</dd></div>`)}</dl>`}
${hints.map(hint => hintOf(hint))}</li>`,
  )}</ul>
`
}

/** `give this toolchain its own cache: export GOWARDEN_CACHE=isolate`: what it does, and the command. */
function hintOf(hint: string): Html {
  const [, what, typed] = hint.match(/^([a-z][^:=$"'/]*): (.+)$/s) ?? []
  return what === undefined || typed === undefined
    ? command(hint)
    : html`<p class="hint">${what}:</p>${command(typed)}`
}
