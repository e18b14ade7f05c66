/** A toolchain module's zip as a GOROOT, hashed while it is unpacked. */
import {dirname} from 'node:path'
import type {H1} from '../go/module/h1.ts'
import {type VisitFile, visitModuleZip} from '../go/vendor/module-zip.ts'
import {withRandomAccess} from '../system/random-access.ts'
import type {System} from '../system/system.ts'

/** 'rejected': not a module zip, or it cannot be read. */
export type ZipHash = {kind: 'read'; h1: H1} | {kind: 'rejected'; reason: string}

/**
 * Unpacks into a folder that is not there yet, and ends with the h1 of what was unpacked, which the caller compares before anybody sees it.
 * Files and folders are read-only; go.mod gets its own name back, and what go runs may be executed (cmd/go/internal/toolchain Exec).
 * `module` is `golang.org/toolchain@v0.0.1-…`. Throws what the file system throws.
 */
export async function unpackToolchain(
  system: System,
  zip: string,
  module: string,
  goroot: string,
  onFile: () => void,
): Promise<ZipHash> {
  const {files} = system
  const folders = new Set<string>()
  const claim = claimsOfNames()
  files.makeDirectory(goroot, 0o755)
  const unpacked = await visitZip(zip, module, (name, content) => {
    const {path, mode} = gorootFile(name)
    claim(path)
    const folder = dirname(path)
    if (!folders.has(folder)) {
      files.makeDirectory(folder === '.' ? goroot : `${goroot}/${folder}`, 0o755)
      for (let at = folder; at !== '.' && !folders.has(at); at = dirname(at)) folders.add(at)
    }
    files.create(`${goroot}/${path}`, content, mode)
    onFile()
  })
  if (unpacked.kind === 'read') {
    // The deepest first: in a folder that is read-only nothing can be changed.
    for (const folder of [...folders].sort().reverse()) files.changeMode(`${goroot}/${folder}`, 0o555)
    files.changeMode(goroot, 0o555)
  }
  return unpacked
}

/** No name in a toolchain is half as long, and no file system takes a longer part. */
const longestPart = 255
const longestPath = 1024

/**
 * Refuses what no file system could hold beside what came before: one name twice, be it in other cases (cmd/go refuses these, too:
 * golang.org/x/mod/zip), a file that is a folder as well, a name that is too long. Otherwise a hostile zip looks like a broken disk.
 */
function claimsOfNames(): (path: string) => void {
  const taken = new Map<string, 'file' | 'folder'>()
  return path => {
    const parts = path.toLowerCase().split('/')
    if (Buffer.byteLength(path) > longestPath || parts.some(part => Buffer.byteLength(part) > longestPart))
      throw new OddName(`a name in it is longer than a file's may be: ${path.slice(0, 60)}…`)
    for (const at of parts.keys()) {
      const name = parts.slice(0, at + 1).join('/')
      const kind = at + 1 < parts.length ? 'folder' : 'file'
      const before = taken.get(name)
      if (before !== undefined && (before === 'file' || kind === 'file'))
        throw new OddName(`two entries in it are one file: ${path}`)
      taken.set(name, kind)
    }
  }
}

/** Hands every file of the zip to `visit` by its name in the module, as text. */
export async function visitZip(
  zip: string,
  module: string,
  visit: (name: string, content: Buffer, sha256: string) => void,
): Promise<ZipHash> {
  let count = 0
  let failure: {error: unknown} | undefined
  const onFile: VisitFile = async (path, content, sha256) => {
    const name = Buffer.from(path, 'latin1').toString()
    try {
      if (name.includes('\uFFFD')) throw new OddName(`a name in it is not UTF-8: ${path}`)
      visit(name, content, sha256)
    } catch (error) {
      failure = {error}
      throw error
    }
    // A lock that is held meanwhile is kept alive by timers.
    count += 1
    if (count % 64 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  const opened = await withRandomAccess(zip, file => visitModuleZip(file, `${module}/`, onFile)).catch(
    (error: unknown) => {
      if (failure === undefined) throw error
      return undefined
    },
  )
  // What the visitor met says nothing of the zip.
  if (failure !== undefined) {
    const {error} = failure
    if (error instanceof OddName) return {kind: 'rejected', reason: error.message}
    throw error
  }
  if (opened === undefined) throw new Error('no zip was opened')
  return opened.kind === 'read' ? opened.value : {kind: 'rejected', reason: opened.reason}
}

/** Says something of the zip; what else a visitor throws does not. */
class OddName extends Error {}

/** Where a file of the module lies in GOROOT, and its mode there. */
export function gorootFile(name: string): {path: string; mode: number} {
  const path = name.replace(/(^|\/)_go\.mod$/, '$1go.mod')
  const isProgram = /^(bin|pkg\/tool)\//.test(path) || /^lib\/(.*\/)?go_[^/]+_[^/]+_exec$/.test(path)
  return {path, mode: isProgram ? 0o555 : 0o444}
}
