import * as assert from 'uvu/assert'
import {isAllowed, parseVersionRule} from '../../../src/go/module/go-version.ts'
import {suite} from '../../support/suite.ts'

/** A rule, versions that it allows, and versions that it does not. */
const rules: [rule: string, allowed: string[], refused: string[]][] = [
  ['go1.26.8', ['go1.26.8'], ['go1.26.7', 'go1.26.80', 'go1.26.8-bigcorp', 'go1.26rc1', 'go1.28-1a2b3c', '']],
  ['1.26.8', ['go1.26.8'], ['go1.26.9']],
  ['go1.26rc1', ['go1.26rc1'], ['go1.26.0', 'go1.26rc2']],
  ['go1.26.8-bigcorp', ['go1.26.8-bigcorp'], ['go1.26.8']],
  ['go1.26.x', ['go1.26.0', 'go1.26.8', 'go1.26.8-bigcorp'], ['go1.26rc1', 'go1.27.0', 'go1.26-1a2b3c']],
  ['go1.26', ['go1.26.0', 'go1.26.12'], ['go1.25.9']],
  ['go1.20', ['go1.20', 'go1.20.14'], ['go1.21.0', 'go1.20rc1']],
  ['go1.20.x', ['go1.20', 'go1.20.14'], ['go1.21.0']],
  ['>=go1.25.3 <go1.27', ['go1.25.3', 'go1.26rc1', 'go1.26.8'], ['go1.25.2', 'go1.27rc1', 'go1.27.0']],
  ['>= 1.25.3 < 1.27', ['go1.26.8'], ['go1.27.0']],
  ['>go1.25.3', ['go1.25.4'], ['go1.25.3']],
  ['<=go1.25.3', ['go1.25.3', 'go1.9'], ['go1.25.4', 'devel_+1a2b3c']],
  ['>=go1.9', ['go1.10', 'go1.26.8'], ['go1.8.7']],
]

suite('go/module/go-version', test => {
  for (const [text, allowed, refused] of rules) {
    test(`${text} allows some and refuses others`, () => {
      const rule = parseVersionRule(text)
      if (rule === undefined || rule.kind === 'go.mod') throw new Error(`${text} is not understood`)
      assert.equal(
        allowed.filter(version => !isAllowed(rule, version)),
        [],
      )
      assert.equal(
        refused.filter(version => isAllowed(rule, version)),
        [],
      )
    })
  }

  for (const text of [
    '',
    'newest',
    'go1',
    '1.26.8.x',
    '>=',
    '>=go1.25.3 newest',
    '=go1.26',
    '~1.26',
    '^1.26',
    'go1.26.8 go1.26.9',
  ]) {
    test(`${JSON.stringify(text)} is no rule`, () => assert.is(parseVersionRule(text), undefined))
  }

  test('go.mod is a rule of its own', () => assert.equal(parseVersionRule(' go.mod '), {kind: 'go.mod'}))
})
