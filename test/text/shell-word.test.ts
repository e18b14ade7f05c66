import {execFileSync} from 'node:child_process'
import * as assert from 'uvu/assert'
import {shellWord} from '../../src/text/shell-word.ts'
import {hostileName, unsafe} from '../support/hostile.ts'
import {shells} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

const words = [
  'vendor/a.b/c@v1.0.0/d+e.go',
  '',
  "it's",
  'a b',
  '$HOME `id` "x" \\',
  'a\nb',
  "-n\t'%s%%\\n",
  'é\u202eb',
  '\u{e0041}🐹',
  '\x1b[31m',
  hostileName,
]

suite('text/shell-word', test => {
  test('what needs no quotes has none', () => {
    assert.is(shellWord('vendor/a.b/c@v1.0.0/d+e.go'), 'vendor/a.b/c@v1.0.0/d+e.go')
    assert.is(shellWord("it's"), "'it'\\''s'")
  })

  for (const {
    name,
    words: [shell = '', ...options],
    missing,
  } of shells) {
    test.unless(missing, `${name}: every word is the same word, and nothing of it obeyed`, () => {
      for (const word of words) {
        assert.not.match(shellWord(word), unsafe)
        const script = `printf '%s.' ${shellWord(word)}`
        assert.is(execFileSync(shell, [...options, '-c', script]).toString(), `${word}.`)
      }
    })
  }
})
