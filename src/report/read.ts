/** A report of another host, read again. It is data of somebody else: what it may hold is bounded by the schema and by what is read of it. */

import {validate} from '../../dist/validate-report.js'
import {isObject, parseJson} from '../system/json.ts'
import {cutTexts} from './make.ts'
import {type Report, reportFormat, reportKind} from './shape.ts'

/** A file that is longer is not read: a report of the longest lists and texts is shorter. */
export const mostReportBytes = 8_000_000

/** A report, or why a text is none, as the end of a sentence that begins with the name of the file. */
export type ReadReport = {kind: 'report'; report: Report} | {kind: 'wrong'; reason: string}

/** Parses the text of `gowarden report --json`. */
export function parseReport(text: string): ReadReport {
  const value = parseJson(text)
  if (value === undefined) return wrong(whyNotJson(text.trim()))
  if (!isObject(value) || value['kind'] !== reportKind)
    return wrong('not a report: write one with gowarden report --json')
  const {format} = value
  if (typeof format === 'number' && format > reportFormat)
    return wrong(
      `a report of a newer gowarden (format ${format}; this one reads format ${reportFormat}): update gowarden here`,
    )
  if (!validate(value)) {
    const {instancePath = '', message = 'is not as it should be'} = validate.errors?.[0] ?? {}
    return wrong(`not a whole report: ${instancePath || 'it'} ${message}`)
  }
  const time = impossibleTime(value)
  if (time !== undefined) return wrong(`not a whole report: there is no time ${time}`)
  return {kind: 'report', report: cutTexts(value as Report)}
}

const timeFields = new Set(['at', 'since', 'oldestEvent', 'first', 'last', 'audited', 'time', 'day'])

/** A time that the schema lets through, for it has its digits in place, and that no clock shows: a 13th month. */
function impossibleTime(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, part] of Object.entries(value)) {
    if (typeof part === 'string' && timeFields.has(key) && Number.isNaN(Date.parse(part))) return part
    const below = impossibleTime(part)
    if (below !== undefined) return below
  }
  return undefined
}

function wrong(reason: string): ReadReport {
  return {kind: 'wrong', reason}
}

function whyNotJson(text: string): string {
  if (text === '') return 'an empty file'
  if (/^<!doctype html/i.test(text))
    return 'a page, which cannot be merged: write it with gowarden report --json'
  if (text.startsWith('{') && !text.endsWith('}')) return 'cut off: it ends in the middle of its JSON'
  return 'not JSON: write it with gowarden report --json'
}
