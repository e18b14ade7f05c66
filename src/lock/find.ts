/** The lock that counts in a directory, read within bounds: a repository can put anything in its place. */
import {isWithin, policyDirectories, realPathOf} from '../policy/directories.ts'
import {reasonOf} from '../store/folder.ts'
import type {System} from '../system/system.ts'
import {shellWord} from '../text/shell-word.ts'
import {type Lock, mostLockBytes, parseLock} from './file.ts'
import {lockPlace} from './place.ts'

/**
 * `path` is where the lock lies. 'damaged': it is there and cannot be understood, as behind a link to nothing; `line`, from 1, where one
 * is to blame. What is damaged is never taken for 'none'.
 */
export type FoundLock =
  | {kind: 'none'}
  | {kind: 'found'; path: string; lock: Lock}
  | {kind: 'damaged'; path: string; line: number | undefined; reason: string}

/** What is wrong with a damaged lock, behind its place: `/work/app/gowarden.lock:3: a conflict marker (<<<<<<<)`. */
export function damageText({path, line, reason}: Extract<FoundLock, {kind: 'damaged'}>): string {
  return `${path}${line === undefined ? '' : `:${line}`}: ${reason}`
}

/** Finds who damaged it, from every folder of the repository. */
export function damageHint({path}: {path: string}): string {
  return `see what changed it: git log -p ${shellWord(path)}`
}

/** The nearest lock up to the root of the repository. */
export function findLock(system: System, directory: string): FoundLock {
  const path = lockPlace(system, directory)
  return path === undefined ? {kind: 'none'} : readLock(system, path, rootOf(system, directory))
}

/** The root of the repository of a directory, where a lock is written; outside of one that of its module, else the directory itself. */
export function rootOf(system: System, directory: string): string {
  return policyDirectories(system, directory).at(-1) ?? directory
}

/** Reads the lock at a place that is there. `root` is the folder that it must lie in, links followed. */
export function readLock(system: System, path: string, root: string): FoundLock {
  const damaged = (reason: string, line?: number): FoundLock => ({kind: 'damaged', path, line, reason})
  try {
    if (!isWithin(realPathOf(system, path), realPathOf(system, root)))
      return damaged('a link that leads out of the repository')
    const stat = system.files.stat(path)
    if (stat === undefined) return damaged('a link to nothing')
    if (stat.kind !== 'file') return damaged('not a regular file')
    const bytes = system.files.readHead(path, Math.min(mostLockBytes, Number(stat.size)) + 1)
    const text = parseLock(bytes?.toString() ?? '')
    return text.kind === 'lock' ? {kind: 'found', path, lock: text.lock} : damaged(text.reason, text.line)
  } catch (error) {
    return damaged(reasonOf(error))
  }
}
