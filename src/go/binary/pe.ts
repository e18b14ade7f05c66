/** PE, the format of Windows. */

import {buildIdInText, buildIdReach} from './build-id.ts'
import type {NoBuildInfo} from './build-info.ts'
import {corrupt, type Dynamic, exactly, type Image, locate, notGo, readTable, type Segment} from './image.ts'
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
    dynamic: readImports(file, sections, imageBase, optional.subarray(isWide ? 112 : 96)),
    symbols: coff.readUInt32LE(12) === 0 ? 'none' : undefined,
  }
}

/** The libraries of the import table, which the second entry of the data directories names by its place in memory. */
function readImports(
  file: RandomAccess,
  sections: readonly Segment[],
  imageBase: bigint,
  directories: Buffer,
): Dynamic | undefined {
  if (directories.length < 16) return undefined
  const start = directories.readUInt32LE(8)
  const at = (address: number, most: number) => {
    const place = locate(sections, imageBase + BigInt(address))
    return place && file.read(place.offset, Math.min(most, place.size))
  }
  const table = start === 0 ? undefined : at(start, mostLibraries * importSize)
  const libraries: Dynamic['libraries'] = []
  for (let entry = 0; table !== undefined && entry + importSize <= table.length; entry += importSize) {
    const name = table.readUInt32LE(entry + 12)
    if (name === 0) break
    const bytes = at(name, longestName)
    if (bytes === undefined) break
    libraries.push({name: bytes.toString('latin1').replace(/\0.*$/s, ''), versions: []})
  }
  return libraries.length === 0 ? undefined : {loader: undefined, libraries}
}

const importSize = 20
const mostLibraries = 64
const longestName = 256

const peSectionSize = 40
const alignedTo32 = 0x600000
const initializedReadWrite = 0xc0000040
const peArchs: Record<number, string> = {332: '386', 34404: 'amd64', 452: 'arm', 43620: 'arm64'}
