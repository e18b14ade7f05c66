/** Which hooks Git runs from a folder. */
import type {GitSystem} from '../git/git.ts'
import {isSystemError} from '../system/errors.ts'

/** Those of githooks(5) that commands of a work tree start. A file of another name, such as `pre-commit.sample`, is none. */
const names = new Set([
  'applypatch-msg',
  'commit-msg',
  'fsmonitor-watchman',
  'p4-changelist',
  'p4-post-changelist',
  'p4-pre-submit',
  'p4-prepare-changelist',
  'post-applypatch',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-rewrite',
  'pre-applypatch',
  'pre-auto-gc',
  'pre-commit',
  'pre-merge-commit',
  'pre-push',
  'pre-rebase',
  'prepare-commit-msg',
  'reference-transaction',
  'sendemail-validate',
])

/** By name, sorted; 'unknown' where the folder cannot be read. */
export function hooksIn({files}: GitSystem, folder: string): string[] | 'unknown' {
  try {
    const entries = files.list(folder) ?? []
    return entries
      .filter(({name, kind}) => kind !== 'directory' && names.has(name))
      .map(({name}) => name)
      .filter(name => files.isExecutable(`${folder}/${name}`))
      .sort()
  } catch (error) {
    if (!isSystemError(error)) throw error
    return 'unknown'
  }
}
