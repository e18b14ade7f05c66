/**
 * Reads a module zip: its h1, and a manifest of what vendoring can take from it. yauzl reads the zip's directory; the entries
 * are inflated here one after another, small ones many at a time, for anything that waits per entry costs more than the
 * inflating. Everything is hashed, for h1 covers everything; object IDs are computed of what can be vendored alone,
 * which is some tenth of a large module.
 */
import {hash} from 'node:crypto'
import {inflateRawSync} from 'node:zlib'
import yauzl, {type Entry, type ZipFile as ZipDirectory} from 'yauzl'
import {blobId, type ObjectFormat} from '../../git/object-id.ts'
import {directoryOf} from '../../git/path-bytes.ts'
import {readGoLine} from '../module/go-mod-lines.ts'
import type {H1} from '../module/h1.ts'
import {type HashedFile, hash1} from '../module/hash1.ts'
import {type GoFileFacts, readGoFile} from '../source/go-file.ts'
import {inflateMany, runsOf} from './inflate-many.ts'
import type {Manifest} from './manifest.ts'
import {
  addFile,
  addGoFacts,
  embeddedPaths,
  finishManifest,
  isPackage,
  isVendorable,
  type ManifestDraft,
  newDraft,
} from './manifest-draft.ts'
import {isPlainPath, type ListedFile} from './proofs.ts'

/** A file that is read by position, into the same memory again and again. */
export type ZipFile = {
  size: number
  /** Fills `buffer` from `position`; how many bytes there were. */
  fill(buffer: Uint8Array, position: number): number
}

export type ZipQuestion = {
  /** `path@version/`, which every name begins with. */
  prefix: string
  format: ObjectFormat
  /** Directories of the packages that are vendored, relative to the module's root: '' for the root itself. */
  packages: Iterable<string>
}

/** Rejected: not a module zip the go command would accept, and why. */
export type ZipResult =
  | {kind: 'read'; h1: H1; manifest: Manifest; files: ListedFile[]}
  | {kind: 'rejected'; reason: string}

/** As golang.org/x/mod/zip: no module zip is larger, and none unpacks to more. */
const largestModule = 500 * 1024 * 1024

/** Of our own, for each takes memory: some twenty times the files of the largest modules that are known. */
const mostEntries = 500_000

/** Deflate makes no more of a byte: what declares more is a lie, and is not given the memory. */
const largestRatio = 1032

/**
 * Never throws on content: a zip that is broken, hostile or of another kind is rejected, and takes no more time and memory
 * than the largest module may. Throws when the file cannot be read.
 */
export async function readModuleZip(
  file: ZipFile,
  {prefix, format, packages}: ZipQuestion,
): Promise<ZipResult> {
  const reader = new WindowedReader(file)
  try {
    const entries = await listEntries(reader, file.size, prefix)
    return readEntries(reader, entries, {prefix, format, packages})
  } catch (error) {
    if (reader.failure !== undefined) throw reader.failure
    return {kind: 'rejected', reason: error instanceof Error ? error.message : String(error)}
  }
}

/** What a visitor is given of each file: its path below the prefix as latin1, and its content, which holds until it returns. */
export type VisitFile = (path: string, content: Buffer, sha256: string) => void | Promise<void>

/**
 * Hands every file of a module zip to `visit`, in the order in which they lie there, and ends with the h1 over all of them: only then is
 * known whether what was handed over is what somebody vouches for. Rejects as readModuleZip does; throws what `visit` throws.
 */
export async function visitModuleZip(
  file: ZipFile,
  prefix: string,
  visit: VisitFile,
): Promise<{kind: 'read'; h1: H1} | {kind: 'rejected'; reason: string}> {
  const reader = new WindowedReader(file)
  const hashed: HashedFile[] = []
  let ofVisitor: {error: unknown} | undefined
  try {
    const entries = await listEntries(reader, file.size, prefix)
    for (const {path, content, sha256} of contents(reader, entries, prefix, hashed)) {
      if (path.endsWith('/')) continue
      try {
        await visit(path, content, sha256)
      } catch (error) {
        ofVisitor = {error}
        throw error
      }
    }
  } catch (error) {
    if (ofVisitor !== undefined) throw ofVisitor.error
    if (reader.failure !== undefined) throw reader.failure
    return {kind: 'rejected', reason: error instanceof Error ? error.message : String(error)}
  }
  const h1 = hash1(hashed)
  return h1 === undefined ? {kind: 'rejected', reason: 'a name holds a newline'} : {kind: 'read', h1}
}

