import {execFileSync} from 'node:child_process'
import {mkdtempSync, realpathSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** Runs `body` with an empty directory of its own and removes it afterwards, also when `body` throws. */
export async function withTemporary<T>(body: (directory: string) => T | Promise<T>): Promise<T> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'gowarden test ')))
  try {
    return await body(directory)
  } finally {
    rmSync(directory, {recursive: true, force: true})
  }
}

/** A directory of this process's own, for what its cases share; it is removed when the process ends. */
export function directoryOfProcess(name: string): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), name)))
  process.on('exit', () => rmSync(directory, {recursive: true, force: true}))
  return directory
}

/** Removes a module cache: the go command makes it read-only. */
export function removeModules(directory: string): void {
  execFileSync('chmod', ['-R', 'u+w', directory])
  rmSync(directory, {recursive: true, force: true})
}
