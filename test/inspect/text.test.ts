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
    {key: '-gcflags', value: `all=-N -env=ToolchainHash=${hash}`},
    {key: 'CGO_CFLAGS', value: ''},
    {key: 'GOOS', value: 'linux'},
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
  go         go1.26.8
  toolchain  not stamped (built without -gcflags, which would name a ToolchainHash)
  format     ELF 64-bit amd64, stripped
  libc       glibc 2.34 or newer
  needs      libc.so.6  GLIBC_2.34  GLIBC_2.2.5
  loader     /lib64/ld.so
  build      -trimpath=true
             not recorded, because of -trimpath: -ldflags, CGO_CFLAGS and the other flags of cgo
  build ID   none
`,
    )
  })

  test('prints a block for each binary', () => {
    const files: Inspection[] = [
      full,
      {file: 'lib.so', ...plain},
      {file: 'x', kind: 'not-go', reason: 'it is a script'},
    ]
    assert.is(
      toText(files),
      `\
bin/app
  go         go1.26.8
  toolchain  ${hash}
  format     ELF 64-bit amd64
  path       example.com/app
  mod        example.com/app  (devel)
  dep        example.com/one  v1.2.3  h1:one=
  dep        example.com/two  v0.1.0
  =>         ../two  (devel)
  build      -gcflags="all=-N -env=ToolchainHash=${hash}"
  build      CGO_CFLAGS=
  build      GOOS=linux
  build ID   actionID(bin)      Gs678qCi4XsaUGt_Y57L
             actionID(main.a)   fI9ZtgIRR4KaAIhlAcYT
             contentID(main.a)  MhI59Oq6GsiTh9uvaJXX
             contentID(bin)     4Fc9twfNtL8rhuvdq8hy

lib.so
  go         go1.26.8
  toolchain  not stamped (it records no build settings, as Go before 1.18 did)
  format     ELF 64-bit amd64
  build ID   none

x
  not a Go binary: it is a script
`,
    )
  })

  const lines: [name: string, change: Partial<Inspected>, line: string][] = [
    [
      'other -gcflags',
      {settings: [{key: '-gcflags', value: '-N'}]},
      '  toolchain  not stamped (its -gcflags name no ToolchainHash)',
    ],
    [
      'no -gcflags',
      {settings: [{key: 'GOOS', value: 'linux'}]},
      '  toolchain  not stamped (built without -gcflags, which would name a ToolchainHash)',
    ],
    [
      'a malformed stamp',
      {stamp: {kind: 'malformed', text: 'mine'}},
      '  toolchain  not stamped (its ToolchainHash is malformed: mine)',
    ],
    [
      'an empty stamp',
      {stamp: {kind: 'malformed', text: ''}},
      '  toolchain  not stamped (its ToolchainHash is malformed: empty)',
    ],
    [
      'several stamps',
      {stamp: {kind: 'conflicting', texts: [hash, other]}},
      `  toolchain  not stamped (it carries several ToolchainHashes, of which at most one is true)
             ${hash}
             ${other}`,
    ],
    [
      'a stamp of another version',
      {
        goVersion: 'go1.26.9',
        stamp: {kind: 'stamped', hash, version: 'go1.26.8', os: 'linux', arch: 'amd64', h1},
      },
      `  toolchain  ${hash}
             but the stamp names go1.26.8, the binary go1.26.9`,
    ],
    [
      'a build ID of an archive',
      {buildId: {kind: 'archive', actionId: 'aaa', contentId: 'bbb'}},
      '  build ID   actionID   aaa\n             contentID  bbb',
    ],
    ['a build ID of its own', {buildId: {kind: 'other', text: 'redacted'}}, '  build ID   redacted'],
    [
      'a value that would colour the terminal',
      {settings: [{key: '-tags', value: '\x1b[31m\u202ered"\n'}]},
      '  build      -tags="\\x1b[31m\\u{202e}red\\"\\x0a"',
    ],
    ['a machine Go does not know', {format: 'PE', bits: 32, arch: 'm68k'}, '  format     PE 32-bit m68k'],
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
