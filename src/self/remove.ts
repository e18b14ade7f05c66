/** What gowarden put on this machine for one user, and taking it away: launcher, installed versions, store, isolated caches. */
import {dirname} from 'node:path'
import {isolatedFolders} from '../cache/isolated.ts'
import {ownerPath} from '../cache/owner-path.ts'
import {removeInstalled} from '../install/prune.ts'
import {disable, usualFolder} from '../launcher/enable.ts'
import {goEntries} from '../launcher/launcher.ts'
import {installedToolchains} from '../lock/installed.ts'
import {storeFolder} from '../store/folder.ts'
import {packageFolder} from '../system/package-folder.ts'
import type {System} from '../system/system.ts'

/** A line of a shell's file that names the launcher's folder or the completion: the person's to remove. */
export type ShellLine = {file: string; line: number; text: string}

export type Traces = {
  /** Folders of PATH, and the usual one, that hold what `gowarden enable` puts there. */
  launchers: string[]
  /** Versions that install.sh unpacked. */
  versions: string[]
  /** GOROOTs that `gowarden install` put there. */
  toolchains: string[]
  store: string | undefined
  caches: string[]
  /** Owner records inside build caches that are not ours. */
  records: string[]
  shellLines: ShellLine[]
  /** Where this gowarden itself lies, when that is none of `versions`. */
  package: string | undefined
}

/** Looks for all of it. `caches` are the build caches to look into: what go says GOCACHE is. Writes nothing. */
export function findTraces(system: System, caches: readonly string[]): Traces {
  const {files} = system
  const usual = usualFolder(system)
  const launchers = [
    ...new Set([
      ...goEntries(system)
        .filter(({isLauncher}) => isLauncher)
        .map(({path}) => dirname(path)),
      ...(usual === undefined ? [] : [usual]),
    ]),
  ].filter(folder => files.linkTarget(`${folder}/gowarden-engine`) !== undefined)
  const versions = usual === undefined ? [] : versionsIn(system, dirname(usual))
  const store = storeFolder(system)
  return {
    launchers,
    versions,
    toolchains: installedToolchains(system).map(({goroot}) => goroot),
    store: store !== '' && files.stat(store) !== undefined ? store : undefined,
    caches: caches.flatMap(cache =>
      isolatedFolders(system, cache).flatMap(({path, isForeign}) => (isForeign ? [] : [path])),
    ),
    records: caches.map(ownerPath).filter(path => files.stat(path) !== undefined),
    shellLines: shellLines(system, launchers),
    package: versions.includes(packageFolder) ? undefined : packageFolder,
  }
}

/** Removes what was found, the shell lines and the package excepted. Returns the paths that are gone. */
export function removeTraces(
  system: System,
  {launchers, versions, store, caches, records}: Traces,
): string[] {
  const removed = [...launchers.flatMap(folder => disable(system, folder)), ...removeInstalled(system)]
  for (const path of [...caches, ...records, ...(store === undefined ? [] : [store]), ...versions]) {
    system.files.remove(path)
    removed.push(path)
  }
  const usual = usualFolder(system)
  for (const folder of [...launchers, ...(usual === undefined ? [] : [usual, dirname(usual)])]) {
    if (system.files.list(folder)?.length === 0) system.files.remove(folder)
  }
  return removed
}

/** What install.sh unpacks: VERSION-PLATFORM with an executable and the launcher in it. */
export function versionsIn(system: System, folder: string): string[] {
  return (system.files.list(folder) ?? [])
    .filter(({name, kind}) => kind === 'directory' && /^\d+\.\d+\.\d+\S*-(linux|macos)-/.test(name))
    .map(({name}) => `${folder}/${name}`)
    .filter(path => ['dist/gowarden', 'bin/gowarden.sh'].every(file => system.files.stat(`${path}/${file}`)))
}

const shellFiles = [
  '.profile',
  '.bash_profile',
  '.bashrc',
  '.zprofile',
  '.zshenv',
  '.zshrc',
  '.config/fish/config.fish',
]

function shellLines(system: System, launchers: readonly string[]): ShellLine[] {
  const {HOME: home = ''} = system.env
  if (!home.startsWith('/')) return []
  return shellFiles.flatMap(name => {
    const file = `${home}/${name}`
    return (readText(system, file) ?? '').split('\n').flatMap((text, index) => {
      const names =
        launchers.some(folder => text.includes(folder)) ||
        /\bgowarden\/bin\b|\bgowarden completion\b|\bGOWARDEN_/.test(text)
      return names ? [{file, line: index + 1, text: text.trim()}] : []
    })
  })
}

function readText(system: System, file: string): string | undefined {
  try {
    return system.files.read(file)?.toString()
  } catch {
    return undefined
  }
}
