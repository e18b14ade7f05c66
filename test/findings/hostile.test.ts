/** A name that deceives a terminal, a CI log or a page, through every report. */
import * as assert from 'uvu/assert'
import type {Finding} from '../../src/findings/finding.ts'
import {findingText} from '../../src/findings/text.ts'
import {githubReport} from '../../src/verify/reports/github.ts'
import {jsonReport} from '../../src/verify/reports/json.ts'
import {markdownReport} from '../../src/verify/reports/markdown.ts'
import {sarifReport} from '../../src/verify/reports/sarif.ts'
import {textReport} from '../../src/verify/reports/text.ts'
import type {VerifyResult} from '../../src/verify/result.ts'
import {buildExamples} from '../support/build-examples.ts'
import {hostile, hostileName, unsafe} from '../support/hostile.ts'
import {suite} from '../support/suite.ts'
import {verifyExamples} from '../support/verify-examples.ts'

/** What decides a sentence stays as it is. */
const kept = {builds: ['setBy', 'variable'], verify: ['reason', 'why', 'source', 'mode']}

function findingsOf(examples: object, keep: readonly string[]): Finding[] {
  return Object.entries(examples).map(([code, facts]) => {
    const same = Object.fromEntries(Object.entries(facts).filter(([key]) => keep.includes(key)))
    return {code, level: 'error', facts: {...hostile(facts), ...same}, message: hostileName} as Finding
  })
}

const verified = findingsOf(verifyExamples, kept.verify)

const result: VerifyResult = {
  judged: 'commit',
  findings: verified,
  modules: [
    {vendor: hostileName, module: hostileName, from: hostileName, state: 'proven', by: 'zip', files: 1},
  ],
  unjudged: [{kind: 'member', file: hostileName, directory: hostileName}],
  leftOut: [{file: hostileName, rule: hostileName}],
  untold: [{module: hostileName, files: [hostileName]}],
  counts: {modules: 1, vendors: 1, files: 1, sums: 1},
  more: [],
  remembered: false,
}

suite('findings/hostile', test => {
  for (const finding of [...findingsOf(buildExamples, kept.builds), ...verified]) {
    test(`${finding.code} in a terminal: every line is ours`, () => {
      const text = findingText(finding)
      assert.not.match(text, unsafe)
      for (const line of text.trimEnd().split('\n')) assert.match(line, /^gowarden: /)
    })
  }

  test('verify as text', () => {
    const {stdout, stderr} = textReport(result, true)
    assert.not.match(stdout + stderr, unsafe)
    for (const line of stderr.trimEnd().split('\n')) assert.match(line, /^gowarden: /)
    assert.is(stdout.trimEnd().split('\n').length, 3)
  })

  test('verify as annotations: a line is a command, and each command is ours', () => {
    const text = githubReport(result)
    assert.not.match(text, unsafe)
    const lines = text.trimEnd().split('\n')
    assert.is(lines.length, verified.length)
    for (const line of lines) assert.match(line, /^::error file=[^,:]*(,line=\d+)?,title=[A-Z_]+::/)
    // The only line breaks that the runner makes of it are between headline, details and hints.
    for (const line of lines) assert.not.match(decodeURIComponent(line.replaceAll('%25', '')), /\n::/)
  })

  test('verify as JSON: it reads back as it was', () => {
    const text = jsonReport(result)
    assert.not.match(text, unsafe)
    assert.is(JSON.parse(text).modules[0].module, hostileName)
  })

  test('verify as SARIF: no link, and the file as it is called', () => {
    const text = sarifReport(result, '1.0.0', new Map())
    assert.not.match(text, unsafe)
    const [run] = JSON.parse(text).runs
    for (const {message, locations} of run.results) {
      assert.not.match(message.text, /(?<!\\)\[[^\]]*\]\(/)
      const {uri} = locations[0].physicalLocation.artifactLocation
      assert.is(decodeURIComponent(uri), hostileName)
    }
  })

  test('verify as Markdown: outside of code there is nothing foreign', () => {
    const text = markdownReport(result, hostileName)
    assert.not.match(text, unsafe)
    const outside = text.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '')
    assert.not.match(outside, /evil|admin|\[x\]|<img|%0A|\\/)
    for (const row of text.split('\n').filter(line => line.startsWith('| error'))) {
      assert.is(row.split('|').length, 5, row)
    }
  })
})
