import {unreachable} from '../../system/unreachable.ts'
import {type QuotedWord, quotedWords} from './quoted.ts'

/**
 * The stamp among compiler flags. cmd/go/internal/load/flag.go (PerPackageFlag): each -gcflags is `[pattern=]flags`, and
 * a package is compiled with the flags of the last one whose pattern matches it. So a stamp for `all` holds only as long
 * as every -gcflags behind it carries the stamp too.
 */

/** How a compiler is told a value that changes its action IDs and nothing else; undefined where it knows no such flag. */
export type StampFlag = '-env' | '-I'

/** The word `-gcflags=all=-env=ToolchainHash=…` that stamps every package of a build. */
export function stampWord(flag: StampFlag, hash: string): string {
  return `-gcflags=all=${stampFlag(flag, hash)}`
}

/** The compiler flag alone: `-env=ToolchainHash=…`, or `-I=ToolchainHash=…` for a compiler of Go 1.21 and earlier. */
export function stampFlag(flag: StampFlag, hash: string): string {
  return `${flag}=ToolchainHash=${hash}`
}

/**
 * What becomes of one -gcflags value so that the packages it matches stay stamped: 'append' when the stamp can be
 * written behind it as it stands, 'replace' when it carries an older stamp, which goes, and 'leave' when the go command
 * refuses it anyway or it is the very stamp.
 */
export type GcflagsEdit =
  | {kind: 'leave'}
  | {kind: 'append'; suffix: string}
  | {kind: 'replace'; value: string}

/** The edit of `value` behind which its packages are compiled with `stamp`, the compiler flag of stampFlag. */
export function editGcflags(value: string, stamp: string): GcflagsEdit {
  const read = readGcflags(value)
  if (read === 'refused') return {kind: 'leave'}
  if (stampsAmong(read.words).length === 0)
    return {kind: 'append', suffix: isBarePattern(value) ? stamp : ` ${stamp}`}
  if (value === `all=${stamp}`) return {kind: 'leave'}
  const cleaned = withoutStamp(value)
  // Without a pattern, what begins the value decides whether go takes it.
  if (read.pattern === undefined && !cleaned.trimStart().startsWith('-'))
    return {kind: 'replace', value: `${stamp} ${cleaned.trimStart()}`.trimEnd()}
  return {kind: 'replace', value: isBarePattern(cleaned) ? cleaned + stamp : `${cleaned} ${stamp}`}
}

/** `all=`, behind which the stamp needs no space; `-d=` is a flag, which it would become a part of. */
function isBarePattern(value: string): boolean {
  const read = readGcflags(value)
  return value.endsWith('=') && read !== 'refused' && read.words.length === 0
}

/** The value as it reads behind an edit. */
export function editedGcflags(value: string, stamp: string): string {
  const edit = editGcflags(value, stamp)
  switch (edit.kind) {
    case 'leave':
      return value
    case 'append':
      return value + edit.suffix
    case 'replace':
      return edit.value
    default:
      return unreachable(edit)
  }
}

/** Whether a value names a ToolchainHash already: an outer gowarden's, or one somebody wrote. */
export function carriesStamp(value: string): boolean {
  const read = readGcflags(value)
  return read !== 'refused' && stampsAmong(read.words).length > 0
}

/** Whether a value holds stamps for `all` and nothing else. */
export function isStampAlone(value: string): boolean {
  const read = readGcflags(value)
  if (read === 'refused' || read.pattern !== 'all' || read.words.length === 0) return false
  const inStamps = stampsAmong(read.words).reduce((sum, {count}) => sum + count, 0)
  return inStamps === read.words.length
}

/** The value with every ToolchainHash flag taken out, the rest byte for byte. */
export function withoutStamp(value: string): string {
  const read = readGcflags(value)
  if (read === 'refused') return value
  let left = value
  for (const {at, count} of stampsAmong(read.words).reverse()) {
    const [first, last] = [read.words[at], read.words[at + count - 1]]
    if (first === undefined || last === undefined) continue
    const [before, after] = [left.slice(0, first.start), left.slice(last.end)]
    // Words on both sides that only quotes kept apart.
    const isTight = /[^= \t\n\r]$/.test(before) && /^[^ \t\n\r]/.test(after)
    left = before + (isTight ? ' ' : '') + after
  }
  return left.trimEnd()
}

/** The ToolchainHash texts that a value gives to the compiler, in order; none where go refuses the value. */
export function stampsOf(value: string): string[] {
  const read = readGcflags(value)
  return read === 'refused' ? [] : stampsAmong(read.words).map(({text}) => text)
}

/**
 * A value as PerPackageFlag.set reads it: `[pattern=]flags`, the flags a quoted list. 'refused' where go refuses it: text without a
 * dash needs `pattern=`, which is neither empty nor quoted, and every quote an end.
 */
function readGcflags(value: string): {pattern: string | undefined; words: QuotedWord[]} | 'refused' {
  const from = value.length - value.trimStart().length
  const trimmed = value.trim()
  if (trimmed === '' || trimmed.startsWith('-')) return wordsBehind(undefined, value, from)
  const patternEnd = trimmed.indexOf('=')
  if (patternEnd < 1 || /^['"]/.test(trimmed)) return 'refused'
  return wordsBehind(trimmed.slice(0, patternEnd).trim(), value, from + patternEnd + 1)
}

function wordsBehind(
  pattern: string | undefined,
  value: string,
  from: number,
): {pattern: string | undefined; words: QuotedWord[]} | 'refused' {
  const words = quotedWords(value.slice(from))
  if (words === undefined) return 'refused'
  return {pattern, words: words.map(({text, start, end}) => ({text, start: start + from, end: end + from}))}
}

/** The flag in its spellings, as one word or as two; the text behind `ToolchainHash=`. */
function stampsAmong(words: readonly QuotedWord[]): {at: number; count: number; text: string}[] {
  const found: {at: number; count: number; text: string}[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]?.text ?? ''
    const joined = word.match(/^--?(?:env|I)=ToolchainHash=([\s\S]*)$/)?.[1]
    const next = /^--?(?:env|I)$/.test(word)
      ? words[at + 1]?.text.match(/^ToolchainHash=([\s\S]*)$/)?.[1]
      : undefined
    const text = joined ?? next
    if (text === undefined) continue
    found.push({at, count: joined === undefined ? 2 : 1, text})
    if (joined === undefined) at += 1
  }
  return found
}
