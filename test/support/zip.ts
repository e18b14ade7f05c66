/** Zips as tests need them: every number in them can be a lie. */
import {crc32, deflateRawSync} from 'node:zlib'
import type {ZipFile} from '../../src/go/vendor/module-zip.ts'

export type Entry = {
  name: string
  content?: string | Buffer
  stored?: true
  /** What the zip's directory says instead of the truth. */
  lie?: {size?: number; compressed?: number; crc32?: number; method?: number; flags?: number; start?: number}
}

/** A zip that Go could have written, but for the lies. */
export function zipOf(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let start = 0
  for (const {name, content = '', stored, lie} of entries) {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
    const packed = stored ? bytes : deflateRawSync(bytes)
    const named = Buffer.from(name, 'latin1')
    const local = Buffer.alloc(30)
    local.write('PK\x03\x04', 0, 'latin1')
    local.writeUInt16LE(named.length, 26)
    const central = Buffer.alloc(46)
    central.write('PK\x01\x02', 0, 'latin1')
    central.writeUInt16LE(lie?.flags ?? 0, 8)
    central.writeUInt16LE(lie?.method ?? (stored ? 0 : 8), 10)
    central.writeUInt32LE(lie?.crc32 ?? crc32(bytes), 16)
    central.writeUInt32LE(lie?.compressed ?? packed.length, 20)
    central.writeUInt32LE(lie?.size ?? bytes.length, 24)
    central.writeUInt16LE(named.length, 28)
    central.writeUInt32LE(lie?.start ?? start, 42)
    parts.push(local, named, packed)
    directory.push(central, named)
    start += local.length + named.length + packed.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(start, 16)
  return Buffer.concat([...parts, listed, end])
}

/** A file of these bytes; `reads` counts what was read of it. */
export function inMemory(bytes: Buffer, reads = {bytes: 0}): ZipFile {
  return {
    size: bytes.length,
    fill: (buffer, position) => {
      const count = bytes.copy(buffer, 0, position, position + buffer.length)
      reads.bytes += count
      return count
    },
  }
}
