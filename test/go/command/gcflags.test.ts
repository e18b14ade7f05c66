import * as assert from 'uvu/assert'
import {
  carriesStamp,
  editedGcflags,
  stampFlag,
  stampWord,
  withoutStamp,
} from '../../../src/go/command/gcflags.ts'
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
      assert.is(editedGcflags(once, stamp).replaceAll(/ +/g, ' '), once.replaceAll(/ +/g, ' '))
    }
  })

  test('a flag of another name is no stamp', () => {
    assert.not(carriesStamp('all=-env=OtherToolchainHash=x'))
    assert.not(carriesStamp('all=-D=ToolchainHash=x'))
    assert.is(withoutStamp('-N -l'), '-N -l')
  })

  test('the word, for each kind of compiler', () => {
    assert.is(stampWord('-env', hash), `-gcflags=all=${stamp}`)
    assert.is(stampFlag('-I', hash), `-I=ToolchainHash=${hash}`)
  })
})
