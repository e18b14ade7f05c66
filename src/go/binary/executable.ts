/**
 * Reads out of an executable what the Go linker left in it, without running anything and without loading the file:
 * headers, the blob, the build ID. Every length in a file is somebody's claim, so each is held against the file's size
 * before it is believed.
 */
import {buildIdInNotes, buildIdInText, buildIdReach} from './build-id.ts'
import {
  type BuildInfo,
  blobAlignment,
  findBlob,
  type Memory,
  type NoBuildInfo,
  readBlob,
} from './build-info.ts'

/** A file read piece by piece. `read` returns fewer bytes where the file ends. */
export type RandomAccess = {size: number; read(offset: number, length: number): Buffer}

/** `arch` is GOARCH as the header has it, undefined where Go has no word for the machine. GOOS is in the settings. */
export type GoBinary = {
  kind: 'go'
  format: 'ELF' | 'Mach-O' | 'PE'
  bits: 32 | 64
  arch: string | undefined
  buildInfo: BuildInfo
  buildId: string | undefined
}

/** A universal Mach-O file holds one image for each machine, and each may come from another toolchain. */
export type FatBinary = {kind: 'fat'; images: {arch: string; binary: GoBinary | NoBuildInfo}[]}

/**
 * What the file says about itself: what `go version -m` and `go tool buildid` print, or why that is nothing. Damaged
 * and hostile files are answers too ('corrupt'); only a failing read throws.
 */
export function readBinary(file: RandomAccess): GoBinary | FatBinary | NoBuildInfo {
  const start = file.read(0, 16)
  return isFat(start) ? readFat(file) : readThin(file, start)
}

function readThin(file: RandomAccess, start: Buffer): GoBinary | NoBuildInfo {
  const image = readImage(file, start)
  if ('kind' in image) return image
  const blob = blobAddress(file, image)
  if (typeof blob !== 'bigint') return blob
  const buildInfo = readBlob(memoryOf(file, image.segments), blob)
  if ('kind' in buildInfo) return buildInfo
  const {format, bits, arch} = image
  return {kind: 'go', format, bits, arch, buildInfo, buildId: image.buildId}
}

/** An executable with what is the same in every format. */
type Image = {
  format: GoBinary['format']
  bits: 32 | 64
  arch: string | undefined
  segments: Segment[]
  /** Where the blob is, or begins to be looked for; undefined when there is nothing it could be in. */
  blobRange: {address: bigint; size: bigint} | undefined
  buildId: string | undefined
}

/** A run of bytes in the file and the virtual address it is loaded at. */
type Segment = {address: bigint; offset: number; size: number}

function readImage(file: RandomAccess, start: Buffer): Image | NoBuildInfo {
  const magic = start.toString('latin1')
  if (magic.startsWith('\x7fELF')) return readElf(file)
  if (magic.startsWith('MZ')) return readPe(file)
  if (/^(\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe)/.test(magic)) return readMachO(file)
  for (const [prefix, reason] of unsupportedFormats) {
    if (magic.startsWith(prefix)) return {kind: 'unsupported', reason}
  }
  if (file.size === 0) return notGo('the file is empty')
  return notGo(magic.startsWith('#!') ? 'it is a script' : 'it is no ELF, Mach-O or PE file')
}

const unsupportedFormats: [prefix: string, reason: string][] = [
  ['\0asm', 'WebAssembly, in which Go writes no build info'],
  ['!<arch>\n', 'an archive (.a), which has no build info: look at the executable linked from it'],
  ['!<thin>\n', 'a thin archive (.a), which has no build info: look at the executable linked from it'],
  ['<bigaf>\n', 'an AIX archive (.a), which has no build info: look at the executable linked from it'],
  ['\x01\xdf', 'XCOFF (AIX); try go version -m'],
  ['\x01\xf7', 'XCOFF (AIX); try go version -m'],
  ['\0\0\x01\xeb', 'Plan 9 a.out; try go version -m'],
  ['\0\0\x8a\x97', 'Plan 9 a.out; try go version -m'],
  ['\0\0\x06\x47', 'Plan 9 a.out; try go version -m'],
]

