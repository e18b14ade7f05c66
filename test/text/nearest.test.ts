import * as assert from 'uvu/assert'
import {nearest} from '../../src/text/nearest.ts'
import {suite} from '../support/suite.ts'

suite('text/nearest', test => {
  const known = ['cache', 'stamp', 'CACHE_FOREIGN', 'CACHE_PASSED']
  for (const [word, expected] of [
    ['cahce', 'cache'],
    ['CACHE', 'cache'],
    ['cache_foregin', 'CACHE_FOREIGN'],
    ['stmp', 'stamp'],
    ['x', undefined],
    ['nothing-like-it', undefined],
  ] as const) {
    test(`${word} means ${expected}`, () => assert.is(nearest(word, known), expected))
  }

  test('of nothing there is none', () => assert.is(nearest('cache', []), undefined))
})
