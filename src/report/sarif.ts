/** `gowarden verify` for code scanning: SARIF 2.1.0. */
import type {VerifyResult} from '../commands/verify.ts'
import type {Finding} from '../findings.ts'
import {describe} from '../messages.ts'

/** One run, one rule per code that was found. Ends with a newline. */
export function sarifReport(result: VerifyResult, version: string): string {
  const codes = [...new Set(result.findings.map(({code}) => code))].sort()
  const report = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'gowarden',
            semanticVersion: version,
            rules: codes.map(code => ({id: code, name: code, help: {text: `gowarden explain ${code}`}})),
          },
        },
        results: result.findings.map(finding => toResult(finding, codes.indexOf(finding.code))),
      },
    ],
  }
  return `${JSON.stringify(report, undefined, 2)}\n`
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
    level: finding.level === 'error' ? 'error' : 'warning',
    message: {text: text.join('\n')},
    locations: 'file' in finding.facts ? [toLocation(finding.facts)] : [],
  }
}

function toLocation(facts: {file: string; line?: number | undefined}) {
  const region = facts.line === undefined ? {} : {region: {startLine: facts.line}}
  const uri = facts.file.split('/').map(encodeURIComponent).join('/')
  return {physicalLocation: {artifactLocation: {uri, uriBaseId: '%SRCROOT%'}, ...region}}
}