/** The blob's address (searchMagic of debug/buildinfo/buildinfo.go): the range is read in pieces, at most to its end. */
function blobAddress(file: RandomAccess, image: Image): bigint | NoBuildInfo {
  const range = image.blobRange
  if (range === undefined) return notGo(noBlob)
  const misaligned = range.address % BigInt(blobAlignment)
  const address = misaligned === 0n ? range.address : range.address + BigInt(blobAlignment) - misaligned
  const place = locate(image.segments, address)
  if (place === undefined) return corrupt('the file holds nothing of the segment its build info would be in')
  const size = Math.min(Number(range.address + range.size - address), place.size)
  for (let at = 0; at < size; at += searchPiece) {
    const length = Math.min(searchPiece, size - at)
    const bytes = file.read(place.offset + at, length)
    const found = findBlob(bytes)
    if (found !== undefined) return address + BigInt(at + found)
    if (bytes.length < length) return corrupt('the file ends before its data does')
  }
  return notGo(noBlob)
}

const noBlob = 'it has no build info (not built by Go, or by Go before 1.13)'

/** A multiple of blobAlignment, so that no blob's first bytes lie in two pieces. */
const searchPiece = 1 << 20

function locate(segments: readonly Segment[], address: bigint): {offset: number; size: number} | undefined {
  for (const segment of segments) {
    const distance = Number(address - segment.address)
    if (distance >= 0 && distance < segment.size) {
      return {offset: segment.offset + distance, size: segment.size - distance}
    }
  }
  return undefined
}

function memoryOf(file: RandomAccess, segments: readonly Segment[]): Memory {
  return {
    read(address, length) {
      const place = locate(segments, address)
      return place === undefined ? Buffer.alloc(0) : file.read(place.offset, Math.min(length, place.size))
    },
  }
}

/** The System V ABI's format; offsets of the fields in its 32 and 64 bit form. */
function readElf(file: RandomAccess): Image | NoBuildInfo {
  const ident = file.read(0, 6)
  const isWide = ident[4] === 2
  const isLittleEndian = ident[5] === 1
  if ((!isWide && ident[4] !== 1) || (!isLittleEndian && ident[5] !== 2))
    return corrupt('its ELF header is damaged')
  const form = isWide ? elf64 : elf32
  const headerBytes = exactly(file, 0, form.header.size)
  if (headerBytes === undefined) return corrupt('its ELF header is cut off')
  const fieldsOf = (bytes: Buffer) => fields(bytes, isLittleEndian, isWide)
  const header = fieldsOf(headerBytes)

  // a count that does not fit its field is in section 0
  const sectionsAt = header.word(form.header.sections)
  const sectionSize = header.u16(form.header.sectionSize)
  const sectionZero =
    sectionsAt === 0n || sectionSize < form.section.bytes
      ? undefined
      : exactly(file, Number(sectionsAt), form.section.bytes)
  const zero = sectionZero && fieldsOf(sectionZero)
  const sectionCount =
    sectionsAt === 0n
      ? 0
      : header.u16(form.header.sectionCount) || Number(zero?.word(form.section.size) ?? 0n)
  const namesAt = header.u16(form.header.namesIndex)
  const namesIndex = namesAt === 0xffff ? zero?.u32(form.section.link) : namesAt
  const segmentCount = header.u16(form.header.segmentCount)

  const sections = readTable(file, Number(sectionsAt), sectionCount, sectionSize, form.section.bytes)
  if (sections === undefined) return corrupt('its section headers are damaged or cut off')
  const programs = readTable(
    file,
    Number(header.word(form.header.segments)),
    segmentCount === 0xffff ? (zero?.u32(form.section.info) ?? 0) : segmentCount,
    header.u16(form.header.segmentSize),
    form.segment.bytes,
  )?.map(bytes => {
    const program = fieldsOf(bytes)
    return {
      type: program.u32(0),
      flags: program.u32(form.segment.flags),
      offset: Number(program.word(form.segment.offset)),
      address: program.word(form.segment.address),
      size: Number(program.word(form.segment.fileSize)),
      memorySize: program.word(form.segment.memorySize),
      alignment: Number(program.word(form.segment.alignment)),
    }
  })
  if (programs === undefined) return corrupt('its program headers are damaged or cut off')

  const names = sections[namesIndex ?? 0]
  const namesHeader = names && fieldsOf(names)
  const nameBytes =
    namesHeader &&
    readAtMost(file, namesHeader.word(form.section.offset), namesHeader.word(form.section.size), largestTable)
  const blobSection = sections.map(fieldsOf).find(section => {
    const name = section.u32(0)
    return nameBytes?.subarray(name, name + blobSectionName.length).equals(blobSectionName)
  })
  const loaded = programs.filter(program => program.type === loadType)
  const writable = loaded.find(program => (program.flags & (executableFlag | writableFlag)) === writableFlag)

  let buildId: string | undefined
  for (const {offset, size, alignment} of programs
    .filter(({type}) => type === noteType)
    .slice(0, mostNotes)) {
    buildId ??= buildIdInNotes(file.read(offset, Math.min(size, largestNotes)), isLittleEndian, alignment)
  }

  return {
    format: 'ELF',
    bits: isWide ? 64 : 32,
    arch: elfArch(header.u16(18), isWide, isLittleEndian),
    segments: loaded,
    blobRange: blobSection
      ? {address: blobSection.word(form.section.address), size: blobSection.word(form.section.size)}
      : writable && {address: writable.address, size: writable.memorySize},
    buildId,
  }
}

