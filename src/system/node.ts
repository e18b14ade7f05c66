/** The real world: with random-access.ts the only door to node:fs, node:child_process and process. */
import * as fs from 'node:fs'
import {hostname, tmpdir, userInfo} from 'node:os'
import {dirname, join} from 'node:path'
import type {Readable} from 'node:stream'
import {hasCode} from './errors.ts'
import {isOnPath, lookUpOnPath} from './programs.ts'
import type {FileStat, Files, Pipe, RunOptions, RunResult, System} from './system.ts'

/** The world as the planner meets it: nothing is loaded that a build would wait for. */
export function nodeSystem(run: System['run'] = runChild): System {
  return {
    env: process.env,
    cwd: workingDirectory(process.env['PWD']),
    platform: process.platform,
    architecture: process.arch,
    user: process.geteuid?.(),
    pid: process.pid,
    nowMs: Date.now,
    files: nodeFiles(),
    run,
    stdin: () => fs.readFileSync(0).toString(),
    stdout: text => writeAll(1, text),
    stderr: text => writeAll(2, text),
    tell: () => undefined,
    stderrIsTerminal: () => process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
    // Not process.stdin: opening that makes a pipe one that stdin() cannot wait for.
    stdinIsTerminal: () => isTerminal(0),
    stdoutColumns: () => (isTerminal(1) ? process.stdout.columns || undefined : undefined),
  }
}

/** node:tty is loaded when it is asked for: it brings node:net and the streams, and a plan would wait three milliseconds for them. */
function isTerminal(fd: number): boolean {
  return process.getBuiltinModule('node:tty').isatty(fd)
}

/**
 * Every byte: a pipe that Node or its reader made non-blocking takes a part of a long text, or none (EAGAIN), and is waited for.
 * Throws what else the system says, as EPIPE where nobody reads on.
 */
function writeAll(fd: number, text: string | Uint8Array): void {
  let bytes = Buffer.from(text)
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(fs.writeSync(fd, bytes))
    } catch (error) {
      if (!hasCode(error, 'EAGAIN')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    }
  }
}

/** The world as the commands meet it: children run under execa, which ends them when we end. */
export function commandSystem(): System {
  return nodeSystem(async (file, args, options = {}) => {
    const {execa} = await import('execa')
    const child = execa(programPath(file, options.env), args, {
      ...(options.cwd === undefined ? {} : {cwd: options.cwd}),
      ...(options.env === undefined ? {} : {env: options.env, extendEnv: false}),
      stdin: 'ignore',
      stderr: options.stderr ?? 'pipe',
      reject: false,
      stripFinalNewline: false,
    })
    if (options.onErrorLine !== undefined) passLines(child.stderr, options.onErrorLine)
    const result = await child
    if (result.exitCode === undefined && result.signal === undefined) throw result
    return {
      exitCode: result.exitCode,
      signal: result.signal,
      stdout: result.stdout ?? '',
      stderr: result.stderr ?? '',
    }
  })
}

/** How a child ended that spoke for itself. `exitCode` is undefined when a signal ended it. */
export type PassedResult = Pick<RunResult, 'exitCode' | 'signal'>

/**
 * Runs a program on our standard input, and hands on what it prints as it comes. Rejects when it cannot start, and with what
 * `onOutput` throws, which ends it.
 */
export async function passChild(
  file: string,
  args: readonly string[],
  onOutput: (stream: 'stdout' | 'stderr', bytes: Buffer) => void,
): Promise<PassedResult> {
  const {execa} = await import('execa')
  const child = execa(programPath(file), args, {stdin: 'inherit', buffer: false, reject: false})
  let thrown: {error: unknown} | undefined
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (bytes: Buffer) => {
      if (thrown !== undefined) return
      try {
        onOutput(stream, bytes)
      } catch (error) {
        thrown = {error}
        child.kill('SIGPIPE')
      }
    })
  }
  const result = await child
  if (thrown !== undefined) throw thrown.error
  if (result.exitCode === undefined && result.signal === undefined) throw result
  return {exitCode: result.exitCode, signal: result.signal}
}

/** os.Getwd's rule: $PWD counts when it is the same directory as ".", so that links the user walked through keep their names. */
function workingDirectory(pwd: string | undefined): string {
  if (pwd?.startsWith('/')) {
    try {
      const named = fs.statSync(pwd, {bigint: true})
      const here = fs.statSync('.', {bigint: true})
      if (named.dev === here.dev && named.ino === here.ino) return pwd
    } catch {
      // a $PWD that is gone is as good as none
    }
  }
  return process.cwd()
}

