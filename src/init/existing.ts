/** What lies where `gowarden init` wants to write: text that it may amend, nothing, or something that it leaves alone. */
import {dirname} from 'node:path'
import type {GitSystem} from '../git/git.ts'
import {hasCode, isSystemError} from '../system/errors.ts'
import type {RepositorySetup} from './repository-setup.ts'

/**
 * The bytes of a file as a string with one character per byte (latin1): a name in Latin-1, a broken character or a byte order
 * mark goes back to disk as it came.
 */
export type Bytes = string

export type Existing =
  /** `file` is where a new file goes: links above it are resolved. */
  | {kind: 'absent'; file: string}
  /** `file` is the real one, where `path` is a link inside the repository. */
  | {kind: 'text'; file: string; content: Bytes; mode: number}
  | {kind: 'left'; reason: string}

/** More than any hook or configuration has: what is larger is something else. */
const mostBytes = 1024 * 1024

/** Never throws for what lies in the file system: what cannot be read is left, with the reason. */
export function readExisting(system: GitSystem, setup: RepositorySetup, path: string): Existing {
  try {
    return look(system, setup, path)
  } catch (error) {
    if (!isSystemError(error)) throw error
    return left(hasCode(error, 'ELOOP') ? 'it is a symbolic link to itself' : whyUnread(error))
  }
}

function look(system: GitSystem, setup: RepositorySetup, path: string): Existing {
  const {files} = system
  const file = files.realPath(path)
  if (file === undefined) {
    if (files.linkTarget(path) !== undefined) return left('it is a symbolic link to nothing')
    return placeFor(system, setup, path)
  }
  if (!isOurs(system, setup, file)) return left(`it is a symbolic link out of the repository, to ${file}`)
  const stat = files.stat(file)
  if (stat === undefined) return placeFor(system, setup, path)
  if (stat.kind === 'directory') return left('it is a directory')
  if (stat.kind !== 'file') return left('it is not a regular file')
  if (stat.size > mostBytes) return left('it is larger than 1 MB')
  const content = files.read(file)?.toString('latin1') ?? ''
  if (content.includes('\0')) return left('it is a program or other binary file, not text')
  return {kind: 'text', file, content, mode: stat.mode & 0o7777}
}

/** Where a new file goes: its folder may be a link, or may have to be made. */
function placeFor(system: GitSystem, setup: RepositorySetup, path: string): Existing {
  const {files} = system
  let folder = dirname(path)
  while (files.realPath(folder) === undefined) {
    if (files.linkTarget(folder) !== undefined) return left(`${folder} is a symbolic link to nothing`)
    folder = dirname(folder)
  }
  const real = files.realPath(folder) ?? folder
  if (files.stat(real)?.kind !== 'directory') return left(`${folder} is not a directory`)
  // Where only folders that are not there yet lie between, the place counts: .git holds hooks/, which an empty template leaves out.
  const file = `${real}${path.slice(folder.length)}`
  if (!isOurs(system, setup, file))
    return left(`${folder} is a symbolic link out of the repository, to ${real}`)
  return {kind: 'absent', file}
}

/** In the work tree; of Git's own directory only the hooks: a link to its config is not followed. */
function isOurs(
  {files}: GitSystem,
  {top, gitDirectory, hooksFolder}: RepositorySetup,
  real: string,
): boolean {
  const rootOf = (folder: string) => files.realPath(folder) ?? folder
  const isInside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)
  const [tree, git, hooks] = [rootOf(top), rootOf(gitDirectory), rootOf(hooksFolder)]
  if (!isInside(real, git)) return isInside(real, tree)
  return isInside(real, `${git}/hooks`) || (hooks !== git && isInside(hooks, git) && isInside(real, hooks))
}

function left(reason: string): Existing {
  return {kind: 'left', reason}
}

function whyUnread(error: unknown): string {
  return hasCode(error, 'EACCES') ? 'you may not read it' : `it cannot be read: ${String(error)}`
}
