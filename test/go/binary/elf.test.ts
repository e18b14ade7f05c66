/** ELF as hand-made files: what no Go linker writes, and some other linker or a hostile person may. */
import * as assert from 'uvu/assert'
import {readBinary} from '../../../src/go/binary/executable.ts'
import {suite} from '../../support/suite.ts'

const address = 0x400000n
const blobAt = 0x1100

suite('go/binary/elf', test => {
  test('the build info is where its section says', () => {
    assert.equal(versionIn(elf({})), 'go1.26.8')
  })

  // More sections or segments than their field can count: the System V ABI puts the true number into section 0.
  test('a section count that does not fit its field is in section 0', () => {
    assert.equal(versionIn(elf({sectionCount: 0, zero: {size: 3}})), 'go1.26.8')
  })

  test('an index of names that does not fit its field is in section 0', () => {
    assert.equal(versionIn(elf({namesIndex: 0xffff, zero: {link: 2}})), 'go1.26.8')
  })

  test('a segment count that does not fit its field is in section 0', () => {
    assert.equal(versionIn(elf({segmentCount: 0xffff, zero: {info: 1}})), 'go1.26.8')
  })

  test('section 0 is not asked where the field holds the number', () => {
    assert.equal(versionIn(elf({zero: {size: 0xffffffff, link: 9, info: 0xffffffff}})), 'go1.26.8')
  })

  test('a section 0 with a count that no file could hold is damage', () => {
    assert.match(reasonFor(elf({sectionCount: 0, zero: {size: 0xffffffff}})), /section headers/)
    assert.match(reasonFor(elf({segmentCount: 0xffff, zero: {info: 0xffffffff}})), /program headers/)
  })

  test('an object file is no executable', () => {
    const bytes = elf({})
    bytes.writeUInt16LE(1, 16)
    assert.match(JSON.stringify(read(bytes)), /unsupported.*object file/)
  })

  test('the build ID is looked for in 16 segments of notes', () => {
    assert.is(buildIdIn(elf({notes: [...Array(15).fill(gnuNote), goNote]})), 'a/b/c/d')
    assert.is(buildIdIn(elf({notes: [...Array(16).fill(gnuNote), goNote]})), undefined)
  })

  test('and in 64 KiB of each, whatever size it claims', () => {
    const filler = note('GNU\0', 3, Buffer.alloc((1 << 16) - 2 * 16 - goNote.length))
    assert.is(buildIdIn(elf({notes: [Buffer.concat([gnuNote, filler, goNote])]})), 'a/b/c/d')
    assert.is(buildIdIn(elf({notes: [Buffer.concat([gnuNote, gnuNote, filler, goNote])]})), undefined)
    const reads: number[] = []
    buildIdIn(elf({notes: [Buffer.concat([gnuNote, Buffer.alloc(1 << 20)])]}), reads)
    assert.ok(Math.max(...reads) <= 1 << 16, `${Math.max(...reads)} bytes in one read`)
  })
})

const gnuNote = note('GNU\0', 3, Buffer.alloc(0))
const goNote = note('Go\0\0', 4, Buffer.from('a/b/c/d'))

function note(name: string, type: number, content: Buffer): Buffer {
  const padded = Buffer.alloc(Math.ceil(content.length / 4) * 4)
  content.copy(padded)
  const header = Buffer.alloc(12)
  header.writeUInt32LE(name.length, 0)
  header.writeUInt32LE(content.length, 4)
  header.writeUInt32LE(type, 8)
  return Buffer.concat([header, Buffer.from(name, 'latin1'), padded])
}

type Shape = {
  sectionCount?: number
  namesIndex?: number
  segmentCount?: number
  zero?: {size?: number; link?: number; info?: number}
  notes?: Buffer[]
}

/**
 * One writable segment over the first two pages. Its start, where the blob is looked for without sections, holds a decoy of
 * another version; the section .go.buildinfo holds the true one.
 */
