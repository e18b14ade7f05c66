/** The level of a finding: its own, then the policy's, which only raises, then the person's. */
import * as assert from 'uvu/assert'
import type {BuildFound, VerifyFound} from '../../src/findings/finding.ts'
import {applyBuildLevels, applyVerifyLevels} from '../../src/policy/apply-levels.ts'
import {withOwnLevels} from '../../src/policy/levels.ts'
import type {Levels, Setting, StampPolicy} from '../../src/policy/policy.ts'
import {suite} from '../support/suite.ts'

const surplus: VerifyFound = {
  code: 'SUM_SURPLUS',
  facts: {file: 'go.sum', line: 1, module: 'a@v1', required: '', mend: 'go mod tidy'},
}
const compiler: BuildFound = {code: 'STAMP_COMPILER', facts: {compiler: 'gccgo'}}
const denied: BuildFound = {
  code: 'FLAG_DENIED',
  facts: {flag: '-x', source: 'the command line', rule: 'p.yaml:1'},
}

function set<T>(value: T): Setting<T> {
  return {value, origin: {kind: 'default'}}
}

const raised: Levels = {
  SUM_SURPLUS: {policy: set('error' as const)},
  STAMP_COMPILER: {policy: set('error' as const), message: set('ask us')},
}

/** `level CODE` of each finding, with the policy's line; then the codes that were lowered. */
function leveled(found: BuildFound, levels: Levels, stamp: StampPolicy = 'on'): string[] {
  const {findings, lowered} = applyBuildLevels([found], {levels, stamp: set(stamp)})
  const told = findings.map(({level, code, message}) => `${level} ${code}${message ? ` ${message}` : ''}`)
  return [...told, ...lowered.map(code => `lowered ${code}`)]
}

suite('policy/apply-levels', test => {
  const own = (text: string, levels: Levels = {}) => withOwnLevels(levels, text)
  const cases: [name: string, leveled: string[], expected: string[]][] = [
    ['its own', leveled(compiler, {}), ['warn STAMP_COMPILER']],
    ['raised by policy, with its line', leveled(compiler, raised), ['error STAMP_COMPILER ask us']],
    ['raised by a person', leveled(compiler, own('STAMP_COMPILER=error')), ['error STAMP_COMPILER']],
    [
      'lowered by a person below policy',
      leveled(compiler, own('STAMP_COMPILER=warn', raised)),
      ['warn STAMP_COMPILER ask us', 'lowered STAMP_COMPILER'],
    ],
    [
      'an error lowered',
      leveled(denied, own('FLAG_DENIED=warn')),
      ['warn FLAG_DENIED', 'lowered FLAG_DENIED'],
    ],
    ['a warning as it is, asked for', leveled(compiler, own('STAMP_COMPILER=warn')), ['warn STAMP_COMPILER']],
    ['stamp: required', leveled(compiler, {}, 'required'), ['error STAMP_COMPILER']],
    [
      'stamp: required, lowered by a person',
      leveled(compiler, own('STAMP_COMPILER=warn'), 'required'),
      ['warn STAMP_COMPILER', 'lowered STAMP_COMPILER'],
    ],
    ['stamp: required says nothing of others', leveled(denied, {}, 'required'), ['error FLAG_DENIED']],
  ]
  for (const [name, found, expected] of cases) test(name, () => assert.equal(found, expected))

  test('what verify finds has the same three', () => {
    const levelOf = (levels: Levels) => applyVerifyLevels([surplus], levels).map(({level}) => level)
    assert.equal(levelOf({}), ['warn'])
    assert.equal(levelOf(raised), ['error'])
    assert.equal(levelOf(own('SUM_SURPLUS=warn', raised)), ['warn'])
    assert.equal(levelOf(own('SUM_SURPLUS=off', raised)), [])
  })

  test('the facts are as they were found', () => {
    assert.equal(applyVerifyLevels([surplus], {})[0]?.facts, surplus.facts)
  })
})
