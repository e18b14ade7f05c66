/**
 * Programs on PATH. Only absolute entries count, as for the go command itself: an empty or relative one names the working
 * directory or a folder in it, and that is a repository with programs of its own.
 */
import type {Files, System} from './system.ts'

/**
 * Every executable file of this name in the absolute entries of PATH, in order, named as bin/go names them. A folder that may not be
 * searched holds none.
 */
export function programsOnPath(world: World, name: string): string[] {
  return filesOnPath(world, name).filter(path => world.files.isExecutable(path))
}

/** The first of them, '' when there is none. */
export function lookUpOnPath(world: World, name: string): string {
  return programsOnPath(world, name)[0] ?? ''
}

/** Whether there is a file of this name, executable or not. */
export function isOnPath(world: World, name: string): boolean {
  return filesOnPath(world, name).length > 0
}

type World = Pick<System, 'env' | 'files'>

/** Where a program of this name would be looked for, whatever is there. */
export function placesOnPath({env}: Pick<System, 'env'>, name: string): string[] {
  return (env['PATH'] ?? '')
    .split(':')
    .filter(entry => entry.startsWith('/'))
    .map(entry => `${entry}/${name}`)
}

function filesOnPath(world: World, name: string): string[] {
  return placesOnPath(world, name).filter(path => isFile(world.files, path))
}

function isFile(files: Files, path: string): boolean {
  try {
    return files.stat(path)?.kind === 'file'
  } catch {
    return false
  }
}
