/** The files below a directory that may be binaries. */
import type {System} from '../system/system.ts'

/**
 * Every regular file below a directory, by path, in the order of the names; links are not followed. A directory that cannot be
 * listed is passed on as a file: reading it says why.
 */
export function* filesBelow(system: Pick<System, 'files'>, directory: string): Iterable<string> {
  const entries = listed(system, directory)
  if (entries === undefined) {
    yield directory
    return
  }
  for (const {name, kind} of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${directory === '/' ? '' : directory}/${name}`
    if (kind === 'directory') yield* filesBelow(system, path)
    if (kind === 'file') yield path
  }
}

function listed(system: Pick<System, 'files'>, directory: string) {
  try {
    return system.files.list(directory)
  } catch {
    return undefined
  }
}