const elf32 = {
  header: {
    size: 52,
    segments: 28,
    sections: 32,
    segmentSize: 42,
    segmentCount: 44,
    sectionSize: 46,
    sectionCount: 48,
    namesIndex: 50,
  },
  section: {bytes: 40, address: 12, offset: 16, size: 20, link: 24, info: 28},
  segment: {bytes: 32, offset: 4, address: 8, fileSize: 16, memorySize: 20, flags: 24, alignment: 28},
}
const elf64 = {
  header: {
    size: 64,
    segments: 32,
    sections: 40,
    segmentSize: 54,
    segmentCount: 56,
    sectionSize: 58,
    sectionCount: 60,
    namesIndex: 62,
  },
  section: {bytes: 64, address: 16, offset: 24, size: 32, link: 40, info: 44},
  segment: {bytes: 56, flags: 4, offset: 8, address: 16, fileSize: 32, memorySize: 40, alignment: 48},
}
const loadType = 1
const noteType = 4
const executableFlag = 1
const writableFlag = 2
const blobSectionName = Buffer.from('.go.buildinfo\0')

/** Linkers write two or three segments of notes, a few hundred bytes each. */
const mostNotes = 16
const largestNotes = 1 << 16

function elfArch(machine: number, isWide: boolean, isLittleEndian: boolean): string | undefined {
  const order = isLittleEndian ? 'le' : ''
  switch (machine) {
    case 3:
      return '386'
    case 8:
      return (isWide ? 'mips64' : 'mips') + order
    case 21:
      return 'ppc64' + order
    case 22:
      return 's390x'
    case 40:
      return 'arm'
    case 62:
      return 'amd64'
    case 183:
      return 'arm64'
    case 243:
      return isWide ? 'riscv64' : undefined
    case 258:
      return isWide ? 'loong64' : undefined
    default:
      return undefined
  }
}

