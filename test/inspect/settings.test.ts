import * as assert from 'uvu/assert'
import type {BuildSetting, Module} from '../../src/go/binary/build-info.ts'
import type {Inspected} from '../../src/inspect/inspect.ts'
import {decodeSettings, hiddenByTrimpath, remarksOn} from '../../src/inspect/settings.ts'
import {suite} from '../support/suite.ts'

/** Settings as `go version -m` writes them, a space between two. */
function settings(text: string): BuildSetting[] {
  return text
    .split(' ')
    .filter(word => word !== '')
    .map(word => ({key: word.split('=')[0] ?? '', value: word.slice(word.indexOf('=') + 1)}))
}

function binary(more: Partial<Inspected>): Inspected {
  const none = {stamp: {kind: 'none'}, buildId: {kind: 'none'}} as const
  return {
    kind: 'go',
    format: 'ELF',
    bits: 64,
    goVersion: 'go1.26.8',
    deps: [],
    settings: [],
    ...none,
    ...more,
  }
}

const module = (more: Partial<Module>): Module => ({path: 'a', version: 'v1.0.0', sum: 'h1:x=', ...more})
const modified = 'vcs=git vcs.revision=abc vcs.time=t vcs.modified=true'

const remarks: [name: string, more: Partial<Inspected>, remarks: RegExp[]][] = [
  ['a release with a version', {main: module({}), deps: [module({})]}, []],
  ['a release candidate', {goVersion: 'go1.27rc1'}, []],
  ['a release with an experiment', {goVersion: 'go1.26.8 X:jsonv2'}, []],
  ['a development version', {goVersion: 'devel go1.28-0123abcd Tue'}, [/none that go\.dev released/]],
  ['one that a vendor made', {goVersion: 'go1.26.8 (Red Hat 1.26.8-1.el9)'}, [/none that go\.dev/]],
  ['a fork', {goVersion: 'go1.26.8-acme'}, [/none that go\.dev/]],
  ['work that is not committed', {settings: settings(modified)}, [/not committed/]],
  ['a commit', {main: module({version: '(devel)'}), settings: settings('vcs=git vcs.modified=false')}, []],
  ['neither version nor commit', {main: module({version: '(devel)'})}, [/nor a commit/]],
  ['a folder', {deps: [module({replace: {path: './x', version: '(devel)'}})]}, [/^1 module replaced/]],
  [
    'two modules of vendor/',
    {
      deps: [
        {path: 'a', version: 'v1'},
        {path: 'b', version: 'v1'},
      ],
    },
    [/^2 modules w/],
  ],
  ['a module in place of another', {deps: [module({replace: module({path: 'b'})})]}, []],
  ['race', {settings: settings('-race=true')}, [/for tests: -race$/]],
  ['cover and asan', {settings: settings('-asan=true -cover=true')}, [/-asan -cover$/]],
  ['a debugger', {settings: [{key: '-gcflags', value: 'all=-N -l'}]}, [/debugger/]],
  ['no debugger', {settings: [{key: '-gcflags', value: 'all=-Nope'}]}, []],
]

suite('inspect/settings', test => {
  test('sorts settings, and leaves out what nobody asked for', () => {
    const text = `-buildmode=exe -compiler=gc -tags=a,b -trimpath=true CGO_ENABLED=1 CGO_CFLAGS= CGO_LDFLAGS=-lx GOARCH=arm GOARM=7 GOOS=linux GOEXPERIMENT=x ${modified}`
    assert.equal(decodeSettings(settings(text)), {
      target: ['linux/arm', 'GOARM=7'],
      flags: settings('-tags=a,b -trimpath=true'),
      variables: settings('CGO_LDFLAGS=-lx GOEXPERIMENT=x'),
      cgo: 'on',
      vcs: {system: 'git', revision: 'abc', time: 't', isModified: true},
    })
    assert.equal(decodeSettings([]), {
      target: [],
      flags: [],
      variables: [],
      cgo: undefined,
      vcs: undefined,
    })
  })

  const hash = 'go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM='
  const gcflags: [value: string, left: string | undefined][] = [
    [`all=-env=ToolchainHash=${hash}`, undefined],
    [`-env=ToolchainHash=${hash}`, undefined],
    [`all=-N -env=ToolchainHash=${hash}`, 'all=-N'],
    [`all=-d=x -I ToolchainHash=${hash}`, 'all=-d=x'],
    ['all=-N', 'all=-N'],
  ]
  for (const [value, left] of gcflags) {
    test(`-gcflags=${value} without its stamp`, () => {
      const {flags} = decodeSettings([{key: '-gcflags', value}])
      assert.equal(flags, left === undefined ? [] : [{key: '-gcflags', value: left}])
    })
  }

  test('-trimpath hides what names folders', () => {
    const hidden = (text: string) => hiddenByTrimpath({settings: settings(text)})
    assert.is(hidden('-trimpath=true CGO_ENABLED=0'), '-ldflags')
    assert.match(hidden('-trimpath=true CGO_ENABLED=1') ?? '', 'CGO_CFLAGS')
    assert.is(hidden('-ldflags=-s'), undefined)
  })

  for (const [name, more, expected] of remarks) {
    test(`says of ${name} ${expected.length === 0 ? 'nothing' : 'that'}`, () => {
      const said = remarksOn(binary(more))
      assert.is(said.length, expected.length, said.join())
      for (const [index, pattern] of expected.entries()) assert.match(said[index] ?? '', pattern)
    })
  }
})
