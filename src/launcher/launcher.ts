/** The launcher as files: where it lies in this package, how it is known in other places, and which go stands behind it. */
import {WorldError} from '../system/errors.ts'
import {packageFolder} from '../system/package-folder.ts'
import type {System} from '../system/system.ts'

/** bin/go of this package. */
export const launcherPath = `${packageFolder}/bin/go`

/** What stands under one name in a folder of PATH. */
export type PathEntry = {path: string; isLauncher: boolean}

/** Every executable `go` on PATH in order; relative entries are passed over, as go does. */
export function goEntries(system: System): PathEntry[] {
  return (system.env['PATH'] ?? '')
    .split(':')
    .filter(entry => entry.startsWith('/'))
    .map(entry => `${entry.replace(/\/$/, '')}/go`)
    .filter((path, index, all) => all.indexOf(path) === index)
    .filter(path => system.files.stat(path)?.kind === 'file' && system.files.isExecutable(path))
    .map(path => ({path, isLauncher: isLauncher(system, path)}))
}

/** Whether a file is bin/go, a link to it, or a copy of it: its second line says so. */
export function isLauncher(system: System, path: string): boolean {
  return (
    system.files.readHead(path, 64)?.toString('latin1').split('\n')[1]?.startsWith('# gowarden launcher') ??
    false
  )
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

/** `${XDG_CACHE_HOME:-~/.cache}/gowarden`, as in bin/go; '' when neither names a directory. */
export function storeFolder(system: System): string {
  const {XDG_CACHE_HOME: cache = '', HOME: home = ''} = system.env
  if (cache.startsWith('/')) return `${cache}/gowarden`
  return home.startsWith('/') ? `${home}/.cache/gowarden` : ''
}
