/**
 * A manifest says what vendoring can take from a module's source: object IDs of files, and what is asked of its .go files. It
 * is made from a module zip whose h1 is known, or from a directory of the index, and stored as text:
 *
 *     G1.20                                         the go line of the root go.mod
 *     D+internal/x                                  a directory that was asked for; what follows lies in it
 *     F<object ID> name.go                          a file
 *     X<object ID> gen.go                           a .go file that can never be built
 *     N<object ID> build.cmd                        the ID that file has when CRLF is stored as LF
 *     Igithub.com/a/b                               an import of a file that is built in some build
 *     Etemplates/*.txt                              an embed pattern
 *     Ttestdata                                     an embed pattern of a test
 *     D-internal                                    a directory that was not asked for: its licences, and what is embedded
 *     D!gone                                        a directory that was asked for and holds no file
 *
 * Names are bytes in latin1, as a zip has them: they are compared and matched with patterns, and nobody reads them; a name cannot hold a newline, for no h1 could cover it.
 */
import type {EmbedDirectory} from '../source/embed.ts'

export type ManifestDirectory = {
  /** Name to object ID. From a zip, tests that nothing embeds are left out: they are never vendored. */
  files: Map<string, string>
  neverBuilt: Set<string>
  /** Object IDs with CRLF made LF, of files that hold CRLF. */
  normalized: Map<string, string>
  imports: Set<string>
  embeds: string[]
  testEmbeds: string[]
}

export type Manifest = {
  /** The root go.mod's `go` line; undefined when there is no go.mod or no such line. */
  goVersion: string | undefined
  /** A directory by its path relative to the module's root, '' for the root; only directories that hold files. */
  directory(path: string): ManifestDirectory | undefined
  /** Paths of all directories that hold files. */
  directories(): Iterable<string>
  /** Whether the directory is told whole, or its absence is. Of any other the manifest may know a part, or nothing. */
  covers(path: string): boolean
  /** Directories that are known to hold no file. */
  absent: readonly string[]
}

export function emptyDirectory(): ManifestDirectory {
  return {
    files: new Map(),
    neverBuilt: new Set(),
    normalized: new Map(),
    imports: new Set(),
    embeds: [],
    testEmbeds: [],
  }
}

export function formatManifest(manifest: Manifest): string {
  const lines: string[] = []
  if (manifest.goVersion !== undefined) lines.push(`G${manifest.goVersion}`)
  for (const path of manifest.directories()) {
    const directory = manifest.directory(path) ?? emptyDirectory()
    lines.push(`D${manifest.covers(path) ? '+' : '-'}${path}`)
    for (const [name, id] of directory.files)
      lines.push(`${directory.neverBuilt.has(name) ? 'X' : 'F'}${id} ${name}`)
    for (const [name, id] of directory.normalized) lines.push(`N${id} ${name}`)
    for (const path of directory.imports) lines.push(`I${path}`)
    for (const pattern of directory.embeds) lines.push(`E${pattern}`)
    for (const pattern of directory.testEmbeds) lines.push(`T${pattern}`)
  }
  for (const path of manifest.absent) lines.push(`D!${path}`)
  return lines.map(line => `${line}\n`).join('')
}

/**
 * Reads what formatManifest wrote. Only the directories' places are found at once: a repository may ask for few of them.
 * Throws on other text, for a directory when it is asked for.
 */
export function parseManifest(text: string): Manifest {
  const goLine = /^G(.*)\n/.exec(text)
  const places = new Map<string, number>()
  const whole = new Set<string>()
  const absent: string[] = []
  const first = goLine === null ? 0 : goLine[0].length
  if (first < text.length && text[first] !== 'D') throw new Error('reading manifest: no directory')
  for (let at = first; at < text.length; ) {
    const end = text.indexOf('\n', at)
    if (end < 0) throw new Error('reading manifest: cut short')
    const path = text.slice(at + 2, end)
    const flag = text[at + 1]
    if (flag === '+' || flag === '!') whole.add(path)
    if (flag === '!') absent.push(path)
    else places.set(path, end + 1)
    const next = text.indexOf('\nD', end)
    at = next < 0 ? text.length : next + 1
  }
  const parsed = new Map<string, ManifestDirectory>()
  return {
    goVersion: goLine?.[1],
    directory: path => {
      const place = places.get(path)
      const known = parsed.get(path)
      if (place === undefined || known !== undefined) return known
      const directory = parseDirectory(text, place)
      parsed.set(path, directory)
      return directory
    },
    directories: () => places.keys(),
    covers: path => whole.has(path),
    absent,
  }
}

function parseDirectory(text: string, from: number): ManifestDirectory {
  const directory = emptyDirectory()
  for (let start = from; start < text.length && text[start] !== 'D'; ) {
    const end = text.indexOf('\n', start)
    if (end < 0) throw new Error('reading manifest: cut short')
    const kind = text[start]
    const space = text.indexOf(' ', start)
    if (kind === 'F' || kind === 'X' || kind === 'N') {
      if (space < 0 || space > end) throw new Error('reading manifest: a file without a name')
      const name = text.slice(space + 1, end)
      const id = text.slice(start + 1, space)
      if (kind === 'N') directory.normalized.set(name, id)
      else directory.files.set(name, id)
      if (kind === 'X') directory.neverBuilt.add(name)
    } else {
      const value = text.slice(start + 1, end)
      if (kind === 'I') directory.imports.add(value)
      else if (kind === 'E') directory.embeds.push(value)
      else if (kind === 'T') directory.testEmbeds.push(value)
      else throw new Error(`reading manifest: unknown line ${JSON.stringify(text.slice(start, end))}`)
    }
    start = end + 1
  }
  return directory
}

/** The directories of a manifest as a tree, which patterns of //go:embed are resolved against. */
export function embedTree(manifest: Manifest, root: string): EmbedDirectory {
  type Tree = {files: Set<string>; directories: Map<string, Tree>}
  const tree: Tree = {files: new Set(), directories: new Map()}
  const prefix = root === '' ? '' : `${root}/`
  for (const path of manifest.directories()) {
    if (path !== root && !path.startsWith(prefix)) continue
    let node = tree
    for (const element of path
      .slice(prefix.length)
      .split('/')
      .filter(element => element !== '')) {
      const next: Tree = node.directories.get(element) ?? {files: new Set(), directories: new Map()}
      node.directories.set(element, next)
      node = next
    }
    for (const name of manifest.directory(path)?.files.keys() ?? []) node.files.add(name)
  }
  return tree
}
