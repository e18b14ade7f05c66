import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {publicKey} from '../../src/go/module/checksum-database.ts'
import {goSetting, hostPlatform, moduleCache, parseGosumdb} from '../../src/goproxy/settings.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {gorootAt} from '../support/goroot-at.ts'
import {writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

suite('goproxy/settings', test => {
  test('go reads the environment, go env -w, and the go.env of GOROOT; and without a go there is a default', async () => {
    await withTemporary(folder => {
      const of = (env: Record<string, string>) => ({
        ...nodeSystem(),
        platform: 'linux' as const,
        env: {HOME: folder, ...env},
      })
      const goroot = gorootAt(join(folder, 'go'))
      assert.equal(goSetting(of({}), goroot, 'GOPROXY'), {
        value: 'https://proxy.golang.org,direct',
        place: 'the default',
      })
      writeFiles(goroot, {'go.env': 'GOPROXY=https://a.example\n'})
      assert.is(goSetting(of({}), goroot, 'GOPROXY').value, 'https://a.example')
      writeFiles(folder, {'.config/go/env': 'GOPROXY=https://b.example\nGOMODCACHE=/m\n'})
      assert.equal(goSetting(of({}), goroot, 'GOPROXY'), {
        value: 'https://b.example',
        place: `${folder}/.config/go/env:1`,
      })
      assert.is(goSetting(of({GOENV: 'off'}), goroot, 'GOPROXY').value, 'https://a.example')
      assert.is(goSetting(of({GOPROXY: 'off'}), goroot, 'GOPROXY').value, 'off')
      assert.is(moduleCache(of({})), '/m')
      assert.is(moduleCache(of({GOENV: 'off', GOPATH: '/p:/q'})), '/p/pkg/mod')
      assert.is(moduleCache(of({GOENV: 'off'})), `${folder}/go/pkg/mod`)
    })
  })

  const own = 'sum.example.org+0123abcd+Abc='
  const databases: [text: string, answer: unknown][] = [
    ['sum.golang.org', {name: 'sum.golang.org', key: publicKey, url: undefined}],
    ['sum.golang.google.cn', {name: 'sum.golang.org', key: publicKey, url: 'https://sum.golang.google.cn'}],
    [
      'sum.golang.org https://mirror.example/',
      {name: 'sum.golang.org', key: publicKey, url: 'https://mirror.example'},
    ],
    [own, {name: 'sum.example.org', key: own, url: undefined}],
    [
      'off',
      {kind: 'broken', reason: 'it is off, and without a checksum database nothing proves a toolchain'},
    ],
    ['sum.example.org', {kind: 'broken', reason: 'sum.example.org is no key of a checksum database'}],
    ['../x+0123abcd+Abc=', {kind: 'broken', reason: '../x+0123abcd+Abc= is no key of a checksum database'}],
    ['a b c', {kind: 'broken', reason: 'too many words'}],
    ['', {kind: 'broken', reason: ' is no key of a checksum database'}],
  ]
  for (const [text, answer] of databases)
    test(`GOSUMDB=${text}`, () => assert.equal(parseGosumdb(text), answer))

  test('a machine is named as toolchains are', () => {
    assert.equal(hostPlatform({platform: 'linux', architecture: 'x64'}), {os: 'linux', arch: 'amd64'})
    assert.equal(hostPlatform({platform: 'darwin', architecture: 'arm64'}), {os: 'darwin', arch: 'arm64'})
  })
})
