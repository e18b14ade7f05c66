import * as assert from 'uvu/assert'
import {checkStamp, maySwitch, versionedTarget} from '../../src/checks/stamp.ts'
import {parseCommandLine} from '../../src/go/command-line.ts'
import {parseGoEnv} from '../../src/go/go-env.ts'
import type {StampPolicy} from '../../src/policy.ts'
import {suite} from '../support/suite.ts'

const toolchain = {
  hash: 'go1.26.8.linux-amd64@h1:x',
  goroot: '/go',
  stampFlag: '-env',
  wasHashed: true,
} as const

type Options = {
  gotoolchain?: string
  stampFlag?: '-env' | '-I' | 'none'
  compiler?: string
  policy?: StampPolicy
}

/** The flag and the findings, in words. */
function stamped(words: string, {gotoolchain, stampFlag = '-env', compiler, policy = 'on'}: Options = {}) {
  return judged(words, {...toolchain, stampFlag}, compiler, policy, gotoolchain)
}

function judged(
  words: string,
  self: Parameters<typeof checkStamp>[2],
  compiler: string | undefined,
  policy: StampPolicy,
  gotoolchain = 'auto',
) {
  const env = parseGoEnv(JSON.stringify({GOROOT: '/go', GOVERSION: 'go1.26.8', GOTOOLCHAIN: gotoolchain}))
  if (env === undefined) throw new Error('unreadable go env')
  const {findings, flag} = checkStamp(parseCommandLine(words.split(' ')), env, self, compiler, policy)
  return [flag, ...findings.map(({code, level}) => `${level} ${code}`)]
}

suite('checks/stamp', test => {
  test('a build is stamped with the flag that its compiler knows', () => {
    assert.equal(stamped('build .'), ['-env'])
    assert.equal(stamped('build .', {stampFlag: '-I'}), ['-I'])
  })

  test('where go may switch, there is no stamp', () => {
    assert.equal(stamped('install a.b/c@latest'), [undefined, 'warn STAMP_SWITCH_UNKNOWN'])
    assert.equal(stamped('run -race a.b/c@v1.2.3 x'), [undefined, 'warn STAMP_SWITCH_UNKNOWN'])
    assert.equal(stamped('install a.b/c@latest', {gotoolchain: 'local'}), ['-env'])
    assert.equal(stamped('install a.b/c@latest', {gotoolchain: 'go1.26.8'}), ['-env'])
    assert.equal(stamped('install a.b/c@latest', {gotoolchain: 'go1.26.8+auto'}), [
      undefined,
      'warn STAMP_SWITCH_UNKNOWN',
    ])
  })

  test('an @ that is no version does not count', () => {
    assert.is(versionedTarget(parseCommandLine(['run', '.', 'me@example.com'])), undefined)
    assert.is(versionedTarget(parseCommandLine(['install', './a@b'])), undefined)
    assert.is(versionedTarget(parseCommandLine(['build', 'a@b'])), undefined)
    assert.is(versionedTarget(parseCommandLine(['install', '-v', 'a@b'])), 'a@b')
  })

  test('a compiler that cannot be stamped', () => {
    assert.equal(stamped('build .', {stampFlag: 'none'}), [undefined, 'warn STAMP_UNSUPPORTED'])
    assert.equal(stamped('build .', {compiler: 'gccgo'}), [undefined, 'warn STAMP_COMPILER'])
    assert.equal(stamped('build .', {compiler: 'gc'}), ['-env'])
  })

  test('an unstampable toolchain is told once, and refused each time', () => {
    const met = {...toolchain, stampFlag: 'none', wasHashed: false} as const
    assert.equal(judged('build .', met, undefined, 'on'), [undefined])
    assert.equal(judged('build .', met, undefined, 'required'), [undefined, 'error STAMP_UNSUPPORTED'])
  })

  test('stamp: required refuses where stamp: on warns', () => {
    assert.equal(stamped('build .', {stampFlag: 'none', policy: 'required'}), [
      undefined,
      'error STAMP_UNSUPPORTED',
    ])
    assert.equal(stamped('install a@b', {policy: 'required'}), [undefined, 'error STAMP_SWITCH_UNKNOWN'])
  })

  test('stamp: off says nothing', () => {
    assert.equal(stamped('build .', {policy: 'off'}), [undefined])
    assert.equal(stamped('build .', {policy: 'off', stampFlag: 'none'}), [undefined])
  })

  test('which GOTOOLCHAIN lets go switch', () => {
    for (const value of ['auto', 'path', 'go1.26.8+auto', 'local+path']) assert.ok(maySwitch(value), value)
    for (const value of ['local', 'go1.26.8', '']) assert.not(maySwitch(value), value)
  })
})
