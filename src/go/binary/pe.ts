/** PE, the format of Windows. */

import {buildIdInText, buildIdReach} from './build-id.ts'
import type {NoBuildInfo} from './build-info.ts'
import {corrupt, exactly, type Image, notGo, readTable} from './image.ts'
import type {RandomAccess} from './random-access.ts'

/** Microsoft's format: a DOS stub that points to the COFF header, its optional header and the section headers. */
export function readPe(file: RandomAccess): Image | NoBuildInfo {
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
