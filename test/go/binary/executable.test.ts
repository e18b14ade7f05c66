import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {signatureState, signedAdHoc} from '../../../scripts/mach-o-signature.js'
import {splitBuildId} from '../../../src/go/binary/build-id.ts'
import {type BuildInfo, type Module, stampOf} from '../../../src/go/binary/build-info.ts'
import {type GoBinary, readBinary} from '../../../src/go/binary/executable.ts'
import type {RandomAccess} from '../../../src/go/binary/random-access.ts'
import {suite} from '../../support/suite.ts'
import {withTemporary} from '../../support/temporary.ts'

const hash = 'go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM='
const otherHash = 'go1.26.8.linux-amd64@h1:THKeCuuOK6mnQhbTbvvH9CKU3D4lwUERQax+yRXCVJk='
const stamp = `-gcflags=all=-env=ToolchainHash=${hash}`
const buildId = 'Gs678qCi4XsaUGt_Y57L/fI9ZtgIRR4KaAIhlAcYT/MhI59Oq6GsiTh9uvaJXX/4Fc9twfNtL8rhuvdq8hy'
const withBuildId = `-ldflags=-buildid=${buildId}`

/** One build for GOOS/GOARCH, and what go version -m does not print of it. */
type Row = {
  platform: string
  flags?: string[]
  facts: Pick<GoBinary, 'format' | 'bits' | 'arch'>
  isStamped?: boolean
}

const elf = {format: 'ELF', bits: 64, arch: 'amd64'} as const
const rows: Row[] = [
  {platform: 'linux/amd64', facts: elf},
  {platform: 'linux/amd64', flags: [`-ldflags=-s -w -buildid=${buildId}`], facts: elf},
  {platform: 'linux/amd64', flags: ['-trimpath'], facts: elf},
  {platform: 'linux/amd64', flags: ['-tags=one,two', `-ldflags=-X 'main.x="a\\b \u00e9'`], facts: elf},
  // of several -gcflags each package takes the last that matches it, and go version -m shows the last of all
  {platform: 'linux/amd64', flags: [`-gcflags=-N -I=ToolchainHash=${hash}`], facts: elf},
  {platform: 'linux/amd64', flags: ['-gcflags=-N'], facts: elf, isStamped: false},
  {platform: 'linux/arm', facts: {format: 'ELF', bits: 32, arch: 'arm'}},
  {platform: 'linux/mips', facts: {format: 'ELF', bits: 32, arch: 'mips'}},
  {platform: 'darwin/arm64', facts: {format: 'Mach-O', bits: 64, arch: 'arm64'}},
  {platform: 'windows/amd64', facts: {format: 'PE', bits: 64, arch: 'amd64'}},
  {platform: 'windows/386', facts: {format: 'PE', bits: 32, arch: '386'}},
]

