import * as assert from 'uvu/assert'
import {splitQuoted} from '../../../src/go/command/quoted.ts'
import {suite} from '../../support/suite.ts'

const cases: [text: string, words: string[] | undefined][] = [
  ['', []],
  ['  \t\n', []],
  ['-race', ['-race']],
  [' -race  -v ', ['-race', '-v']],
  [`'-ldflags=-s -w' -v`, ['-ldflags=-s -w', '-v']],
  [`"-gcflags=all=-N -l"`, ['-gcflags=all=-N -l']],
  [`-ldflags=-X=a='b'`, [`-ldflags=-X=a='b'`]],
  [`'a"b' "c'd"`, ['a"b', "c'd"]],
  [`''`, ['']],
  [`'a'b`, ['a', 'b']],
  [`'open`, undefined],
  [`-x "open`, undefined],
]

suite('go/command/quoted', test => {
  for (const [text, words] of cases) {
    test(JSON.stringify(text), () => assert.equal(splitQuoted(text), words))
  }
})
