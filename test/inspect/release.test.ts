import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import type {BuildSetting, Module} from '../../src/go/binary/build-info.ts'
import type {Inspected} from '../../src/inspect/inspect.ts'
import {type Release, readSums, whyNotReleased} from '../../src/inspect/release.ts'
import type {Setting} from '../../src/policy/policy.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {hashFrom} from '../support/hashes.ts'
import {writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const hash = hashFrom('go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=')
const other = hashFrom('go1.26.8.linux-amd64@h1:THKeCuuOK6mnQhbTbvvH9CKU3D4lwUERQax+yRXCVJk=')
const h1 = 'h1:ryxg4U63oaUYk7uOLTF37n43f4qgtGvqV4Ioit1BaEs='
const h2 = 'h1:ICeL3t2L30ljSPHHxDnR4fqVcBt/zR2zJAb9juavmQg='

const set = <T>(value: T): Setting<T> => ({value, origin: {kind: 'file', path: 'rc', line: 3}})
const denied = (...names: string[]) =>
  names.map(name => set({name: name.split('=')[0] ?? '', value: name.split('=')[1]}))

const module = (more: Partial<Module> = {}): Module => ({path: 'a', version: 'v1.0.0', sum: h1, ...more})
const settings = (...texts: string[]): BuildSetting[] =>
  texts.map(text => ({key: text.split('=')[0] ?? '', value: text.slice(text.indexOf('=') + 1)}))

const release: Release = {
  lock: 'gowarden.lock',
  toolchains: [hash],
  sums: {hashes: new Map([['a v1.0.0', h1]]), vendored: undefined, members: new Set()},
  flags: [],
}
const vendored = {hashes: undefined, vendored: new Set(['a v1.0.0']), members: new Set<string>()}

const clean = settings('vcs=git', 'vcs.modified=false')

type Row = [name: string, binary: Partial<Inspected>, more: Partial<Release>, reasons: RegExp[]]

const rows: Row[] = [
  ['all is as locked', {deps: [module()]}, {}, []],
  [
    'another toolchain',
    {},
    {toolchains: [other]},
    [/^built by go1\.26\.8\S+ZOmG\S+, which gowarden\.lock does not/],
  ],
  [
    'a module with another hash',
    {deps: [module({sum: h2})]},
    {},
    [/^a@v1\.0\.0 is h1:ICeL\S+, and go\.sum says h1:ryxg/],
  ],
  [
    'a module that go.sum does not name',
    {deps: [module({version: 'v1.1.0'})]},
    {},
    [/^a@v1\.1\.0 is not in go\.sum$/],
  ],
  [
    'a repository without go.sum',
    {deps: [module()]},
    {sums: {hashes: undefined, vendored: undefined, members: new Set()}},
    [/^a@v1\.0\.0 is not in go\.sum$/],
  ],
  ['what replaces a module counts', {deps: [module({path: 'x', replace: module()})]}, {}, []],
  [
    'what replaces a module, with another hash',
    {deps: [module({path: 'x', replace: module({sum: h2})})]},
    {},
    [/^a@v1\.0\.0 is/],
  ],
  [
    'a folder',
    {deps: [module({replace: {path: '../a', version: '(devel)'}})]},
    {},
    [/^a is replaced by the folder \.\.\/a/],
  ],
  ['no hash', {deps: [{path: 'a', version: 'v1.0.0'}]}, {}, [/has no hash in it, .*there is no vendor/]],
  ['no hash, and vendor/ names it', {deps: [{path: 'a', version: 'v1.0.0'}]}, {sums: vendored}, []],
  [
    'no hash, another version',
    {deps: [{path: 'a', version: 'v1.1.0'}]},
    {sums: vendored},
    [/does not name it/],
  ],
  [
    'a module of the workspace',
    {deps: [{path: 'lib', version: '(devel)'}]},
    {sums: {...vendored, members: new Set(['lib'])}},
    [],
  ],
  [
    'a folder of somebody',
    {deps: [{path: 'lib', version: '(devel)'}]},
    {},
    [/^lib was built from a folder that no go\.work/],
  ],
  ['nothing of a commit', {main: {path: 'm', version: '(devel)'}, settings: []}, {}, [/^nothing in it says/]],
  ['of a proxy, whole', {main: module({path: 'm'}), settings: []}, {}, []],
  ['a dirty work tree', {settings: settings('vcs=git', 'vcs.modified=true')}, {}, [/not committed/]],
  ['a dirty version', {main: {path: 'm', version: 'v1.0.0+dirty'}}, {}, [/not committed/]],
  ['a clean work tree', {settings: settings('vcs=git', 'vcs.modified=false')}, {}, []],
  [
    'a denied flag',
    {settings: settings('-race=true')},
    {flags: denied('race')},
    [/^built with -race, which policy denies \(rc:3\)$/],
  ],
  ['a denied value', {settings: settings('-tags=x')}, {flags: denied('tags=x')}, [/^built with -tags=x,/]],
  ['another value', {settings: settings('-tags=y')}, {flags: denied('tags=x')}, []],
  [
    'the stamp alone',
    {settings: settings(`-gcflags=all=-env=ToolchainHash=${hash}`)},
    {flags: denied('gcflags')},
    [],
  ],
  [
    'what go sets always',
    {settings: settings('-compiler=gc', '-buildmode=exe')},
    {flags: denied('compiler')},
    [],
  ],
  [
    'what -trimpath hides',
    {settings: settings('-trimpath=true')},
    {flags: denied('ldflags')},
    [/^-trimpath hides/],
  ],
  [
    'all that is wrong',
    {deps: [module({sum: h2})], settings: settings('vcs=git', 'vcs.modified=true')},
    {toolchains: [other]},
    [/^built by/, /^a@/, /not committed/],
  ],
]

suite('inspect/release', test => {
  for (const [name, more, own, reasons] of rows) {
    test(name, () => {
      const none = {stamp: {kind: 'none'}, buildId: {kind: 'none'}} as const
      const given = more.settings ?? clean
      const binary: Inspected = {
        ...{kind: 'go', format: 'ELF', bits: 64, goVersion: 'go1.26.8', deps: []},
        ...none,
        ...more,
        settings: given.length === 0 || given.some(({key}) => key === 'vcs') ? given : [...clean, ...given],
      }
      const said = whyNotReleased(binary, hash, {...release, ...own})
      assert.is(said.length, reasons.length, said.join('; '))
      for (const [index, reason] of reasons.entries()) assert.match(said[index] ?? '', reason)
    })
  }

  test('go.sum of a module and of those above it, go.work.sum and vendor/modules.txt', () =>
    withTemporary(folder => {
      const directory = join(folder, 'repository')
      writeFiles(directory, {
        '.git/HEAD': 'ref: refs/heads/main\n',
        '.git/objects/x': '',
        '.git/refs/x': '',
        'go.work.sum': `w v1.0.0 ${h2}\n`,
        'go.sum': `a v1.0.0 ${h1}\na v1.0.0/go.mod ${h2}\n`,
        'go.work': 'go 1.26\n\nuse ./sub // one\nuse (\n\t"./lib"\n\t../outside\n\t./gone\n)\n',
        'lib/go.mod': '// a comment\nmodule "example.com/lib"\n\ngo 1.26\n',
        'sub/go.mod': 'module example.com/sub\n',
        '../outside/go.mod': 'module example.com/outside\n',
        'sub/go.sum': `b v1.0.0 ${h2}\n`,
        'sub/vendor/modules.txt': '# c v1.2.3\n## explicit\nc\n# d v1.0.0 => e v1.1.0\nd\n',
      })
      mkdirSync(join(directory, 'sub/cmd'))
      const {hashes, vendored: held, members} = readSums(nodeSystem(), join(directory, 'sub/cmd'))
      assert.equal([...(hashes ?? [])].sort(), [
        ['a v1.0.0', h1],
        ['a v1.0.0/go.mod', h2],
        ['b v1.0.0', h2],
        ['w v1.0.0', h2],
      ])
      assert.equal([...members].sort(), ['example.com/lib', 'example.com/sub'])
      assert.equal([...(held ?? [])], ['c v1.2.3', 'd v1.0.0'])
    }))
})
