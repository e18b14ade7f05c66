import * as assert from 'uvu/assert'
import {unquote, unquotePrefix} from '../../../src/go/source/unquote.ts'
import {suite} from '../../support/suite.ts'

suite('go/source/unquote', test => {
  const rows: [quoted: string, text: string | undefined][] = [
    ['""', ''],
    ['"a b"', 'a b'],
    ['"\\a\\b\\f\\n\\r\\t\\v\\\\\\""', '\x07\b\f\n\r\t\v\\"'],
    ['"\\x41\\101\\u00e9\\U0001F600"', 'AA\u00e9\u{1f600}'],
    ['"\\xc3\\xa9"', '\u00e9'],
    ['"\\xff"', '\ufffd'],
    ['`a\\n"b`', 'a\\n"b'],
    ['`a\rb`', 'ab'],
    ["'a'", undefined],
    ['a', undefined],
    ['"a', undefined],
    ['"a"b', undefined],
    ['"a\nb"', undefined],
    ['"\\\'"', undefined],
    ['"\\x4"', undefined],
    ['"\\777"', undefined],
    ['"\\ud800"', undefined],
    ['"\\U00110000"', undefined],
    ['`a`b`', undefined],
    ['', undefined],
  ]
  for (const [quoted, text] of rows)
    test(`unquotes ${JSON.stringify(quoted)}`, () => assert.is(unquote(quoted), text))

  test('in a text of bytes, what is unquoted is bytes too', () => {
    assert.is(unquote('"\\u00e9\\xff\u00c3"', 'latin1'), '\u00c3\u00a9\u00ff\u00c3')
  })

  test('a prefix ends with its quote', () => {
    assert.equal(unquotePrefix('"a\\"b" c'), {value: 'a"b', length: 6})
    assert.is(unquotePrefix('a "b"'), undefined)
  })
})
