/**
 * Reads a module zip: its h1 and its manifest, in one pass and one entry at a time. yauzl reads the structure of the zip;
 * its streams are not used, for one stream per entry takes seven times as long as inflating the entry's bytes at once.
 */
import {hash} from 'node:crypto'
import {inflateRawSync} from 'node:zlib'
import yauzl, {type Entry} from 'yauzl'
import {blobId, type ObjectFormat} from '../../git/object-id.ts'
import {readGoFile} from '../source/go-file.ts'
import {readGoLine} from '../module/go-mod-lines.ts'
import {type HashedFile, hash1} from '../module/hash1.ts'
import {addToManifest, finishManifest, type Manifest, type ManifestDraft} from './manifest.ts'

/** A file that is read by position, into the same memory again and again. */
export type ZipFile = {
  size: number
  /** Fills `buffer` from `position`; how many bytes there were. */
  fill(buffer: Uint8Array, position: number): number
}

/** Rejected: not a module zip the go command would accept, and why. */
export type ZipResult = {kind: 'read'; h1: string; manifest: Manifest} | {kind: 'rejected'; reason: string}

/** As golang.org/x/mod/zip: no module zip unpacks to more. */
const largestModule = 500 * 1024 * 1024

/**
 * `prefix` is `path@version/`, which every name begins with. Never throws on content: a zip that is broken, hostile or of
 * another kind is rejected. Throws when the file cannot be read.
 */
export async function readModuleZip(
  file: ZipFile,
  prefix: string,
  format: ObjectFormat,
): Promise<ZipResult> {
  const draft: ManifestDraft = new Map()
  const hashed: HashedFile[] = []
  const seen = new Set<string>()
  const reader = new WindowedReader(file)
  let total = 0
  let goVersion: string | undefined
  try {
    const zip = await yauzl.fromRandomAccessReaderPromise(reader, file.size, {
      decodeStrings: false,
      autoClose: false,
    })
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileNameRaw.toString('latin1')
      if (!name.startsWith(prefix)) throw new Error(`entry ${JSON.stringify(name)} lies outside ${prefix}`)
      if (seen.has(name)) throw new Error(`two entries are named ${JSON.stringify(name)}`)
      seen.add(name)
      total += entry.uncompressedSize
      if (total > largestModule) throw new Error('it unpacks to more than a module may hold')
      const {fileDataStart} = await zip.readLocalFileHeaderPromise(entry, {minimal: true})
      const content = inflate(reader.bytes(fileDataStart, entry.compressedSize), entry)
      hashed.push({name, sha256: hash('sha256', content, 'hex')})
      if (name.endsWith('/')) continue
      const path = name.slice(prefix.length)
      if (!isPlainPath(path)) throw new Error(`entry ${JSON.stringify(name)} is no plain path`)
      addToManifest(draft, {
        path,
        id: blobId(content, format),
        normalized: normalizedId(content, format),
        facts: path.endsWith('.go') ? readGoFile(content) : undefined,
      })
      if (path === 'go.mod') goVersion = readGoLine(content.toString('latin1'))
    }
  } catch (error) {
    if (reader.failure !== undefined) throw reader.failure
    return {kind: 'rejected', reason: error instanceof Error ? error.message : String(error)}
  }
  const h1 = hash1(hashed)
  return h1 === undefined
    ? {kind: 'rejected', reason: 'a name holds a newline'}
    : {kind: 'read', h1, manifest: finishManifest(draft, goVersion)}
}

/** Stored (0) or deflated (8), as Go writes module zips. The declared size bounds what is inflated. */
function inflate(compressed: Buffer, entry: Entry): Buffer {
  if (entry.isEncrypted()) throw new Error('an entry is encrypted')
  if (entry.compressionMethod === 0) return sized(compressed, entry)
  if (entry.compressionMethod !== 8) throw new Error(`compression method ${entry.compressionMethod}`)
  const size = entry.uncompressedSize
  return sized(
    inflateRawSync(compressed, {chunkSize: Math.max(64, size), maxOutputLength: Math.max(1, size)}),
    entry,
  )
}

function sized(content: Buffer, entry: Entry): Buffer {
  if (content.length === entry.uncompressedSize) return content
  throw new Error(`an entry holds ${content.length} bytes and declares ${entry.uncompressedSize}`)
}

/** The object ID when Git makes line endings LF, as .gitattributes can ask; undefined for a file without CRLF. */
function normalizedId(content: Buffer, format: ObjectFormat): string | undefined {
  if (!content.includes('\r\n')) return undefined
  const lines = Buffer.allocUnsafe(content.length)
  let length = 0
  for (let i = 0; i < content.length; i++) {
    if (content[i] === 0x0d && content[i + 1] === 0x0a) continue
    lines[length++] = content[i] ?? 0
  }
  return blobId(lines.subarray(0, length), format)
}

function isPlainPath(path: string): boolean {
  return (
    !/[\0\n\\]/.test(path) &&
    path.split('/').every(element => element !== '' && element !== '.' && element !== '..')
  )
}

/**
 * Reads through two windows, for a zip is read in two places: its directory at the end, its entries from the start. The
 * windows are used again and again, so memory stays at them and the largest entry, however large the zip is.
 */
class WindowedReader extends yauzl.RandomAccessReader {
  /** Why the file could not be read: that says nothing of the zip and must not count against it. */
  failure: unknown
  readonly #file: ZipFile
  #windows: Window[] = [newWindow(256 * 1024), newWindow(256 * 1024)]

  constructor(file: ZipFile) {
    super()
    this.#file = file
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    try {
      this.bytes(position, length).copy(buffer, offset)
    } catch (error) {
      queueMicrotask(() => callback(error instanceof Error ? error : new Error(String(error))))
      return
    }
    queueMicrotask(() => callback(null))
  }

  override close(callback: (error: Error | null) => void): void {
    queueMicrotask(() => callback(null))
  }

  /** Valid until the next call. Throws when the range is not all within the file. */
  bytes(position: number, length: number): Buffer {
    if (position < 0 || position + length > this.#file.size) throw new Error('it is cut short')
    const holds = ({start, length: held}: Window): boolean =>
      position >= start && position + length <= start + held
    const window = this.#windows.find(holds) ?? this.#fill(position, length)
    this.#windows = [window, ...this.#windows.filter(other => other !== window)]
    if (!holds(window)) throw new Error('it is cut short')
    return window.bytes.subarray(position - window.start, position - window.start + length)
  }

  /** Fills the window that was used longest ago; an entry that is larger gets a window of its own size. */
  #fill(position: number, length: number): Window {
    const oldest = this.#windows.pop() ?? newWindow(length)
    const window = oldest.bytes.length < length ? newWindow(length) : oldest
    try {
      window.start = position
      window.length = this.#file.fill(window.bytes, position)
      return window
    } catch (error) {
      this.failure = error
      throw error
    }
  }
}

type Window = {start: number; length: number; bytes: Buffer}

function newWindow(size: number): Window {
  return {start: 0, length: 0, bytes: Buffer.allocUnsafeSlow(size)}
}
