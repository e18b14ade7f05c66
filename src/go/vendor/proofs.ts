/**
 * What a machine with a network proved, for one without: of each module the list that its h1 is the hash of. The list cannot be
 * forged, for its hash is the line of go.sum; nothing else in the file is believed. One text, made to be read and to be diffed:
 *
 *     gowarden proofs 1
 *     module github.com/a/b@v1.2.0 h1:…=
 *     <SHA-256> LICENSE
 *     <SHA-256> inner/x.go
 *     go.mod github.com/a/b@v1.2.0 h1:…=
 *     	module github.com/a/b
 *
 * Modules come in order of their names, files in the order of the hash. A go.mod follows indented by a tab; it is the text that
 * the `/go.mod` line of go.sum is the hash of. Names are bytes in latin1.
 */
import {type H1, parseH1} from '../module/h1.ts'
import {type HashedFile, goModHash1, hash1} from '../module/hash1.ts'
import {formatModule, type ModuleVersion} from '../module/module-path.ts'
import {compareText} from '../module/semver.ts'

/** A file of a module, its path relative to the module's root. */
export type ListedFile = {path: string; sha256: string}

export type Proofs = {
  /** The files of the module that h1 is the hash of, by path; undefined when they are not listed. */
  files(module: ModuleVersion, h1: H1): ReadonlyMap<string, string> | undefined
  /** The go.mod that this hash of go.sum's `/go.mod` line vouches for. */
  goMod(module: ModuleVersion, h1: H1): string | undefined
}

export type ProofsToWrite = {
  modules: {module: ModuleVersion; h1: H1; files: readonly ListedFile[]}[]
  goMods: {module: ModuleVersion; h1: H1; content: string}[]
}

/** Without a line in the file of proofs. */
export const noProofs: Proofs = {files: () => undefined, goMod: () => undefined}

export function formatProofs({modules, goMods}: ProofsToWrite): string {
  const sections = [
    ...modules.map(({module, h1, files}) => ({
      name: `module ${formatModule(module)} ${h1}`,
      lines: [...files].sort((a, b) => compareText(a.path, b.path)).map(({path, sha256}) => `${sha256} ${path}`),
    })),
    ...goMods.map(({module, h1, content}) => ({
      name: `go.mod ${formatModule(module)} ${h1}`,
      lines: content
        .replace(/\n$/, '')
        .split('\n')
        .map(line => `\t${line}`),
    })),
  ]
  const written = new Map(sections.map(({name, lines}) => [name, lines]))
  const text = [...written]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([name, lines]) => [name, ...lines])
    .map(line => `${line}\n`)
    .join('')
  return `${firstLine}\n${text}`
}

const firstLine = 'gowarden proofs 1'

export type ProofsRead = {kind: 'read'; proofs: Proofs} | {kind: 'malformed'; line: number; reason: string}

/**
 * Reads what formatProofs wrote. Every list is hashed, and one that its h1 does not belong to makes the whole file malformed: somebody
 * changed it. `text` is latin1; time and memory are those of its length.
 */
export function parseProofs(text: string): ProofsRead {
  const lines = text.split('\n')
  if (lines[0] !== firstLine) return malformed(1, `a file of proofs begins with "${firstLine}"`)
  if (lines.at(-1) !== '') return malformed(lines.length, 'the last line is cut short')
  const files = new Map<string, ReadonlyMap<string, string>>()
  const goMods = new Map<string, string>()
  for (let at = 1; at < lines.length - 1; ) {
    const [, kind = '', name = '', hash = ''] = /^(module|go\.mod) (\S+@\S+) (\S+)$/.exec(lines[at] ?? '') ?? []
    const h1 = parseH1(hash)
    if (h1 === undefined) return malformed(at + 1, 'neither a module nor a file of one')
    const key = `${name} ${h1}`
    if ((kind === 'module' ? files : goMods).has(key)) return malformed(at + 1, `${name} is listed twice`)
    const start = at + 1
    const isOwn = kind === 'module' ? isFileLine : isIndented
    for (at = start; at < lines.length - 1 && isOwn(lines[at] ?? ''); ) at++
    const own = lines.slice(start, at)
    if (kind === 'module') {
      const listed = readList(own, name, start + 1)
      if ('kind' in listed) return listed
      if (hash1(listed.hashed) !== h1) return malformed(start, `the list of ${name} is not the one that ${h1} is the hash of`)
      files.set(key, listed.files)
    } else {
      // Whether it ends in a line break, the hash knows.
      const joined = own.map(line => line.slice(1)).join('\n')
      const content = [`${joined}\n`, joined].find(text => goModHash1(Buffer.from(text, 'latin1')) === h1)
      if (content === undefined) {
        return malformed(start, `the go.mod of ${name} is not the one that ${h1} is the hash of`)
      }
      goMods.set(key, content)
    }
  }
  return {
    kind: 'read',
    proofs: {
      files: (module, h1) => files.get(`${formatModule(module)} ${h1}`),
      goMod: (module, h1) => goMods.get(`${formatModule(module)} ${h1}`),
    },
  }
}

function isFileLine(line: string): boolean {
  return /^[0-9a-f]{64} ./.test(line)
}

function isIndented(line: string): boolean {
  return line.startsWith('\t')
}

type List = {files: ReadonlyMap<string, string>; hashed: HashedFile[]}

function readList(lines: readonly string[], module: string, first: number): List | ProofsRead {
  const files = new Map<string, string>()
  const hashed: HashedFile[] = []
  for (const [index, line] of lines.entries()) {
    const path = line.slice(65)
    const sha256 = line.slice(0, 64)
    if (!isPlainPath(path.replace(/\/$/, ''))) return malformed(first + index, `${JSON.stringify(path)} is no plain path`)
    if (files.has(path)) return malformed(first + index, `${JSON.stringify(path)} is listed twice`)
    files.set(path, sha256)
    hashed.push({name: `${module}/${path}`, sha256})
  }
  return {files, hashed}
}

/** Without elements that are empty, `.` or `..`, and without what no path of a module holds. */
export function isPlainPath(path: string): boolean {
  return !/(?:^|\/)\.{0,2}(?:\/|$)|[\0\n\\]/.test(path)
}

function malformed(line: number, reason: string): ProofsRead {
  return {kind: 'malformed', line, reason}
}
