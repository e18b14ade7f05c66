/**
 * Remembers what was judged and found in order, so that an unchanged run reads nothing. The key holds all the verdict was
 * made from: the listed entries, the base, the policy, the module cache's place; a tamper changes an object ID and so the
 * key. Two things lie outside the key and are asked again: files of the module cache that were absent, and attributes that
 * excused line endings. A run with an error is never remembered.
 */
import {createHash} from 'node:crypto'
import type {PathBytes} from '../git/path-bytes.ts'
import {openRecords} from '../store/records.ts'
import type {System} from '../system/system.ts'

export type Remembered = {
  /** Absolute paths; the memo holds only while every one is absent. */
  absent: string[]
  /** Paths (bytes) that .gitattributes excuse; the memo holds only while they do. */
  normalized: PathBytes[]
  /** What was reported, as JSON. */
  result: unknown
}

/** `mode` is what is judged: a result with findings has hints for that mode, one without is the same for all. */
export type VerifyMemo = {
  read(mode: string): Remembered | undefined
  write(remembered: Remembered, mode: string, hasFindings: boolean): void
}

const bounds = {records: 300, bytes: 64 * 1024 * 1024}

/** `parts` are all that decides the verdict. Order matters. */
export function openVerifyMemo(system: System, parts: readonly (string | Uint8Array)[]): VerifyMemo {
  const records = openRecords(system, 'verify', bounds)
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:`).update(part)
  const key = `4 ${hash.digest('hex')}`
  return {
    read: mode => {
      const text = records.read(key) ?? records.read(`${key} ${mode}`)
      return text === undefined ? undefined : parse(text)
    },
    write: (remembered, mode, hasFindings) => {
      // latin1 records carry UTF-8 as bytes.
      const text = Buffer.from(JSON.stringify(remembered)).toString('latin1')
      records.write(hasFindings ? `${key} ${mode}` : key, text)
      records.prune()
    },
  }
}

function parse(text: string): Remembered {
  // The record's own checksum vouches for what we wrote ourselves.
  return JSON.parse(Buffer.from(text, 'latin1').toString()) as Remembered
}
