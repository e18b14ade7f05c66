/** The launcher as files: where it lies in this package, how it is known in other places, and which go stands behind it. */
import {dirname} from 'node:path'
import {installedGo} from '../lock/installed.ts'
import {lockPlace} from '../lock/place.ts'
import {WorldError} from '../system/errors.ts'
import {orNothing} from '../system/or-nothing.ts'
import {packageFolder} from '../system/package-folder.ts'
import {lookUpOnPath, placesOnPath, programsOnPath} from '../system/programs.ts'
import type {System} from '../system/system.ts'
import {shellWord} from '../text/shell-word.ts'

/** bin/go of this package, and what stands beside it as `gowarden`. */
export const launcherPath = `${packageFolder}/bin/go`
export const commandPath = `${packageFolder}/bin/gowarden.sh`

/** How a person starts this command in the shell in use: by its name where PATH has one, else by its path. */
export function ownCommand(system: System): string {
  return lookUpOnPath(system, 'gowarden') === '' ? shellWord(`${packageFolder}/bin/gowarden`) : 'gowarden'
}

/** What stands under one name in a folder of PATH. */
export type PathEntry = {path: string; isLauncher: boolean}

/** Every executable `go` on PATH in order; relative entries are passed over, as go does. */
export function goEntries(system: System): PathEntry[] {
  return programsOnPath(system, 'go')
    .map(path => path.replace(/\/+go$/, '/go'))
    .filter((path, index, all) => all.indexOf(path) === index)
    .map(path => ({path, isLauncher: isLauncher(system, path)}))
}

/** Whether a file is bin/go, a link to it, or a copy of it: its second line says so. What may not be read is none, as for bin/go. */
export function isLauncher(system: System, path: string): boolean {
  return secondLine(system, path).startsWith('# gowarden launcher')
}

/** The second line of a script, by which ours are known; '' of what may not be read. */
export function secondLine(system: System, path: string): string {
  try {
    return system.files.readHead(path, 64)?.toString('latin1').split('\n')[1] ?? ''
  } catch {
    return ''
  }
}

/**
 * What `go` means where it is typed: the first on PATH, and the real go that runs then: that one, or where it is the launcher,
 * the first behind it which is none (undefined when there is none).
 */
export type Resolution = {
  first: PathEntry | undefined
  real: string | undefined
  /** Whether the real go is one that `gowarden install` put there, and not one of PATH. */
  isInstalled: boolean
}

/** What `go` resolves to now. */
export function resolveGo(system: System): Resolution {
  const entries = goEntries(system)
  const onPath = entries.find(entry => !entry.isLauncher)?.path
  // bin/go takes an installed toolchain where the person says so, and where there is no other.
  const isAsked = system.env['GOWARDEN_GO'] === 'installed'
  const real = isAsked ? installedGo(system, system.cwd) : (onPath ?? installedGo(system, system.cwd))
  return {first: entries[0], real, isInstalled: real !== undefined && real !== onPath}
}

/** The real go that runs when `go` is typed. Throws WorldError with exit code 127 when there is none. */
export function findRealGo(system: System): string {
  const {real} = resolveGo(system)
  if (real !== undefined) return real
  const [message, hint] =
    system.env['GOWARDEN_GO'] === 'installed'
      ? ['GOWARDEN_GO=installed, and what counts here is not installed', 'gowarden install']
      : lockPlace(system, system.cwd) === undefined
        ? ['no go on PATH', noGoHint(system)]
        : ['no go on PATH, and the toolchain of gowarden.lock is not installed', 'gowarden install']
  throw new WorldError(message, {exitCode: 127, hint})
}

/** Brings the go of the lock here, which is made first where there is none. */
export function installCommand(system: System): string {
  return lockPlace(system, system.cwd) === undefined
    ? 'gowarden lock && gowarden install'
    : 'gowarden install'
}

function noGoHint(system: System): string {
  const line = goOffPathLine(system)
  return line === undefined
    ? `install one without root: ${installCommand(system)}`
    : `put the one that is there on PATH: ${line}`
}

/** The line that puts a go on PATH, behind what is there, where one lies in a usual place; undefined where none does. As bin/go looks. */
export function goOffPathLine(system: System): string | undefined {
  const {files, env} = system
  const versions = (folder: string, name: RegExp) =>
    (orNothing(() => files.list(folder)) ?? [])
      .map(entry => entry.name)
      .filter(each => name.test(each))
      .sort((a, b) => b.localeCompare(a, 'en', {numeric: true}))
      .map(each => `${folder}/${each}/bin`)
  const sdk = `${env['HOME'] ?? ''}/sdk`
  const folder = [
    '/usr/local/go/bin',
    '/usr/lib/go/bin',
    ...versions('/usr/lib', /^go-1\.\d+$/),
    '/snap/bin',
    '/opt/homebrew/bin',
    ...versions(sdk, /^go1\./),
  ].find(place => files.isExecutable(`${place}/go`) && !isLauncher(system, `${place}/go`))
  return folder === undefined ? undefined : `export PATH="$PATH":${shellWord(folder)}`
}

/** Links on PATH to a launcher that is gone: a shell passes over them without a word, and takes the next go. */
export function goneLaunchers(system: System): string[] {
  return placesOnPath(system, 'go').filter(
    path => isGone(system, path) && /\/bin\/go$/.test(system.files.linkTarget(path) ?? ''),
  )
}

function isGone(system: System, path: string): boolean {
  return system.files.linkTarget(path) !== undefined && system.files.stat(path) === undefined
}

/**
 * The package that a launcher takes its planner from, as bin/go looks for it: the one that gowarden-engine beside it names, else the
 * one it lies in. `isReady`: the planner is there. `needsNode`: it is no executable of its own. `isCurrent`: the launcher is the one of that package, byte for byte.
 */
export type Engine = {folder: string; isReady: boolean; needsNode: boolean; isCurrent: boolean}

/** The engine of the launcher at `path`. */
export function engineOf(system: System, path: string): Engine {
  const {files} = system
  const folder = dirname(files.realPath(path) ?? path)
  const recorded = files.linkTarget(`${folder}/gowarden-engine`)
  const engine = recorded ?? dirname(folder)
  const own = files.read(`${engine}/bin/go`)
  const isStandalone = files.isExecutable(`${engine}/dist/gowarden`)
  return {
    folder: engine,
    isReady: isStandalone || files.stat(`${engine}/dist/planner.cjs`) !== undefined,
    needsNode: !isStandalone,
    isCurrent: own !== undefined && (files.read(path)?.equals(own) ?? false),
  }
}
