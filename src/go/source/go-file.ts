/**
 * What vendoring needs to know of a .go file: can it ever be built, what it imports, what it embeds. After go/build/read.go
 * (readGoInfo) and cmd/go/internal/imports/read.go (ReadImports). The whole file is never parsed, only its header; comments
 * are searched for //go:embed when it imports "embed".
 */
import {canEverBuild} from './build-constraint.ts'
import {unquotePrefix} from './unquote.ts'

export type GoFileFacts = {
  /** False for `//go:build ignore` and its like: `go mod vendor` leaves the file out. */
  buildable: boolean
  /** Import paths without those of the standard library that hold no dot, each once, in the file's order. */
  imports: string[]
  /** Patterns of `//go:embed`, in the file's order. */
  embeds: string[]
}

/** Never throws: a file that is not Go has no imports and is taken to be buildable, as the go command takes it. */
export function readGoFile(content: Uint8Array): GoFileFacts {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  const start = startsWithBom(bytes) ? 3 : 0
  let text = bytes.toString('latin1', start, start + headerBytes)
  let header = readHeader(text)
  // Generated files run to megabytes; their end matters only when the header did not end or asks for it.
  const isWhole = start + headerBytes >= bytes.length
  if (!isWhole && (header.ending !== 'complete' || header.end === text.length || header.importsEmbed)) {
    text = bytes.toString('latin1', start)
    header = readHeader(text)
  }
  return {
    buildable:
      header.ending === 'nul' || canEverBuild(header.ending === 'syntax' ? text : text.slice(0, header.end)),
    imports: header.imports,
    embeds: header.ending === 'complete' && header.importsEmbed ? findEmbeds(text) : [],
  }
}

/** More than almost every header takes. */
const headerBytes = 16 * 1024

function startsWithBom(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

type Header = {
  imports: string[]
  importsEmbed: boolean
  end: number
  /** 'nul': a NUL byte was met, which makes the go command keep the file whatever its constraint says. */
  ending: 'complete' | 'syntax' | 'nul'
}

/** Reads `package x` and the import declarations. Semicolons are white space here, as in Go's own reader. */
function readHeader(text: string): Header {
  const imports = new Set<string>()
  let importsEmbed = false
  let position = 0

  const skipSpace = (): boolean => {
    for (;;) {
      const character = text[position]
      if (character === undefined) return true
      if (' \f\t\r\n;'.includes(character)) {
        position++
      } else if (character === '/' && text[position + 1] === '/') {
        const newline = text.indexOf('\n', position)
        position = newline < 0 ? text.length : newline + 1
      } else if (character === '/' && text[position + 1] === '*') {
        const close = text.indexOf('*/', position + 2)
        if (close < 0) {
          position = text.length
          return false
        }
        position = close + 2
      } else {
        return character !== '/'
      }
    }
  }
  const readWord = (): string => {
    const start = position
    while (isIdentifier(text.charCodeAt(position))) position++
    return text.slice(start, position)
  }
  /** An import path, or undefined where the syntax is broken. */
  const readString = (): string | undefined => {
    const quote = text[position]
    if (quote !== '"' && quote !== '`') return undefined
    const start = ++position
    for (; position < text.length; position++) {
      const character = text[position]
      if (character === quote) return text.slice(start, position++)
      if (quote === '"' && character === '\n') return undefined
      if (quote === '"' && character === '\\') position++
    }
    return undefined
  }
  const readImport = (): boolean => {
    if (!skipSpace()) return false
    if (text[position] === '.') position++
    else readWord()
    if (!skipSpace()) return false
    const path = readString()
    if (path === undefined) return false
    if (path === 'embed') importsEmbed = true
    // A path with an escape does not occur outside tests of parsers.
    if (path.includes('/') || path.includes('.')) imports.add(path)
    else if (path !== 'C' && path !== '') imports.add(path)
    return true
  }
  const read = (): boolean => {
    if (!skipSpace() || readWord() !== 'package' || !skipSpace() || readWord() === '') return false
    for (;;) {
      if (!skipSpace()) return false
      if (text[position] !== 'i') return true
      if (readWord() !== 'import' || !skipSpace()) return false
      if (text[position] !== '(') {
        if (!readImport()) return false
        continue
      }
      position++
      for (;;) {
        if (!skipSpace()) return false
        if (text[position] === ')') break
        if (position >= text.length || !readImport()) return false
      }
      position++
    }
  }

  const complete = read()
  const end = Math.min(position, text.length)
  const nul = text.indexOf('\0')
  const ending = nul >= 0 && nul <= end ? 'nul' : complete ? 'complete' : 'syntax'
  return {imports: [...imports], importsEmbed, end, ending}
}

function isIdentifier(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code >= 0x80
  )
}

/** Every `//go:embed` comment outside strings, runes and block comments. A badly quoted line counts as absent, as in Go. */
function findEmbeds(text: string): string[] {
  const embeds: string[] = []
  // Comments and literals are skipped whole, so that a marker inside one is not taken for a directive.
  const tokens =
    /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:\\[^\n]|[^"\\\n])*["\n]|`[^`]*(?:`|$)|'(?:\\[^\n]|[^'\\\n])*['\n]/g
  for (const match of text.matchAll(tokens)) {
    const directive = /^\/\/go:embed[ \t\r]+([\s\S]*)$/.exec(match[0])
    if (directive !== null) embeds.push(...(parseEmbedArguments(directive[1] ?? '') ?? []))
  }
  return embeds
}

/** `a/*.txt "with space" all:dir`: words, or Go strings followed by white space (parseGoEmbed of go/build/read.go). */
function parseEmbedArguments(text: string): string[] | undefined {
  const patterns: string[] = []
  let at = spaceAt(text, 0)
  while (at < text.length) {
    if (text[at] === '"' || text[at] === '`') {
      const quoted = unquotePrefix(text.slice(at), 'latin1')
      if (quoted === undefined) return undefined
      patterns.push(quoted.value)
      at += quoted.length
      if (at < text.length && spaceAt(text, at) === at) return undefined
    } else {
      const start = at
      while (at < text.length && spaceAt(text, at) === at) at++
      patterns.push(text.slice(start, at))
    }
    at = spaceAt(text, at)
  }
  return patterns
}

/** Where white space that begins at `at` ends: unicode.IsSpace on the bytes of UTF-8. */
function spaceAt(text: string, at: number): number {
  space.lastIndex = at
  return at + (space.exec(text)?.[0].length ?? 0)
}

const space =
  /(?:[\t-\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)*/y