suite('binary, compared with go', test => {
  test.unless(lackOfJson(), 'says what go version -m says', () =>
    withProgram(program => {
      for (const row of rows) compare(program, row)
    }),
  )

  test.unless(lackOfJson() ?? lackOfLinkerForC(), 'says the same of a C shared library', () =>
    withProgram(program => {
      compare(
        program,
        {platform: 'linux/amd64', flags: ['-buildmode=c-shared', withBuildId], facts: elf},
        {CGO_ENABLED: '1'},
      )
    }),
  )

  test("scripts/mach-o-signature.js signs as Go's linker does", () =>
    withProgram(program => {
      const bytes = readFileSync(build(program, 'darwin/arm64'))
      assert.is(signatureState(bytes), 'signed')
      assert.ok(signedAdHoc(bytes).equals(bytes))
      const changed = Buffer.from(bytes).fill(1, 0x5000, 0x5001)
      assert.is(signatureState(changed), 'broken')
      const again = signedAdHoc(changed)
      assert.equal([signatureState(again), again.length], ['signed', bytes.length])
      const shorter = Buffer.from(bytes.subarray(0, bytes.length - 64))
      assert.is(signatureState(shorter), 'broken')
      assert.throws(() => signatureState(readFileSync(build(program, 'linux/amd64'))), /not a 64-bit Mach-O/)
    }))

  test('reads WebAssembly, of which go version reads nothing', () =>
    withProgram(program => {
      for (const platform of ['js/wasm', 'wasip1/wasm']) {
        const bytes = readFileSync(build(program, platform))
        const binary = readBinary(inMemory(bytes))
        assert.is(binary.kind, 'go')
        if (binary.kind !== 'go') return
        const {buildInfo, format, arch} = binary
        const found = stampOf(buildInfo)
        assert.equal(
          [
            format,
            arch,
            buildInfo.goVersion,
            buildInfo.path,
            binary.buildId,
            found?.kind === 'stamped' && found.hash,
          ],
          ['WebAssembly', 'wasm', goEnv('GOVERSION'), 'example.com/app', buildId, hash],
        )
        assert.equal(buildInfo.deps.length, 1)
        assert.is(buildInfo.settings.find(({key}) => key === 'GOOS')?.value, platform.split('/')[0])
        damage(platform, bytes, 200)
      }
    }))

  const noReadelf = spawnSync('readelf', ['--version']).status === 0 ? undefined : 'no readelf'
  test.unless(lackOfLinkerForC() ?? noReadelf, 'what a cgo program needs is what readelf says', () =>
    withProgram(program => {
      writeFileSync(
        join(program.directory, 'app/main.go'),
        'package main\n\n// #include <stdlib.h>\nimport "C"\n\nfunc main() { println(C.rand()) }\n',
      )
      const file = build(program, 'linux/amd64', ['-mod=mod'], {CGO_ENABLED: '1'})
      const binary = readBinary(inMemory(readFileSync(file)))
      const needs = binary.kind === 'go' ? binary.dynamic : undefined
      const said = spawnSync('readelf', ['-W', '-d', '-V', '-l', file], {encoding: 'utf8'}).stdout
      const named = (pattern: RegExp) => [...said.matchAll(pattern)].map(([, name]) => name).sort()
      assert.equal(needs?.libraries.map(({name}) => name).sort(), named(/Shared library: \[([^\]]+)\]/g))
      assert.equal(needs?.libraries.flatMap(({versions}) => versions).sort(), named(/Name: (\S+) +Flags/g))
      assert.equal([needs?.loader], named(/program interpreter: ([^\]]+)\]/g))
      assert.ok((needs?.libraries.length ?? 0) > 0)
      damage('cgo', readFileSync(file), 500)
    }),
  )

  const old = join(goEnv('GOROOT'), 'src/debug/buildinfo/testdata/go117/go117.base64')
  test.unless(existsSync(old) ? undefined : 'no test data in GOROOT', 'reads a binary of Go 1.17', () => {
    const binary = readBinary(inMemory(Buffer.from(readFileSync(old, 'latin1'), 'base64')))
    assert.is(binary.kind === 'go' && binary.buildInfo.goVersion, 'go1.17')
    assert.is(binary.kind === 'go' && binary.buildInfo.main?.path, 'example.com/go117')
  })
})

