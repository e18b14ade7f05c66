import {execFileSync} from 'node:child_process'

/** Why nothing can be mounted here; undefined when it can. */
export function noMounts(): string | undefined {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], {stdio: 'ignore'})
    return undefined
  } catch {
    return 'nothing may be mounted here'
  }
}
