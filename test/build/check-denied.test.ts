import * as assert from 'uvu/assert'
import {checkEnv, checkFlags} from '../../src/build/check-denied.ts'
import type {EnvRule} from '../../src/policy/policy.ts'
import {suite} from '../support/suite.ts'

const origin = {kind: 'file' as const, path: '/r/.gowardenrc.yaml', line: 3}

/** A flag, a rule, and what the finding names; undefined: there is none. */
const flags: [name: string, value: string, rule: [name: string, value?: string], said: string | undefined][] =
  [
    ['mod', 'mod', ['mod', 'mod'], '-mod=mod'],
    ['mod', 'readonly', ['mod', 'mod'], undefined],
    ['mod', 'vendor', ['mod'], '-mod'],
    ['modfile', 'mod', ['mod', 'mod'], undefined],
    ['race', 'true', ['race'], '-race'],
    ['race', '1', ['race', 'true'], '-race=1'],
    ['race', 'F', ['race', 'true'], undefined],
    ['overlay', '', ['overlay'], '-overlay'],
  ]

const values: [value: string, source: EnvRule['from'], rule: Partial<EnvRule>, isDenied: boolean][] = [
  ['off', 'environment', {}, true],
  ['', 'environment', {}, false],
  ['off', 'go.env', {value: 'off'}, true],
  ['on', 'go.env', {value: 'off'}, false],
  ['sum.golang.org', 'go.env', {}, false],
  ['sum.golang.org', 'environment', {}, true],
  ['sum.golang.org', 'go.env', {value: 'sum.golang.org'}, true],
  ['sum.example.org', 'go.env', {}, true],
  ['x', 'go env -w', {from: 'go env -w'}, true],
  ['x', 'environment', {from: 'go env -w'}, false],
  ['x', 'go env -w', {from: 'go env -w', value: 'y'}, false],
]

suite('build/check-denied', test => {
  for (const [name, value, [ruleName, ruleValue], said] of flags) {
    test(`-${name}=${value} under -${ruleName}${ruleValue === undefined ? '' : `=${ruleValue}`}`, () => {
      const rule = {value: {name: ruleName, value: ruleValue}, origin}
      const found = checkFlags([{name, value, source: 'the command line'}], [rule])
      const facts = {flag: said, source: 'the command line', rule: '/r/.gowardenrc.yaml:3'}
      assert.equal(found, said === undefined ? [] : [{code: 'FLAG_DENIED', facts}])
    })
  }

  for (const [value, source, denied, isDenied] of values) {
    test(`GOSUMDB=${value} from ${source} under ${JSON.stringify(denied)}`, () => {
      const rule = {value: {name: 'GOSUMDB', value: undefined, from: undefined, ...denied}, origin}
      const given = [{name: 'GOSUMDB', value, source, place: '/env:2'}]
      const variable = denied.value === undefined ? 'GOSUMDB' : `GOSUMDB=${value}`
      const facts = {name: 'GOSUMDB', variable, source: '/env:2', rule: '/r/.gowardenrc.yaml:3'}
      assert.equal(checkEnv(given, [rule]), isDenied ? [{code: 'ENV_DENIED', facts}] : [])
      assert.equal(checkEnv([{name: 'GONOSUMDB', value, source, place: ''}], [rule]), [])
    })
  }
})