export function nodeFiles(): Files {
  return {
    read: path => absentAsUndefined(() => fs.readFileSync(path)),
    readHead: (path, length) =>
      absentAsUndefined(() => {
        const descriptor = fs.openSync(path, 'r')
        try {
          const bytes = Buffer.alloc(length)
          return bytes.subarray(0, fs.readSync(descriptor, bytes, 0, length, 0))
        } finally {
          fs.closeSync(descriptor)
        }
      }),
    stat: path => {
      // A plan asks for hundreds. Many are absent, and an exception takes longer than the question.
      try {
        const stat = fs.statSync(path, statOptions)
        return stat === undefined ? undefined : toFileStat(stat)
      } catch (error) {
        // Behind a link to itself is nothing, as behind one that dangles.
        return hasCode(error, 'ELOOP') ? undefined : absentOrThrow(error)
      }
    },
    fileSystemType: path => absentAsUndefined(() => fs.statfsSync(path).type),
    list: directory =>
      absentAsUndefined(() =>
        fs
          .readdirSync(directory, {withFileTypes: true})
          .map(entry => ({name: entry.name, kind: kindOf(entry)})),
      ),
    linkTarget: path =>
      absentAsUndefined(() =>
        fs.lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink() ? fs.readlinkSync(path) : undefined,
      ),
    realPath: path => absentAsUndefined(() => fs.realpathSync.native(path)),
    isExecutable: path => isAccessible(path, fs.constants.X_OK),
    isWritable: path => isAccessible(path, fs.constants.W_OK),
    space: path => {
      try {
        const {bavail, bsize, blocks, ffree, files} = fs.statfsSync(path)
        // Nothing is stored there, as in /proc.
        if (blocks === 0) return undefined
        // Where files are not counted (btrfs), none are said to be left.
        return {bytes: bavail * bsize, files: files === 0 ? 1 : ffree}
      } catch {
        return undefined
      }
    },
    makeDirectory,
    replace: (path, content, mode, isModeExact = false) => {
      const beside = `${path}.${process.pid}.${Date.now()}.tmp`
      try {
        fs.writeFileSync(beside, content, {mode, flag: 'wx'})
        if (isModeExact) fs.chmodSync(beside, mode)
        fs.renameSync(beside, path)
      } catch (error) {
        fs.rmSync(beside, {force: true})
        throw error
      }
    },
    append: (path, content, mode) => {
      const descriptor = fs.openSync(path, 'a', mode)
      try {
        fs.writeSync(descriptor, content)
        return fs.fstatSync(descriptor).size
      } finally {
        fs.closeSync(descriptor)
      }
    },
    create: (path, content, mode) => fs.writeFileSync(path, content, {mode, flag: 'wx'}),
    changeMode: (path, mode) => fs.chmodSync(path, mode),
    move: (from, to) => {
      makeDirectory(dirname(to), 0o777)
      fs.renameSync(from, to)
    },
    link: (target, path) => {
      makeDirectory(dirname(path), 0o777)
      const beside = `${path}.${process.pid}.${Date.now()}.tmp`
      try {
        fs.symlinkSync(target, beside)
        fs.renameSync(beside, path)
      } catch (error) {
        fs.rmSync(beside, {force: true})
        throw error
      }
    },
    remove: path => fs.rmSync(path, {force: true, recursive: true}),
  }
}

/**
 * The directory and those above it. Not mkdir's own `recursive`: that tries for ever where a file system answers ENOENT below
 * a directory that is there, as /proc does.
 */
function makeDirectory(path: string, mode: number): void {
  if (fs.statSync(path, {throwIfNoEntry: false})?.isDirectory()) return
  try {
    fs.mkdirSync(path, {mode})
  } catch (error) {
    if (hasCode(error, 'EEXIST') && fs.statSync(path).isDirectory()) return
    if (!hasCode(error, 'ENOENT') || dirname(path) === path) throw error
    makeDirectory(dirname(path), mode)
    try {
      fs.mkdirSync(path, {mode})
    } catch (again) {
      if (!hasCode(again, 'EEXIST')) throw again
    }
  }
}

function absentAsUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    return absentOrThrow(error)
  }
}

function absentOrThrow(error: unknown): undefined {
  if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined
  throw error
}

