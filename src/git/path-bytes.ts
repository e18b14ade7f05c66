/**
 * Git paths are bytes, not text. They travel as strings with one character per byte (latin1), so that a name that is
 * not UTF-8 keeps its identity as a key and goes back to Git unchanged; only what a person reads is decoded.
 */

/**
 * A path as bytes in a string: `é` in UTF-8 is the two characters `Ã©`. To the compiler it is a symbol, so that neither text is
 * taken for one, nor one for text, nor put into a template by itself.
 */
export type PathBytes = symbol & {
  readonly __PathBytesBrand__: never
  /** In bytes. */
  readonly length: number
  slice(start: number, end?: number): PathBytes
  split(separator: '/'): PathBytes[]
  startsWith<Text extends string>(start: Literal<Text>): boolean
  endsWith<Text extends string>(end: Literal<Text>): boolean
  indexOf<Text extends string>(part: Literal<Text>): number
}

/** As it stands in the source: ASCII, and so bytes and text at once. */
type Literal<Text extends string> = string extends Text ? never : Text

/** What Git, a zip or a file said, read as latin1. */
export function pathFromLatin1(bytes: string): PathBytes {
  return bytes as unknown as PathBytes
}

/** The bytes as latin1 text, for what knows names as such: no text that a person may read. */
export function pathToLatin1(path: PathBytes): string {
  return path as unknown as string
}

export function pathFromUtf8(text: string): PathBytes {
  return pathFromLatin1(latin1FromUtf8(text))
}

/** Text as bytes in a string, as lines of go.sum and modules.txt are read. */
export function latin1FromUtf8(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** The path as a person reads it; bytes that are not UTF-8 show as the replacement character. */
export function pathToUtf8(path: PathBytes): string {
  return latin1ToUtf8(pathToLatin1(path))
}

/** The same of other bytes that were read as latin1: a line of a file, an answer of Git. */
export function latin1ToUtf8(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8')
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text)
}

/** The directory that holds everything: '', and what directoryOf says of a path without a slash. */
export const topDirectory = pathFromLatin1('')

/** The directory of a path, '' at the top: directoryOf('a/b.go') is 'a'. What it is given, bytes or text, it returns. */
export function directoryOf(path: PathBytes): PathBytes
export function directoryOf(path: string): string
export function directoryOf(path: unknown): unknown {
  const text = path as string
  return text.slice(0, Math.max(0, text.lastIndexOf('/')))
}

/** The last element; of bytes bytes, of text text. */
export function baseName(path: PathBytes): PathBytes
export function baseName(path: string): string
export function baseName(path: unknown): unknown {
  const text = path as string
  return text.slice(text.lastIndexOf('/') + 1)
}

/** Joins two slash-separated paths of which either may be '': bytes with bytes, or text with text. */
export function joinPath<Text extends string>(
  directory: PathBytes,
  path: PathBytes | Literal<Text>,
): PathBytes
export function joinPath(directory: string, path: string): string
export function joinPath(directory: unknown, path: unknown): unknown {
  if (directory === '') return path
  return path === '' ? directory : `${directory}/${path}`
}

/** Whether `path` lies in a directory, at any depth; every path but '' lies in ''. */
export function isBelow(path: PathBytes, directory: PathBytes): boolean {
  const [inner, outer] = [pathToLatin1(path), pathToLatin1(directory)]
  if (outer === '') return inner !== ''
  return inner.length > outer.length && inner[outer.length] === '/' && inner.startsWith(outer)
}

/** Whether `path` is the directory or lies in it. */
export function isAtOrBelow(path: PathBytes, directory: PathBytes): boolean {
  return path === directory || isBelow(path, directory)
}

/** Relative to a directory that it is or lies in: pathBelow('a/b/c', 'a') is 'b/c', pathBelow('a', 'a') is ''. */
export function pathBelow(path: PathBytes, directory: PathBytes): PathBytes {
  return directory === topDirectory ? path : path.slice(directory.length + 1)
}

/**
 * Resolves `.`, `..` and doubled slashes like path.Clean, for a path relative to the repository's top: undefined when
 * it leaves the repository or is absolute.
 */
export function resolveInside(directory: PathBytes, path: PathBytes): PathBytes | undefined {
  if (/^(\/|[A-Za-z]:[\\/])/.test(pathToLatin1(path))) return undefined
  const elements = directory === topDirectory ? [] : pathToLatin1(directory).split('/')
  for (const element of pathToLatin1(path).split('/')) {
    if (element === '' || element === '.') continue
    if (element !== '..') elements.push(element)
    else if (elements.pop() === undefined) return undefined
  }
  return pathFromLatin1(elements.join('/'))
}
