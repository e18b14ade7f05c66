/** `gowarden enable` and `gowarden disable`: the launcher in a folder of the user's, and what `go` resolves to. */
import {UsageError} from '../system/errors.ts'
import {packageFolder} from '../system/package-folder.ts'
import type {System} from '../system/system.ts'
import {goEntries, isLauncher, launcherPath, type PathEntry} from './launcher.ts'

/** What is linked into the folder. gowarden-node lets the launcher find Node where PATH does not have it. */
function links(node: string): {name: string; target: string}[] {
  return [
    {name: 'go', target: launcherPath},
    {name: 'gowarden', target: `${packageFolder}/bin/gowarden`},
    {name: 'gowarden-node', target: node},
  ]
}

export type Enabled = {
  folder: string
  isFirst: boolean
  lines: {shell: string; file: string; line: string}[]
  resolution: Resolution
}

/** What `go` means in this environment: the first on PATH, and the real go that the launcher would run. */
export type Resolution = {first: PathEntry | undefined; real: string | undefined}

/** `${XDG_DATA_HOME:-~/.local/share}/gowarden/bin`. Throws UsageError where neither names a directory. */
export function defaultFolder(system: System): string {
  const {XDG_DATA_HOME: share = '', HOME: home = ''} = system.env
  if (share.startsWith('/')) return `${share}/gowarden/bin`
  if (home.startsWith('/')) return `${home}/.local/share/gowarden/bin`
  throw new UsageError(
    'HOME is not set, so there is no folder to put the launcher into',
    'name one: gowarden enable /path/of/yours',
  )
}

/**
 * Links the launcher into the folder and says how to put it first on PATH. Nothing that is not ours is replaced: a file
 * of another origin under one of the names is a UsageError.
 */
export function enable(system: System, folder: string, node: string): Enabled {
  for (const {name} of links(node)) {
    const path = `${folder}/${name}`
    if (!isAbsentOrOurs(system, path)) {
      throw new UsageError(
        `${path} is there already and is not gowarden's`,
        `choose an empty folder: gowarden enable ${folder}/gowarden`,
      )
    }
  }
  for (const {name, target} of links(node)) system.files.link(target, `${folder}/${name}`)
  const resolution = resolveGo(system)
  return {
    folder,
    isFirst: resolution.first?.path === `${folder}/go`,
    lines: pathLines(folder),
    resolution,
  }
}

/** Removes from the folder what enable put there; returns the paths. */
export function disable(system: System, folder: string): string[] {
  const ours = ['go', 'gowarden', 'gowarden-node']
    .map(name => `${folder}/${name}`)
    .filter(path => isOurs(system, path))
  for (const path of ours) system.files.remove(path)
  return ours
}

/** What `go` resolves to now. */
export function resolveGo(system: System): Resolution {
  const entries = goEntries(system)
  const first = entries[0]
  const launcherAt = entries.findIndex(entry => entry.isLauncher)
  return {first, real: entries.slice(launcherAt + 1).find(entry => !entry.isLauncher)?.path}
}

function isAbsentOrOurs(system: System, path: string): boolean {
  return system.files.linkTarget(path) === undefined
    ? system.files.stat(path) === undefined
    : isOurs(system, path)
}

/** A link that enable made: to a launcher, to a bin/gowarden, or the one to Node, which no other program is named like. */
function isOurs(system: System, path: string): boolean {
  const target = system.files.linkTarget(path)
  if (target === undefined) return false
  if (path.endsWith('/gowarden-node') || target.endsWith('/bin/gowarden')) return true
  return target === launcherPath || isLauncher(system, path)
}

function pathLines(folder: string): Enabled['lines'] {
  const line = `export PATH=${doubleQuoted(folder)}:"$PATH"`
  return [
    {shell: 'sh', file: '~/.profile', line},
    {shell: 'bash', file: '~/.bashrc', line},
    {shell: 'zsh', file: '~/.zshrc', line},
    {
      shell: 'fish',
      file: '~/.config/fish/config.fish',
      line: `fish_add_path --prepend --move ${fishQuoted(folder)}`,
    },
  ]
}

function doubleQuoted(path: string): string {
  return `"${path.replace(/["$`\\]/g, '\\$&')}"`
}

function fishQuoted(path: string): string {
  return `'${path.replace(/['\\]/g, '\\$&')}'`
}
