import * as assert from 'uvu/assert'
import {
  type BuildInfo,
  findBlob,
  isSameVersion,
  type Memory,
  parseModuleText,
  readBlob,
  type Stamp,
  stampOf,
} from '../../../src/go/binary/build-info.ts'
import {h1From, hashFrom} from '../../support/hashes.ts'
import {suite} from '../../support/suite.ts'

const moduleText = 'path\texample.com/app\nmod\texample.com/app\t(devel)\t\n'
const framed = Buffer.concat([Buffer.alloc(16, 0x30), Buffer.from(moduleText), Buffer.alloc(16, 0xf9)])
const parsed: BuildInfo = {
  goVersion: 'go1.26.8',
  path: 'example.com/app',
  main: {path: 'example.com/app', version: '(devel)'},
  deps: [],
  settings: [],
}

suite('build info blob', test => {
  test('with its strings inline', () => {
    const blob = Buffer.concat([header(8, 2), varint('go1.26.8'), varint(framed)])
    assert.equal(readBlob(memoryAt(0x5000n, blob), 0x5000n), parsed)
  })

  for (const [pointerSize, isBigEndian] of [
    [8, false],
    [8, true],
    [4, false],
    [4, true],
  ] as const) {
    test(`with pointers of ${pointerSize} bytes, ${isBigEndian ? 'big' : 'little'} endian`, () => {
      const bytes = pointerForm(pointerSize, isBigEndian, 0x5000)
      assert.equal(readBlob(memoryAt(0x5000n, bytes), 0x5000n), parsed)
    })
  }

  test('without modules', () => {
    const blob = Buffer.concat([header(8, 2), varint('go1.26.8'), varint('')])
    assert.equal(readBlob(memoryAt(0n, blob), 0n), {goVersion: 'go1.26.8', deps: [], settings: []})
  })

  test('whose module text is not framed says no more than its Go version', () => {
    const blob = Buffer.concat([header(8, 2), varint('go1.26.8'), varint(moduleText)])
    assert.equal(readBlob(memoryAt(0n, blob), 0n), {goVersion: 'go1.26.8', deps: [], settings: []})
  })

  const whole = Buffer.concat([header(8, 2), varint('go1.26.8'), varint(framed)])
  const broken: [name: string, bytes: Buffer, reason: RegExp][] = [
    ['is shorter than its header', whole.subarray(0, 31), /cut off/],
    ['ends in its Go version', whole.subarray(0, 36), /cut off/],
    ['ends in its module text', whole.subarray(0, whole.length - 1), /cut off/],
    ['ends in a length', Buffer.concat([header(8, 2), Buffer.alloc(10, 0x80)]), /cut off/],
    [
      'has an absurd length',
      Buffer.concat([header(8, 2), Buffer.alloc(9, 0xff), Buffer.alloc(99, 1)]),
      /cut off/,
    ],
    ['names no Go version', Buffer.concat([header(8, 2), varint(''), varint(framed)]), /no Go version/],
    ['has pointers of 3 bytes', header(3, 0), /pointers of 3 bytes/],
    [
      'has a pointer to nowhere',
      Buffer.concat([header(8, 0).subarray(0, 16), Buffer.alloc(16, 0xee)]),
      /nowhere/,
    ],
    ['does not begin with the magic', Buffer.alloc(64), /cut off/],
  ]
  for (const [name, bytes, reason] of broken) {
    test(`that ${name} is corrupt`, () => {
      const answer = readBlob(memoryAt(0n, bytes), 0n)
      assert.is('kind' in answer && answer.kind, 'corrupt')
      assert.match('kind' in answer ? answer.reason : '', reason)
    })
  }

  test('whose pointers the loader fills in is not supported', () => {
    const answer = readBlob(memoryAt(0n, Buffer.concat([header(8, 0), Buffer.alloc(99)])), 0n)
    assert.is('kind' in answer && answer.kind, 'unsupported')
  })

  test('is found at aligned places only', () => {
    const bytes = Buffer.concat([Buffer.alloc(7), header(8, 2), Buffer.alloc(25), header(8, 2)])
    assert.is(findBlob(bytes), 64)
    assert.is(findBlob(bytes.subarray(0, 64)), undefined)
  })
})

