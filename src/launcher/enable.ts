/** `gowarden enable` and `gowarden disable`: the launcher in a folder of the user's, and what `go` resolves to. */
import {reasonOf} from '../store/folder.ts'
import {UsageError, WorldError} from '../system/errors.ts'
import {packageFolder} from '../system/package-folder.ts'
import {lookUpOnPath} from '../system/programs.ts'
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {shellWord} from '../text/shell-word.ts'
import {
  commandPath,
  goEntries,
  isLauncher,
  launcherPath,
  ownCommand,
  type Resolution,
  resolveGo,
  secondLine,
} from './launcher.ts'

/** What stands in the folder afterwards. */
const names = ['go', 'gowarden', 'gowarden-engine', 'gowarden-node'] as const
type Name = (typeof names)[number]

/** A line for a shell's file, as a person writes its path; `isThere`: the file holds it already. */
export type ShellLine = {shell: Shell; file: string; line: string; isThere: boolean}

export type Enabled = {
  folder: string
  isFirst: boolean
  /** It is on PATH, with or without another go before it. */
  isOnPath: boolean
  lines: ShellLine[]
  resolution: Resolution
}

const shells = ['sh', 'bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** `${XDG_DATA_HOME:-~/.local/share}/gowarden/bin`; undefined where neither names a directory. */
export function usualFolder({env}: System): string | undefined {
  const {XDG_DATA_HOME: share = '', HOME: home = ''} = env
  if (share.startsWith('/')) return `${share}/gowarden/bin`
  return home.startsWith('/') ? `${home}/.local/share/gowarden/bin` : undefined
}

/** usualFolder. Throws UsageError where there is none. */
export function defaultFolder(system: System): string {
  const folder = usualFolder(system)
  if (folder !== undefined) return folder
  throw new UsageError(
    'HOME is not set, so there is no folder to put the launcher into',
    'name one: gowarden enable /path/to/folder',
  )
}

/**
 * Puts the launcher into the folder, with where its engine and Node are, and says how to put it first on PATH. It is a copy: were
 * it a link, a shell would pass over it without a word once the package is gone, and builds would be bare. Nothing that is not
 * ours is replaced: a file of another origin under one of the names is a UsageError.
 *
 * `node` is the Node to run under where there is no standalone executable; `lines` has the one of the caller's shell, or all where that is not known or `allShells`.
 */
export function enable(
  system: System,
  folder: string,
  node: string | undefined,
  {allShells}: {allShells: boolean},
): Enabled {
  assertLasting(packageFolder)
  if ((system.files.stat(folder)?.kind ?? 'directory') !== 'directory')
    throw new UsageError(
      `${folder} is no folder`,
      `name one, or none for the usual one: ${ownCommand(system)} enable`,
    )
  for (const name of names) {
    if (!isAbsentOrOurs(system, folder, name)) {
      throw new UsageError(
        `${folder}/${name} is there already and is not gowarden's`,
        `choose an empty folder: gowarden enable ${folder}/gowarden`,
      )
    }
  }
  const {files} = system
  const [command, launcher] = [readOwn(system, commandPath), readOwn(system, launcherPath)]
  try {
    files.makeDirectory(folder, 0o777)
    files.link(packageFolder, `${folder}/gowarden-engine`)
    if (node === undefined) files.remove(`${folder}/gowarden-node`)
    else files.link(lastingName(system, node), `${folder}/gowarden-node`)
    files.replace(`${folder}/gowarden`, command, 0o755)
    // Last: from here on go is guarded, and what it needs is there.
    files.replace(`${folder}/go`, launcher, 0o755)
  } catch (cause) {
    throw new WorldError(`writing the launcher into ${folder}: ${reasonOf(cause)}`, {
      cause,
      hint: `name a folder that you can write to: ${ownCommand(system)} enable /path/to/folder`,
    })
  }
  const resolution = resolveGo(system)
  const shell = shellOf(system)
  return {
    folder,
    isFirst: resolution.first?.path === `${folder}/go`,
    isOnPath: goEntries(system).some(({path}) => path === `${folder}/go`),
    lines: shellLines(system, folder).filter(
      line => allShells || shell === undefined || line.shell === shell,
    ),
    resolution,
  }
}

/** Removes from the folder what enable put there; returns the paths. */
export function disable(system: System, folder: string): string[] {
  const ours = names.filter(name => isOurs(system, folder, name)).map(name => `${folder}/${name}`)
  try {
    for (const path of ours) system.files.remove(path)
  } catch (cause) {
    throw new WorldError(`removing the launcher from ${folder}: ${reasonOf(cause)}`, {
      cause,
      hint: `see who may write there: ls -ld ${shellWord(folder)}`,
    })
  }
  return ours
}

/** The caches of npx, pnpm dlx, yarn dlx and bunx are emptied without asking. */
function assertLasting(folder: string): void {
  if (!/\/(_npx|dlx(-[^/]*)?|bunx-[^/]*)\//.test(folder)) return
  throw new UsageError(
    `${folder} is a cache that npx may empty at any time, and then go could not build any more`,
    'install gowarden first: npm install -g gowarden && gowarden enable',
  )
}

/** Of the names of a program the one that outlives an upgrade: where PATH has a link to it, the link. */
function lastingName(system: System, program: string): string {
  const {files} = system
  const onPath = lookUpOnPath(system, 'node')
  return onPath !== '' && files.realPath(onPath) === files.realPath(program) ? onPath : program
}

function readOwn(system: System, path: string): Buffer {
  const text = system.files.read(path)
  if (text === undefined) throw new WorldError(`${path} is missing`, {hint: 'install gowarden again'})
  return text
}

function isAbsentOrOurs(system: System, folder: string, name: Name): boolean {
  const path = `${folder}/${name}`
  return system.files.linkTarget(path) === undefined
    ? system.files.stat(path) === undefined || isOurs(system, folder, name)
    : isOurs(system, folder, name)
}

/** What enable made, today or as links in earlier versions. No other program has names that begin with gowarden-. */
function isOurs(system: System, folder: string, name: Name): boolean {
  const path = `${folder}/${name}`
  const target = system.files.linkTarget(path)
  switch (name) {
    case 'go':
      return target === launcherPath || isLauncher(system, path)
    case 'gowarden':
      return target === undefined
        ? secondLine(system, path).startsWith('# gowarden command')
        : target.endsWith('/bin/gowarden')
    case 'gowarden-engine':
    case 'gowarden-node':
      return target !== undefined
    default:
      return unreachable(name)
  }
}

/** The shell that the caller uses, as $SHELL says; undefined where it names none that is known here. */
function shellOf({env}: System): Shell | undefined {
  const name = (env['SHELL'] ?? '').split('/').at(-1) ?? ''
  if (name === 'dash' || name === 'ash' || name === 'ksh') return 'sh'
  return shells.find(shell => shell === name)
}

/** Puts a folder first on PATH, in sh, bash, zsh and fish, for the shell it is typed in. */
export function pathLine(folder: string): string {
  return `export PATH=${doubleQuoted(folder)}:"$PATH"`
}

function shellLines(system: System, folder: string): ShellLine[] {
  const {XDG_CONFIG_HOME: config = '', ZDOTDIR: zsh = ''} = system.env
  const line = pathLine(folder)
  const fish = `fish_add_path --prepend --move ${fishQuoted(folder)}`
  const lines: Omit<ShellLine, 'isThere'>[] = [
    {shell: 'sh', file: '~/.profile', line},
    {shell: 'bash', file: '~/.bashrc', line},
    {shell: 'zsh', file: zsh.startsWith('/') ? `${zsh}/.zshrc` : '~/.zshrc', line},
    {
      shell: 'fish',
      file: `${config.startsWith('/') ? config : '~/.config'}/fish/config.fish`,
      line: fish,
    },
  ]
  return lines.map(each => ({...each, isThere: holdsLine(system, each.file, each.line)}))
}

/** Whether a file of a shell has a line of its own that says this. What cannot be read has none. */
function holdsLine({files, env}: System, file: string, wanted: string): boolean {
  const path = file.replace(/^~/, env['HOME'] ?? '')
  if (!path.startsWith('/')) return false
  try {
    const text = files.stat(path)?.kind === 'file' ? files.read(path)?.toString() : undefined
    return text?.split('\n').some(line => line.trim() === wanted) ?? false
  } catch {
    return false
  }
}

function doubleQuoted(path: string): string {
  return `"${path.replace(/["$`\\]/g, '\\$&')}"`
}

function fishQuoted(path: string): string {
  return `'${path.replace(/['\\]/g, '\\$&')}'`
}
