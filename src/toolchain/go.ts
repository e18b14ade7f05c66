import {dirname} from 'node:path'
import {withoutLocalGit} from '../go/command/git-variables.ts'
import {type GoEnv, goEnvNames, goVersionName, parseGoEnv} from '../go/command/go-env.ts'
import {reasonOf} from '../store/folder.ts'
import {exitCode, WorldError} from '../system/errors.ts'
import type {RunResult, System} from '../system/system.ts'

/** The go command that bin/go found on PATH. */
export type GoCommand = {
  path: string
  /** The GOROOT that the file itself lies in, links resolved; undefined for a shim, which hands over to another go. */
  ownGoroot: string | undefined
}

/** `…/bin/go` of a tree with tools, and a program of the platform rather than a script. */
export function probeGoCommand(system: System, path: string): GoCommand {
  const real = system.files.realPath(path)
  const goroot = real === undefined ? undefined : dirname(dirname(real))
  const isTree = goroot !== undefined && system.files.stat(`${goroot}/pkg/tool`)?.kind === 'directory'
  return {path, ownGoroot: isTree && !isScript(system, path) ? goroot : undefined}
}

function isScript(system: System, path: string): boolean {
  return system.files.readHead(path, 2)?.toString('latin1') === '#!'
}

export type GoEnvAnswer = {kind: 'known'; env: GoEnv} | {kind: 'failed'; result: RunResult}

/**
 * Asks the go command once for everything a plan needs, in the caller's directory and with its -C: this is where go
 * itself chooses the toolchain, and may download it, telling so on stderr.
 */
export async function probeGoEnv(
  system: System,
  go: string,
  directory: string | undefined,
): Promise<GoEnvAnswer> {
  const chdir = directory === undefined ? [] : ['-C', directory]
  return answerOf(await runGo(system, go, [...chdir, 'env', '-json', ...goEnvNames]))
}

/**
 * The answer that the launcher has asked for already: what go printed, then `status N` on a line. undefined when it has
 * not asked.
 */
export function parseGoEnvAnswer(text: string): GoEnvAnswer | undefined {
  const match = text.match(/^([\s\S]*)status (\d+)\n$/)
  if (match === null) return undefined
  return answerOf({exitCode: Number(match[2]), signal: undefined, stdout: match[1] ?? '', stderr: ''})
}

function answerOf(result: RunResult): GoEnvAnswer {
  const env = result.exitCode === 0 ? parseGoEnv(result.stdout) : undefined
  return env === undefined ? {kind: 'failed', result} : {kind: 'known', env}
}

async function runGo(system: System, go: string, words: string[]): Promise<RunResult> {
  try {
    return await system.run(go, words, {env: unguarded(system), stderr: 'inherit'})
  } catch (error) {
    const hint = 'see which go that is: gowarden doctor, and what else is on PATH'
    throw new WorldError(`running ${go}: ${reasonOf(error)}`, {
      cause: error,
      hint,
      exitCode: exitCode.notExecutable,
    })
  }
}

/**
 * For what gowarden asks of go itself: should that come back to a launcher, it needs no plan, and is nobody's bypass. Git that
 * such a go starts is not to work on the repository of the hook we may run in.
 */
export function unguarded(system: System): Record<string, string | undefined> {
  return {...withoutLocalGit(system.env), GOWARDEN: 'asks'}
}

/** How the GOROOT in force came to be, as far as it can be seen from outside. */
export type GorootOrigin =
  | {kind: 'own'}
  /** GOROOT stands in the environment and names another tree than the go command's own. */
  | {kind: 'environment'; goroot: string}
  /** go switched to another toolchain, or a shim chose one. */
  | {kind: 'chosen'}

export type GorootFacts = {
  origin: GorootOrigin
  /** The first word of GOROOT/VERSION, or undefined where there is no such file (a development tree). */
  fileVersion: string | undefined
  /** Whether the go command that was found and GOROOT/bin/go are the same program, byte for byte. */
  isSameGo: boolean
}

/** Compares the go command with the GOROOT in force. */
export function probeGoroot(system: System, go: GoCommand, env: GoEnv): GorootFacts {
  const goroot = system.files.realPath(env.GOROOT)
  const fileVersion = readGorootVersion(system, env.GOROOT)
  // A go that has run another toolchain tells its programs that one's GOROOT; what they start as go switches to it again.
  const ownVersion = go.ownGoroot === undefined ? undefined : readGorootVersion(system, go.ownGoroot)
  const version = goVersionName(env.GOVERSION)
  if (ownVersion !== undefined && ownVersion !== version && fileVersion === version)
    return {origin: {kind: 'chosen'}, fileVersion, isSameGo: true}
  if (go.ownGoroot === undefined || goroot === go.ownGoroot)
    return {origin: {kind: go.ownGoroot ? 'own' : 'chosen'}, fileVersion, isSameGo: true}
  if ((system.env['GOROOT'] ?? '') === '') return {origin: {kind: 'chosen'}, fileVersion, isSameGo: true}
  return {
    origin: {kind: 'environment', goroot: system.env['GOROOT'] ?? ''},
    fileVersion,
    isSameGo: isSameProgram(system, go.path, `${env.GOROOT}/bin/go`),
  }
}

function isSameProgram(system: System, a: string, b: string): boolean {
  const first = system.files.stat(a)
  const second = system.files.stat(b)
  if (first === undefined || second === undefined || first.size !== second.size) return false
  if (first.inode === second.inode && first.device === second.device) return true
  return system.files.read(a)?.equals(system.files.read(b) ?? Buffer.alloc(0)) ?? false
}

/** The first executable of this name in an absolute entry of PATH, '' when there is none. */
export function lookUpOnPath(system: System, name: string): string {
  const entries = (system.env['PATH'] ?? '').split(':').filter(entry => entry.startsWith('/'))
  const isProgram = (path: string) =>
    system.files.stat(path)?.kind === 'file' && system.files.isExecutable(path)
  return entries.map(entry => `${entry}/${name}`).find(isProgram) ?? ''
}

/** The version in the first line of GOROOT/VERSION; undefined where there is no such file (a development tree). */
export function readGorootVersion(system: System, goroot: string): string | undefined {
  const first = system.files.readHead(`${goroot}/VERSION`, 128)?.toString().split('\n')[0]
  return first === undefined ? undefined : goVersionName(first)
}
