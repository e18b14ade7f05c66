/**
 * The Go binaries of a tar archive or a saved container image (`docker save`, `podman save`, an OCI layout). Of an image counts what a
 * container of it would see: layers lie on one another, and one may replace or remove what is below. Binaries are read where they
 * lie; a packed layer is unpacked into a folder that is removed again.
 */
import {join, posix} from 'node:path'
import {type RandomAccess, sliceOf} from '../go/binary/random-access.ts'
import {withScratch} from '../system/node.ts'
import {type Packing, unpack, withRandomAccess} from '../system/random-access.ts'
import {isTar, type TarEntry, TarError, tarEntries} from './tar.ts'

/** A file of the archive, and what the reader made of it. */
export type Found<T> = {path: string; value: T}

export type ArchiveAnswer<T> =
  | {kind: 'archive'; found: Found<T>[]}
  | {kind: 'corrupt' | 'unreadable'; reason: string}

/** Reads every regular file of an archive; what `read` says nothing of is left out. Undefined for a file that is none. */
export async function readArchive<T>(
  path: string,
  read: (file: RandomAccess) => T | undefined,
): Promise<ArchiveAnswer<T> | undefined> {
  const opened = await withRandomAccess(path, file => ({
    size: file.size,
    packing: packingOf(file),
    isTar: isTar(file),
  }))
  if (opened.kind !== 'read') return undefined
  const {size, packing} = opened.value
  if (packing === undefined && !opened.value.isTar) return undefined
  return await withUnpacked<T>(path, 0, size, packing, async (plain, file) =>
    isTar(file) ? await readPlain(plain, file, read) : undefined,
  )
}

async function readPlain<T>(
  path: string,
  archive: RandomAccess,
  read: (file: RandomAccess) => T | undefined,
): Promise<ArchiveAnswer<T>> {
  try {
    const entries = new Map<string, TarEntry>()
    for (const entry of tarEntries(archive)) {
      // Only an image is looked into by name, and it has few files.
      if (entries.size < mostBlobs) entries.set(entry.path, entry)
    }
    const images = layersOf(archive, entries)
    if (images === undefined) {
      const seen = new Map<string, T>()
      addLayer(seen, archive, read)
      return {kind: 'archive', found: foundIn(seen, '')}
    }
    const found: Found<T>[] = []
    for (const {name, layers} of images) {
      const seen = new Map<string, T>()
      for (const layer of layers) {
        const entry = fileAt(entries, layer)
        if (entry === undefined) return {kind: 'corrupt', reason: `its layer ${layer} is missing`}
        const slice = sliceOf(archive, entry.offset, entry.size)
        const added = await withUnpacked<T>(
          path,
          entry.offset,
          entry.size,
          slice && packingOf(slice),
          async (_, file) => {
            addLayer(seen, file, read)
            return undefined
          },
        )
        if (added !== undefined) return added
      }
      found.push(...foundIn(seen, images.length > 1 ? `${name}:/` : '/'))
    }
    return {kind: 'archive', found}
  } catch (error) {
    if (error instanceof TarError) return {kind: 'corrupt', reason: error.message}
    throw error
  }
}

/** An image has some dozens of layers, and a file of settings for each. */
const mostBlobs = 1 << 16

function foundIn<T>(seen: ReadonlyMap<string, T>, before: string): Found<T>[] {
  return [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, value]) => ({path: before + path, value}))
}

/**
 * Lays a layer over what is seen already: `.wh.NAME` removes NAME, `.wh..wh..opq` everything in its folder that comes from below
 * (image-spec, layer.md), and any entry replaces what had its name.
 */
function addLayer<T>(
  seen: Map<string, T>,
  layer: RandomAccess,
  read: (file: RandomAccess) => T | undefined,
): void {
  const own = new Set<string>()
  const remove = (path: string, isTree: boolean) => {
    if (isTree)
      for (const other of [...seen.keys()])
        if (other.startsWith(path === '' ? '' : `${path}/`) && !own.has(other)) seen.delete(other)
    if (!own.has(path)) seen.delete(path)
  }
  for (const entry of tarEntries(layer)) {
    const name = posix.basename(entry.path)
    const folder = entry.path.slice(0, -name.length).replace(/\/$/, '')
    if (name === '.wh..wh..opq') {
      remove(folder, true)
      continue
    }
    if (name.startsWith('.wh.')) {
      remove(folder === '' ? name.slice(4) : `${folder}/${name.slice(4)}`, true)
      continue
    }
    if (entry.kind === 'directory') continue
    seen.delete(entry.path)
    remove(entry.path, true)
    const linked = entry.kind === 'hard-link' ? seen.get(entry.target.replace(/^(\.?\/)+/, '')) : undefined
    const slice = entry.kind === 'file' ? sliceOf(layer, entry.offset, entry.size) : undefined
    const value = linked ?? (slice && read(slice))
    if (value === undefined) continue
    seen.set(entry.path, value)
    own.add(entry.path)
  }
}

