/**
 * Records that survive anything: each is a file of text that ends in its own SHA-256 and is written by rename, so a record
 * is whole or it is absent. kill -9, a full disk, two runs at once and a flipped bit all come out as "absent"; what is absent
 * is computed again. Text is latin1, for it holds paths.
 */
import {createHash} from 'node:crypto'
import {join} from 'node:path'
import type {System} from '../system/system.ts'
import {openFolder, storeFolder, whyNotOurs} from './folder.ts'

export type Records = {
  /** Undefined when there is no such record or it is not whole. `key` is any text. */
  read(key: string): string | undefined
  /** Never throws: a record that cannot be written is only slower. */
  write(key: string, text: string): void
  /** Removes the oldest records until the bounds hold again; only when something was written. */
  prune(): void
}

export type Bounds = {records: number; bytes: number}

/** No store at all: HOME is missing, or the folder is one that others can write to. */
export const noRecords: Records = {read: () => undefined, write: () => {}, prune: () => {}}

/**
 * The records of one kind, in a folder of that name below gowarden's own. One that belongs to someone else or that others
 * may write to is not used: what lies there could pass a tamper.
 */
export function openRecords(system: System, kind: string, bounds: Bounds): Records {
  const folder = openFolder(system, storeFolder(system))
  if (folder.kind === 'unusable') return noRecords
  const directory = join(folder.path, kind)
  try {
    if (whyNotOurs(system, directory) !== undefined) return noRecords
  } catch {
    return noRecords
  }
  let wrote = false
  return {
    read: key => {
      try {
        return unseal(system.files.read(join(directory, recordName(key))), key)
      } catch {
        return undefined
      }
    },
    write: (key, text) => {
      try {
        system.files.makeDirectory(directory, 0o700)
        system.files.replace(join(directory, recordName(key)), seal(key, text), 0o600)
        wrote = true
      } catch {
        // the next run computes it again
      }
    },
    prune: () => {
      if (wrote) prune(system, directory, bounds)
      wrote = false
    },
  }
}

function recordName(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 40)
}

/** The key is part of the record, so that a file under another's name is not believed. */
function seal(key: string, text: string): Buffer {
  const body = Buffer.from(`gowarden record 1\n${JSON.stringify(key)}\n${text}`, 'latin1')
  return Buffer.concat([body, Buffer.from(checksum(body))])
}

function unseal(record: Buffer | undefined, key: string): string | undefined {
  if (record === undefined || record.length < 64) return undefined
  const body = record.subarray(0, record.length - 64)
  if (checksum(body) !== record.toString('latin1', record.length - 64)) return undefined
  const head = Buffer.from(`gowarden record 1\n${JSON.stringify(key)}\n`, 'latin1')
  return body.subarray(0, head.length).equals(head) ? body.toString('latin1', head.length) : undefined
}

function checksum(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex')
}

/** Down to three quarters of the bounds, so that not every run prunes. */
function prune(system: System, directory: string, bounds: Bounds): void {
  try {
    const records = (system.files.list(directory) ?? []).flatMap(entry => {
      const path = join(directory, entry.name)
      const stat = system.files.stat(path)
      return stat === undefined
        ? []
        : [{path, name: entry.name, size: Number(stat.size), mtimeNs: stat.mtimeNs}]
    })
    let bytes = records.reduce((sum, record) => sum + record.size, 0)
    let count = records.length
    const hourAgo = BigInt(system.nowMs() - 3_600_000) * 1_000_000n
    const isFull = count > bounds.records || bytes > bounds.bytes
    for (const record of records.sort((a, b) => Number(a.mtimeNs - b.mtimeNs))) {
      // What a killed run left half written has a longer name than a record.
      const abandoned = record.name.length > 40 && record.mtimeNs < hourAgo
      const surplus = isFull && (count > bounds.records * 0.75 || bytes > bounds.bytes * 0.75)
      if (!abandoned && !surplus) continue
      system.files.remove(record.path)
      bytes -= record.size
      count--
    }
  } catch {
    // another run pruned at the same time
  }
}
