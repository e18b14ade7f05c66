/** Plain English wherever a user reads: words and turns that a Go developer stumbles over, and what to write instead. */
import * as assert from 'uvu/assert'
import {printedTexts, stringsIn} from './support/printed.ts'
import {suite} from './support/suite.ts'

const avoided: [words: RegExp, instead: string][] = [
  [/\black(s|ed|ing)?\b/i, 'is missing, has no'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\bpass(es|ed|ing)? (\w+ )?(by|over)\b/i, 'bypass, skip, ignore'],
  [/\btold\b/i, 'reported'],
  [/\bwhose\b/i, 'with; which toolchain owns'],
  [/\bhere, too\b/i, 'also here'],
  [/\bof (yours|ours|theirs|mine)\b/i, 'your, our, their'],
  [/\bis for \w+ to \w+/i, 'NOUN VERBs'],
  [/\bin (the|your) own environment\b/i, 'for yourself: export …'],
  [/\bwould (not )?have (put|written)\b/i, 'does not write'],
  [/\bpolicy (asks for|wants)\b|\bpolicy denies here\b/i, 'policy requires, policy denies X'],
  [
    /\b(take|takes|took|taken) \S+( \S+){0,3} (out (of )?(its|the|it)|off (a|the|PATH))\b/i,
    'remove, uncomment',
  ],
  [/\banew\b/i, 'again'],
  [/\bno clones? builds?\b/i, 'clones cannot build it'],
  [/\bwould compile, and\b/i, 'this build would use'],
  [/\bis not what go would\b/i, 'differs from what go writes'],
  [/\bmay lack\b/i, 'nothing may be missing'],
  [/\bas far as nobody\b|\bnobody needs to be asked\b/i, 'what can be checked without …'],
  [/\bmust be a string (quote it)\b/i, 'must be a string: quote it'],
  [/\bbeen thought of\b/i, 'is untested'],
  [/\bby Git alone\b/i, "using Git's hooks"],
  [/\b(without|not) a word\b/i, 'silently, with no message'],
  [/\bnone is sensible\b/i, 'not recommended'],
  [/\bis too much\b/i, 'is extra'],
  [/\ball the same\b/i, 'still, anyway'],
  [/\bnothing of gowarden\b/i, 'gowarden is not installed in FOLDER'],
]

suite('words', test => {
  const printed = printedTexts()

  test('what is printed is found, and comments are not', () => {
    const texts = printed.map(({text}) => text)
    for (const known of ['policy denies the flag …', 'uncomment what you want', '## VENDOR_ADDED'])
      assert.ok(
        texts.some(text => text.toLowerCase().includes(known.toLowerCase())),
        known,
      )
    assert.equal(stringsIn("// it's 'a' comment\nsay('b' /* 'c' */, `d ${e} f`)"), ['b', 'd … f'])
  })

  for (const [words, instead] of avoided) {
    test(`${words.source} is not written; rather: ${instead}`, () => {
      const found = printed.filter(({text}) => words.test(text))
      assert.equal(
        found.map(({place, text}) => `${place}: ${text.trim().slice(0, 200)}`),
        [],
      )
    })
  }
})
