/** Where a lock lies, and where toolchains are installed: all that a plan asks where there is neither. */
import {isThere, policyDirectories} from '../policy/directories.ts'
import type {System} from '../system/system.ts'

/** Its name in the root of a repository. */
export const lockName = 'gowarden.lock'

/** The place of a lock in a directory. */
export function lockIn(directory: string): string {
  return `${directory === '/' ? '' : directory}/${lockName}`
}

/** The place of the nearest lock, in the directory or above it up to the root of the repository; undefined where there is none. */
export function lockPlace(system: System, directory: string): string | undefined {
  return policyDirectories(system, directory)
    .map(lockIn)
    .find(path => isThere(system, path))
}

/** `${XDG_DATA_HOME:-~/.local/share}/gowarden/go`, where `gowarden install` puts toolchains; '' where neither names a directory. */
export function installFolder({env}: Pick<System, 'env'>): string {
  const {XDG_DATA_HOME: share = '', HOME: home = ''} = env
  if (share.startsWith('/')) return `${share}/gowarden/go`
  return home.startsWith('/') ? `${home}/.local/share/gowarden/go` : ''
}
