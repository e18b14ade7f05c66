import * as assert from 'uvu/assert'
import {readGoFile} from '../../../src/go/source/go-file.ts'
import {suite} from '../../support/suite.ts'

suite('go/source/go-file', test => {
  const read = (text: string) => readGoFile(Buffer.from(text))

  test('imports in every form', () => {
    const text =
      'package a // x\n\nimport "a.b/c"\nimport (\n\tx "d.e/f"; . "g.h/i"\n\t_ `j.k/l` /* y */\n)\nimport "C"\n\nvar x = "import \\"no.no/no\\""\n'
    assert.equal(read(text).imports, ['a.b/c', 'd.e/f', 'g.h/i', 'j.k/l'])
  })

  test('patterns of go:embed, outside strings and only with import "embed"', () => {
    const text =
      'package a\n\nimport _ "embed"\n\nvar s = `\n//go:embed no\n`\n\n/*\n//go:embed no\n*/\n\n//go:embed a.txt "b c.txt" `d e`\n//go:embed all:dir\n//go:embed "unclosed\nvar x string\n\nvar r = \'"\' //go:embed last\n'
    assert.equal(read(text).embeds, ['a.txt', 'b c.txt', 'd e', 'all:dir', 'last'])
    assert.equal(read(text.replace('_ "embed"', '_ "other.x/embed"')).embeds, [])
  })

  test('a header longer than what is read first', () => {
    const text = `package a\n\n// ${'x'.repeat(40_000)}\n\nimport "a.b/c"\n`
    assert.equal(read(text).imports, ['a.b/c'])
  })

  test('a byte order mark, no Go at all, nothing at all, and a NUL', () => {
    assert.equal(read('\ufeffpackage a\n\nimport "a.b/c"\n').imports, ['a.b/c'])
    assert.equal(read('this is not Go').imports, [])
    assert.is(read('').buildable, true)
    assert.is(read('//go:build ignore\n\x00\npackage a\n').buildable, true)
  })

  const embeds: [words: string, patterns: string[]][] = [
    ['"a\\x62.txt" `c`', ['ab.txt', 'c']],
    ['"tab\\there" x', ['tab\there', 'x']],
    ['"\\u00e9.txt" \u00e9.txt', ['\u00e9.txt', '\u00e9.txt']],
    // The second byte of à is the one of a space that does not break in Latin 1.
    ['\u00e0.txt b.txt', ['\u00e0.txt', 'b.txt']],
    ['a.txt\u00a0b.txt\u2003c.txt', ['a.txt', 'b.txt', 'c.txt']],
    ['a.txt "b"c', []],
    ['"\\q"', []],
  ]
  for (const [words, patterns] of embeds) {
    test(`go:embed ${words}`, () => {
      const {embeds} = read(`package a\n\nimport _ "embed"\n\n//go:embed ${words}\nvar x string\n`)
      assert.equal(
        embeds.map(pattern => Buffer.from(pattern, 'latin1').toString()),
        patterns,
      )
    })
  }
})