/** Apple's format: a header and load commands behind it, one for each segment with its sections inside. */
function readMachO(file: RandomAccess): Image | NoBuildInfo {
  const magic = file.read(0, 4)
  const isLittleEndian = magic[3] === 0xfe
  const isWide = magic[isLittleEndian ? 0 : 3] === 0xcf
  const form = isWide ? machO64 : machO32
  const headerBytes = exactly(file, 0, form.header)
  if (headerBytes === undefined) return corrupt('its Mach-O header is cut off')
  const header = fields(headerBytes, isLittleEndian, isWide)
  const commands = exactly(file, form.header, header.u32(20))
  if (commands === undefined) return corrupt('its load commands are damaged or cut off')

  const segments: Segment[] = []
  let blobSection: Image['blobRange']
  let writable: Image['blobRange']
  let textAt: number | undefined
  let at = 0
  for (let count = header.u32(16); count > 0; count--) {
    if (at + 8 > commands.length) return corrupt('its load commands are damaged')
    const command = fields(commands.subarray(at), isLittleEndian, isWide)
    const size = command.u32(4)
    if (size < 8 || at + size > commands.length) return corrupt('its load commands are damaged')
    at += size
    if (command.u32(0) !== form.segmentCommand) continue
    const sectionCount = size < form.sections ? 0 : command.u32(form.sectionCount)
    if (size < form.sections + sectionCount * form.sectionSize)
      return corrupt('its load commands are damaged')

    const address = command.word(form.address)
    const fileSize = Number(command.word(form.fileSize))
    segments.push({address, offset: Number(command.word(form.offset)), size: fileSize})
    const isWritable =
      command.u32(form.maxProtection) === readWrite && command.u32(form.protection) === readWrite
    if (isWritable && address !== 0n && fileSize > 0)
      writable ??= {address, size: command.word(form.memorySize)}
    for (let index = 0; index < sectionCount; index++) {
      const section = form.sections + index * form.sectionSize
      const name = command.name(section)
      if (name === '__text') textAt ??= command.u32(section + form.sectionOffset)
      if (name === '__go_buildinfo') {
        blobSection ??= {address: command.word(section + 32), size: command.word(section + form.sectionBytes)}
      }
    }
  }
  return {
    format: 'Mach-O',
    bits: isWide ? 64 : 32,
    arch: machOArchs[header.u32(4)],
    segments,
    blobRange: blobSection ?? writable,
    buildId:
      buildIdInText(file.read(0, buildIdReach)) ??
      (textAt === undefined ? undefined : buildIdInText(file.read(textAt, buildIdReach))),
  }
}

const machO32 = {
  header: 28,
  segmentCommand: 0x1,
  address: 24,
  memorySize: 28,
  offset: 32,
  fileSize: 36,
  maxProtection: 40,
  protection: 44,
  sectionCount: 48,
  sections: 56,
  sectionSize: 68,
  sectionBytes: 36,
  sectionOffset: 40,
}
const machO64 = {
  header: 32,
  segmentCommand: 0x19,
  address: 24,
  memorySize: 32,
  offset: 40,
  fileSize: 48,
  maxProtection: 56,
  protection: 60,
  sectionCount: 64,
  sections: 72,
  sectionSize: 80,
  sectionBytes: 40,
  sectionOffset: 48,
}
const readWrite = 3
const machOArchs: Record<number, string> = {
  7: '386',
  12: 'arm',
  18: 'ppc',
  16777223: 'amd64',
  16777228: 'arm64',
  16777234: 'ppc64',
}

/** Both forms of the universal header, always big endian. */
function isFat(start: Buffer): boolean {
  return start.length >= 8 && (start.readUInt32BE(0) === fat32 || start.readUInt32BE(0) === fat64)
}

const fat32 = 0xcafebabe
const fat64 = 0xcafebabf
const mostImages = 44

function readFat(file: RandomAccess): FatBinary | NoBuildInfo {
  const start = file.read(0, 8)
  const isWide = start.readUInt32BE(0) === fat64
  const count = start.readUInt32BE(4)
  // Java's class files share the magic; their version, 45 and up, stands where the number of images does
  if (count > mostImages)
    return isWide ? corrupt('its universal header is damaged') : notGo('it is a Java class file')
  const entries = readTable(file, 8, count, isWide ? 32 : 20, 0)
  if (entries === undefined || count === 0) return corrupt('its universal header is damaged or cut off')
  const images: FatBinary['images'] = []
  for (const bytes of entries) {
    const entry = fields(bytes, false, isWide)
    const cpu = entry.u32(0)
    const image = sliceOf(file, Number(entry.word(8)), Number(entry.word(isWide ? 16 : 12)))
    if (image === undefined) return corrupt('an image of the universal file is cut off')
    images.push({
      arch: machOArchs[cpu] ?? `cpu 0x${cpu.toString(16)}`,
      binary: readThin(image, image.read(0, 16)),
    })
  }
  return {kind: 'fat', images}
}

function sliceOf(file: RandomAccess, offset: number, size: number): RandomAccess | undefined {
  if (offset + size > file.size) return undefined
  return {
    size,
    read: (from, length) => file.read(offset + from, Math.max(0, Math.min(length, size - from))),
  }
}

