/** ELF, the format of Linux and the BSDs. */

import {buildIdInNotes} from './build-id.ts'
import type {NoBuildInfo} from './build-info.ts'
import {readDynamic} from './elf-dynamic.ts'
import {
  corrupt,
  exactly,
  fields,
  type Image,
  largestTable,
  readAtMost,
  readTable,
  type Symbols,
} from './image.ts'
import type {RandomAccess} from './random-access.ts'

/** The System V ABI's format; offsets of the fields in its 32 and 64 bit form. */
export function readElf(file: RandomAccess): Image | NoBuildInfo {
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

  if (header.u16(16) === relocatable)
    return {kind: 'unsupported', reason: 'an object file (.o): look at the executable linked from it'}

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
  const sectionNamed = (wanted: string) => {
    const bytes = Buffer.from(`${wanted}\0`)
    return sections.map(fieldsOf).find(section => {
      const name = section.u32(0)
      return nameBytes?.subarray(name, name + bytes.length).equals(bytes)
    })
  }
  const blobSection = sectionNamed('.go.buildinfo')
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
    dynamic: readDynamic(file, programs, isWide, fieldsOf),
    symbols: symbolsOf(name => sectionNamed(name) !== undefined),
  }
}

/** Which of Go's tables are left: old linkers write the debugger's compressed under a name of their own. */
function symbolsOf(has: (section: string) => boolean): Symbols {
  if (!has('.symtab')) return 'none'
  return has('.debug_info') || has('.zdebug_info') ? 'all' : 'no-debug'
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
const relocatable = 1
const loadType = 1
const noteType = 4
const executableFlag = 1
const writableFlag = 2

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
