import * as assert from 'uvu/assert'
import type {VerifyFound} from '../../src/findings/finding.ts'
import {gather} from '../../src/verify/gather.ts'
import {suite} from '../support/suite.ts'

const surplus = (line: number, file = 'go.sum'): VerifyFound => ({
  code: 'SUM_SURPLUS',
  facts: {file, line, module: `a.b/${line}@v1.0.0`, required: '', mend: ''},
})
const added = (file: string): VerifyFound => ({
  code: 'VENDOR_ADDED',
  facts: {file, line: undefined, module: undefined, mend: ''},
})
const numbers = [1, 2, 3, 4, 5]

suite('verify/gather', test => {
  test('of each code the first are kept, in the order of the checks, and the rest is counted', () => {
    const checks = [numbers.map(line => surplus(line)), [added('vendor/a')], [surplus(6)]]
    const {kept, counted} = gather(checks, new Set(['a.b/4@v1.0.0']), 2)
    assert.equal(kept, [surplus(1), surplus(2), added('vendor/a')])
    assert.equal(counted, [{one: surplus(3), count: 4, file: 'go.sum', modules: new Set(['a.b/4@v1.0.0'])}])
  })

  test('a file is named where the rest is about one', () => {
    const {counted} = gather([numbers.map(line => surplus(line, `${line}/go.sum`))], new Set(), 2)
    assert.equal(
      counted.map(({count, file}) => [count, file]),
      [[3, undefined]],
    )
  })

  test('.go files are kept beside others, for they are shown first', () => {
    const files = ['vendor/1', 'vendor/2', 'vendor/3', 'vendor/4.go', 'vendor/5.go']
    const {kept, counted} = gather([files.map(added)], new Set(), 1)
    assert.equal(kept, [added('vendor/1'), added('vendor/4.go')])
    assert.equal(
      counted.map(({count}) => count),
      [3],
    )
  })

  test('what is a warning takes no place of an error of the same code', () => {
    const taken = (breaks: boolean): VerifyFound => ({
      code: 'VENDOR_NOT_GO',
      facts: {file: 'vendor', line: undefined, module: undefined, tool: undefined, breaks, others: []},
    })
    const {kept, counted} = gather([[taken(false), taken(false), taken(true)]], new Set(), 1)
    assert.equal(kept, [taken(false), taken(true)])
    assert.equal(
      counted.map(({one, count}) => [one, count]),
      [[taken(false), 1]],
    )
  })
})
