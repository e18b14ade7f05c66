/** Which files the patterns of //go:embed name. After cmd/go/internal/load/pkg.go (resolveEmbed) and path.Match. */

/** A directory as embedding sees it: names of files, and directories beneath. */
export type EmbedDirectory = {
  files: ReadonlySet<string>
  directories: ReadonlyMap<string, EmbedDirectory>
}

/**
 * Paths relative to `root` that the patterns embed. Undefined when one pattern is invalid, matches nothing or crosses into
 * another module: the go command then copies no embedded file of the package.
 */
export function resolveEmbeds(root: EmbedDirectory, patterns: readonly string[]): string[] | undefined {
  const found = new Set<string>()
  for (const pattern of patterns) {
    const all = pattern.startsWith('all:')
    const glob = all ? pattern.slice('all:'.length) : pattern
    if (!isValidPattern(glob)) return undefined
    const before = found.size
    let matched = 0
    for (const match of globMatches(root, glob.split('/'), '')) {
      if (match.crossesModule || isBadName(match.path)) return undefined
      const files =
        match.directory === undefined ? [match.path] : filesBeneath(match.directory, match.path, all)
      if (files.length === 0) return undefined
      matched += files.length
      for (const file of files) found.add(file)
    }
    if (matched === 0 && found.size === before) return undefined
  }
  return [...found]
}

/**
 * Paths relative to `root` of all that decides what the patterns embed: everything beneath what they match, and the go.mod files that
 * bound modules. A tree that holds these, whatever else it lacks, gives resolveEmbeds the same answer.
 */
export function embedCandidates(root: EmbedDirectory, patterns: readonly string[]): Set<string> {
  const found = new Set<string>()
  for (const pattern of patterns) {
    const glob = pattern.startsWith('all:') ? pattern.slice('all:'.length) : pattern
    if (!isValidPattern(glob)) continue
    for (const {path, directory} of globMatches(root, glob.split('/'), '')) {
      if (directory === undefined) found.add(path)
      else everythingBeneath(directory, path, found)
    }
  }
  if (found.size > 0) goModsBeneath(root, '', found)
  return found
}

function everythingBeneath(directory: EmbedDirectory, path: string, found: Set<string>): void {
  for (const name of directory.files) found.add(`${path}/${name}`)
  for (const [name, inner] of directory.directories) everythingBeneath(inner, `${path}/${name}`, found)
}

function goModsBeneath(root: EmbedDirectory, prefix: string, found: Set<string>): void {
  for (const [name, inner] of root.directories) {
    if (inner.files.has('go.mod')) found.add(`${prefix}${name}/go.mod`)
    goModsBeneath(inner, `${prefix}${name}/`, found)
  }
}

function isValidPattern(glob: string): boolean {
  if (glob === '.') return false
  return glob
    .split('/')
    .every(
      element =>
        element !== '' && element !== '.' && element !== '..' && elementRegExp(element) !== undefined,
    )
}

type Match = {path: string; directory: EmbedDirectory | undefined; crossesModule: boolean}

function globMatches(
  directory: EmbedDirectory,
  elements: readonly string[],
  prefix: string,
  crossed = false,
): Match[] {
  const [element, ...rest] = elements
  const expression = element === undefined ? undefined : elementRegExp(element)
  if (expression === undefined) return []
  const matches: Match[] = []
  if (rest.length === 0) {
    for (const name of directory.files) {
      if (expression.test(name))
        matches.push({path: prefix + name, directory: undefined, crossesModule: crossed})
    }
  }
  for (const [name, inner] of directory.directories) {
    if (!expression.test(name)) continue
    const crossesModule = crossed || inner.files.has('go.mod')
    if (rest.length === 0) matches.push({path: prefix + name, directory: inner, crossesModule})
    else matches.push(...globMatches(inner, rest, `${prefix}${name}/`, crossesModule))
  }
  return matches
}

/** Recursively, without names that begin with `.` or `_` unless `all:` was said, and not into other modules. */
function filesBeneath(directory: EmbedDirectory, path: string, all: boolean): string[] {
  const files: string[] = []
  for (const name of directory.files) {
    if (!isHidden(name) || all) files.push(`${path}/${name}`)
  }
  for (const [name, inner] of directory.directories) {
    if ((isHidden(name) && !all) || isBadName(name) || inner.files.has('go.mod')) continue
    files.push(...filesBeneath(inner, `${path}/${name}`, all))
  }
  return files
}

function isHidden(name: string): boolean {
  return name.startsWith('.') || name.startsWith('_')
}

function isBadName(path: string): boolean {
  return path.split('/').some(name => ['', '.bzr', '.hg', '.git', '.svn'].includes(name))
}

/**
 * One element of a path.Match pattern: `*` any run, `?` one character, `[a-z]` and `[^a-z]` classes, `\x` the character x.
 * Undefined when malformed.
 */
function elementRegExp(element: string): RegExp | undefined {
  let source = ''
  for (let i = 0; i < element.length; i++) {
    const character = element[i] ?? ''
    if (character === '*') source += '[^]*'
    else if (character === '?') source += '[^]'
    else if (character === '\\') {
      const next = element[++i]
      if (next === undefined) return undefined
      source += literal(next)
    } else if (character === '[') {
      const close = readClass(element, i + 1)
      if (close === undefined) return undefined
      source += close.source
      i = close.end
    } else source += literal(character)
  }
  return new RegExp(`^${source}$`)
}

function readClass(element: string, start: number): {source: string; end: number} | undefined {
  let i = start
  const negated = element[i] === '^'
  if (negated) i++
  let ranges = ''
  for (let count = 0; ; count++) {
    if (i >= element.length) return undefined
    if (element[i] === ']' && count > 0) return {source: `[${negated ? '^' : ''}${ranges}]`, end: i}
    const low = readClassCharacter(element, i)
    if (low === undefined) return undefined
    i = low.end
    let high = low
    if (element[i] === '-') {
      const read = readClassCharacter(element, i + 1)
      if (read === undefined) return undefined
      high = read
      i = read.end
    }
    // A reversed range matches nothing in Go and is an error in JavaScript.
    if (low.character <= high.character) ranges += `${literal(low.character)}-${literal(high.character)}`
  }
}

function readClassCharacter(element: string, at: number): {character: string; end: number} | undefined {
  const character = element[at]
  if (character === undefined || character === '-' || character === ']') return undefined
  if (character !== '\\') return {character, end: at + 1}
  const escaped = element[at + 1]
  return escaped === undefined ? undefined : {character: escaped, end: at + 2}
}

function literal(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