suite('module text', test => {
  test('with replacements, settings and words of the future', () => {
    const text = [
      'path\texample.com/app',
      'mod\texample.com/app\tv1.0.0\th1:main=',
      'dep\texample.com/one\tv1.2.3\th1:one=',
      'dep\texample.com/two\tv0.0.0',
      '=>\t../two\t(devel)\t',
      '',
      'dep\texample.com/three\tv3.0.0\t',
      '=>\texample.com/fork\tv3.0.1\th1:fork=',
      'later\tmore\tof\tit',
      'build\t-buildmode=exe',
      'build\t-ldflags="-X main.x=\\"y\\""',
      'build\t-tags=`a b`',
      'build\tCGO_CFLAGS=',
      'build\tvcs.time=2026-01-01T00:00:00Z',
      'build\tA=b=c',
      'build\t"odd key"=1',
      '',
    ].join('\n')
    assert.equal(parseModuleText('go1.26.8', text), {
      goVersion: 'go1.26.8',
      path: 'example.com/app',
      main: {path: 'example.com/app', version: 'v1.0.0', sum: 'h1:main='},
      deps: [
        {path: 'example.com/one', version: 'v1.2.3', sum: 'h1:one='},
        {path: 'example.com/two', version: 'v0.0.0', replace: {path: '../two', version: '(devel)'}},
        {
          path: 'example.com/three',
          version: 'v3.0.0',
          replace: {path: 'example.com/fork', version: 'v3.0.1', sum: 'h1:fork='},
        },
      ],
      settings: [
        {key: '-buildmode', value: 'exe'},
        {key: '-ldflags', value: '-X main.x="y"'},
        {key: '-tags', value: 'a b'},
        {key: 'CGO_CFLAGS', value: ''},
        {key: 'vcs.time', value: '2026-01-01T00:00:00Z'},
        {key: 'A', value: 'b=c'},
        {key: 'odd key', value: '1'},
      ],
    })
  })

  const broken: [line: string, reason: string][] = [
    ['mod\texample.com/app', 'a module has 2 or 3 columns'],
    ['dep\ta\tb\tc\td', 'a module has 2 or 3 columns'],
    ['=>\t../two\t(devel)\t', 'a replacement follows no module'],
    ['=>\t../two\t(devel)', 'a replacement has 3 columns'],
    ['build\t', 'a setting is not key=value'],
    ['build\tGOOS', 'a setting is not key=value'],
    ['build\t=linux', 'a setting is not key=value'],
    ['build\todd key=1', 'a setting is not key=value'],
    ['build\t"odd key"', 'a setting is not key=value'],
    ['build\t"odd key"x=1', 'a setting is not key=value'],
    ['build\tA=b c', 'a setting is not key=value'],
    ['build\tA="b', 'a setting is not key=value'],
    ['build\tA="b"c', 'a setting is not key=value'],
  ]
  for (const [line, reason] of broken) {
    test(`is corrupt with the line ${JSON.stringify(line)}`, () => {
      const answer = parseModuleText('go1.26.8', `path\tx\n${line}\n`)
      assert.equal(answer, {kind: 'corrupt', reason: `line 2 of its build info: ${reason}`})
    })
  }

  test('ends with its last whole line, as for Go', () => {
    assert.equal(parseModuleText('go1.26.8', 'path\tx\nmod\ty'), {
      goVersion: 'go1.26.8',
      path: 'x',
      deps: [],
      settings: [],
    })
  })
})

const h1 = h1From('h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=')
const hash = hashFrom(`go1.26.8.linux-amd64@${h1}`)
const other = 'go1.21.13.linux-amd64@h1:THKeCuuOK6mnQhbTbvvH9CKU3D4lwUERQax+yRXCVJk='
const stamped: Stamp = {kind: 'stamped', hash, version: 'go1.26.8', os: 'linux', arch: 'amd64', h1}