function elf({sectionCount = 3, namesIndex = 2, segmentCount, zero = {}, notes = []}: Shape): Buffer {
  const names = Buffer.from('\0.go.buildinfo\0.shstrtab\0', 'latin1')
  const sections = [
    section({size: zero.size ?? 0, link: zero.link ?? 0, info: zero.info ?? 0}),
    section({name: 1, address: address + BigInt(blobAt), offset: blobAt, size: 64}),
    section({name: 15, offset: 0x1800, size: names.length}),
  ]
  const file = Buffer.alloc(0x2000)
  const offsets = notes.map((_, index) =>
    notes.slice(0, index).reduce((sum, {length}) => sum + length, file.length),
  )
  const segments = [
    segment(1, 6, 0x1000, address + 0x1000n, 0x1000),
    ...notes.map((bytes, index) => segment(4, 4, offsets[index] ?? 0, 0n, bytes.length)),
  ]
  file.write('\x7fELF\x02\x01\x01', 'latin1')
  file.writeUInt16LE(62, 18)
  file.writeBigUInt64LE(64n, 32)
  file.writeBigUInt64LE(0x1c00n, 40)
  file.writeUInt16LE(56, 54)
  file.writeUInt16LE(segmentCount ?? segments.length, 56)
  file.writeUInt16LE(64, 58)
  file.writeUInt16LE(sectionCount, 60)
  file.writeUInt16LE(namesIndex, 62)
  Buffer.concat(segments).copy(file, 64)
  blob('go0.decoy').copy(file, 0x1000)
  blob('go1.26.8').copy(file, blobAt)
  names.copy(file, 0x1800)
  Buffer.concat(sections).copy(file, 0x1c00)
  return Buffer.concat([file, ...notes])
}

function section(of: {
  name?: number
  address?: bigint
  offset?: number
  size?: number
  link?: number
  info?: number
}): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.writeUInt32LE(of.name ?? 0, 0)
  bytes.writeBigUInt64LE(of.address ?? 0n, 16)
  bytes.writeBigUInt64LE(BigInt(of.offset ?? 0), 24)
  bytes.writeBigUInt64LE(BigInt(of.size ?? 0), 32)
  bytes.writeUInt32LE(of.link ?? 0, 40)
  bytes.writeUInt32LE(of.info ?? 0, 44)
  return bytes
}

function segment(type: number, flags: number, offset: number, at: bigint, size: number): Buffer {
  const bytes = Buffer.alloc(56)
  bytes.writeUInt32LE(type, 0)
  bytes.writeUInt32LE(flags, 4)
  bytes.writeBigUInt64LE(BigInt(offset), 8)
  bytes.writeBigUInt64LE(at, 16)
  bytes.writeBigUInt64LE(BigInt(size), 32)
  bytes.writeBigUInt64LE(BigInt(size), 40)
  bytes.writeBigUInt64LE(4n, 48)
  return bytes
}

/** Build info with a Go version and nothing else. */
function blob(version: string): Buffer {
  const header = Buffer.alloc(32)
  header.write('\xff Go buildinf:\x08\x02', 'latin1')
  return Buffer.concat([header, Buffer.from([version.length]), Buffer.from(version), Buffer.from([0])])
}

function read(bytes: Buffer, lengths: number[] = []) {
  return readBinary({
    size: bytes.length,
    read(offset, length) {
      lengths.push(length)
      return bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length))
    },
  })
}

function versionIn(bytes: Buffer): string {
  const binary = read(bytes)
  return binary.kind === 'go' ? binary.buildInfo.goVersion : JSON.stringify(binary)
}

function buildIdIn(bytes: Buffer, lengths?: number[]): string | undefined {
  const binary = read(bytes, lengths)
  assert.is(binary.kind, 'go')
  return binary.kind === 'go' ? binary.buildId : undefined
}

function reasonFor(bytes: Buffer): string {
  const binary = read(bytes)
  assert.is(binary.kind, 'corrupt')
  return 'reason' in binary ? binary.reason : ''
}
