import * as assert from 'uvu/assert'
import type {StampText} from '../../src/go/module/toolchain-module.ts'
import type {Inspected, Inspection} from '../../src/inspect/inspect.ts'
import {toJson, toText} from '../../src/inspect/text.ts'
import {h1From, hashFrom} from '../support/hashes.ts'
import {suite} from '../support/suite.ts'

const h1 = h1From('h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=')
const hash = hashFrom(`go1.26.8.linux-amd64@${h1}`)
const other = hashFrom('go1.26.8.linux-amd64@h1:THKeCuuOK6mnQhbTbvvH9CKU3D4lwUERQax+yRXCVJk=')

const plain: Inspected = {
  kind: 'go',
  format: 'ELF',
  bits: 64,
  arch: 'amd64',
  goVersion: 'go1.26.8',
  deps: [],
  settings: [],
  stamp: {kind: 'none'},
  buildId: {kind: 'none'},
}

const full: Inspection = {
  ...plain,
  file: 'bin/app',
  path: 'example.com/app',
  main: {path: 'example.com/app', version: '(devel)'},
  deps: [
    {path: 'example.com/one', version: 'v1.2.3', sum: 'h1:one='},
    {path: 'example.com/two', version: 'v0.1.0', replace: {path: '../two', version: '(devel)'}},
  ],
  settings: [
    {key: '-compiler', value: 'gc'},
    {key: '-gcflags', value: `all=-N -l -env=ToolchainHash=${hash}`},
    {key: '-ldflags', value: '-s -w'},
    {key: '-race', value: 'true'},
    {key: 'CGO_CFLAGS', value: '-O2'},
    {key: 'CGO_LDFLAGS', value: ''},
    {key: 'DefaultGODEBUG', value: 'a=1,b=1,c=1,d=1'},
    {key: 'GOARCH', value: 'amd64'},
    {key: 'GOOS', value: 'linux'},
    {key: 'GOAMD64', value: 'v1'},
    {key: 'vcs', value: 'git'},
    {key: 'vcs.revision', value: '0123abcd'},
    {key: 'vcs.time', value: '2026-01-02T03:04:05Z'},
    {key: 'vcs.modified', value: 'true'},
  ],
  stamp: {kind: 'stamped', hash, version: 'go1.26.8', os: 'linux', arch: 'amd64', h1},
  buildId: {
    kind: 'executable',
    binActionId: 'Gs678qCi4XsaUGt_Y57L',
    mainActionId: 'fI9ZtgIRR4KaAIhlAcYT',
    mainContentId: 'MhI59Oq6GsiTh9uvaJXX',
    binContentId: '4Fc9twfNtL8rhuvdq8hy',
  },
}

