/** The launcher under each shell it is written for, on a cache that is filled once. */
import {spawn} from 'node:child_process'
import {accessSync, constants, cpSync, mkdirSync, readFileSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, type Rig, root, runProgram, tiny, withRig, writeFiles} from './rig.ts'
import {directoryOfProcess} from './temporary.ts'

export type Shell = {
  name: string
  /** The words that start it, for `shell` in a rig's options. */
  words: readonly string[]
  /** Why it cannot be tried here; undefined when it can. */
  missing: string | undefined
}

export const shells: readonly Shell[] = [['dash'], ['bash', '--posix'], ['busybox', 'ash']].map(
  ([name = '', ...words]) => {
    const path = onPath(name)
    return {
      name: [name, ...words].join(' '),
      // By path: what it is given as PATH may hold no shell at all.
      words: [path ?? name, ...words],
      missing: path === undefined ? `${name} is not on PATH` : undefined,
    }
  },
)

/** The first of them that is here: for what does not depend on the shell. */
export const anyShell: readonly string[] = shells.find(({missing}) => missing === undefined)?.words ?? [
  '/bin/sh',
]

/** Where a program lies on the PATH of the tests; undefined when it is not there. */
export function onPath(name: string): string | undefined {
  const places = (process.env['PATH'] ?? '').split(':').map(entry => join(entry, name))
  return places.find(place => isExecutable(place))
}

/** Why nothing can be done to the Node that plans: `ENGINE=1 npm test` tries the standalone executable, which needs none. */
export const noNode =
  process.env['ENGINE'] === undefined ? undefined : 'the standalone executable plans without Node'

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A user without any rights of its own: the one that systems call nobody. */
export const nobody = 65534

/** Why nothing can be run as nobody here; undefined when it can. */
export const noNobody = (() => {
  if (process.geteuid?.() !== 0) return 'only root may become another user'
  const closed = [tmpdir(), root, process.execPath, machine.goroot].flatMap(foldersAbove).find(isClosed)
  return closed === undefined ? undefined : `${closed} is closed to other users`
})()

function foldersAbove(path: string): string[] {
  return path === '/' ? ['/'] : [path, ...foldersAbove(dirname(path))]
}

function isClosed(path: string): boolean {
  return (statSync(path).mode & 0o001) === 0
}

/** How a program ended. Each byte it printed is one character, so nothing is lost and texts can be compared. */
export type EndedBytes = {code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string}

export type BytesOptions = {
  cwd: string
  env: Record<string, string | undefined>
  input?: Uint8Array
  /** Runs it as this user and group; only root may. */
  user?: number | undefined
}

/** Runs a program to its end and keeps what it printed byte for byte. */
export function runBytes(file: string, words: readonly string[], options: BytesOptions): Promise<EndedBytes> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, words, {
      cwd: options.cwd,
      env: {PWD: options.cwd, ...options.env},
      ...(options.user === undefined ? {} : {uid: options.user, gid: options.user}),
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    child.on('close', (code, signal) =>
      resolve({
        code,
        signal,
        stdout: Buffer.concat(out).toString('latin1'),
        stderr: Buffer.concat(err).toString('latin1'),
      }),
    )
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
  })
}

/**
 * A program in the module `told` that needs little of the standard library. Its first word is the status it exits with;
 * it prints the others, each closed by a NUL byte, then what it reads, and a line on stderr when the reading ends.
 */
export const told = {
  'go.mod': 'module told\n\ngo 1.21\n',
  'main.go': `package main

import (
	"io"
	"os"
)

func main() {
	for _, word := range os.Args[2:] {
		os.Stdout.WriteString(word + "\\x00")
	}
	io.Copy(os.Stdout, os.Stdin)
	os.Stderr.WriteString("end\\n")
	os.Exit(int(os.Args[1][0] - '0'))
}
`,
}

let warmed: Promise<string> | undefined

/** A folder for all cases of this process: `go-build` holds what `tiny` and `told` need, `cache` a store that knows the toolchain. */
export async function warmFolder(): Promise<string> {
  warmed ??= warm()
  return await warmed
}

