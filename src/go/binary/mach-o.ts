/** Mach-O, the format of macOS: one image, or a universal file of several. */

import {buildIdInText, buildIdReach} from './build-id.ts'
import type {NoBuildInfo} from './build-info.ts'
import {corrupt, type Dynamic, exactly, fields, type Image, notGo, readTable, type Segment} from './image.ts'
import {type RandomAccess, sliceOf} from './random-access.ts'

/** Apple's format: a header and load commands behind it, one for each segment with its sections inside. */
export function readMachO(file: RandomAccess): Image | NoBuildInfo {
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
  const libraries: Dynamic['libraries'] = []
  let loader: string | undefined
  let at = 0
  for (let count = header.u32(16); count > 0; count--) {
    if (at + 8 > commands.length) return corrupt('its load commands are damaged')
    const command = fields(commands.subarray(at), isLittleEndian, isWide)
    const size = command.u32(4)
    if (size < 8 || at + size > commands.length) return corrupt('its load commands are damaged')
    const name = () => commandName(commands.subarray(at, at + size), command.u32(8))
    if (libraryCommands.has(command.u32(0)) && size >= 12) libraries.push({name: name(), versions: []})
    if (command.u32(0) === loaderCommand && size >= 12) loader ??= name()
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
    dynamic: loader === undefined && libraries.length === 0 ? undefined : {loader, libraries},
    symbols: undefined,
    buildId:
      buildIdInText(file.read(0, buildIdReach)) ??
      (textAt === undefined ? undefined : buildIdInText(file.read(textAt, buildIdReach))),
  }
}

/** The text that a load command holds at an offset of its own: padded with zeros. */
function commandName(command: Buffer, at: number): string {
  const end = command.indexOf(0, at)
  return command.toString('utf8', at, end < 0 ? command.length : end)
}

/** LC_LOAD_DYLINKER, and the commands that name a library: LC_LOAD_DYLIB, weak, re-exported, upward. */
const loaderCommand = 0xe
const libraryCommands = new Set([0xc, 0x80000018, 0x8000001f, 0x80000023])

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
export function isUniversal(start: Buffer): boolean {
  return start.length >= 8 && (start.readUInt32BE(0) === fat32 || start.readUInt32BE(0) === fat64)
}

const fat32 = 0xcafebabe
const fat64 = 0xcafebabf
const mostImages = 44

/** The images of a universal file, each as a file of its own. */
export function readUniversal(file: RandomAccess): {arch: string; file: RandomAccess}[] | NoBuildInfo {
  const start = file.read(0, 8)
  const isWide = start.readUInt32BE(0) === fat64
  const count = start.readUInt32BE(4)
  // Java's class files share the magic; their version, 45 and up, stands where the number of images does
  if (count > mostImages)
    return isWide ? corrupt('its universal header is damaged') : notGo('it is a Java class file')
  const entries = readTable(file, 8, count, isWide ? 32 : 20, 0)
  if (entries === undefined || count === 0) return corrupt('its universal header is damaged or cut off')
  const images: {arch: string; file: RandomAccess}[] = []
  for (const bytes of entries) {
    const entry = fields(bytes, false, isWide)
    const cpu = entry.u32(0)
    const image = sliceOf(file, Number(entry.word(8)), Number(entry.word(isWide ? 16 : 12)))
    if (image === undefined) return corrupt('an image of the universal file is cut off')
    images.push({arch: machOArchs[cpu] ?? `cpu 0x${cpu.toString(16)}`, file: image})
  }
  return images
}
