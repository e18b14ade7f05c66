import {dirname} from 'node:path'
import type {ToolchainName} from '../findings/facts-of-builds.ts'
import {type Goroot, parseGoroot} from '../go/command/go-env.ts'
import {reasonOf} from '../store/folder.ts'
import type {System} from '../system/system.ts'
import {ownerPath} from './owner-path.ts'

/** One toolchain that a cache belongs to. `version` is the Go version alone: go1.26.8. */
export type Owner = ToolchainName & {goroot: Goroot; version: string}

/** What a cache says of its owners. Several stand in it only where policy lets versions share it. */
export type OwnerRecord =
  | {kind: 'absent'}
  | {kind: 'corrupt'; reason: string}
  | {kind: 'owned'; owners: Owner[]}

/** Reads the record of a cache. A record that cannot be read or understood is corrupt, with the reason. */
export function readOwner(system: System, cache: string): OwnerRecord {
  let content: Buffer | undefined
  try {
    content = system.files.read(ownerPath(cache))
  } catch (error) {
    return {kind: 'corrupt', reason: reasonOf(error)}
  }
  if (content === undefined) return {kind: 'absent'}
  return parseOwner(content.toString())
}

function parseOwner(text: string): OwnerRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return {kind: 'corrupt', reason: 'it is not JSON'}
  }
  if (typeof value !== 'object' || value === null) return {kind: 'corrupt', reason: 'it is not an object'}
  const {format, owners} = value as {format?: unknown; owners?: unknown}
  if (format !== 1)
    return {kind: 'corrupt', reason: `its format is ${JSON.stringify(format)}, this gowarden knows 1`}
  if (!Array.isArray(owners) || owners.length === 0) return {kind: 'corrupt', reason: 'it names no owner'}
  const read: Owner[] = []
  for (const owner of owners as unknown[]) {
    if (typeof owner !== 'object' || owner === null)
      return {kind: 'corrupt', reason: 'an owner is not an object'}
    const {hash, version, ...rest} = owner as Partial<Record<string, unknown>>
    const goroot = parseGoroot(rest['goroot'])
    if (typeof hash !== 'string' || goroot === undefined || typeof version !== 'string') {
      return {kind: 'corrupt', reason: 'an owner has no hash, goroot or version'}
    }
    read.push({hash, goroot, version})
  }
  return {kind: 'owned', owners: read}
}

/** What a decision under the lock comes to: the owners to write, or nothing to write. */
export type Decision<T> = {answer: T; write: Owner[] | undefined}

/**
 * Reads the record under a lock, lets `decide` say what becomes of it, and writes that by rename: of any number of first
 * builds at once one claims the cache and the others see whose it is. A wait of more than two seconds is told to `onWait`.
 * Throws what the file system throws.
 */
export async function updateOwner<T>(
  system: System,
  cache: string,
  onWait: (lock: string) => void,
  decide: (record: OwnerRecord) => Decision<T>,
): Promise<T> {
  const path = ownerPath(cache)
  // As go makes them: the umask says who else may enter.
  system.files.makeDirectory(dirname(path), 0o777)
  const {lock} = await import('../store/lock.ts')
  const release = await lock(system.files, path, onWait)
  try {
    const {answer, write} = decide(readOwner(system, cache))
    if (write !== undefined) {
      system.files.replace(path, `${JSON.stringify({format: 1, owners: write}, null, 2)}\n`, 0o666)
    }
    return answer
  } finally {
    await release()
  }
}
