/**
 * HTML by a tagged template: a text that is put in is escaped, and made printable, by being a text. Only what this tag made is put in
 * as it is, so no name of a file, host or person becomes markup.
 */
import {oneLine} from '../text/one-line.ts'

/** What makes markup of an object: nothing that was read from a file has a symbol in it. */
const markup = Symbol('markup')

/** Markup. Made here alone. */
export type Html = {readonly [markup]: string}

/** Nothing is written of `undefined` and `false`. */
export type Value = string | number | Html | undefined | false | readonly Value[]

/** The markup of a template, in which values are escaped. */
export function html(texts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return {[markup]: texts.map((text, at) => text + textOf(values[at])).join('')}
}

/** A text of the code's own, as a style or a script holds it. Never one that was read. */
export function ownMarkup(text: string): Html {
  return {[markup]: text}
}

/** The text of what was made. */
export function htmlText(made: Html): string {
  return made[markup]
}

export function isHtml(value: unknown): value is Html {
  return typeof value === 'object' && value !== null && markup in value
}

function textOf(value: Value): string {
  if (value === undefined || value === false) return ''
  if (isHtml(value)) return value[markup]
  if (typeof value === 'object') return value.map(textOf).join('')
  return escaped(String(value))
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** As text, and between quotes as a value; what is not printable is shown as in a terminal, `\x1b` or `\u{202e}`. */
export function escaped(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, character => entities[character] ?? '')
}
