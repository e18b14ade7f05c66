/** `gowarden verify` as annotations of GitHub Actions: one workflow command per finding. */

import {describe} from '../../findings/describe.ts'
import {oneLine} from '../../text/one-line.ts'
import type {VerifyResult} from '../result.ts'
import {boundFindings, mostPrinted, omittedText} from './bounded.ts'

/**
 * `::error file=vendor/a.go,line=1,title=VENDOR_EDITED in 1f0c6e5a0b1c::text`, one line each; a commit is named where one was
 * judged. What is not printed is counted: `::notice title=SUM_SURPLUS::and 499975 more SUM_SURPLUS in go.sum`.
 */
export function githubReport(result: VerifyResult): string {
  const {findings, omitted} = boundFindings(result, mostPrinted.github)
  return [
    ...findings.map(finding => {
      const {headline, details, hints} = describe(finding)
      const properties = [
        ...('file' in finding.facts ? [`file=${escapeProperty(finding.facts.file)}`] : []),
        ...('line' in finding.facts && finding.facts.line !== undefined
          ? [`line=${finding.facts.line}`]
          : []),
        `title=${finding.code}${result.commit === undefined ? '' : ` in ${result.commit.slice(0, 12)}`}`,
      ]
      const text = [
        headline,
        ...details.map(([label, value]) => `${label}: ${value}`),
        ...(result.commit === undefined ? [] : [`commit: ${result.commit}`]),
        ...hints.map(hint => `hint: ${hint}`),
      ]
        .map(oneLine)
        .join('\n')
      const command = finding.level === 'error' ? 'error' : 'warning'
      return `::${command} ${properties.join(',')}::${escapeText(text)}\n`
    }),
    ...omitted.map(left => `::notice title=${left.code}::${escapeText(oneLine(omittedText(left)))}\n`),
  ].join('')
}

/** The runner splits commands at line ends and properties at commas and colons. */
function escapeText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeText(oneLine(text)).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
