import {dirname} from 'node:path'
import {hasCode} from '../system/errors.ts'
import type {FileStat, System} from '../system/system.ts'

/** The folder for what gowarden remembers, or why nothing can be remembered. */
export type Folder = {kind: 'usable'; path: string} | {kind: 'unusable'; path: string; reason: string}

/**
 * Opens `${XDG_CACHE_HOME:-~/.cache}/gowarden` (path), making it when it is absent. It is usable when the effective user
 * owns it and nobody else may enter it: what lies in it decides what a build is told, so it is nobody else's to write.
 */
export function openFolder(system: System, path: string): Folder {
  if (path === '')
    return {kind: 'unusable', path, reason: 'neither HOME nor XDG_CACHE_HOME names a directory'}
  const above = nearestDirectory(system, path)
  if (above !== undefined && isStrangers(system, above.owner)) {
    // As with `sudo` and another's HOME: what root leaves there, its owner cannot replace.
    return {kind: 'unusable', path, reason: `${above.path} belongs to another user`}
  }
  try {
    system.files.makeDirectory(path, 0o700)
  } catch (error) {
    return {kind: 'unusable', path, reason: reasonOf(error)}
  }
  const stat = system.files.stat(path)
  if (stat === undefined) return {kind: 'usable', path} // wiped since; see whyNotWritten
  if (stat.kind !== 'directory') return {kind: 'unusable', path, reason: 'it is not a directory'}
  if (system.user !== undefined && stat.owner !== system.user) {
    return {kind: 'unusable', path, reason: 'it belongs to another user'}
  }
  if ((stat.mode & 0o022) !== 0) return {kind: 'unusable', path, reason: 'other users may write in it'}
  return {kind: 'usable', path}
}

function nearestDirectory(system: System, path: string): {path: string; owner: number} | undefined {
  for (let at = path; ; at = dirname(at)) {
    const stat = statOrNothing(system, at)
    if (stat !== undefined) return {path: at, owner: stat.owner}
    if (at === dirname(at)) return undefined
  }
}

function statOrNothing(system: System, path: string): FileStat | undefined {
  try {
    return system.files.stat(path)
  } catch {
    return undefined
  }
}

/** Folders of root, such as /tmp, may hold what is ours; those of another user may not. */
function isStrangers(system: System, owner: number): boolean {
  return system.user !== undefined && owner !== system.user && owner !== 0
}

/**
 * Why nothing could be written below a folder that was usable when it was opened; undefined when somebody only wiped it
 * since: the next command makes it again.
 */
export function whyNotWritten(error: unknown): string | undefined {
  return hasCode(error, 'ENOENT') ? undefined : reasonOf(error)
}

/** A system error in a person's words: 'permission denied', 'no space left on device'. */
export function reasonOf(error: unknown): string {
  for (const [code, words] of Object.entries(errorWords)) if (hasCode(error, code)) return words
  return error instanceof Error ? error.message : String(error)
}

const errorWords = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on device',
  EDQUOT: 'disk quota exceeded',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  ENAMETOOLONG: 'file name too long',
  ENOENT: 'no such file or directory',
}