/** Each entry with its content, which is added to what h1 is made of. */
function* contents(
  reader: WindowedReader,
  entries: readonly ZipEntry[],
  prefix: string,
  hashed: HashedFile[],
): Generator<{path: string; content: Buffer; sha256: string}> {
  for (const run of runsOf(entries)) {
    const many = run.length === 1 ? undefined : inflateMany(run, entry => compressedOf(reader, entry))
    for (const [index, entry] of run.entries()) {
      const content = many?.[index] ?? contentOf(reader, entry)
      const sha256 = hash('sha256', content, 'hex')
      hashed.push({name: prefix + entry.path, sha256})
      yield {path: entry.path, content, sha256}
    }
  }
}

/** What is asked of an entry; yauzl's own holds some buffers for each. `path` is relative to the module's root. */
type ZipEntry = {
  path: string
  /** Where its local header begins. */
  start: number
  compressed: number
  size: number
  crc32: number
  method: 'stored' | 'deflated'
}

/** The zip's directory, checked, in the order in which the contents lie in the file. Throws why the zip is rejected. */
async function listEntries(reader: WindowedReader, size: number, prefix: string): Promise<ZipEntry[]> {
  if (size > largestModule) throw new Error('it is larger than a module may be')
  const zip = await yauzl.fromRandomAccessReaderPromise(reader, size, {
    decodeStrings: false,
    autoClose: false,
  })
  if (zip.entryCount > mostEntries) throw new Error(`it has ${zip.entryCount} entries`)
  const entries: ZipEntry[] = []
  const seen = new Set<string>()
  let compressed = 0
  let total = 0
  await forEachEntry(zip, entry => {
    const name = entry.fileNameRaw.toString('latin1')
    if (!name.startsWith(prefix)) throw new Error(`entry ${JSON.stringify(name)} lies outside ${prefix}`)
    if (seen.has(name)) throw new Error(`two entries are named ${JSON.stringify(name)}`)
    seen.add(name)
    const path = name.slice(prefix.length)
    if (!isPlainPath(path.endsWith('/') ? path.slice(0, -1) : path)) throw new Error(`entry ${JSON.stringify(name)} is no plain path`)
    total += entry.uncompressedSize
    if (total > largestModule) throw new Error('it unpacks to more than a module may hold')
    compressed += entry.compressedSize
    // Entries that share their bytes would be read again for each.
    if (compressed > size) throw new Error('its entries are larger than the zip')
    entries.push({
      path,
      start: entry.relativeOffsetOfLocalHeader,
      compressed: entry.compressedSize,
      size: entry.uncompressedSize,
      crc32: entry.crc32,
      method: methodOf(entry),
    })
  })
  return entries.sort((a, b) => a.start - b.start)
}

/** Go writes these two. */
function methodOf(entry: Entry): ZipEntry['method'] {
  if (entry.isEncrypted()) throw new Error('an entry is encrypted')
  if (entry.compressionMethod === 0) return 'stored'
  if (entry.compressionMethod === 8) return 'deflated'
  throw new Error(`compression method ${entry.compressionMethod}`)
}

/**
 * yauzl's own loop over entries makes a promise for each, which is felt with tens of thousands. The reader answers at once, so an entry
 * mostly comes before readEntry returns: the next one is asked for by a loop, not from within, where each would lie deeper on the stack.
 */
function forEachEntry(zip: ZipDirectory, visit: (entry: Entry) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let hasCome = false
    let isAsking = false
    const readOn = (): void => {
      isAsking = true
      do {
        hasCome = false
        zip.readEntry()
      } while (hasCome)
      isAsking = false
    }
    zip.on('error', reject)
    zip.on('end', resolve)
    zip.on('entry', (entry: Entry) => {
      try {
        visit(entry)
      } catch (error) {
        reject(error)
        return
      }
      hasCome = true
      if (!isAsking) readOn()
    })
    readOn()
  })
}

