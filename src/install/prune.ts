/** `gowarden install --prune`: the installed toolchains that nothing here names are removed. */
import {gorootName} from '../lock/file.ts'
import {hashFile, installedToolchains} from '../lock/installed.ts'
import {installFolder} from '../lock/place.ts'
import {storeFolder} from '../store/folder.ts'
import {isHeld} from '../store/lock.ts'
import type {System} from '../system/system.ts'
import {removeTree} from './remove-tree.ts'
import {zipsFolder} from './zips.ts'

/** `keeps` says of a GOROOT's name whether it stays. Zips go with their toolchains, and what was never finished, but not what
 * another command is at just now. Returns what is gone. */
export function pruneToolchains(system: System, keeps: (name: string) => boolean): string[] {
  const gone: string[] = []
  for (const {goroot, toolchain} of installedToolchains(system)) {
    if (keeps(gorootName(toolchain))) continue
    // Under another name first: nobody shall find a half.
    const aside = goroot.replace(/\/([^/]+)$/, `/.$1.${system.pid}`)
    system.files.move(goroot, aside)
    removeTree(system, aside)
    system.files.remove(hashFile(goroot))
    gone.push(goroot)
  }
  const folder = zipsFolder(storeFolder(system))
  const isBusy = (name: string) => isHeld(system.files, `${folder}/${name}`, system.nowMs())
  for (const {name} of system.files.list(folder) ?? []) {
    const [, of = '', kind] = name.match(/^(go.*)\.(zip|part|part\.from|lock|holder)$/) ?? []
    const isLock = kind === 'lock' || kind === 'holder'
    if (kind === undefined || isBusy(of) || (!isLock && keeps(of))) continue
    system.files.remove(`${folder}/${name}`)
    if (!isLock) gone.push(`${folder}/${name}`)
  }
  // What a command that was killed while it unpacked has left, whatever it unpacked.
  const toolchains = installFolder(system)
  for (const {name} of (toolchains === '' ? undefined : system.files.list(toolchains)) ?? []) {
    const [, of] = name.match(/^\.(go.*)\.\d+$/) ?? []
    if (of === undefined || isBusy(of)) continue
    removeTree(system, `${toolchains}/${name}`)
    gone.push(`${toolchains}/${name}`)
  }
  return gone
}

/** What self remove takes away: everything that was installed. */
export function removeInstalled(system: System): string[] {
  const gone = pruneToolchains(system, () => false)
  const folder = installFolder(system)
  if (folder !== '' && system.files.stat(folder) !== undefined) removeTree(system, folder)
  return gone
}
