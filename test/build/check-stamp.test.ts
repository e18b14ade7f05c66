import * as assert from 'uvu/assert'
import {checkStamp} from '../../src/build/check-stamp.ts'
import {applyBuildLevels} from '../../src/policy/apply-levels.ts'
import type {StampPolicy} from '../../src/policy/policy.ts'
import {gorootAt} from '../support/goroot-at.ts'
import {hashNamed} from '../support/hashes.ts'
import {suite} from '../support/suite.ts'

const toolchain = {
  hash: hashNamed('go1.26.8', 'x'),
  goroot: gorootAt('/go'),
} as const

type Options = {
  target?: {name: string; isKnown: boolean}
  stampFlag?: '-env' | '-I' | 'none'
  wasHashed?: boolean
  compiler?: string
  policy?: StampPolicy
}

/** The flag and the findings, in words. */
function stamped({target, stampFlag = '-env', wasHashed = true, compiler, policy = 'on'}: Options = {}) {
  const {findings, flag} = checkStamp(target, {...toolchain, stampFlag, wasHashed}, compiler, policy)
  const stampPolicy = {value: policy, origin: {kind: 'default'}} as const
  const {findings: leveled} = applyBuildLevels(findings, {levels: {}, stamp: stampPolicy})
  return [flag, ...leveled.map(({code, level}) => `${level} ${code}`)]
}

suite('build/check-stamp', test => {
  test('a build is stamped with the flag that its compiler knows', () => {
    assert.equal(stamped(), ['-env'])
    assert.equal(stamped({stampFlag: '-I'}), ['-I'])
  })

  test('where nobody can say which toolchain will build, there is no stamp', () => {
    assert.equal(stamped({target: {name: 'a@latest', isKnown: true}}), ['-env'])
    assert.equal(stamped({target: {name: 'a@latest', isKnown: false}}), [
      undefined,
      'warn STAMP_SWITCH_UNKNOWN',
    ])
  })

  test('a compiler that cannot be stamped', () => {
    assert.equal(stamped({stampFlag: 'none'}), [undefined, 'warn STAMP_UNSUPPORTED'])
    assert.equal(stamped({compiler: 'gccgo'}), [undefined, 'warn STAMP_COMPILER'])
    assert.equal(stamped({compiler: 'gc'}), ['-env'])
  })

  test('an unstampable toolchain is told once, and refused each time', () => {
    assert.equal(stamped({stampFlag: 'none', wasHashed: false}), [undefined])
    assert.equal(stamped({stampFlag: 'none', wasHashed: false, policy: 'required'}), [
      undefined,
      'error STAMP_UNSUPPORTED',
    ])
  })

  test('stamp: required refuses where stamp: on warns', () => {
    const target = {name: 'a@latest', isKnown: false}
    assert.equal(stamped({stampFlag: 'none', policy: 'required'}), [undefined, 'error STAMP_UNSUPPORTED'])
    assert.equal(stamped({target, policy: 'required'}), [undefined, 'error STAMP_SWITCH_UNKNOWN'])
  })

  test('stamp: off says nothing', () => {
    assert.equal(stamped({policy: 'off'}), [undefined])
    assert.equal(stamped({policy: 'off', stampFlag: 'none'}), [undefined])
  })
})
