/**
 * A place to run the launcher in as a user would: a home, a store and a cache of its own, and the real go behind it.
 * Nothing of the machine's own go settings comes through.
 */
import {execFileSync, spawn} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {withTemporary} from './temporary.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

export type Ended = {code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string}

export type RunOptions = {
  cwd?: string
  env?: Record<string, string | undefined>
  input?: string
  /** The shell that runs the launcher, instead of the one in its first line. */
  shell?: readonly string[]
}

export type Rig = {
  /** A folder whose name holds a space. */
  folder: string
  /** Where commands run: a folder below it. */
  work: string
  cache: string
  store: string
  env: Record<string, string | undefined>
  /** Writes files below the work folder; returns it. */
  write(files: Record<string, string>): string
  /** `go` through the launcher. */
  go(words: readonly string[], options?: RunOptions): Promise<Ended>
  /** The real go of this machine, in the same environment. */
  bareGo(words: readonly string[], options?: RunOptions): Promise<Ended>
  /** The gowarden command. */
  gowarden(words: readonly string[], options?: RunOptions): Promise<Ended>
}

/** The GOROOT and module cache of the go on PATH: asked once. */
export const machine = (() => {
  const ask = (name: string) =>
    execFileSync('go', ['env', name], {env: {...process.env, GOWARDEN: 'off', GOTOOLCHAIN: 'local'}})
      .toString()
      .trim()
  return {goroot: ask('GOROOT'), modules: ask('GOMODCACHE'), version: ask('GOVERSION')}
})()

/** The smallest module that builds: it needs nothing but the runtime. */
export const tiny = {
  'go.mod': 'module tiny\n\ngo 1.21\n',
  'main.go': 'package main\n\nfunc main() { println("tiny") }\n',
}

/** Runs `body` in a fresh rig. */
export async function withRig<T>(body: (rig: Rig) => Promise<T>): Promise<T> {
  return await withTemporary(async folder => await body(makeRig(folder)))
}

export function makeRig(folder: string): Rig {
  const work = join(folder, 'work')
  const home = join(folder, 'home')
  const cache = join(folder, 'go-build')
  const xdg = join(folder, 'cache')
  const temporary = join(folder, 'tmp')
  for (const directory of [work, home, temporary]) mkdirSync(directory, {recursive: true})
  // go's counters would still be written while the folder is removed.
  writeFiles(home, {'.config/go/telemetry/mode': 'off'})
  const env: Rig['env'] = {
    PATH: `${root}/bin:${machine.goroot}/bin:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: home,
    XDG_CACHE_HOME: xdg,
    TMPDIR: temporary,
    GOCACHE: cache,
    GOMODCACHE: machine.modules,
    GOTOOLCHAIN: 'local',
    GOFLAGS: '',
    LANG: 'C.UTF-8',
    // Where modules and toolchains come from is the machine's business.
    ...Object.fromEntries(
      [
        'GOPROXY',
        'GOSUMDB',
        'GONOSUMDB',
        'SSL_CERT_FILE',
        'SSL_CERT_DIR',
        'HTTPS_PROXY',
        'https_proxy',
        'NO_PROXY',
      ].flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
  }
  const run = async (
    file: string,
    words: readonly string[],
    {cwd, env: more, input}: RunOptions,
  ): Promise<Ended> => {
    const ended = await runProgram(file, words, {
      cwd: cwd ?? work,
      env: {...env, ...more},
      ...(input === undefined ? {} : {input}),
    })
    return {...ended, stderr: withoutWaits(ended.stderr)}
  }
  return {
    folder,
    work,
    cache,
    store: join(xdg, 'gowarden'),
    env,
    write: files => {
      writeFiles(work, files)
      return work
    },
    go: async (words, options = {}) => {
      // What was written a moment ago keeps a plan from being stored, and the standalone executable plans that soon.
      if (process.env['ENGINE'] !== undefined) await pause(25)
      const [shell, ...shellWords] = options.shell ?? []
      const launcher = `${root}/bin/go`
      return shell === undefined
        ? run(launcher, words, options)
        : run(shell, [...shellWords, launcher, ...words], options)
    },
    bareGo: (words, options = {}) => run(`${machine.goroot}/bin/go`, words, options),
    gowarden: (words, options = {}) => run(process.execPath, [`${root}/bin/gowarden`, ...words], options),
  }
}

/** What a command said, without what a busy machine makes it say: why it takes longer than two seconds. */
export function withoutWaits(stderr: string): string {
  return stderr.replace(/^gowarden: (reading|looking|checking|finding out|waiting) .*\n/gm, '')
}

/** Writes each file below the folder, with the folders above it. */
export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), {recursive: true})
    writeFileSync(path, content)
  }
}

/** Runs a program to its end. A variable that is undefined is not set. */
export function runProgram(
  file: string,
  words: readonly string[],
  options: {cwd: string; env: Record<string, string | undefined>; input?: string},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // $PWD as a shell would set it.
    const child = spawn(file, words, {cwd: options.cwd, env: {PWD: options.cwd, ...options.env}})
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    child.on('close', (code, signal) =>
      resolve({code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString()}),
    )
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
  })
}

/** What Git needs to take a folder for a repository. */
export const emptyRepository = {
  '.git/HEAD': 'ref: refs/heads/main\n',
  '.git/objects/.keep': '',
  '.git/refs/.keep': '',
}
