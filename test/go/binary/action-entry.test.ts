import * as assert from 'uvu/assert'
import {parseActionEntry} from '../../../src/go/binary/action-entry.ts'
import {suite} from '../../support/suite.ts'

const action = 'a'.repeat(64)
const object = 'b'.repeat(64)
const entry = (size: string) =>
  `v1 ${action} ${object} ${size.padStart(20)} ${'1795773827914706347'.padStart(20)}\n`

suite('go/binary/action-entry', test => {
  for (const size of ['0', '7', '262', '12345678901'])
    test(`an entry of an object of ${size} bytes`, () => {
      assert.equal(parseActionEntry(entry(size)), {action, object, size: Number(size)})
    })

  for (const [what, text] of [
    ['nothing', ''],
    ['null bytes', '\0'.repeat(175)],
    ['another version', entry('7').replace('v1', 'v2')],
    ['a cut one', entry('7').slice(0, -1)],
    ['one that goes on', `${entry('7')}x`],
    ['a digit that is none', entry('7').replace('aaaa', 'aaXa')],
  ] as const)
    test(`${what} is no entry`, () => assert.is(parseActionEntry(text), undefined))
})