suite('binary', test => {
  const answers: [name: string, bytes: string | Buffer, kind: string, reason: RegExp][] = [
    ['an empty file', '', 'not-go', /empty/],
    ['one byte', 'M', 'not-go', /not an ELF/],
    ['a script', '#!/bin/sh\nexec go "$@"\n', 'not-go', /script/],
    ['text', 'a text that is long enough\n', 'not-go', /not an ELF/],
    ['an empty WebAssembly module', '\0asm\x01\0\0\0', 'not-go', /no build info/],
    ['a packed program', `\x7fELF\x02\x01\x01${'\0'.repeat(120)}UPX!${'\0'.repeat(99)}`, 'hidden', /UPX/],
    ['an archive', '!<arch>\n__.PKGDEF       0', 'unsupported', /archive/],
    ['XCOFF', '\x01\xf7\0\0\0\0\0\0', 'unsupported', /XCOFF/],
    ['Plan 9', '\0\0\x8a\x97\0\0\0\0', 'unsupported', /Plan 9/],
    ['a Java class', '\xca\xfe\xba\xbe\0\0\0\x41', 'not-go', /Java/],
    ['a universal header without images', '\xca\xfe\xba\xbe\0\0\0\0', 'corrupt', /universal/],
    ['a universal header alone', '\xca\xfe\xba\xbe\0\0\0\x02', 'corrupt', /universal/],
    [
      'a 64 bit universal header with absurdly many images',
      '\xca\xfe\xba\xbf\xff\xff\xff\xff',
      'corrupt',
      /universal/,
    ],
    ['an ELF magic alone', '\x7fELF', 'corrupt', /ELF header/],
    ['an ELF header cut off', '\x7fELF\x02\x01\x01', 'corrupt', /cut off/],
    ['an ELF class of its own', '\x7fELF\x03\x01\x01', 'corrupt', /damaged/],
    ['a Mach-O magic alone', '\xcf\xfa\xed\xfe', 'corrupt', /Mach-O header/],
    ['an MZ alone', 'MZ', 'corrupt', /PE header/],
    ['a DOS program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]), 'not-go', /DOS/],
  ]
  for (const [name, bytes, kind, reason] of answers) {
    test(`answers for ${name}`, () => {
      const answer = readBinary(inMemory(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes))
      assert.is(answer.kind, kind)
      assert.match('reason' in answer ? answer.reason : '', reason)
    })
  }

  test('survives damage of every kind, reads little, and finds what is left', () =>
    withProgram(program => {
      const linux = readFileSync(build(program, 'linux/amd64'))
      const darwin = readFileSync(build(program, 'darwin/arm64'))
      const windows = readFileSync(build(program, 'windows/386'))

      readsLittle(linux)
      finds('without section headers', withoutSections(linux))
      finds('with the flags of an object file', withAlignment(windows))
      finds('with a decoy before the blob', withDecoy(linux))
      isCorrupt('without its second half', linux.subarray(0, linux.length / 2))
      isCorrupt('cut within its data', darwin.subarray(0, blobStart(darwin) + 40))
      isCorrupt('without its first segment', linux.subarray(0, 4096))

      readsUniversal(darwin, restamped(darwin), 0xcafebabe)
      readsUniversal(darwin, restamped(darwin), 0xcafebabf)
      isCorrupt('universal, cut off', universal([darwin, darwin], 0xcafebabe).subarray(0, darwin.length))

      const both = universal([darwin.subarray(0, 0x8000), darwin], 0xcafebabe)
      for (const [name, bytes] of Object.entries({linux, darwin, windows, both})) damage(name, bytes, 1500)
    }))
})

function readsLittle(bytes: Buffer): void {
  let total = 0
  const {size, read} = inMemory(bytes)
  readBinary({
    size,
    read: (offset, length) => {
      total += length
      return read(offset, length)
    },
  })
  assert.ok(total < 64 * 1024, `${total} bytes read`)
}

function finds(name: string, bytes: Buffer): void {
  const binary = readBinary(inMemory(bytes))
  assert.is(binary.kind === 'go' && binary.buildInfo.main?.path, 'example.com/app', name)
}

function isCorrupt(name: string, bytes: Buffer): void {
  assert.is(readBinary(inMemory(bytes)).kind, 'corrupt', name)
}

/** As sstrip leaves a file: the program headers are all there is. */
function withoutSections(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeBigUInt64LE(0n, 40)
  copy.writeUInt32LE(0, 60)
  return copy
}

/** Some linkers leave an object file's alignment in the flags of .data. */
function withAlignment(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const flags = copy.indexOf('.data\0\0\0') + 36
  copy.writeUInt32LE((copy.readUInt32LE(flags) | 0x600000) >>> 0, flags)
  return copy
}

/** The same text at a misaligned place further up, as in a program that looks for it. */
function withDecoy(bytes: Buffer): Buffer {
  const copy = withoutSections(bytes)
  const writable = programHeaders(copy).find(
    at => copy.readUInt32LE(at) === 1 && copy.readUInt32LE(at + 4) === 6,
  )
  assert.ok(writable)
  const start = Number(copy.readBigUInt64LE(writable + 8))
  const blob = blobStart(copy)
  assert.ok(start <= blob)
  const moved = Buffer.concat([copy.subarray(0, blob), Buffer.alloc(64), copy.subarray(blob)])
  copy.copy(moved, blob + 7, blob, blob + 14)
  for (const field of [32, 40]) {
    moved.writeBigUInt64LE(moved.readBigUInt64LE(writable + field) + 64n, writable + field)
  }
  return moved
}

function programHeaders(bytes: Buffer): number[] {
  return Array.from(
    {length: bytes.readUInt16LE(56)},
    (_, index) => Number(bytes.readBigUInt64LE(32)) + index * 56,
  )
}

function blobStart(bytes: Buffer): number {
  let at = bytes.indexOf('\xff Go buildinf:', 0, 'latin1')
  while (at % 16 !== 0) at = bytes.indexOf('\xff Go buildinf:', at + 1, 'latin1')
  return at
}

/** The same binary with another stamp of the same length. */
function restamped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let at = copy.indexOf(hash); at >= 0; at = copy.indexOf(hash)) copy.write(otherHash, at)
  return copy
}

