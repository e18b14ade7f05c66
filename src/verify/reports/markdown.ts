/** `gowarden verify` as Markdown: the summary of a CI job. */

import {describe} from '../../findings/describe.ts'
import {oneLine} from '../../text/one-line.ts'
import type {VerifyResult} from '../result.ts'
import {boundFindings, countOmitted, mostPrinted, omittedText, totals} from './bounded.ts'

/** Of many findings this many rows are shown: a job summary is bounded, and a person reads the first. */
const shownRows = 100

/** A heading with the verdict, a row for each finding, and what to do about them. `what` is `the commit` and the like. */
export function markdownReport(result: VerifyResult, what: string): string {
  const {counts} = result
  const {findings} = boundFindings(result, mostPrinted.markdown)
  const shown = new Set(findings.slice(0, shownRows))
  const left = countOmitted(
    result.findings.filter(finding => !shown.has(finding)),
    result.more,
  )
  const {errors} = totals(result)
  const verdict = errors === 0 ? 'in order' : errors === 1 ? '1 error' : `${errors} errors`
  const rows = [...shown].map(finding => {
    const {headline, details} = describe(finding)
    const lines = [sentence(headline), ...details.map(([label, value]) => `${label}: ${code(value)}`)]
    return `| ${finding.level} | ${finding.code} | ${lines.join('<br>').replaceAll('|', '\\x7c')} |`
  })
  const hints = [
    ...new Set([
      ...[...shown].flatMap(finding => describe(finding).hints),
      ...(result.next ? [result.next] : []),
    ]),
  ]
  return [
    `### gowarden: ${sentence(what)}: ${verdict}`,
    '',
    `Vendored files proven: ${counts.files}, modules: ${counts.modules}, lines of go.sum: ${counts.sums}.`,
    ...(rows.length === 0 ? [] : ['', '| level | code | finding |', '|---|---|---|', ...rows]),
    ...(left.length === 0 ? [] : ['', ...left.map(one => `- ${sentence(omittedText(one))}`)]),
    ...(hints.length === 0 ? [] : ['', 'What to do:', '', ...hints.map(hint => `- ${code(hint)}`)]),
    '',
    '',
  ].join('\n')
}

/**
 * A sentence of ours with foreign words in it: what is not plainly a word is code. GitHub makes links of more than Markdown knows
 * (`www.a.b`, `@name`, `owner/name#1`, a commit), wherever they stand but in code.
 */
function sentence(text: string): string {
  return text
    .split(/((?:^| )\(?[A-Za-z]+(?:['-][A-Za-z]+)*\)?[,:]?(?= |$))/)
    .map((part, index) => {
      if (index % 2 === 1 || part === '') return part
      return part.startsWith(' ') ? ` ${code(part.slice(1))}` : code(part)
    })
    .join('')
}

/** Text that Markdown leaves alone: between more backquotes than it holds in a row. */
function code(text: string): string {
  const line = oneLine(text)
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const space = /^[` ]|[` ]$/.test(line) || line === '' ? ' ' : ''
  return `${fence}${space}${line}${space}${fence}`
}