/** Microsoft's format: a DOS stub that points to the COFF header, its optional header and the section headers. */
function readPe(file: RandomAccess): Image | NoBuildInfo {
  const stub = exactly(file, 0, 64)
  const coffAt = stub?.readUInt32LE(60) ?? 0
  const coff = stub && exactly(file, coffAt, 24)
  if (coff === undefined) return corrupt('its PE header is cut off')
  if (coff.toString('latin1', 0, 4) !== 'PE\0\0') return notGo('it is a DOS program')
  const optionalSize = coff.readUInt16LE(20)
  const optional = exactly(file, coffAt + 24, optionalSize)
  if (optional === undefined || optionalSize < 32) return corrupt('its PE header is damaged or cut off')
  const form = optional.readUInt16LE(0)
  if (form !== 0x10b && form !== 0x20b) return corrupt('its PE header is damaged')
  const isWide = form === 0x20b
  const imageBase = isWide ? optional.readBigUInt64LE(24) : BigInt(optional.readUInt32LE(28))
  const sections = readTable(file, coffAt + 24 + optionalSize, coff.readUInt16LE(6), peSectionSize, 0)?.map(
    bytes => ({
      address: imageBase + BigInt(bytes.readUInt32LE(12)),
      memorySize: bytes.readUInt32LE(8),
      size: bytes.readUInt32LE(16),
      offset: bytes.readUInt32LE(20),
      flags: bytes.readUInt32LE(36) & ~alignedTo32,
    }),
  )
  if (sections === undefined) return corrupt('its section headers are damaged or cut off')
  const data = sections.find(
    section =>
      section.address !== imageBase && section.size > 0 && section.flags >>> 0 === initializedReadWrite,
  )
  return {
    format: 'PE',
    bits: isWide ? 64 : 32,
    arch: peArchs[coff.readUInt16LE(4)],
    segments: sections.filter(section => section.offset > 0),
    blobRange: data && {address: data.address, size: BigInt(data.memorySize)},
    buildId: buildIdInText(file.read(0, buildIdReach)),
  }
}

const peSectionSize = 40
const alignedTo32 = 0x600000
const initializedReadWrite = 0xc0000040
const peArchs: Record<number, string> = {332: '386', 34404: 'amd64', 452: 'arm', 43620: 'arm64'}

type Fields = {
  u16(at: number): number
  u32(at: number): number
  /** A number as wide as the machine's addresses. */
  word(at: number): bigint
  /** A name of up to 16 bytes, padded with zeros. */
  name(at: number): string
}

function fields(bytes: Buffer, isLittleEndian: boolean, isWide: boolean): Fields {
  const u32 = (at: number) => (isLittleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  return {
    u16: at => (isLittleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    u32,
    word: at => {
      if (!isWide) return BigInt(u32(at))
      return isLittleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at)
    },
    name: at => bytes.toString('latin1', at, at + 16).replace(/\0.*$/s, ''),
  }
}

/** The entries of a table of headers, undefined when it is not in the file, too large to be real, or its entries too small. */
function readTable(
  file: RandomAccess,
  offset: number,
  count: number,
  entrySize: number,
  smallestEntry: number,
): Buffer[] | undefined {
  if (count === 0) return []
  if (entrySize < smallestEntry) return undefined
  const bytes = exactly(file, offset, count * entrySize)
  return (
    bytes &&
    Array.from({length: count}, (_, index) => bytes.subarray(index * entrySize, (index + 1) * entrySize))
  )
}

/** Exactly these bytes, undefined when the file does not hold them or nobody would need so many. */
function exactly(file: RandomAccess, offset: number, length: number): Buffer | undefined {
  if (length > largestTable || offset + length > file.size) return undefined
  const bytes = file.read(offset, length)
  return bytes.length === length ? bytes : undefined
}

function readAtMost(file: RandomAccess, offset: bigint, size: bigint, most: number): Buffer {
  return file.read(Number(offset), Math.min(Number(size), most))
}

/** Real tables take some kilobytes; a C++ program with a section for each function some megabytes. */
const largestTable = 1 << 24

function notGo(reason: string): NoBuildInfo {
  return {kind: 'not-go', reason}
}

function corrupt(reason: string): NoBuildInfo {
  return {kind: 'corrupt', reason}
}
