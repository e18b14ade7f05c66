/** Hints read as lists of arguments: what sh would make of them, for words of any bytes. */
import {execFileSync} from 'node:child_process'
import * as assert from 'uvu/assert'
import {pathFromUtf8 as at} from '../../src/git/path-bytes.ts'
import {shellWord} from '../../src/text/shell-word.ts'
import {add, keepLines, tidy} from '../../src/verify/checks/mends.ts'
import {withGoMod} from '../../src/verify/go-words.ts'
import {readHint, touchedBy} from '../../src/verify/hint-steps.ts'
import {randomFrom} from '../support/random.ts'
import {suite} from '../support/suite.ts'

const refused: [name: string, hint: string][] = [
  ['another program', 'sh -c true'],
  ['a second command', 'git add a; rm b'],
  ['a pipe', 'git add a | awk b'],
  ['a substitution', 'git add $(awk x)'],
  ['a variable', 'git add $HOME'],
  ['a glob', 'git add *.go'],
  ['in the background', 'git add a & rm b'],
  ['a group that ends otherwise', 'cp a b && { go c; git add d; }'],
  ['a group that does not end', 'cp a b && { go c; rm d'],
  ['an open quote', "git add 'a"],
  ['double quotes', 'git add "a"'],
  ['output that is appended', 'awk 1 <a >>b'],
  ['two inputs', 'awk 1 <a <b'],
  ['no command', 'git add a && '],
  ['an or', 'git add a || rm b'],
  ['printf of something else', 'git add "$(printf x; rm y)"'],
]

suite('verify/hint-steps', test => {
  test('commands, words and files', () => {
    assert.equal(
      readHint(
        `${keepLines(at('a b/go.sum'), '$1 " " $2 != key', {key: 'm v1'})} && ${tidy(at("it's/go.sum"))}`,
      ),
      [
        {
          file: 'awk',
          args: ['-v', 'key=m v1', '$1 " " $2 != key'],
          input: 'a b/go.sum',
          output: 'a b/go.sum.kept',
        },
        {file: 'mv', args: ['a b/go.sum.kept', 'a b/go.sum'], input: undefined, output: undefined},
        {file: 'go', args: ['-C', "it's", 'mod', 'tidy'], input: undefined, output: undefined},
        {file: 'git', args: ['add', "it's/go.mod", "it's/go.sum"], input: undefined, output: undefined},
      ],
    )
  })

  test('a step that cleans up', () => {
    const steps = readHint(`${withGoMod(at('a b/vendor.mod'), 'go -C x mod tidy')} && git add y`)
    assert.equal(
      steps?.map(({file, args, isCleanUp}) => [file, ...args, isCleanUp]),
      [
        ['cp', 'a b/vendor.mod', 'a b/go.mod', undefined],
        ['go', '-C', 'x', 'mod', 'tidy', undefined],
        ['rm', 'a b/go.mod', true],
        ['git', 'add', 'y', undefined],
      ],
    )
  })

  for (const [name, hint] of refused) {
    test(`${name}: left to a person`, () => {
      assert.is(readHint(hint), undefined)
    })
  }

  test('what a step touches', () => {
    const steps =
      readHint(
        `${keepLines(at('go.sum'), 'NR != 1')} && ${add([at('x'), at('-y')], true)} && go mod vendor`,
      ) ?? []
    assert.equal(steps.map(touchedBy), [['go.sum.kept'], ['go.sum.kept', 'go.sum'], ['x'], []])
  })

  test('random words: the same as sh reads', () => {
    const random = randomFrom(21)
    const alphabet = [
      'a',
      "'",
      '"',
      ' ',
      '\\',
      '%',
      '\n',
      '\t',
      '$',
      '`',
      '&',
      '<',
      '>',
      '-',
      'é',
      '\u202e',
      '\x1b',
      '*',
      '001',
    ]
    for (let i = 0; i < 60; i++) {
      const word = `x${Array.from({length: random(8)}, () => alphabet[random(alphabet.length)]).join('')}x`
      const hint = `git add ${shellWord(word)}`
      const [step] = readHint(hint) ?? []
      const bySh = execFileSync('sh', ['-c', `set -- ${shellWord(word)}; printf %s "$1"`]).toString()
      assert.equal(step?.args, ['add', bySh], hint)
    }
  })
})
