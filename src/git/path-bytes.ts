/**
 * Git paths are bytes, not text. They travel as strings with one character per byte (latin1), so that a name that is
 * not UTF-8 keeps its identity as a key and goes back to Git unchanged; only what a person reads is decoded.
 */

/** A path as bytes in a string: `é` in UTF-8 is the two characters `Ã©`. */
export type PathBytes = string

export function pathFromUtf8(text: string): PathBytes {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** The path as a person reads it; bytes that are not UTF-8 show as the replacement character. */
export function pathToUtf8(path: PathBytes): string {
  return isAscii(path) ? path : Buffer.from(path, 'latin1').toString('utf8')
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text)
}

/** The directory of a path, '' at the top: directoryOf('a/b.go') is 'a'. */
export function directoryOf(path: PathBytes): PathBytes {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

export function baseName(path: PathBytes): PathBytes {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Joins two slash-separated paths of which either may be ''. */
export function joinPath(directory: PathBytes, path: PathBytes): PathBytes {
  if (directory === '') return path
  return path === '' ? directory : `${directory}/${path}`
}

/**
 * Resolves `.`, `..` and doubled slashes like path.Clean, for a path relative to the repository's top: undefined when
 * it leaves the repository or is absolute.
 */
export function resolveInside(directory: PathBytes, path: PathBytes): PathBytes | undefined {
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) return undefined
  const elements: string[] = directory === '' ? [] : directory.split('/')
  for (const element of path.split('/')) {
    if (element === '' || element === '.') continue
    if (element !== '..') elements.push(element)
    else if (elements.pop() === undefined) return undefined
  }
  return elements.join('/')
}
