/**
 * SARIF against the schema that Microsoft's SDK ships: 2.1.0-rtm.5, which the final one differs from in nothing that is
 * written here (`suppression.state`, `language`).
 */
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import {Ajv} from 'ajv'
import addFormats from 'ajv-formats'
import * as assert from 'uvu/assert'
import type {Finding} from '../../../src/findings/finding.ts'
import {verifyLevels} from '../../../src/findings/levels.ts'
import {findingPages} from '../../../src/findings/pages.ts'
import {nodeSystem} from '../../../src/system/node.ts'
import {sarifReport} from '../../../src/verify/reports/sarif.ts'
import type {VerifyResult} from '../../../src/verify/result.ts'
import {suite} from '../../support/suite.ts'
import {verifyExamples} from '../../support/verify-examples.ts'

const pages = findingPages(nodeSystem())
const validate = schemaValidator()
const place = {line: undefined, module: undefined, mend: 'git rm x'}

suite('verify/reports/sarif', test => {
  test('the schema is in force: it refuses what it does not know', () => {
    assert.not(validate({version: '2.1.0', runs: [{tool: {driver: {}}}]}))
    assert.not(validate({version: '2.1.0', runs: [], more: 1}))
  })

  test('a run without findings is valid, and has no rules', () => {
    const {run} = sarifOf([])
    assert.equal(run.results, [])
    assert.equal(run.tool.driver.rules, [])
  })

  test('every finding of verify is valid, and its rule says what it means', () => {
    const findings = Object.entries(verifyExamples).map(
      ([code, facts]) => ({code, level: verifyLevels[code as keyof typeof verifyLevels], facts}) as Finding,
    )
    const {run} = sarifOf(findings)
    assert.is(run.results.length, findings.length)
    for (const [index, {ruleId, ruleIndex, level}] of run.results.entries()) {
      const rule = run.tool.driver.rules[ruleIndex]
      assert.is(rule?.id, ruleId)
      assert.is(ruleId, findings[index]?.code)
      assert.is(level, rule?.defaultConfiguration.level)
      assert.match(rule?.shortDescription.text ?? '', /^[A-Zgv].*\.$/)
      assert.ok(rule?.fullDescription.text.startsWith(rule.shortDescription.text))
      assert.match(rule?.help.markdown ?? '', new RegExp(`^## ${ruleId}\n`))
    }
  })

  test('a level that a person changed is that of the result, not of the rule', () => {
    const {run} = sarifOf([{code: 'VENDOR_ADDED', level: 'warn', facts: {...place, file: 'vendor/a'}}])
    assert.is(run.results[0]?.level, 'warning')
    assert.is(run.tool.driver.rules[0]?.defaultConfiguration.level, 'error')
  })

  test('a line is a region, and there is none without', () => {
    const at = (line: number | undefined) =>
      sarifOf([{code: 'VENDOR_ADDED', level: 'error', facts: {...place, file: 'go.sum', line}}]).run
        .results[0]?.locations[0]?.physicalLocation.region
    assert.equal(at(7), {startLine: 7})
    assert.is(at(undefined), undefined)
  })

  for (const [file, uri] of [
    ['vendor/a.b/c/d.go', 'vendor/a.b/c/d.go'],
    ['with space/100%/#1?.go', 'with%20space/100%25/%231%3F.go'],
    ['a:b/c.go', 'a%3Ab/c.go'],
    ['new\nline/quo"te\\.go', 'new%0Aline/quo%22te%5C.go'],
    ['café/\ufffd.go', 'caf%C3%A9/%EF%BF%BD.go'],
  ] as const) {
    test(`the file ${JSON.stringify(file)} is the relative reference ${uri}`, () => {
      const {run} = sarifOf([{code: 'VENDOR_ADDED', level: 'error', facts: {...place, file}}])
      const location = run.results[0]?.locations[0]?.physicalLocation.artifactLocation
      assert.equal(location, {uri, uriBaseId: '%SRCROOT%'})
      assert.ok('%SRCROOT%' in run.originalUriBaseIds)
      // Resolved against the top of the repository it is that file again.
      const resolved = new URL(uri, 'file:///top/')
      assert.is(decodeURIComponent(resolved.pathname), `/top/${file}`)
    })
  }
})

type Run = {
  tool: {
    driver: {
      rules: {
        id: string
        shortDescription: {text: string}
        fullDescription: {text: string}
        help: {text: string; markdown?: string}
        defaultConfiguration: {level: string}
      }[]
    }
  }
  originalUriBaseIds: Record<string, unknown>
  results: {
    ruleId: string
    ruleIndex: number
    level: string
    locations: {physicalLocation: {artifactLocation: {uri: string}; region?: {startLine: number}}}[]
  }[]
}

/** The one run of a report, which the schema has found valid. */
function sarifOf(findings: Finding[]): {run: Run} {
  const result: VerifyResult = {
    judged: 'staged',
    findings,
    modules: [],
    leftOut: [],
    unjudged: [],
    untold: [],
    more: [],
    counts: {modules: 0, vendors: 0, files: 0, sums: 0},
    remembered: false,
  }
  const report: unknown = JSON.parse(sarifReport(result, '0.1.0', pages))
  if (!validate(report)) throw new Error(JSON.stringify(validate.errors, undefined, 2))
  assert.is(report.runs.length, 1)
  return {run: report.runs[0]}
}

function schemaValidator() {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('@microsoft/jest-sarif/package.json'))
  const {
    $schema: _draft,
    id: _id,
    ...schema
  } = JSON.parse(readFileSync(join(folder, 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'))
  // Written for draft 4; what it uses means the same in the draft that Ajv speaks.
  const ajv = new Ajv({allErrors: true, strict: false, unicodeRegExp: false})
  addFormats.default(ajv)
  return ajv.compile<{runs: [Run]}>(schema)
}
