import * as fs from 'node:fs'

/**
 * Copies an index for Git to work on, with an older modification time: Git trusts the times of entries that are older than
 * the index, and a copy that looked younger than it is would hide a file changed in the same instant. Absent stays absent.
 */
export function copyIndex(from: string, to: string): void {
  const stat = fs.statSync(from, {throwIfNoEntry: false})
  if (stat === undefined) return
  fs.copyFileSync(from, to)
  fs.utimesSync(to, stat.atime, new Date(stat.mtimeMs - 1000))
}
