import * as assert from 'uvu/assert'
import {wrapped} from '../../src/text/wrapped.ts'
import {suite} from '../support/suite.ts'

suite('text/wrapped', test => {
  for (const [what, text, expected] of [
    ['a short line', 'one two', 'one two'],
    ['a long line', 'one two three four', 'one two\nthree four'],
    ['a line as long as the screen', '0123456789 1', '0123456789\n1'],
    ['a word longer than the screen', 'a 01234567890123 b', 'a\n01234567890123\nb'],
    [
      'a paragraph that was broken elsewhere',
      'one two three\nfour five\n\nsix',
      'one two\nthree four\nfive\n\nsix',
    ],
    ['an item', '- one two three\n  four\n- five', '- one two\n  three\n  four\n- five'],
    ['a numbered item', '1. one two three', '1. one two\n   three'],
    ['a heading', '## A\nb c', '## A\nb c'],
    ['code', '```sh\ngo build ./... && go vet\n```\na', '```sh\ngo build ./... && go vet\n```\na'],
    ['a table', '| one | two | three |\n|---|', '| one | two | three |\n|---|'],
  ] as const)
    test(`${what}, in ten columns`, () => assert.is(wrapped(text, 10), expected))

  test('where the width is not known, the text is as it was', () =>
    assert.is(wrapped('one two three\nfour', undefined), 'one two three\nfour'))
})
