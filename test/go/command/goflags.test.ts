import * as assert from 'uvu/assert'
import {goflagsOf, parseFlagWord} from '../../../src/go/command/goflags.ts'
import {suite} from '../../support/suite.ts'

suite('go/command/goflags', test => {
  test('a flag as one word writes it', () => {
    assert.equal(parseFlagWord('-mod=mod'), {name: 'mod', value: 'mod'})
    assert.equal(parseFlagWord('--ldflags=-X a=b\nc'), {name: 'ldflags', value: '-X a=b\nc'})
    assert.equal(parseFlagWord('-race'), {name: 'race', value: undefined})
    assert.equal(parseFlagWord('-tags='), {name: 'tags', value: ''})
    for (const word of ['race', '', '-', '=', '-=x']) assert.is(parseFlagWord(word), undefined, word)
  })

  test('the flags of GOFLAGS in order, quoted words whole', () => {
    assert.equal(goflagsOf(`-v '-gcflags=all=-N -l' "--tags=a"`), [
      {name: 'v', value: undefined},
      {name: 'gcflags', value: 'all=-N -l'},
      {name: 'tags', value: 'a'},
    ])
    assert.equal(goflagsOf(`-v '-tags=open`), [])
  })
})