suite('inspect report', test => {
  test('says what a program needs of the system, and what is left out of it', () => {
    const needy: Inspection = {
      ...plain,
      file: 'x',
      symbols: 'none',
      dynamic: {
        loader: '/lib64/ld.so',
        libraries: [{name: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.2.5']}],
      },
      libc: {name: 'glibc', version: '2.34'},
      settings: [{key: '-trimpath', value: 'true'}],
    }
    assert.is(
      toText([needy]),
      `\
x
  go        go1.26.8
  toolchain not stamped (it has no -gcflags, which would name it)
  format    ELF 64-bit amd64, stripped
  libc      glibc 2.34 or newer
  needs     libc.so.6 GLIBC_2.34 GLIBC_2.2.5
  loader    /lib64/ld.so
  flags     -trimpath
  hidden    by -trimpath, if given: -ldflags
  build ID  none
`,
    )
  })

  const files: Inspection[] = [
    full,
    {file: 'lib.so', ...plain},
    {file: 'x', kind: 'not-go', reason: 'it is a script'},
  ]
  const others = `\
lib.so
  go        go1.26.8
  toolchain not stamped (it records no build settings, as before Go 1.18)
  format    ELF 64-bit amd64, static
  build ID  none

x
  not a Go binary: it is a script
`

  test('prints a block for each binary, decoded', () => {
    assert.is(
      toText(files),
      `\
bin/app
  go        go1.26.8 linux/amd64 GOAMD64=v1
  toolchain ${hash}
  format    ELF 64-bit, static
  path      example.com/app
  mod       example.com/app (devel)
  dep       example.com/one v1.2.3
            example.com/two v0.1.0 => ../two
  flags     -gcflags="all=-N -l"
            -ldflags="-s -w"
            -race
  env       CGO_CFLAGS=-O2
            DefaultGODEBUG: 4 settings, as the go line of its go.mod asks
  vcs       git 0123abcd 2026-01-02T03:04:05Z
  build ID  program  action Gs678qCi4XsaUGt_Y57L  content 4Fc9twfNtL8rhuvdq8hy
            main.a   action fI9ZtgIRR4KaAIhlAcYT  content MhI59Oq6GsiTh9uvaJXX
  note      files of its work tree were not committed (vcs.modified)
  note      1 module replaced by a folder, and nothing says what was in it
  note      built for tests: -race
  note      built for a debugger: -gcflags=-N

${others}`,
    )
    for (const line of toText([full]).split('\n')) assert.ok(line.length <= 80, line)
  })

  test('prints every line of go version -m with --all', () => {
    assert.match(
      toText(files, 'all'),
      `\
  path      example.com/app
  mod       example.com/app  (devel)
  dep       example.com/one  v1.2.3  h1:one=
  dep       example.com/two  v0.1.0
  =>        ../two  (devel)
  build     -compiler=gc
  build     -gcflags="all=-N -l -env=ToolchainHash=${hash}"
  build     -ldflags="-s -w"
  build     -race=true
  build     CGO_CFLAGS=-O2
`,
    )
  })

  test('of many modules, how many, and which are replaced', () => {
    const deps = Array.from({length: 30}, (_, index) => ({
      path: `m${index}`,
      version: 'v1.0.0',
      sum: 'h1:x=',
    }))
    const replaced = {path: 'n', version: 'v1.0.0', replace: {path: 'other', version: 'v2.0.0', sum: 'h1:x='}}
    assert.match(
      toText([{file: 'x', ...plain, deps: [...deps, replaced]}]),
      `\
  dep       31 modules: --modules lists them
            n v1.0.0 => other v2.0.0
  build ID`,
    )
  })

  const lines: [name: string, change: Partial<Inspected>, line: string][] = [
    [
      'other -gcflags',
      {settings: [{key: '-gcflags', value: '-N'}]},
      '  toolchain not stamped (its -gcflags name no ToolchainHash)',
    ],
    [
      'no -gcflags',
      {settings: [{key: 'GOOS', value: 'linux'}]},
      '  toolchain not stamped (it has no -gcflags, which would name it)',
    ],
    [
      'a malformed stamp',
      {stamp: {kind: 'malformed', text: 'mine'}},
      '  toolchain not stamped (its ToolchainHash is malformed: mine)',
    ],
    [
      'an empty stamp',
      {stamp: {kind: 'malformed', text: ''}},
      '  toolchain not stamped (its ToolchainHash is malformed: empty)',
    ],
    [
      'several stamps',
      {stamp: {kind: 'conflicting', texts: [hash, other]}},
      `  toolchain not stamped (several ToolchainHashes, of which at most one is true)
            ${hash}
            ${other}`,
    ],
    [
      'a stamp of another version',
      {
        goVersion: 'go1.26.9',
        stamp: {kind: 'stamped', hash, version: 'go1.26.8', os: 'linux', arch: 'amd64', h1},
      },
      `  toolchain ${hash}
            but the stamp names go1.26.8, the binary go1.26.9`,
    ],
    [
      'a build ID of an archive',
      {buildId: {kind: 'archive', actionId: 'aaa', contentId: 'bbb'}},
      '  build ID  action aaa  content bbb',
    ],
    ['a build ID of its own', {buildId: {kind: 'other', text: 'redacted'}}, '  build ID  redacted'],
    [
      'a value that would colour the terminal',
      {settings: [{key: '-tags', value: '\x1b[31m\u202ered"\n'}]},
      '  flags     -tags="\\x1b[31m\\u{202e}red\\"\\x0a"',
    ],
    ['a machine Go does not know', {format: 'PE', bits: 32, arch: 'm68k'}, '  format    PE 32-bit m68k'],
  ]
  for (const [name, change, line] of lines) {
    test(`prints ${name}`, () => {
      const text = toText([{file: 'app', ...plain, ...change}])
      assert.ok(text.includes(`\n${line}\n`), text)
    })
  }

  const failures: [inspection: Inspection, line: string][] = [
    [{file: 'x', kind: 'unsupported', reason: 'XCOFF'}, '  format not supported: XCOFF'],
    [{file: 'x', kind: 'corrupt', reason: 'it is cut off'}, '  damaged file: it is cut off'],
    [{file: 'x', kind: 'unreadable', reason: 'no such file'}, '  cannot be read: no such file'],
  ]
  for (const [inspection, line] of failures) {
    test(`prints ${inspection.kind}`, () => assert.is(toText([inspection]), `x\n${line}\n`))
  }

  const closing = 'these files were not built by the same toolchain: 2 different stamps\n'
  const stamp = (text: StampText): Inspection => ({
    file: 'app',
    ...plain,
    stamp: {kind: 'stamped', hash: text, version: 'go1.26.8', os: 'linux', arch: 'amd64', h1},
  })
  const groups: [name: string, files: Inspection[], isClosed: boolean][] = [
    ['one stamp', [stamp(hash)], false],
    ['one stamp twice and an unstamped file', [stamp(hash), stamp(hash), {file: 'x', ...plain}], false],
    ['two stamps', [stamp(hash), {file: 'x', ...plain}, stamp(other)], true],
    ['no files', [], false],
  ]
  for (const [name, files, isClosed] of groups) {
    test(`${isClosed ? 'says so' : 'has nothing to add'} at ${name}`, () => {
      assert.is(toText(files).endsWith(`\n\n${closing}`), isClosed)
      assert.is(toText(files).includes('same toolchain'), isClosed)
    })
  }

  test('tells the images of a universal file apart', () => {
    assert.match(toText([{...full, image: 'arm64'}]), /^bin\/app \(arm64 image\)\n/)
  })

  test('is JSON on request', () => {
    assert.equal(JSON.parse(toJson([full])), [full])
    assert.is(toJson([]), '[]\n')
  })
})
