import {unreachable} from '../../system/unreachable.ts'

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

export function editGcflags(value: string, stamp: string): GcflagsEdit {
  if (isRefusedByGo(value)) return {kind: 'leave'}
  if (!carriesStamp(value)) return {kind: 'append', suffix: value.endsWith('=') ? stamp : ` ${stamp}`}
  if (value === `all=${stamp}`) return {kind: 'leave'}
  const cleaned = withoutStamp(value)
  return {kind: 'replace', value: cleaned.endsWith('=') ? cleaned + stamp : `${cleaned} ${stamp}`}
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
  return stampPattern.test(value)
}

/** The value with every ToolchainHash flag taken out, the rest byte for byte. */
export function withoutStamp(value: string): string {
  return value.replace(new RegExp(stampPattern, 'g'), '$1').trimEnd()
}

/** The flag in its four spellings, at the start of a value, behind its pattern, or behind white space. */
const stampPattern = /(^|=|[ \t\n\r])["']?--?(?:env|I)(?:=|[ \t\n\r]+)ToolchainHash=[^ \t\n\r"']*["']?/

/** PerPackageFlag.set: text without a dash needs `pattern=`, which is neither empty nor quoted. */
function isRefusedByGo(value: string): boolean {
  const trimmed = value.trim()
  if (trimmed === '' || trimmed.startsWith('-')) return false
  return trimmed.indexOf('=') < 1 || trimmed.startsWith("'") || trimmed.startsWith('"')
}