function isAccessible(path: string, mode: number): boolean {
  try {
    fs.accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

const statOptions = {bigint: true, throwIfNoEntry: false} as const
const {S_IFMT, S_IFREG, S_IFDIR, S_IFLNK} = fs.constants

function toFileStat(stat: fs.BigIntStats): FileStat {
  const mode = Number(stat.mode)
  return {
    kind: kindOfMode(mode),
    device: stat.dev,
    inode: stat.ino,
    size: stat.size,
    mode: mode & 0o7777,
    owner: Number(stat.uid),
    mtimeNs: stat.mtimeNs,
    ctimeNs: stat.ctimeNs,
  }
}

function kindOf(entry: {
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}): FileStat['kind'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'directory'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

/** By the bits: cheaper than asking a Stats object, and a plan asks for hundreds. */
function kindOfMode(mode: number): FileStat['kind'] {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return 'file'
    case S_IFDIR:
      return 'directory'
    case S_IFLNK:
      return 'link'
    default:
      return 'other'
  }
}

/**
 * The file of a program that is named without a folder: never one that a relative entry of PATH finds, for that lies in the
 * working directory or below it. Throws as the system does when there is none, or none that may be executed.
 */
function programPath(file: string, env: RunOptions['env'] = process.env): string {
  if (file.includes('/')) return file
  const world = {env, files: nodeFiles()}
  const path = lookUpOnPath(world, file)
  if (path !== '') return path
  const code = isOnPath(world, file) ? 'EACCES' : 'ENOENT'
  throw Object.assign(new Error(`spawn ${file} ${code}`), {code, syscall: `spawn ${file}`})
}

async function runChild(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const result = await pipeChild(file, args, options)
  return {...result, stdout: result.stdout.toString()}
}

function passLines(stream: Readable | null, onLine: (line: string) => void): void {
  let rest = ''
  stream?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
}

/** A line from the terminal, '' where it ended; undefined where standard input is none, and nobody can be asked. */
export async function askTerminal(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined
  const {createInterface} = await import('node:readline/promises')
  const reader = createInterface({input: process.stdin, output: process.stderr})
  const ended = new Promise<string>(resolve => reader.once('close', () => resolve('')))
  try {
    return await Promise.race([reader.question(question), ended])
  } finally {
    reader.close()
  }
}

export const pipeChild: Pipe = async (file, args, options = {}) => {
  // Loaded when it is needed: most plans run no program.
  const {spawn} = await import('node:child_process')
  return await new Promise((resolve, reject) => {
    const child = spawn(programPath(file, options.env), args, {
      ...(options.cwd === undefined ? {} : {cwd: options.cwd}),
      env: options.env ?? process.env,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', options.stderr ?? 'pipe'],
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
    if (options.onErrorLine !== undefined) passLines(child.stderr, options.onErrorLine)
    // A child that ends before it has read everything says so by its exit code.
    child.stdin?.on('error', () => {})
    child.stdin?.end(options.input)
    child.on('error', reject)
    child.on('close', (code, signal) =>
      resolve({
        exitCode: code ?? undefined,
        signal: signal ?? undefined,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString(),
      }),
    )
  })
}

/**
 * Starts a program that lives on when this one ends, in a session and a folder of its own, with no input and no output: nobody who waits
 * for ours waits for it. What is returned resolves once it has ended, or could not be started, and keeps nothing alive.
 */
export async function startDetached(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ended: Promise<void>}> {
  const {spawn} = await import('node:child_process')
  const child = spawn(program, words, {cwd: '/', detached: true, stdio: 'ignore', env})
  const ended = new Promise<void>(resolve => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  child.unref()
  return {ended}
}

/** Resolves once somebody wants this program to end: SIGTERM, as a service is stopped, or SIGINT, as by Ctrl-C. */
export function askedToEnd(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
}

/** What this machine is called. */
export function hostName(): string {
  return hostname()
}

/** What the user is called whose rights this has; its number where the system has no name for it, as in a container. */
export function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.geteuid?.() ?? '')
  }
}

/** Runs `body` with an empty directory outside the repository and removes it afterwards, also where a signal ends us. */
export async function withScratch<T>(body: (directory: string) => Promise<T>): Promise<T> {
  const directory = fs.mkdtempSync(join(tmpdir(), 'gowarden-'))
  // A child that the same signal ends may still write.
  const remove = () => fs.rmSync(directory, {force: true, recursive: true, maxRetries: 20, retryDelay: 50})
  const onSignal = (signal: NodeJS.Signals) => {
    try {
      remove()
    } catch {
      // what is left is left
    }
    process.kill(process.pid, signal)
  }
  for (const signal of endingSignals) process.once(signal, onSignal)
  try {
    return await body(directory)
  } finally {
    for (const signal of endingSignals) process.off(signal, onSignal)
    remove()
  }
}

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