type Image = {name: string; layers: string[]}

/** The images by manifest.json (docker save) or index.json (an OCI layout), the lowest layer first; undefined for another archive. */
function layersOf(archive: RandomAccess, entries: ReadonlyMap<string, TarEntry>): Image[] | undefined {
  const json = (path: string): unknown => {
    const entry = fileAt(entries, path)
    if (entry === undefined || entry.size > largestManifest) return undefined
    try {
      return JSON.parse(archive.read(entry.offset, entry.size).toString())
    } catch {
      return undefined
    }
  }
  const saved = json('manifest.json')
  if (Array.isArray(saved)) {
    const images = saved.map((image, index) => ({
      name: textsIn(image, 'RepoTags')[0] ?? `image ${index + 1}`,
      layers: textsIn(image, 'Layers'),
    }))
    if (images.some(({layers}) => layers.length > 0)) return images
  }
  if (!entries.has('oci-layout')) return undefined
  return manifestsIn(json('index.json'), json, 0)
}

/** Manifests of an index, which may name other indexes: one for each platform. */
function manifestsIn(index: unknown, json: (path: string) => unknown, depth: number): Image[] {
  return objectsIn(index, 'manifests').flatMap(described => {
    const digest = textIn(described, 'digest')
    const content = json(blobPath(digest))
    if (depth < 2 && objectsIn(content, 'manifests').length > 0) return manifestsIn(content, json, depth + 1)
    const layers = objectsIn(content, 'layers')
      .filter(layer => /tar/.test(textIn(layer, 'mediaType')))
      .map(layer => blobPath(textIn(layer, 'digest')))
    return layers.length === 0 ? [] : [{name: digest.slice(0, 'sha256:'.length + 12), layers}]
  })
}

const largestManifest = 1 << 22

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`
}

/** An entry that is a file; older images name a layer that another one has too by a symbolic link. */
function fileAt(entries: ReadonlyMap<string, TarEntry>, path: string): TarEntry | undefined {
  const entry = entries.get(path)
  if (entry?.kind === 'file') return entry
  if (entry?.kind !== 'symbolic-link') return undefined
  const target = entries.get(posix.join(posix.dirname(path), entry.target))
  return target?.kind === 'file' ? target : undefined
}

function packingOf(file: RandomAccess): Packing | undefined {
  const magic = file.read(0, 4).toString('latin1')
  if (magic.startsWith('\x1f\x8b')) return 'gzip'
  return magic === '\x28\xb5\x2f\xfd' ? 'zstd' : undefined
}

/** Hands a part of a file to `body`, unpacked, with the path and the reader of what holds it then. */
async function withUnpacked<T>(
  path: string,
  offset: number,
  size: number,
  packing: Packing | undefined,
  body: (path: string, file: RandomAccess) => Promise<ArchiveAnswer<T> | undefined>,
): Promise<ArchiveAnswer<T> | undefined> {
  const within = async (at: string, from: number, length: number) => {
    const opened = await withRandomAccess(at, async file => {
      const slice = sliceOf(file, from, length)
      return slice === undefined ? undefined : await body(at, slice)
    })
    return opened.kind === 'read' ? opened.value : {kind: 'unreadable' as const, reason: opened.reason}
  }
  if (packing === undefined) return await within(path, offset, size)
  return await withScratch(async folder => {
    const plain = join(folder, 'unpacked')
    const unpacked = await unpack(path, {offset, size}, packing, plain)
    return unpacked.kind === 'unpacked' ? await within(plain, 0, unpacked.size) : unpacked
  })
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}

function textIn(value: unknown, name: string): string {
  const text = field(value, name)
  return typeof text === 'string' ? text : ''
}

function textsIn(value: unknown, name: string): string[] {
  const list = field(value, name)
  return Array.isArray(list) ? list.filter(item => typeof item === 'string') : []
}

function objectsIn(value: unknown, name: string): unknown[] {
  const list = field(value, name)
  return Array.isArray(list) ? list : []
}
