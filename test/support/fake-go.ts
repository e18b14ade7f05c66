/** Programs that stand where a launcher, a shim or a go is looked for, and say how they were called. */
import {copyFileSync, mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {machine, root} from './rig.ts'
import {writeProgram} from './twin.ts'

/** Which program answered, and the words it was given, each byte one character. */
export type Heard = {go: string; words: string[]}

const tell = `printf '%s\\0' "$0" "$@"`

/** Writes `folder/go`, which prints its own path and its words. Returns the folder. */
export function makeFakeGo(folder: string): string {
  makeGo(folder, tell)
  return folder
}

/**
 * Writes `folder/go`, which answers `go env` as the machine's go does, so that a plan can be made, and tells its words
 * for anything else. Returns the folder.
 */
export function makeTellingGo(folder: string): string {
  makeGo(
    folder,
    `case $1,\${3-} in env,* | -C,env) exec '${machine.goroot}/bin/go' "$@" ;; esac
${tell}`,
  )
  return folder
}

/** Writes `folder/go`, which runs these lines of sh. Returns its path. */
export function makeGo(folder: string, lines: string): string {
  mkdirSync(folder, {recursive: true})
  const go = join(folder, 'go')
  writeProgram(go, `#!/bin/sh\n${lines}\n`)
  return go
}

/** Puts a link to the launcher, or a copy of it, into `folder`. Returns the folder. */
export function placeLauncher(folder: string, as: 'link' | 'copy'): string {
  mkdirSync(folder, {recursive: true})
  const launcher = join(root, 'bin/go')
  if (as === 'link') symlinkSync(launcher, join(folder, 'go'))
  else copyFileSync(launcher, join(folder, 'go'))
  return folder
}

/** What a fake go printed; undefined when this is no such text. */
export function heard(stdout: string): Heard | undefined {
  if (!stdout.endsWith('\0')) return undefined
  const [go = '', ...words] = stdout.slice(0, -1).split('\0')
  return {go, words}
}
