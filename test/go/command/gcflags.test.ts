import * as assert from 'uvu/assert'
import {
  carriesStamp,
  editedGcflags,
  stampFlag,
  stampsOf,
  stampWord,
  withoutStamp,
} from '../../../src/go/command/gcflags.ts'
import {splitQuoted} from '../../../src/go/command/quoted.ts'
import {randomFrom} from '../../support/random.ts'
import {suite} from '../../support/suite.ts'

const hash = 'go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM='
const other = 'go1.24.4.linux-amd64@h1:nm4Il5pypT+vEB1UPY4e+r1p/0HoRr/2jjj+dwb8KhA='
const stamp = `-env=ToolchainHash=${hash}`

/** A user's -gcflags value, and the value that go gets. */
const edits: [value: string, edited: string][] = [
  ['', ` ${stamp}`],
  ['-N -l', `-N -l ${stamp}`],
  ['all=-N -l', `all=-N -l ${stamp}`],
  ['./...=-m', `./...=-m ${stamp}`],
  ['all=', `all=${stamp}`],
  ['-d=', `-d= ${stamp}`],
  ['all=-d=', `all=-d= ${stamp}`],
  [`all='-d=a b'`, `all='-d=a b' ${stamp}`],
  [' -N ', ` -N  ${stamp}`],
  // an older stamp goes, our own stays alone
  [`all=${stamp}`, `all=${stamp}`],
  [`all=-env=ToolchainHash=${other}`, `all=${stamp}`],
  [`all=-N -env=ToolchainHash=${other}`, `all=-N ${stamp}`],
  [`-env=ToolchainHash=${other} -N`, ` -N ${stamp}`],
  [`all=-I=ToolchainHash=${other} -N`, `all= -N ${stamp}`],
  [`all=--env=ToolchainHash=${other}`, `all=${stamp}`],
  [`all=-env ToolchainHash=${other} -l`, `all= -l ${stamp}`],
  [`all='-env=ToolchainHash=${other}' -l`, `all= -l ${stamp}`],
  // in quotes of every kind, and without a space between
  [`all="-env=ToolchainHash=${other}"`, `all=${stamp}`],
  [`all='-env' 'ToolchainHash=${other}'`, `all=${stamp}`],
  [`all=-env "ToolchainHash=${other}"-l`, `all=-l ${stamp}`],
  [`all='-N''-env=ToolchainHash=${other}''-l'`, `all='-N' '-l' ${stamp}`],
  [`all=-env=ToolchainHash=a -I=ToolchainHash=b --env ToolchainHash=c`, `all=${stamp}`],
  [`-env=ToolchainHash=${other} '-N'`, `${stamp} '-N'`],
  [`all='-env=ToolchainHash=with space' -l`, `all= -l ${stamp}`],
  [`all=-d='-env=ToolchainHash=${other}'`, `all=-d='-env=ToolchainHash=${other}' ${stamp}`],
  [`all='-N`, `all='-N`],
  // what go refuses, go refuses in its own words
  ['-N'.slice(1), 'N'],
  ['=-N', '=-N'],
  [`'p'=-N`, `'p'=-N`],
]

suite('go/command/gcflags', test => {
  for (const [value, edited] of edits) {
    test(`-gcflags=${value}`, () => assert.is(editedGcflags(value, stamp), edited))
  }

  test('an edited value is left alone the second time', () => {
    for (const [value] of edits) {
      const once = editedGcflags(value, stamp)
      assert.is(editedGcflags(once, stamp).replaceAll(/ +/g, ' ').trim(), once.replaceAll(/ +/g, ' ').trim())
    }
  })

  test('a flag of another name is no stamp', () => {
    assert.not(carriesStamp('all=-env=OtherToolchainHash=x'))
    assert.not(carriesStamp('all=-D=ToolchainHash=x'))
    assert.is(withoutStamp('-N -l'), '-N -l')
  })

  test('whatever a person writes, the compiler gets one stamp, and it is ours', () => {
    const random = randomFrom(3)
    const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T
    const quoted = (word: string) => pick([word, word, `'${word}'`, `"${word}"`])
    for (let round = 0; round < 5000; round += 1) {
      const words = Array.from({length: random(5)}, () => {
        const flag = `${pick(['-', '--'])}${pick(['env', 'I'])}`
        const named = `ToolchainHash=${pick([hash, other, '', 'x y', 'a"b', "a'b", stamp])}`
        return pick([
          () => quoted(`${flag}=${named}`),
          () => quoted(flag) + pick([' ', '\t', '  ', '']) + quoted(named),
          () => quoted(pick(['-N', '-l', '-d=a', '-m=2', '-p=ToolchainHash=x'])),
          () => pick(["'", '"']) + pick(['-N', '']) + pick(["'", '"']),
        ])()
      })
      const pattern = pick(['', '', 'all=', './...=', ' all = '])
      const value = pattern + words.join(pick([' ', '\t ', '']))
      const edited = editedGcflags(value, stamp)
      // go refuses it, before and after alike
      if (edited === value && stampsOf(value).length === 0) continue
      assert.equal(stampsOf(edited), [hash], JSON.stringify(value))
      const others = (text: string) =>
        (splitQuoted(text.slice(text.trim().startsWith('-') ? 0 : text.indexOf('=') + 1)) ?? []).filter(
          word => /^-(N|l|d|m|p)/.test(word),
        )
      if (value.trim() !== '') assert.equal(others(edited), others(value), JSON.stringify(value))
    }
  })

  test('the word, for each kind of compiler', () => {
    assert.is(stampWord('-env', hash), `-gcflags=all=${stamp}`)
    assert.is(stampFlag('-I', hash), `-I=ToolchainHash=${hash}`)
  })
})
