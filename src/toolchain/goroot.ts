/** The GOROOT in force beside the go command that was found. */
import {type GoEnv, goVersionName} from '../go/command/go-env.ts'
import type {Files, System} from '../system/system.ts'
import type {GoCommand} from './go-command.ts'

/** How the GOROOT in force came to be, as far as it can be seen from outside. */
export type GorootOrigin =
  | {kind: 'own'}
  /** GOROOT stands in the environment and names another tree than the go command's own. */
  | {kind: 'environment'; goroot: string}
  /** The same, below a go command that gowarden guards: go sets GOROOT for every program that it starts. */
  | {kind: 'handed-down'; goroot: string}
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
    origin: {kind: isNested(system) ? 'handed-down' : 'environment', goroot: system.env['GOROOT'] ?? ''},
    fileVersion,
    isSameGo: isSameProgram(system, go.path, `${env.GOROOT}/bin/go`),
  }
}

/**
 * Whether another launcher stands above the one that runs this: GOWARDEN_VIA is `DEPTH PID GO`, and bin/go has counted itself. A
 * GOROOT that a person had set would have been refused there.
 */
function isNested({env}: System): boolean {
  return Number(env['GOWARDEN_VIA']?.split(' ')[0] ?? 0) > 1
}

/** Whether the go command that runs this one has told it a GOROOT of another version. */
export function isHandedAnother({origin, fileVersion}: GorootFacts, env: GoEnv): boolean {
  return (
    origin.kind === 'handed-down' && fileVersion !== undefined && fileVersion !== goVersionName(env.GOVERSION)
  )
}

function isSameProgram(system: System, a: string, b: string): boolean {
  const first = system.files.stat(a)
  const second = system.files.stat(b)
  if (first === undefined || second === undefined || first.size !== second.size) return false
  if (first.inode === second.inode && first.device === second.device) return true
  return system.files.read(a)?.equals(system.files.read(b) ?? Buffer.alloc(0)) ?? false
}

/**
 * What every toolchain has and a directory is missing that is none, as under GOROOT=/usr: asked before anything of it is read.
 * Empty for a GOROOT that can compile.
 */
export function missingOfToolchain(files: Files, goroot: string): string[] {
  return ['src/runtime', 'pkg/tool'].filter(path => files.stat(`${goroot}/${path}`)?.kind !== 'directory')
}

/** The version in the first line of GOROOT/VERSION; undefined where there is no such file (a development tree). */
export function readGorootVersion(system: System, goroot: string): string | undefined {
  const first = system.files.readHead(`${goroot}/VERSION`, 128)?.toString().split('\n')[0]
  return first === undefined ? undefined : goVersionName(first)
}
