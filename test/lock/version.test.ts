import * as assert from 'uvu/assert'
import {exactVersion, newestThatFits, versionLines} from '../../src/lock/version.ts'
import {suite} from '../support/suite.ts'

suite('lock/version', test => {
  const texts: [text: string, version: string | undefined][] = [
    ['go1.26.8', 'go1.26.8'],
    ['1.26.8', 'go1.26.8'],
    ['1.27rc1', 'go1.27rc1'],
    ['go1.26.8-bigcorp', 'go1.26.8-bigcorp'],
    ['1.26.0', 'go1.26.0'],
    ['1.26', undefined],
    ['go1.26', undefined],
    ['1.26.x', undefined],
    ['^1.26.1', undefined],
    ['>=1.26.1', undefined],
    ['latest', undefined],
    ['', undefined],
    ['go1.26.8/../x', undefined],
  ]
  for (const [text, version] of texts)
    test(`${text} is ${version ?? 'not one toolchain'}`, () => assert.is(exactVersion(text), version))

  const versions = ['go1.24.13', 'go1.26.10', 'go1.26.8', 'go1.27rc1', 'go1.27.4', 'go1.28rc2', 'go1.9']
  const asked: [text: string, newest: string | undefined][] = [
    ['1.24.x', 'go1.24.13'],
    ['1.26', 'go1.26.10'],
    ['>=1.25 <1.27', 'go1.26.10'],
    ['>=1.25', 'go1.27.4'],
    ['latest', 'go1.27.4'],
    ['1.25.x', undefined],
  ]
  for (const [text, newest] of asked)
    test(`the newest that fits ${text} is ${newest}`, () => assert.is(newestThatFits(text, versions), newest))

  test('the toolchain line counts before the go line, and "default" says nothing', () => {
    assert.equal(versionLines('module m\n\ngo 1.25.0\n\ntoolchain go1.26.8\n'), [
      {verb: 'toolchain', text: 'go1.26.8', line: 5},
      {verb: 'go', text: '1.25.0', line: 3},
    ])
    assert.equal(versionLines('go 1.25\ntoolchain default\n'), [{verb: 'go', text: '1.25', line: 1}])
  })
})
