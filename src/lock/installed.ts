/** The toolchains that `gowarden install` puts into a person's own folder, and which of them counts in a directory. bin/go looks for them in the same way. */
import {parseToolchainHash, type ToolchainParts} from '../go/module/toolchain-module.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'
import {gorootName, isToolchainName} from './file.ts'
import {findLock} from './find.ts'
import {installFolder} from './place.ts'

/** Beside each GOROOT, what it was when it was put there: `NAME.hash` with its ToolchainHash in it. */
export function hashFile(goroot: string): string {
  return `${goroot}.hash`
}

/** The name of the GOROOT that was installed last by itself, which runs where no lock says otherwise. */
const defaultFile = 'default'

/** What was installed as this GOROOT; undefined for every GOROOT that gowarden did not install. */
export function installedAs(system: System, goroot: string): ToolchainParts | undefined {
  const folder = installFolder(system)
  if (folder === '' || !goroot.startsWith(`${folder}/`) || goroot.slice(folder.length + 1).includes('/'))
    return undefined
  return parseToolchainHash(readText(system, hashFile(goroot)).trim())
}

/** A GOROOT there with what it was installed as. */
export type Installed = {goroot: string; toolchain: ToolchainParts}

/** All of them, in the order of their names. */
export function installedToolchains(system: System): Installed[] {
  const folder = installFolder(system)
  return (folder === '' ? [] : (system.files.list(folder) ?? []))
    .filter(({kind}) => kind === 'directory')
    .map(({name}) => `${folder}/${name}`)
    .sort()
    .flatMap(goroot => {
      const toolchain = installedAs(system, goroot)
      // Its name says the same, as far as it goes.
      const isSound = toolchain !== undefined && goroot.endsWith(`/${gorootName(toolchain)}`)
      return isSound ? [{goroot, toolchain}] : []
    })
}

/**
 * The go of the installed toolchain that counts in a directory: the one that the nearest lock names, else the default; undefined where
 * that is not installed.
 */
export function installedGo(system: System, directory: string): string | undefined {
  const folder = installFolder(system)
  if (folder === '') return undefined
  const found = findLock(system, directory)
  const names =
    found.kind === 'found'
      ? found.lock.toolchains.map(gorootName)
      : found.kind === 'none'
        ? [defaultName(system)]
        : []
  return names
    .filter(name => name !== '')
    .map(name => `${folder}/${name}/bin/go`)
    .find(go => system.files.stat(go)?.kind === 'file' && system.files.isExecutable(go))
}

/** '' where there is none. */
export function defaultName(system: System): string {
  const name = readText(system, `${installFolder(system)}/${defaultFile}`).trim()
  const version = name.slice(0, -13)
  return isToolchainName(version) && /-[A-Za-z0-9+_]{12}$/.test(name) ? name : ''
}

/** Makes an installed GOROOT the one that runs where no lock says otherwise. Throws what the file system throws. */
export function makeDefault(system: System, goroot: string): void {
  const name = goroot.slice(goroot.lastIndexOf('/') + 1)
  system.files.replace(`${installFolder(system)}/${defaultFile}`, `${name}\n`, 0o644)
}

/** '' for what is not there or cannot be read. */
function readText({files}: System, path: string): string {
  return orNothing(() => files.readHead(path, 1024))?.toString() ?? ''
}
