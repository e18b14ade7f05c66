/** The folders whose policy file may count: those of the repository, which is found as Git finds it. */
import {dirname} from 'node:path'
import {orNothing} from '../system/or-nothing.ts'
import type {Files, System} from '../system/system.ts'

/**
 * The folders by their real paths, nearest first: up to the root of the Git repository; outside of one, up to the nearest
 * go.work or go.mod; else the folder alone. A link into a repository leads to what the repository says.
 */
export function policyDirectories(system: System, directory: string): string[] {
  const above: string[] = []
  for (let at = realPathOf(system, directory); ; at = dirname(at)) {
    above.push(at)
    if (at === dirname(at)) break
  }
  const nearest = (name: string, counts: (path: string) => boolean) =>
    above.findIndex(at => counts(pathIn(at, name)))
  const has = (name: string) => nearest(name, path => isThere(system, path))
  const repository = nearest('.git', path => isRepository(system, path))
  const root = [repository, has('go.work'), has('go.mod'), 0].find(index => index >= 0) ?? 0
  return above.slice(0, root + 1)
}

/** Whether an absolute path is a folder, or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`)
}

/** With every link resolved; as it is where that cannot be known. */
export function realPathOf(system: System, path: string): string {
  return orNothing(() => system.files.realPath(path)) ?? path
}

/**
 * What Git takes for a repository (setup.c is_git_directory, read_gitfile): a directory with HEAD, objects and refs, or a file that
 * names one. An empty folder called .git is none, and Git looks further up. What may not be
 * looked at counts.
 */
function isRepository({files}: System, path: string): boolean {
  try {
    switch (files.stat(path)?.kind) {
      case 'directory':
        return (
          isHead(files, `${path}/HEAD`) && ['objects', 'refs'].every(name => files.stat(`${path}/${name}`))
        )
      case 'file':
        return files.readHead(path, 8)?.toString() === 'gitdir: '
      default:
        return false
    }
  } catch {
    return true
  }
}

/** Whether something has this name, or it cannot be known. */
export function isThere({files}: System, path: string): boolean {
  try {
    return files.stat(path) !== undefined || files.linkTarget(path) !== undefined
  } catch {
    return true
  }
}

function pathIn(folder: string, name: string): string {
  return `${folder === '/' ? '' : folder}/${name}`
}

/** `ref: refs/heads/main`, an object ID, or a link into refs/, as Git once wrote it. */
function isHead(files: Files, path: string): boolean {
  if (files.linkTarget(path)?.startsWith('refs/')) return true
  if (files.stat(path)?.kind !== 'file') return false
  return /^(ref:\s*refs\/|[0-9a-f]{40})/.test(files.readHead(path, 256)?.toString() ?? '')
}
