/** The folders that go writes into: whether they are there, may be written, may run programs, and have room. */
import {dirname, resolve} from 'node:path'
import {goDefault, type Sourced} from '../../findings/facts-of-doctor.ts'
import {reasonOf} from '../../store/folder.ts'
import type {Files, System} from '../../system/system.ts'
import {type Here, sourced} from '../go.ts'

/** `existing` is the folder, or the nearest one above it that is there. */
export type FolderFacts = Sourced & {
  isThere: boolean
  existing: string
  /** Why nothing can be written into it; undefined where it can. */
  reason: string | undefined
  /** The user it belongs to, where that is not the one we run as. */
  owner: number | undefined
  /** Whether we run as root, who may write anywhere. */
  asRoot: boolean
  isNoexec: boolean
  /** What is left there; undefined where that cannot be asked. */
  space: {bytes: number; files: number} | undefined
}

export type FoldersFacts = {cache: FolderFacts; modules: FolderFacts; temporary: FolderFacts}

/** Looks, by the given `files`, which say why they may not, at GOCACHE, GOMODCACHE and where go makes its working folders (GOTMPDIR, else TMPDIR, else /tmp). */
export function probeFolders(here: Here, files: Files): FoldersFacts {
  const system = {...here.system, files}
  const own = sourced(here, 'GOTMPDIR')
  const inherited = system.env['TMPDIR'] ?? ''
  const temporary =
    own.value !== ''
      ? own
      : inherited !== ''
        ? {name: 'TMPDIR', value: inherited, source: 'the environment'}
        : {name: 'TMPDIR', value: '/tmp', source: goDefault}
  const mounts = system.files.read('/proc/self/mountinfo')?.toString() ?? ''
  return {
    cache: probeFolder(system, sourced(here, 'GOCACHE'), mounts),
    modules: probeFolder(system, sourced(here, 'GOMODCACHE'), mounts),
    temporary: probeFolder(system, temporary, mounts),
  }
}

function probeFolder(system: System, folder: Sourced, mounts: string): FolderFacts {
  const none = {isThere: false, owner: undefined, asRoot: false, isNoexec: false, space: undefined}
  if (!folder.value.startsWith('/')) {
    const reason = folder.value === 'off' ? 'it is off' : 'it is not an absolute path'
    return {...folder, ...none, existing: '', reason: folder.value === '' ? 'it is not set' : reason}
  }
  try {
    return {...folder, ...lookAt(system, resolve(folder.value), mounts)}
  } catch (error) {
    return {...folder, ...none, existing: folder.value, reason: reasonOf(error)}
  }
}

function lookAt(system: System, path: string, mounts: string): Omit<FolderFacts, keyof Sourced> {
  const {files} = system
  let existing = path
  while (files.stat(existing) === undefined && existing !== '/') existing = dirname(existing)
  const stat = files.stat(existing)
  const owner = stat === undefined || stat.owner === system.user ? undefined : stat.owner
  const inside = stat?.kind === 'directory' ? foreignInside(system, path) : undefined
  return {
    isThere: existing === path,
    existing,
    reason:
      stat?.kind !== 'directory'
        ? `${existing} is a file`
        : (whyUnwritable(system, existing) ?? inside?.reason),
    owner: inside?.owner ?? owner,
    asRoot: system.user === 0,
    isNoexec: isNoexec(mounts, files.realPath(existing) ?? existing),
    space: files.space(existing),
  }
}

function whyUnwritable({files}: System, path: string): string | undefined {
  return files.isWritable(path) ? undefined : `${path} is not writable`
}

/** A build as root in somebody's cache leaves folders behind that are root's: those of a build cache are two hex digits. */
function foreignInside({files}: System, cache: string): {reason: string; owner: number} | undefined {
  const folders = (files.list(cache) ?? [])
    .filter(({name, kind}) => kind === 'directory' && /^[0-9a-f]{2}$/.test(name))
    .map(({name}) => `${cache}/${name}`)
  const closed = folders.filter(folder => !files.isWritable(folder))
  const [first] = closed
  const owner = first === undefined ? undefined : files.stat(first)?.owner
  if (first === undefined || owner === undefined) return undefined
  return {
    reason: `${closed.length} of its folders ${closed.length === 1 ? 'is' : 'are'} not writable, for example ${first}`,
    owner,
  }
}

/** Whether the file system that holds a path is mounted noexec: proc_pid_mountinfo(5), the last mount over the longest path. */
export function isNoexec(mounts: string, path: string): boolean {
  const over = mounts.split('\n').flatMap(line => {
    const [, , , , point = '', options = ''] = line.split(' ')
    const at = point.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))
    const isOver = at === '/' || path === at || path.startsWith(`${at}/`)
    return point !== '' && isOver ? [{at, options}] : []
  })
  const longest = Math.max(...over.map(({at}) => at.length))
  return (
    over
      .findLast(({at}) => at.length === longest)
      ?.options.split(',')
      .includes('noexec') ?? false
  )
}
