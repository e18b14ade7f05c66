/** The one opening of the folder in which gowarden remembers. */
import {dirname} from 'node:path'
import {hasCode, openFilesHint} from '../system/errors.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'

/** The folder for what gowarden remembers, or why nothing can be remembered. */
export type Folder = {kind: 'usable'; path: string} | {kind: 'unusable'; path: string; reason: string}

/** `${XDG_CACHE_HOME:-~/.cache}/gowarden`, as in bin/go; '' when neither names a directory. */
export function storeFolder({env}: Pick<System, 'env'>): string {
  const {XDG_CACHE_HOME: cache = '', HOME: home = ''} = env
  if (cache.startsWith('/')) return `${cache}/gowarden`
  return home.startsWith('/') ? `${home}/.cache/gowarden` : ''
}

/**
 * Opens the store folder, making it when it is absent. It is usable when the effective user owns it and nobody else may
 * write in it: what lies in it decides what a build is told, so it is nobody else's to write.
 */
export function openFolder(system: System, path: string): Folder {
  if (path === '')
    return {kind: 'unusable', path, reason: 'neither HOME nor XDG_CACHE_HOME names a directory'}
  const stranger = strangersFolder(system, path)
  if (stranger !== undefined) {
    return {kind: 'unusable', path, reason: `${stranger} belongs to another user`}
  }
  try {
    let reason = whyNotOurs(system, path)
    if (reason === undefined) {
      system.files.makeDirectory(path, 0o700)
      reason = whyNotOurs(system, path)
    }
    return reason === undefined ? {kind: 'usable', path} : {kind: 'unusable', path, reason}
  } catch (error) {
    return {kind: 'unusable', path, reason: reasonOf(error)}
  }
}

/**
 * Why a folder is not one that the effective user alone can write; undefined when it is, or when there is none: who writes
 * there makes it, and whyNotWritten says what became of that. Throws what the file system throws.
 */
export function whyNotOurs({files, user}: Pick<System, 'files' | 'user'>, path: string): string | undefined {
  const stat = files.stat(path)
  if (stat === undefined) return undefined
  if (stat.kind !== 'directory') return 'it is not a directory'
  if (user !== undefined && stat.owner !== user) return 'it belongs to another user'
  return (stat.mode & 0o022) === 0 ? undefined : 'other users can write to it'
}

/**
 * The nearest folder that is there, from `path` up, where it belongs to another user: undefined where it is ours or root's,
 * as /tmp is. Under `sudo` with a person's HOME this is theirs, and what root left there they could not replace.
 */
export function strangersFolder(system: Pick<System, 'files' | 'user'>, path: string): string | undefined {
  for (let at = path; ; at = dirname(at)) {
    const owner = orNothing(() => system.files.stat(at))?.owner
    if (owner !== undefined)
      return system.user !== undefined && owner !== system.user && owner !== 0 ? at : undefined
    if (at === dirname(at)) return undefined
  }
}

/**
 * Why nothing could be written below a folder that was usable when it was opened; undefined when somebody only wiped it
 * since: the next command makes it again.
 */
export function whyNotWritten(error: unknown): string | undefined {
  return hasCode(error, 'ENOENT') ? undefined : reasonOf(error)
}

/** What helps against a system error that says nothing of the file it met; `otherwise` against every other. */
export function hintFor(error: unknown, otherwise: string): string {
  return hasCode(error, 'EMFILE') ? openFilesHint : otherwise
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
  EMFILE: 'too many open files',
  ENFILE: 'too many open files in the whole system',
  ENAMETOOLONG: 'file name too long',
  ENOENT: 'no such file or directory',
}
