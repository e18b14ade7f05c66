/**
 * Policy files as they lie there, read within bounds: a repository can put anything in their place. What is there and cannot be
 * read is an error and never none, and nothing is told of what a file holds that is no policy.
 */
import {basename} from 'node:path'
import {reasonOf} from '../store/folder.ts'
import {UsageError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {shellWord} from '../text/shell-word.ts'
import {isWithin, realPathOf} from './directories.ts'

/** Of one policy file, and of the value of "gowarden" in a package.json. */
export const mostBytes = 64 * 1024

/** A package.json is somebody else's file, which may be long; this is more than any is. */
const mostBytesOfPackage = 16 * 1024 * 1024

/** A policy with all that it extends. */
export const mostFiles = 32

/** `root` is the folder that every file must lie in, by its real path. */
export type Reading = {system: System; root: string}

/**
 * The text of a file; undefined where nothing has that name. `at` begins what is said of it. Throws UsageError for what is no regular
 * file, too long, not readable, or lies outside of the root.
 */
export function readPolicyText({system, root}: Reading, path: string, at = path): string | undefined {
  const isPackage = basename(path) === 'package.json'
  const most = isPackage ? mostBytesOfPackage : mostBytes
  let bytes: Buffer | undefined
  try {
    if (!isWithin(realPathOf(system, path), realPathOf(system, root))) {
      throw new UsageError(
        `${at}${at === path ? ': a link that leads' : ', which lies'} outside of ${root}`,
        'a policy must lie in its own repository or in an npm package: copy the file, or extend a package',
      )
    }
    const stat = system.files.stat(path)
    if (stat === undefined) {
      const target = system.files.linkTarget(path)
      if (target === undefined) return undefined
      throw new UsageError(`${at}: a link to nothing`, `see where it leads: ls -l ${shellWord(path)}`)
    }
    // Nothing can be said in a directory.
    if (isPackage && stat.kind === 'directory') return undefined
    if (stat.kind !== 'file') {
      const kind = stat.kind === 'directory' ? 'a directory' : 'not a regular file'
      throw new UsageError(
        `${at}: ${kind}, where a policy file is expected`,
        `see what it is: ls -ld ${shellWord(path)}`,
      )
    }
    bytes = system.files.readHead(path, Math.min(most + 1, Number(stat.size) + 1))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(
      `${at}: reading the policy: ${reasonOf(error)}`,
      `make it readable: chmod +r ${shellWord(path)}`,
    )
  }
  if (bytes !== undefined && bytes.length > most) {
    throw new UsageError(`${at}: longer than ${most / 1024} kB`, 'split it: a policy may extend other files')
  }
  return bytes?.toString()
}
