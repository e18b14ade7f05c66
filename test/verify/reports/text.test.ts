import * as assert from 'uvu/assert'
import type {Finding} from '../../../src/findings/finding.ts'
import {textReport} from '../../../src/verify/reports/text.ts'
import {suite} from '../../support/suite.ts'

suite('verify/reports/text', test => {
  test('one command that mends several findings in a row is said once, behind the last', () => {
    const lines = linesOf([
      added('vendor/a/x.go', 'go mod vendor'),
      edited('vendor/b/y.go', 'go mod vendor'),
      added('vendor/c/z.go', 'git rm --cached z'),
      edited('vendor/d/y.go', 'go mod vendor'),
    ])
    assert.equal(
      lines
        .filter(line => !line.startsWith('gowarden:   '))
        .map(line => line.replace(/: .*? vendor\//, ' vendor/')),
      [
        'gowarden vendor/a/x.go: extra file: go mod vendor does not write it [VENDOR_ADDED]',
        'gowarden vendor/b/y.go: differs from the module it comes from [VENDOR_EDITED]',
        'gowarden: hint: go mod vendor',
        'gowarden vendor/c/z.go: extra file: go mod vendor does not write it [VENDOR_ADDED]',
        'gowarden: hint: git rm --cached z',
        'gowarden vendor/d/y.go: differs from the module it comes from [VENDOR_EDITED]',
        'gowarden: hint: go mod vendor',
      ],
    )
  })

  test('of findings alike five are shown, and all with --verbose', () => {
    const findings = Array.from({length: 7}, (_, index) => added(`vendor/a/${index}.go`, 'go mod vendor'))
    assert.ok(linesOf(findings).includes('gowarden:   and 2 more like it (--verbose shows all)'))
    assert.is(linesOf(findings, true).filter(line => line.endsWith('[VENDOR_ADDED]')).length, 7)
  })
})

function added(file: string, mend: string): Finding {
  return {code: 'VENDOR_ADDED', level: 'error', facts: {file, line: undefined, module: undefined, mend}}
}

function edited(file: string, mend: string): Finding {
  const place = {file, line: undefined, module: 'a.b/c@v1.0.0', mend}
  return {code: 'VENDOR_EDITED', level: 'error', facts: {...place, expected: 'e69de29', found: 'd95f3ad'}}
}

/** What stands on stderr, less the summary. */
function linesOf(findings: Finding[], verbose = false): string[] {
  const counts = {modules: 0, vendors: 0, files: 0, sums: 0}
  const result = {
    judged: 'staged',
    findings,
    modules: [],
    leftOut: [],
    unjudged: [],
    untold: [],
    counts,
    remembered: false,
  } as const
  return textReport({...result, modules: [], leftOut: [], unjudged: [], untold: [], more: []}, verbose)
    .stderr.split('\n')
    .slice(0, -2)
}
