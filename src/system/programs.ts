/**
 * Programs on PATH. Only absolute entries count, as for the go command itself: an empty or relative one names the working
 * directory or a folder in it, and that is a repository with programs of its own.
 */
import type {System} from './system.ts'

/** Every executable file of this name in the absolute entries of PATH, in order, named as
 * bin/go names them. A folder that may not be searched holds none. */
export function programsOnPath({env, files}: Pick<System, 'env' | 'files'>, name: string): string[] {
  return placesOnPath({env}, name).filter(
    path => files.isExecutable(path) && files.stat(path)?.kind === 'file',
  )
}

/** Where a program of this name would be looked for, whatever is there. */
export function placesOnPath({env}: Pick<System, 'env'>, name: string): string[] {
  return (env['PATH'] ?? '')
    .split(':')
    .filter(entry => entry.startsWith('/'))
    .map(entry => `${entry}/${name}`)
}

/** The first of them, '' when there is none. */
export function lookUpOnPath(system: Pick<System, 'env' | 'files'>, name: string): string {
  return programsOnPath(system, name)[0] ?? ''
}