function readEntries(
  reader: WindowedReader,
  entries: readonly ZipEntry[],
  {prefix, format, packages}: ZipQuestion,
): ZipResult {
  const draft = newDraft(packages)
  const hashed: HashedFile[] = []
  let goVersion: string | undefined
  for (const {path, content} of contents(reader, entries, prefix, hashed)) {
    if (path.endsWith('/')) continue
    if (path === 'go.mod') goVersion = readGoLine(content.toString('latin1'))
    if (isVendorable(draft, path)) addContent(draft, path, content, format)
    if (path.endsWith('.go') && isPackage(draft, directoryOf(path))) {
      // Of a test only what it embeds is asked.
      const mayMatter = !path.endsWith('_test.go') || content.includes('//go:embed')
      addGoFacts(draft, path, mayMatter ? readGoFile(content) : nothing)
    }
  }
  const h1 = hash1(hashed)
  if (h1 === undefined) return {kind: 'rejected', reason: 'a name holds a newline'}
  // What is embedded is known once the .go files are read, and mostly it is nothing.
  const embedded = embeddedPaths(draft, () => entries.map(({path}) => path))
  for (const entry of embedded.size === 0 ? [] : entries) {
    if (embedded.has(entry.path)) addContent(draft, entry.path, contentOf(reader, entry), format)
  }
  const files = hashed.map(({name, sha256}) => ({path: name.slice(prefix.length), sha256}))
  return {kind: 'read', h1, manifest: finishManifest(draft, goVersion), files}
}

const nothing: GoFileFacts = {buildable: true, imports: [], embeds: []}

function addContent(draft: ManifestDraft, path: string, content: Buffer, format: ObjectFormat): void {
  addFile(draft, path, blobId(content, format), normalizedId(content, format))
}

function compressedOf(reader: WindowedReader, entry: ZipEntry): Buffer {
  return reader.bytes(reader.dataStart(entry), entry.compressed)
}

/** The declared size bounds what is inflated. */
function contentOf(reader: WindowedReader, entry: ZipEntry): Buffer {
  const compressed = compressedOf(reader, entry)
  const content = entry.method === 'stored' ? compressed : inflate(compressed, entry.size)
  if (content.length !== entry.size) {
    throw new Error(`an entry holds ${content.length} bytes and declares ${entry.size}`)
  }
  return content
}

function inflate(compressed: Buffer, size: number): Buffer {
  if (size > (compressed.length + 1) * largestRatio) throw new Error('an entry declares more than it can hold')
  try {
    // With room for one byte more than there is, zlib ends at the first try, and asks for no second buffer.
    return inflateRawSync(compressed, {chunkSize: Math.max(64, size + 1), maxOutputLength: Math.max(1, size)})
  } catch (error) {
    if (!isTooLarge(error)) throw error
    throw new Error(`an entry holds more than the ${size} bytes that it declares`)
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
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

/**
 * Reads through two windows, for a zip is read in two places: its directory at the end, its entries from the start. The
 * windows are used again and again, so memory stays at them and the largest entry, however large the zip is.
 */
class WindowedReader extends yauzl.RandomAccessReader {
  /** Why the file could not be read: that says nothing of the zip and must not count against it. */
  failure: unknown
  readonly #file: ZipFile
  #recent: Window = newWindow(windowSize)
  #other: Window = newWindow(windowSize)

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
    let failed: Error | null = null
    try {
      this.bytes(position, length).copy(buffer, offset)
    } catch (error) {
      failed = error instanceof Error ? error : new Error(String(error))
    }
    callback(failed)
  }

  override close(callback: (error: Error | null) => void): void {
    queueMicrotask(() => callback(null))
  }

  /**
   * Where an entry's bytes begin: behind its local header, which repeats the name and may hold other extra fields. Throws
   * when none is there.
   */
  dataStart({start}: ZipEntry): number {
    const header = this.bytes(start, 30)
    if (header.readUInt32LE(0) !== 0x04034b50) throw new Error('an entry has no local header')
    return start + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  }

  /** Valid until the next call. Throws when the range is not all within the file. */
  bytes(position: number, length: number): Buffer {
    if (position < 0 || position + length > this.#file.size) throw new Error('it is cut short')
    if (!holds(this.#recent, position, length)) {
      ;[this.#recent, this.#other] = [this.#other, this.#recent]
      if (!holds(this.#recent, position, length)) this.#fill(position, length)
    }
    const {start, bytes} = this.#recent
    return bytes.subarray(position - start, position - start + length)
  }

  /** Fills the window that was used longest ago; an entry that is larger gets a window of its own size. */
  #fill(position: number, length: number): void {
    if (this.#recent.bytes.length < length) this.#recent = newWindow(length)
    const window = this.#recent
    try {
      window.start = position
      window.length = this.#file.fill(window.bytes, position)
    } catch (error) {
      this.failure = error
      throw error
    }
    if (!holds(window, position, length)) throw new Error('it is cut short')
  }
}

type Window = {start: number; length: number; bytes: Buffer}

const windowSize = 256 * 1024

function holds({start, length: held}: Window, position: number, length: number): boolean {
  return position >= start && position + length <= start + held
}

function newWindow(size: number): Window {
  return {start: 0, length: 0, bytes: Buffer.allocUnsafeSlow(size)}
}
