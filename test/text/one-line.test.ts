import * as assert from 'uvu/assert'
import {isPrintable, jsonText, oneLine, safeLines} from '../../src/text/one-line.ts'
import {hostileName, unsafe} from '../support/hostile.ts'
import {suite} from '../support/suite.ts'

suite('text/one-line', test => {
  const cases: [what: string, text: string, expected: string][] = [
    ['an escape sequence', '\x1b[31m', '\\x1b[31m'],
    ['a line break', 'a\r\nb', 'a\\x0d\\x0ab'],
    ['a tab and NUL', '\t\0', '\\x09\\x00'],
    ['DEL', '\x7f', '\\x7f'],
    ['CSI as one character', '\u009b31m', '\\u{9b}31m'],
    ['right-to-left override and isolates', '\u202e\u2066\u2069', '\\u{202e}\\u{2066}\\u{2069}'],
    ['line and paragraph separators', '\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['what has no width', '\u200b\ufeff', '\\u{200b}\\u{feff}'],
    ['tags beyond U+FFFF', '\u{e0041}', '\\u{e0041}'],
    ['half of a pair', '\ud800', '\\u{d800}'],
    ['any letter', 'é 世界 שלום', 'é 世界 שלום'],
    ['an emoji', '🐹', '🐹'],
    ['a backslash', 'a\\x1b', 'a\\x1b'],
  ]
  for (const [what, text, expected] of cases) {
    test(what, () => {
      assert.is(oneLine(text), expected)
      assert.is(isPrintable(text), text === expected)
    })
  }

  test('lines of ours stay lines, and are safe each', () => {
    assert.is(safeLines('a\x1b\nb\u2028'), 'a\\x1b\nb\\u{2028}')
  })

  test('JSON shows none of it, and reads back as it was', () => {
    const value = {[hostileName]: [hostileName, '\ud800', '🐹\u{e0041}']}
    const text = jsonText(value)
    assert.not.match(text, unsafe)
    assert.equal(JSON.parse(text), value)
    assert.is(jsonText({a: [1]}), '{\n  "a": [\n    1\n  ]\n}\n')
  })
})
