import {execFileSync} from 'node:child_process'
import * as assert from 'uvu/assert'
import {conditionText, plainPlanText, planText, refusalText} from '../../src/build/shell-text.ts'
import {quote} from '../../src/text/shell-word.ts'
import {suite} from '../support/suite.ts'

const awkward = [
  '',
  ' ',
  "'",
  "''",
  "a'b",
  '"',
  '$HOME',
  '`id`',
  '$(id)',
  '\\',
  '\\n',
  '*',
  '~',
  '-n',
  'a\nb',
  '\n',
  '!x',
  '#',
  'é',
  'a;b',
  'a&b|c>d',
]

/** What sh makes of the text: each word on its own, a NUL behind each. */
function evaluate(text: string, words: readonly string[]): string[] {
  const script = `gowarden_sub=$1; ${text}\nprintf '%s\\0' "$@" "\${GOCACHE-}"`
  return execFileSync('sh', ['-c', script, 'sh', ...words], {env: {PATH: process.env['PATH']}})
    .toString()
    .split('\0')
    .slice(0, -1)
}

suite('build/shell-text', test => {
  test('a quoted word is one word with the same bytes', () => {
    for (const word of awkward) {
      assert.is(execFileSync('sh', ['-c', `printf %s ${quote(word)}`]).toString(), word, JSON.stringify(word))
    }
  })

  test('words keep their place and their bytes', () => {
    const plan = {cache: undefined, toolchain: undefined, head: 1, inserted: ['-x=1 2'], edits: []}
    assert.equal(evaluate(planText(plan, awkward.length + 1), ['build', ...awkward]), [
      'build',
      '-x=1 2',
      ...awkward,
      '',
    ])
  })

  test('more than nine words', () => {
    const words = Array.from({length: 200}, (_, index) => `word ${index}`)
    const plan = {
      cache: undefined,
      toolchain: undefined,
      head: 1,
      inserted: ['-x'],
      edits: [{kind: 'append' as const, at: 150, suffix: " it's"}],
    }
    const got = evaluate(planText(plan, words.length), words)
    assert.is(got[150], "word 149 it's")
    assert.equal(
      got.filter((_, index) => index !== 1 && index !== 150).slice(0, -1),
      words.filter((_, index) => index !== 149),
    )
  })

  test('a word is replaced, another is appended to', () => {
    const edits = [
      {kind: 'replace' as const, at: 2, text: "new'"},
      {kind: 'append' as const, at: 3, suffix: ' more'},
    ]
    assert.equal(
      evaluate(planText({cache: undefined, toolchain: undefined, head: 1, inserted: [], edits}, 3), [
        'build',
        'old',
        'a',
      ]),
      ['build', "new'", 'a more', ''],
    )
  })

  test('a cache is exported, whatever its name holds', () => {
    assert.equal(
      evaluate(planText({cache: "/a 'b'\nc", toolchain: undefined, head: 1, inserted: [], edits: []}, 1), [
        'build',
      ]),
      ['build', "/a 'b'\nc"],
    )
  })

  test('a plain plan puts the flags behind the subcommand of a command that builds', () => {
    const text = plainPlanText('/c', ['-gcflags=x y', '-z'], {getInstalls: false})
    assert.equal(evaluate(text, ['test', '', 'a b']), ['test', '-gcflags=x y', '-z', '', 'a b', '/c'])
    assert.equal(evaluate(text, ['tool', 'a b']), ['tool', 'a b', '/c'])
  })

  test('a condition holds for words without the flags, while the variables are as they were', () => {
    const condition = conditionText(
      ['mod', 'toolexec'],
      [
        ['SET', "it's\nso"],
        ['UNSET', ''],
      ],
    )
    const holds = (words: string[], env: Record<string, string> = {SET: "it's\nso"}) =>
      execFileSync(
        'sh',
        ['-c', `f() { eval "$C"; }\nif f "$@"; then echo yes; else echo no; fi`, 'sh', ...words],
        {
          env: {...env, C: condition},
        },
      ).toString() === 'yes\n'
    assert.ok(holds(['build', '-modfile=x', 'mod', '.']))
    for (const word of ['-mod', '--mod=mod', '-mod=readonly', '-test.toolexec=a b'])
      assert.not(holds(['build', word]), word)
    assert.not(holds(['build'], {SET: ''}))
    assert.not(holds(['build'], {SET: "it's\nso", UNSET: 'x'}))
    assert.is(conditionText([], []), '')
  })

  test('a plan and a refusal are whole from their first line to their last', () => {
    assert.match(
      planText({cache: undefined, toolchain: undefined, head: 0, inserted: [], edits: []}, 0),
      /^# gowarden plan 1\n# end$/,
    )
    assert.match(refusalText(), /^# gowarden refused\n# end$/)
  })
})
