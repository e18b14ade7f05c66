import * as assert from 'uvu/assert'
import {askingEnv, outsideModules, withoutCounters} from '../../../src/go/command/child-env.ts'
import {suite} from '../../support/suite.ts'

const own = {HOME: '/h', GOFLAGS: '-mod=vendor', GOTOOLCHAIN: 'go1.2.3', GIT_DIR: '/r/.git', GOPROXY: 'off'}

suite('go/command/child-env', test => {
  test('a go that we ask needs no plan, and the rest is the person’s', () => {
    assert.equal(askingEnv({HOME: '/h', GOFLAGS: '-v', GIT_DIR: 'x'}), {
      HOME: '/h',
      GOFLAGS: '-v',
      GOWARDEN: 'asks',
    })
  })

  test('outside of modules neither flags nor a switch count, where to download from does', () => {
    assert.equal(outsideModules(own, '/', {GO111MODULE: 'on'}), {
      HOME: '/h',
      GOWARDEN: 'asks',
      PWD: '/',
      GOTOOLCHAIN: 'local',
      GOWORK: 'off',
      GOFLAGS: '',
      GOPROXY: 'off',
      GO111MODULE: 'on',
    })
  })

  for (const [env, goenv] of [
    [{HOME: '/h'}, '/h/.config/go/env'],
    [{HOME: '/h', XDG_CONFIG_HOME: '/c'}, '/c/go/env'],
    [{HOME: '/h', GOENV: 'off'}, 'off'],
  ] as const) {
    test(`without counters, what go env -w wrote counts: ${goenv}`, () => {
      const {GOENV, XDG_CONFIG_HOME} = withoutCounters(env)
      assert.equal([GOENV, XDG_CONFIG_HOME], [goenv, '/dev/null'])
    })
  }
})
