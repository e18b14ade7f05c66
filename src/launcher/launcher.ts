/** The launcher as files: where it lies in this package, how it is known in other places, and which go stands behind it. */
import {WorldError} from '../system/errors.ts'
import {packageFolder} from '../system/package-folder.ts'
import {programsOnPath} from '../system/programs.ts'
import type {System} from '../system/system.ts'

/** bin/go of this package. */
export const launcherPath = `${packageFolder}/bin/go`

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
  try {
    const head = system.files.readHead(path, 64)?.toString('latin1')
    return head?.split('\n')[1]?.startsWith('# gowarden launcher') ?? false
  } catch {
    return false
  }
}

/**
 * The real go, as the launcher finds it: the first behind the launcher's own place on PATH, or the first at all when no
 * launcher stands there. Throws WorldError with exit code 127 when there is none.
 */
export function findRealGo(system: System): string {
  const entries = goEntries(system)
  const launcherAt = entries.findIndex(entry => entry.isLauncher)
  const real = entries.slice(launcherAt + 1).find(entry => !entry.isLauncher)
  if (real === undefined) {
    throw new WorldError('no go on PATH', {
      exitCode: 127,
      hint: 'install Go (https://go.dev/dl), and put it on PATH: export PATH="$PATH:/usr/local/go/bin"',
    })
  }
  return real.path
}
