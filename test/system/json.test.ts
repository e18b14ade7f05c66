import * as assert from 'uvu/assert'
import {isObject, parseJson} from '../../src/system/json.ts'
import {suite} from '../support/suite.ts'

suite('system/json', test => {
  for (const [text, value] of [
    ['{"a": 1}', {a: 1}],
    ['null', null],
    ['', undefined],
    ['{"a": 1', undefined],
    ['{} {}', undefined],
  ] as const)
    test(`parses ${JSON.stringify(text)}`, () => {
      assert.equal(parseJson(text), value)
    })

  for (const [value, has] of [
    [{}, true],
    [[], false],
    [null, false],
    [undefined, false],
    ['text', false],
  ] as const)
    test(`${JSON.stringify(value)} ${has ? 'has' : 'has no'} fields`, () => {
      assert.is(isObject(value), has)
    })
})
