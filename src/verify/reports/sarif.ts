/** `gowarden verify` for code scanning: SARIF 2.1.0. */

import {describe} from '../../findings/describe.ts'
import type {Finding, FindingCode} from '../../findings/finding.ts'
import {ownLevel} from '../../findings/levels.ts'
import {jsonText, oneLine} from '../../text/one-line.ts'
import type {Omitted, VerifyResult} from '../result.ts'
import {boundFindings, mostPrinted, omittedText} from './bounded.ts'

/**
 * One run, one rule per code that was found; `pages` are those of docs/findings.md by code. Files are named relative to the
 * top of the repository, `%SRCROOT%`. Ends with a newline.
 */
export function sarifReport(
  result: VerifyResult,
  version: string,
  pages: ReadonlyMap<string, string>,
): string {
  const {findings, omitted} = boundFindings(result, mostPrinted.sarif)
  const codes = [...new Set(findings.map(({code}) => code))].sort()
  const report = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'gowarden',
            version,
            semanticVersion: version,
            rules: codes.map(code => toRule(code, pages.get(code) ?? '')),
          },
        },
        invocations: [{executionSuccessful: true, ...toNotifications(omitted)}],
        originalUriBaseIds: {'%SRCROOT%': {description: {text: 'the top of the repository'}}},
        results: findings.map(finding => toResult(finding, codes.indexOf(finding.code))),
      },
    ],
  }
  return jsonText(report)
}

/** What is not among the results, said where a tool speaks of its own run (SARIF 2.1.0, 3.20.21). */
function toNotifications(omitted: readonly Omitted[]) {
  if (omitted.length === 0) return {}
  return {
    toolExecutionNotifications: omitted.map(left => ({
      level: 'note',
      message: {text: plainText(omittedText(left))},
    })),
  }
}

/** `page` is Markdown: a heading with the code, a paragraph that says what it means, and more. */
function toRule(code: FindingCode, page: string) {
  const [, meaning = ''] = page.split('\n\n')
  const text = meaning.replace(/\s+/g, ' ').trim()
  const firstSentence = /^.*?\.(?= |$)/.exec(text)?.[0] ?? text
  const description = text === '' ? {} : {shortDescription: {text: firstSentence}, fullDescription: {text}}
  return {
    id: code,
    ...description,
    help: {text: `gowarden explain ${code}`, ...(page === '' ? {} : {markdown: page})},
    defaultConfiguration: {level: sarifLevel(ownLevel(code))},
  }
}

function sarifLevel(level: 'error' | 'warn'): 'error' | 'warning' {
  return level === 'error' ? 'error' : 'warning'
}

function toResult(finding: Finding, ruleIndex: number) {
  const {headline, details, hints} = describe(finding)
  const text = [
    headline,
    ...details.map(([label, value]) => `${label}: ${value}`),
    ...hints.map(hint => `hint: ${hint}`),
  ]
  return {
    ruleId: finding.code,
    ruleIndex,
    level: sarifLevel(finding.level),
    message: {text: text.map(plainText).join('\n')},
    locations: 'file' in finding.facts ? [toLocation(finding.facts)] : [],
  }
}

/** What is foreign makes no link: `[text](place)` is one, also in a plain text message (SARIF 2.1.0, 3.11.6). */
function plainText(text: string): string {
  return oneLine(text).replace(/[\\[\]]/g, '\\$&')
}

function toLocation(facts: {file: string; line?: number | undefined}) {
  const region = facts.line === undefined ? {} : {region: {startLine: facts.line}}
  const uri = facts.file.split('/').map(encodeURIComponent).join('/')
  return {physicalLocation: {artifactLocation: {uri, uriBaseId: '%SRCROOT%'}, ...region}}
}