function readsUniversal(first: Buffer, second: Buffer, magic: number): void {
  const binary = readBinary(inMemory(universal([first, second], magic)))
  assert.is(binary.kind, 'fat')
  if (binary.kind !== 'fat') return
  assert.equal(
    binary.images.map(image => image.arch),
    ['arm64', 'amd64'],
  )
  const hashes = binary.images.map(({binary: image}) => {
    const found = image.kind === 'go' ? stampOf(image.buildInfo) : undefined
    return found?.kind === 'stamped' ? found.hash : found
  })
  assert.equal(hashes, [hash, otherHash])
}

/** What lipo -create writes, in its 32 bit or 64 bit form. */
function universal(images: Buffer[], magic: number): Buffer {
  const isWide = magic === 0xcafebabf
  const header = Buffer.alloc(16384)
  header.writeUInt32BE(magic, 0)
  header.writeUInt32BE(images.length, 4)
  let offset = header.length
  for (const [index, image] of images.entries()) {
    const at = 8 + index * (isWide ? 32 : 20)
    header.writeUInt32BE(index === 0 ? 0x100000c : 0x1000007, at)
    if (isWide) {
      header.writeBigUInt64BE(BigInt(offset), at + 8)
      header.writeBigUInt64BE(BigInt(image.length), at + 16)
    } else {
      header.writeUInt32BE(offset, at + 8)
      header.writeUInt32BE(image.length, at + 12)
    }
    offset += image.length
  }
  return Buffer.concat([header, ...images])
}

/** Random changes where headers, tables and the blob are, some with the end cut off; the seed is fixed. */
function damage(name: string, original: Buffer, rounds: number): void {
  const random = randomNumbers(0x60a4de)
  const bytes = Buffer.from(original)
  const blob = isWasm(bytes) ? 0 : blobStart(bytes)
  const areas = [
    {start: 0, length: 64},
    {start: 0, length: 1024},
    {start: blob, length: 64},
    {start: blob, length: 1024},
    {start: Math.max(0, bytes.length - 4096), length: 4096},
    {start: 0, length: bytes.length},
  ]
  if (bytes.subarray(0, 4).toString('latin1') === '\x7fELF') {
    areas.push({start: Number(bytes.readBigUInt64LE(40)), length: 1600})
  }
  let read = 0
  for (let round = 0; round < rounds; round++) {
    const undo: [at: number, byte: number][] = []
    const area = areas[random(areas.length)]
    assert.ok(area)
    for (let count = random(6); count >= 0; count--) {
      const at = Math.min(area.start + random(area.length), bytes.length - 1)
      undo.push([at, bytes.readUInt8(at)])
      bytes.writeUInt8([0, 1, 0x7f, 0xff, random(256)][random(5)] ?? 0, at)
    }
    const cut = random(3) > 0 ? bytes : bytes.subarray(0, random(random(2) > 0 ? bytes.length : 2048))
    const file = inMemory(cut)
    let reads = 0
    const answer = readBinary({
      size: file.size,
      read: (offset, length) => {
        reads++
        read += length
        return file.read(offset, length)
      },
    })
    assert.ok(['go', 'fat', 'not-go', 'unsupported', 'corrupt'].includes(answer.kind), name)
    assert.ok(reads < (isWasm(bytes) ? 2000 : 100), `${name}: ${reads} reads in round ${round}`)
    for (const [at, byte] of undo.reverse()) bytes.writeUInt8(byte, at)
  }
  assert.ok(bytes.equals(original))
  assert.ok(read / rounds < bytes.length, `${name}: ${read} bytes read`)
}

function isWasm(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).toString('latin1') === '\0asm'
}