suite('stamp', test => {
  const rows: [gcflags: string, stamp: Stamp | undefined][] = [
    [`all=-env=ToolchainHash=${hash}`, stamped],
    [`all=-I=ToolchainHash=${hash}`, stamped],
    [`-env=ToolchainHash=${hash}`, stamped],
    [`-N -l -env=ToolchainHash=${hash}`, stamped],
    [`all=-N -l -env=ToolchainHash=${hash}`, stamped],
    [`./...= -env=ToolchainHash=${hash}  -N`, stamped],
    [`all='-env=ToolchainHash=${hash}' "-l"`, stamped],
    [`all=-env=ToolchainHash=${hash} -I=ToolchainHash=${hash}`, stamped],
    ['', undefined],
    ['all=-N -l', undefined],
    [`all=-N -x-env=ToolchainHash=${hash}`, undefined],
    [`all=-env=NotToolchainHash=${hash}`, undefined],
    [`all=-D=-env=ToolchainHash=${hash}`, undefined],
    [`all=-N ToolchainHash=${hash}`, undefined],
    [`all=-N=all=-env=ToolchainHash=${hash}`, undefined],
    [`all='-N -env=ToolchainHash=${hash}'`, undefined],
    [`all='-env=ToolchainHash=${hash}`, undefined],
    [`'all=-env=ToolchainHash=${hash}'`, undefined],
    [`=-env=ToolchainHash=${hash}`, undefined],
    [`-N all=-env=ToolchainHash=${hash}`, undefined],
    ['all=-env=ToolchainHash=', {kind: 'malformed', text: ''}],
    ['all=-env=ToolchainHash=go1.26.8', {kind: 'malformed', text: 'go1.26.8'}],
    [`all=-env=ToolchainHash=${h1}`, {kind: 'malformed', text: h1}],
    [
      'all=-env=ToolchainHash=go1.26.8.linux-amd64@h1:short=',
      {kind: 'malformed', text: 'go1.26.8.linux-amd64@h1:short='},
    ],
    [
      `all=-env=ToolchainHash=${hash} -env=ToolchainHash=${other}`,
      {kind: 'conflicting', texts: [hash, other]},
    ],
    [`all=-I=ToolchainHash=${other} -env=ToolchainHash=x`, {kind: 'conflicting', texts: [other, 'x']}],
  ]
  for (const [gcflags, stamp] of rows) {
    test(`in -gcflags=${gcflags}`, () => assert.equal(stampOf(withGcflags(gcflags)), stamp))
  }

  test('counts in the -gcflags setting only', () => {
    const settings = [{key: '-ldflags', value: `all=-env=ToolchainHash=${hash}`}]
    assert.is(stampOf({goVersion: 'go1.26.8', deps: [], settings}), undefined)
  })

  test('conflicts across two settings', () => {
    const first = withGcflags(`all=-env=ToolchainHash=${hash}`)
    const second = withGcflags(`all=-env=ToolchainHash=${other}`)
    const both = {...first, settings: [...first.settings, ...second.settings]}
    assert.equal(stampOf(both), {kind: 'conflicting', texts: [hash, other]})
  })

  const versions: [stampVersion: string, goVersion: string, isSame: boolean][] = [
    ['go1.26.8', 'go1.26.8', true],
    ['go1.26.8', 'go1.26.8-X:jsonv2', true],
    ['go1.24.4', 'go1.24.4 X:rangefunc', true],
    ['go1.26.8', 'go1.26.80', false],
    ['go1.26.8', 'go1.26.9', false],
  ]
  for (const [stampVersion, goVersion, isSame] of versions) {
    test(`for ${stampVersion} ${isSame ? 'fits' : 'does not fit'} ${goVersion}`, () =>
      assert.is(isSameVersion(stampVersion, goVersion), isSame))
  }
})

function withGcflags(value: string): BuildInfo {
  return {goVersion: 'go1.26.8', deps: [], settings: [{key: '-gcflags', value}]}
}

function memoryAt(base: bigint, bytes: Buffer): Memory {
  return {
    read(address, length) {
      const start = Number(address - base)
      return start < 0 || start >= bytes.length ? Buffer.alloc(0) : bytes.subarray(start, start + length)
    },
  }
}

/** The 32 bytes a blob begins with, without pointers. */
function header(pointerSize: number, flags: number): Buffer {
  const bytes = Buffer.alloc(32)
  bytes.write('\xff Go buildinf:', 'latin1')
  bytes.writeUInt8(pointerSize, 14)
  bytes.writeUInt8(flags, 15)
  return bytes
}

function varint(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text)
  const digits = []
  let rest = bytes.length
  while (rest >= 0x80) {
    digits.push((rest & 0x7f) | 0x80)
    rest >>= 7
  }
  return Buffer.concat([Buffer.from([...digits, rest]), bytes])
}

/** The form of Go 1.13 to 1.17: header, two string headers, then the strings. */
function pointerForm(pointerSize: 4 | 8, isBigEndian: boolean, base: number): Buffer {
  const version = Buffer.from('go1.26.8')
  const strings = 32 + 4 * pointerSize
  const words = [
    base + 32,
    base + 32 + 2 * pointerSize,
    base + strings,
    version.length,
    base + strings + version.length,
    framed.length,
  ].map(value => {
    const word = Buffer.alloc(pointerSize)
    if (isBigEndian) word.writeUIntBE(value, pointerSize - 4, 4)
    else word.writeUIntLE(value, 0, 4)
    return word
  })
  const start = header(pointerSize, isBigEndian ? 1 : 0).subarray(0, 16)
  const pointers = Buffer.alloc(16)
  Buffer.concat(words.slice(0, 2)).copy(pointers)
  return Buffer.concat([start, pointers, ...words.slice(2), version, framed])
}
