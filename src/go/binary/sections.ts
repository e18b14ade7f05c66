/** The sections of an executable by name: where two files of one program differ. */
import {exactly, fields, largestTable, readAtMost, readTable} from './image.ts'
import type {RandomAccess} from './random-access.ts'

/** A part of the file with a name of the format's: `.text`, `__TEXT,__text`. `size` is that in the file. */
export type Section = {name: string; offset: number; size: number}

/** The sections in the order of their headers, empty ones left out; none where the format has no sections or they are damaged. */
export function readSections(file: RandomAccess): Section[] {
  const start = file.read(0, 4).toString('latin1')
  const sections = start.startsWith('\x7fELF')
    ? elfSections(file)
    : start.startsWith('MZ')
      ? peSections(file)
      : /^[\xce\xcf]\xfa\xed\xfe/.test(start)
        ? machOSections(file)
        : []
  return sections.filter(({size, offset}) => size > 0 && offset + size <= file.size)
}

function elfSections(file: RandomAccess): Section[] {
  const ident = file.read(0, 6)
  const isWide = ident[4] === 2
  const fieldsOf = (bytes: Buffer) => fields(bytes, ident[5] === 1, isWide)
  const headerBytes = exactly(file, 0, isWide ? 64 : 52)
  if (headerBytes === undefined) return []
  const header = fieldsOf(headerBytes)
  const [at, entrySize, count, namesAt] = isWide ? [40, 58, 60, 62] : [32, 46, 48, 50]
  const form = isWide ? {bytes: 64, offset: 24, size: 32} : {bytes: 40, offset: 16, size: 20}
  const table = readTable(file, Number(header.word(at)), header.u16(count), header.u16(entrySize), form.bytes)
  const names = table?.[header.u16(namesAt)]
  if (table === undefined || names === undefined) return []
  const text = readAtMost(
    file,
    fieldsOf(names).word(form.offset),
    fieldsOf(names).word(form.size),
    largestTable,
  )
  return table.map(fieldsOf).flatMap(section => {
    const kind = section.u32(4)
    // Nothing of the file belongs to an empty header or to zeros of the memory.
    if (kind === nullSection || kind === zeroSection) return []
    const name = section.u32(0)
    const end = text.indexOf(0, name)
    return [
      {
        name: text.toString('latin1', name, end < 0 ? name : end),
        offset: Number(section.word(form.offset)),
        size: Number(section.word(form.size)),
      },
    ]
  })
}

const nullSection = 0
const zeroSection = 8

/**
 * The size of each function and variable in the symbol table of an ELF file, by name; undefined where it has none, and in other formats,
 * whose tables have no sizes.
 */
export function readSymbolSizes(file: RandomAccess): Map<string, number> | undefined {
  const ident = file.read(0, 6)
  if (ident.toString('latin1', 0, 4) !== '\x7fELF') return undefined
  const isWide = ident[4] === 2
  const fieldsOf = (bytes: Buffer) => fields(bytes, ident[5] === 1, isWide)
  const sections = elfSections(file)
  const contentOf = (wanted: string) => {
    const section = sections.find(({name}) => name === wanted)
    return section && section.size <= largestSymbols ? file.read(section.offset, section.size) : undefined
  }
  const [table, names] = [contentOf('.symtab'), contentOf('.strtab')]
  if (table === undefined || names === undefined) return undefined
  const form = isWide
    ? {bytes: 24, info: 4, section: 6, size: 16}
    : {bytes: 16, info: 12, section: 14, size: 8}
  const sizes = new Map<string, number>()
  for (let at = 0; at + form.bytes <= table.length; at += form.bytes) {
    const symbol = fieldsOf(table.subarray(at, at + form.bytes))
    const kind = (table[at + form.info] ?? 0) & 0xf
    if ((kind !== objectSymbol && kind !== functionSymbol) || symbol.u16(form.section) === 0) continue
    const name = symbol.u32(0)
    sizes.set(names.toString('utf8', name, names.indexOf(0, name)), Number(symbol.word(form.size)))
  }
  return sizes
}

const objectSymbol = 1
const functionSymbol = 2

/** The tables of a program of 300 MB have some 30 MB. */
const largestSymbols = 1 << 28

function peSections(file: RandomAccess): Section[] {
  const coffAt = exactly(file, 0, 64)?.readUInt32LE(60) ?? 0
  const coff = exactly(file, coffAt, 24)
  if (coff === undefined) return []
  const sections = readTable(file, coffAt + 24 + coff.readUInt16LE(20), coff.readUInt16LE(6), 40, 40) ?? []
  return sections.map(bytes => ({
    name: bytes.toString('latin1', 0, 8).replace(/\0.*$/s, ''),
    offset: bytes.readUInt32LE(20),
    size: bytes.readUInt32LE(16),
  }))
}

function machOSections(file: RandomAccess): Section[] {
  const isWide = file.read(0, 1)[0] === 0xcf
  const form = isWide
    ? {header: 32, command: 0x19, count: 64, sections: 72, entry: 80, size: 40, offset: 48}
    : {header: 28, command: 0x1, count: 48, sections: 56, entry: 68, size: 36, offset: 40}
  const headerBytes = exactly(file, 0, form.header)
  const commands = headerBytes && exactly(file, form.header, headerBytes.readUInt32LE(20))
  if (headerBytes === undefined || commands === undefined) return []
  const sections: Section[] = []
  for (let at = 0, count = headerBytes.readUInt32LE(16); count > 0 && at + 8 <= commands.length; count--) {
    const command = fields(commands.subarray(at), true, isWide)
    const size = command.u32(4)
    if (size < 8 || at + size > commands.length) break
    const entries = command.u32(0) === form.command && size >= form.sections ? command.u32(form.count) : 0
    for (let index = 0; index < entries && form.sections + (index + 1) * form.entry <= size; index++) {
      const section = form.sections + index * form.entry
      sections.push({
        name: `${command.name(section + 16)},${command.name(section)}`,
        offset: command.u32(section + form.offset),
        size: Number(command.word(section + form.size)),
      })
    }
    at += size
  }
  return sections
}
