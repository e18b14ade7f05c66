import * as assert from 'uvu/assert'
import {parseCommandLine} from '../../../src/go/command/command-line.ts'
import {maySwitch, versionedTarget} from '../../../src/go/command/target.ts'
import {suite} from '../../support/suite.ts'

suite('go/command/target', test => {
  test('an @ that is no version does not count', () => {
    assert.is(versionedTarget(parseCommandLine(['run', '.', 'me@example.com'])), undefined)
    assert.is(versionedTarget(parseCommandLine(['install', './a@b'])), undefined)
    assert.is(versionedTarget(parseCommandLine(['build', 'a@b'])), undefined)
    assert.is(versionedTarget(parseCommandLine(['install', '-v', 'a@b'])), 'a@b')
  })

  test('which GOTOOLCHAIN lets go switch', () => {
    for (const value of ['auto', 'path', 'go1.26.8+auto', 'local+path']) assert.ok(maySwitch(value), value)
    for (const value of ['local', 'go1.26.8', '']) assert.not(maySwitch(value), value)
  })
})
