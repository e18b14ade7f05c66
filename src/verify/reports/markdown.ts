/** `gowarden verify` as Markdown: the summary of a CI job. */

import {describe} from '../../findings/describe.ts'
import type {VerifyResult} from '../result.ts'

/** Of many findings this many rows are shown: a job summary is bounded, and a person reads the first. */
const shownRows = 100

/** A heading with the verdict, a row for each finding, and what to do about them. `what` is `the commit` and the like. */
export function markdownReport(result: VerifyResult, what: string): string {
  const {findings, counts} = result
  const errors = findings.filter(({level}) => level === 'error').length
  const verdict = errors === 0 ? 'in order' : errors === 1 ? '1 error' : `${errors} errors`
  const rows = findings.slice(0, shownRows).map(finding => {
    const {headline, details} = describe(finding)
    const told = [headline, ...details.map(([label, value]) => `${label}: ${value}`)].map(cell).join('<br>')
    return `| ${finding.level} | ${finding.code} | ${told} |`
  })
  const hints = [...new Set(findings.flatMap(finding => describe(finding).hints))]
  return [
    `### gowarden: ${cell(what)}: ${verdict}`,
    '',
    `Vendored files proven: ${counts.files}, modules: ${counts.modules}, lines of go.sum: ${counts.sums}.`,
    ...(rows.length === 0 ? [] : ['', '| level | code | finding |', '|---|---|---|', ...rows]),
    ...(findings.length > shownRows ? ['', `And ${findings.length - shownRows} more.`] : []),
    ...(hints.length === 0 ? [] : ['', 'What to do:', '', ...hints.map(hint => `- ${cell(hint)}`)]),
    '',
    '',
  ].join('\n')
}

/** A path may hold anything: nothing in it ends the cell, or becomes markup, a link or a mention. */
function cell(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()<>#|~&!@]/g, character => `&#${character.charCodeAt(0)};`)
    .replace(
      /[\x00-\x1f\x7f]/g,
      character => `&#92;x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
}
