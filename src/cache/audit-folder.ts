/** One of the 256 folders of a build cache, read whole: each object against its name. */
import {createHash} from 'node:crypto'
import {parseActionEntry} from '../go/binary/action-entry.ts'
import {objectHeadLength, objectVersion} from '../go/binary/object-header.ts'
import {withRandomAccess} from '../system/random-access.ts'
import type {Files} from '../system/system.ts'

/** `path` is that of a file or of a folder with an executable. */
export type AuditedObject = {
  path: string
  id: string
  bytes: number
  madeMs: number
  owner: number
  version: string | undefined
  /** Why it is not what its name says; undefined for a sound one. */
  wrong: string | undefined
}

export type AuditedEntry = {
  path: string
  madeMs: number
  /** What it names; undefined where `wrong` says why it is no entry. */
  object: string | undefined
  size: number
  wrong: string | undefined
}

export type AuditedFolder = {objects: AuditedObject[]; entries: AuditedEntry[]}

/** As much of a file is in memory at a time; one for all files, for a thread reads one after another. */
const piece = Buffer.alloc(256 * 1024)

/** Reads every object and entry of a folder that was changed since `sinceMs`. What go removes meanwhile is passed over. */
export async function auditFolder(files: Files, folder: string, sinceMs: number): Promise<AuditedFolder> {
  const found: AuditedFolder = {objects: [], entries: []}
  for (const {name, kind} of files.list(folder) ?? []) {
    const [, id, letter] = name.match(/^([0-9a-f]{64})-([ad])$/) ?? []
    const path = `${folder}/${name}`
    const stat = id === undefined ? undefined : files.stat(path)
    if (id === undefined || stat === undefined) continue
    const madeMs = Number(stat.mtimeNs / 1_000_000n)
    if (madeMs < sinceMs) continue
    if (letter === 'a') {
      found.entries.push({path, madeMs, ...auditEntry(files, path, id)})
      continue
    }
    // Since go1.24 an executable lies in a folder of the object's name (cmd/go/internal/cache PutExecutable).
    const content =
      kind === 'directory' ? (files.list(path) ?? []).map(file => `${path}/${file.name}`) : [path]
    for (const file of content) {
      const object = await auditObject(file, id)
      if (object !== undefined) found.objects.push({path, id, madeMs, owner: stat.owner, ...object})
    }
  }
  return found
}

async function auditObject(
  file: string,
  id: string,
): Promise<Pick<AuditedObject, 'bytes' | 'version' | 'wrong'> | undefined> {
  const opened = await withRandomAccess(file, ({size, fill}) => {
    const hash = createHash('sha256')
    let version: string | undefined
    for (let at = 0; at < size; at += piece.length) {
      const bytes = piece.subarray(0, fill(piece, at))
      if (at === 0) version = objectVersion(bytes.subarray(0, objectHeadLength))
      hash.update(bytes)
    }
    const is = hash.digest('hex')
    return {bytes: size, version, wrong: is === id ? undefined : `its content is ${is}`}
  })
  if (opened.kind === 'absent') return undefined
  return opened.kind === 'read' ? opened.value : {bytes: 0, version: undefined, wrong: opened.reason}
}

function auditEntry(files: Files, path: string, id: string): Omit<AuditedEntry, 'path' | 'madeMs'> {
  const entry = parseActionEntry(files.readHead(path, 256)?.toString('latin1') ?? '')
  if (entry === undefined) return {object: undefined, size: 0, wrong: 'it is not an entry'}
  const wrong = entry.action === id ? undefined : `it is the entry ${entry.action}`
  return {object: entry.object, size: entry.size, wrong}
}