/** Marsaglia's xorshift: the same numbers below `limit` for the same seed. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed
  return limit => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
}

function inMemory(bytes: Buffer): RandomAccess {
  return {
    size: bytes.length,
    read(offset, length) {
      assert.ok(offset >= 0 && length >= 0, `read(${offset}, ${length})`)
      return bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length))
    },
  }
}

function compare(program: Program, row: Row, env: Record<string, string> = {}): void {
  const {platform, flags = [], facts, isStamped = true} = row
  const name = [platform, ...flags].join(' ')
  const file = build(program, platform, flags, env)
  const binary = readBinary(inMemory(readFileSync(file)))
  assert.is(binary.kind, 'go', `${name}: ${'reason' in binary ? binary.reason : ''}`)
  if (binary.kind !== 'go') return
  assert.equal({format: binary.format, bits: binary.bits, arch: binary.arch}, facts, name)
  assert.equal(asGoPrints(binary.buildInfo), JSON.parse(go(program, ['version', '-m', '-json', file])), name)
  if (flags.some(flag => flag.startsWith('-ldflags') && !flag.includes('-buildid'))) {
    assert.is(splitBuildId(binary.buildId ?? '').kind, 'executable', name)
  } else {
    assert.is(binary.buildId, buildId, name)
  }
  const found = stampOf(binary.buildInfo)
  assert.is(found?.kind === 'stamped' && found.hash, isStamped && hash, name)
}

/** The shape of go version -m -json: debug.BuildInfo with what is empty left out. */
function asGoPrints({goVersion, path, main, deps, settings}: BuildInfo): unknown {
  return {
    GoVersion: goVersion,
    Path: path,
    Main: main === undefined ? {} : module(main),
    Deps: deps.map(module),
    Settings: settings.map(({key, value}) => ({Key: key, ...(value === '' ? {} : {Value: value})})),
  }
}

function module({path, version, sum, replace}: Module): unknown {
  return {
    Path: path,
    Version: version,
    ...(sum === undefined ? {} : {Sum: sum}),
    ...(replace === undefined ? {} : {Replace: module(replace)}),
  }
}

type Program = {directory: string; env: Record<string, string | undefined>}

/** A main package whose only dependency is replaced by a local directory. */
function withProgram<T>(body: (program: Program) => T): Promise<T> {
  return withTemporary(directory => {
    const write = (path: string, lines: string[]) =>
      writeFileSync(join(directory, path), lines.join('\n') + '\n')
    mkdirSync(join(directory, 'app'))
    mkdirSync(join(directory, 'lib'))
    write('app/go.mod', [
      'module example.com/app',
      'go 1.20',
      'require example.com/lib v1.2.3',
      'replace example.com/lib => ../lib',
    ])
    write('app/main.go', [
      'package main',
      'import "example.com/lib"',
      'var x = "x"',
      'func main() { println(x, lib.Name) }',
    ])
    write('lib/go.mod', ['module example.com/lib', 'go 1.20'])
    write('lib/lib.go', ['package lib', 'const Name = "lib"'])
    const env = {
      PATH: process.env['PATH'],
      HOME: directory,
      GOCACHE: sharedCache(),
      GOPATH: join(directory, 'gopath'),
      GOENV: 'off',
      GOFLAGS: '',
      GOPROXY: 'off',
      GOTOOLCHAIN: 'local',
      GOWORK: 'off',
      CGO_ENABLED: '0',
    }
    return body({directory, env})
  })
}

/** One build cache for this file's tests: filling it takes most of their time. */
function sharedCache(): string {
  if (cache === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'gowarden test cache '))
    process.once('exit', () => rmSync(directory, {recursive: true, force: true}))
    cache = directory
  }
  return cache
}

let cache: string | undefined

/** Builds for `os/arch` with the stamp and a known build ID, unless the flags say otherwise, and returns the file. */
function build(
  program: Program,
  platform: string,
  flags: string[] = [],
  env: Record<string, string> = {},
): string {
  const file = join(program.directory, 'binary')
  const [GOOS, GOARCH] = platform.split('/')
  go(program, ['build', stamp, withBuildId, ...flags, '-o', file, '.'], {GOOS, GOARCH, ...env})
  return file
}

function go(program: Program, words: string[], env: Record<string, string | undefined> = {}): string {
  const child = spawnSync('go', words, {
    cwd: join(program.directory, 'app'),
    env: {...program.env, ...env},
    encoding: 'utf8',
  })
  assert.is(child.status, 0, `go ${words.join(' ')}: ${child.stderr}`)
  return child.stdout
}

function goEnv(name: string): string {
  return spawnSync('go', ['env', name], {encoding: 'utf8'}).stdout?.trim() ?? ''
}

function lackOfJson(): string | undefined {
  const minor = Number(goEnv('GOVERSION').match(/^go1\.(\d+)/)?.[1] ?? 0)
  return minor >= 25 ? undefined : 'go version -m -json needs Go 1.25'
}

function lackOfLinkerForC(): string | undefined {
  if (goEnv('GOHOSTOS') !== 'linux' || goEnv('GOHOSTARCH') !== 'amd64')
    return 'its C compiler is for another platform'
  const compiler = goEnv('CC')
  return spawnSync(compiler, ['--version']).status === 0 ? undefined : `no C compiler ${compiler}`
}
