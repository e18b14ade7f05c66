/**
 * The lines of a go.mod that decide modules.txt and the module graph. Main modules are read by `go mod edit -json`; asking the
 * go command for each of some hundred dependencies would take longer than everything else together.
 */
import {unquote} from '../source/unquote.ts'
import type {ModuleVersion} from './module-path.ts'
import {canonicalVersion} from './semver.ts'

/** What the go command takes from a dependency's go.mod. */
export type GoModLines = {
  /** Of the `go` line; undefined when there is none. */
  goVersion: string | undefined
  requires: ModuleVersion[]
}

/**
 * Reads both in one go. Lenient, as the go command is with go.mod files of dependencies (modfile.ParseLax): unknown lines are
 * skipped. Undefined when a requirement is malformed: the go command refuses such a file.
 */
export function readGoModLines(content: string): GoModLines | undefined {
  const requires: ModuleVersion[] = []
  let goVersion: string | undefined
  for (const {verb, words, inBlock} of directives(content)) {
    if (verb === 'go' && !inBlock && words.length === 1) goVersion ??= words[0]
    if (verb !== 'require') continue
    const [path = '', written = ''] = words.map(word => unquote(word) ?? word)
    // A dependency's go.mod may say v1: go reads it as v1.0.0 (modfile.parseVersion without a fixer).
    const version = canonicalVersion(written)
    if (words.length !== 2 || version === undefined) return undefined
    requires.push({path, version})
  }
  return {goVersion, requires}
}

/**
 * The requirements that are not marked `// indirect`: those that packages of the module import, as `go mod tidy` writes them. Undefined
 * when one is malformed.
 */
export function readDirectRequires(content: string): ModuleVersion[] | undefined {
  const direct = content
    .split('\n')
    .filter(line => !isIndirect(line))
    .join('\n')
  return readGoModLines(direct)?.requires
}

/** modfile's isIndirect: the first word of the comment. */
function isIndirect(line: string): boolean {
  const comment = line.indexOf('//')
  return comment >= 0 && /^\/\/\s*indirect(\s*$|;\s+\S)/.test(line.slice(comment))
}

/** The version of the `go` line; undefined when there is none. */
export function readGoLine(content: string): string | undefined {
  return findVersionLine(content, 'go')?.version
}

/**
 * The first line `go VERSION` or `toolchain NAME` of a go.mod or go.work, and its number from 1. One inside a block of another
 * verb is no such line.
 */
export function findVersionLine(
  content: string,
  verb: 'go' | 'toolchain',
): {version: string; line: number} | undefined {
  for (const directive of directives(content)) {
    const [version] = directive.words
    if (directive.inBlock || directive.verb !== verb || directive.words.length !== 1) continue
    if (version !== undefined) return {version, line: directive.line}
  }
  return undefined
}

/** The path on the `module` line of a go.mod; undefined when there is none. */
export function readModulePath(content: string): string | undefined {
  for (const {verb, words} of directives(content))
    if (verb === 'module') return words[0] === undefined ? undefined : (unquote(words[0]) ?? words[0])
  return undefined
}

/** The folders on the `use` lines of a go.work, as they stand there. */
export function readUses(content: string): string[] {
  return [...directives(content)].flatMap(({verb, words: [folder]}) =>
    verb === 'use' && folder !== undefined ? [unquote(folder) ?? folder] : [],
  )
}

type Directive = {verb: string; words: string[]; line: number; inBlock: boolean}

/** Each line as its verb and words; lines of a block `verb ( … )` get the verb of their block. */
function* directives(content: string): Iterable<Directive> {
  let block: string | undefined
  for (const [index, text] of content.split('\n').entries()) {
    const [verb = '', ...words] = wordsOf(text)
    const line = index + 1
    if (verb === '') continue
    if (block !== undefined) {
      if (verb === ')') block = undefined
      else yield {verb: block, words: [verb, ...words], line, inBlock: true}
    } else if (words.at(-1) === '(') {
      block = [verb, ...words.slice(0, -1)].join(' ')
    } else {
      yield {verb, words, line, inBlock: false}
    }
  }
}

/** Words, quoted words with their quotes, and parentheses, up to a comment. */
function wordsOf(text: string): string[] {
  const comment = text.indexOf('//')
  const code = (comment < 0 ? text : text.slice(0, comment)).trim()
  if (code === '') return []
  // Nearly every line; some hundred go.mod files are read in each run.
  if (!/["`()]/.test(code)) return code.split(/\s+/)
  return code.match(/"(?:\\.|[^"\\])*"|`[^`]*`|[()]|[^\s()]+/g) ?? []
}