/**
 * Runs `body` in a rig whose GOCACHE is shared by every case of this process and holds the standard library that `tiny`
 * and `told` need, stamped. Its store is its own and knows the machine's toolchain, but no plan.
 */
export async function withWarmRig<T>(body: (rig: Rig) => Promise<T>): Promise<T> {
  const folder = await warmFolder()
  return await withRig(async rig => {
    rig.env['GOCACHE'] = join(folder, 'go-build')
    knowToolchain(rig.store, folder)
    return await body({...rig, cache: join(folder, 'go-build')})
  })
}

/** The same with a copy of that GOCACHE: for cases that change what is in it, or who owns it. */
export async function withFilledRig<T>(body: (rig: Rig) => Promise<T>): Promise<T> {
  return await withKnownRig(async rig => {
    await copyFolder(join(await warmFolder(), 'go-build'), rig.cache)
    return await body(rig)
  })
}

/** The same with that GOCACHE as the one that `isolate` gives to the machine's toolchain, and none but that. */
export async function withIsolatedRig<T>(body: (rig: Rig) => Promise<T>): Promise<T> {
  return await withKnownRig(async rig => {
    const env = {GOWARDEN_CACHE: 'isolate'}
    const {stdout} = await rig.go(['env', 'GOCACHE'], {env})
    await copyFolder(join(await warmFolder(), 'go-build'), stdout.trimEnd())
    return await body(rig)
  })
}

/** Runs `body` in a fresh rig whose store knows the machine's toolchain, as every one but the first command finds it. */
export async function withKnownRig<T>(body: (rig: Rig) => Promise<T>): Promise<T> {
  const folder = await warmFolder()
  return await withRig(async rig => {
    knowToolchain(rig.store, folder)
    return await body(rig)
  })
}

/** What the cases of this process share: made here, or copied from what `npm test` made before it began. */
async function warm(): Promise<string> {
  const folder = directoryOfProcess('gowarden warm ')
  const made = process.env['GOWARDEN_TESTS_WARM']
  if (made === undefined) await fillWarm(folder)
  else await copyFolder(made, folder)
  return folder
}

/** Builds `tiny` and `told`, with a stamp and by go alone, with a GOCACHE and a store below the folder. */
export async function fillWarm(folder: string): Promise<void> {
  await withRig(async rig => {
    writeFiles(rig.work, {...told, 'tiny/main.go': tiny['main.go']})
    const env = {GOCACHE: join(folder, 'go-build'), XDG_CACHE_HOME: join(folder, 'cache')}
    for (const go of [rig.go, rig.bareGo]) {
      const built = await go(['build', '-o', 'built/', './...'], {env})
      assert.is(built.code, 0, built.stderr)
    }
  })
}

async function copyFolder(from: string, to: string): Promise<void> {
  mkdirSync(to, {recursive: true})
  const ended = await runProgram('cp', ['-a', `${from}/.`, to], {cwd: from, env: process.env})
  assert.is(ended.code, 0, ended.stderr)
}

/** Copies what an earlier case learned of the machine's toolchain: hashing a GOROOT takes longer than most cases. */
function knowToolchain(store: string, folder: string): void {
  mkdirSync(store, {recursive: true, mode: 0o700})
  cpSync(join(folder, 'cache/gowarden/toolchains'), join(store, 'toolchains'), {recursive: true})
}

/** Whether a binary's build settings carry a ToolchainHash. */
export function isStamped(binary: string): boolean {
  return /\nbuild\t-gcflags=\S*=-env=ToolchainHash=go\S+@h1:[\w+/]{43}=\n/.test(
    readFileSync(binary, 'latin1'),
  )
}

/** Runs a line of sh to its end; fails the case when it does not exit 0. */
export async function sh(rig: Rig, line: string, ...words: string[]): Promise<string> {
  const ended = await runProgram('sh', ['-c', line, 'sh', ...words], {cwd: rig.work, env: rig.env})
  assert.is(ended.code, 0, ended.stderr)
  return ended.stdout
}
