import type {CommandLine, FlagValue} from '../go/command/command-line.ts'
import {
  editedGcflags,
  editGcflags,
  isStampAlone,
  type StampFlag,
  stampFlag,
  stampWord,
} from '../go/command/gcflags.ts'
import type {GoEnv} from '../go/command/go-env.ts'
import {goflagsOf} from '../go/command/goflags.ts'
import {withToolchainHash} from '../go/command/list-template.ts'
import type {StampText} from '../go/module/toolchain-module.ts'
import {unreachable} from '../system/unreachable.ts'

/** A change of the words, by position as "${1}" counts: bytes that Node cannot decode stay the caller's own. */
export type WordEdit =
  | {kind: 'append'; at: number; suffix: string}
  | {kind: 'replace'; at: number; text: string}

/** What becomes of one go command: nothing else is changed between the caller and the real go. */
export type Plan = {
  /** GOCACHE for the real go; undefined leaves it as it is. */
  cache: string | undefined
  /**
   * GOTOOLCHAIN for the real go, where it was asked beforehand which toolchain builds `pkg@version`: a newer version
   * published in the meantime must not make it another. undefined leaves it as it is.
   */
  toolchain: string | undefined
  /** Flags that go in behind the first `head` words. */
  head: number
  inserted: string[]
  edits: WordEdit[]
  /**
   * The ToolchainHash that what `go list -json=ToolchainHash,…` prints is to hold: go itself, which knows no such field,
   * prints none. undefined for every other command.
   */
  listedHash?: StampText | undefined
}

/** The plan that changes nothing. */
export function untouched({head}: CommandLine): Plan {
  return {cache: undefined, toolchain: undefined, head, inserted: [], edits: []}
}

/**
 * The words that carry a stamp. It goes on the command line and not into GOFLAGS: a program that go starts (a generator,
 * a test, `go run`) inherits the environment, and may run another toolchain under it, which would then carry a stamp that
 * is not its own, or does not know the flag. -gcflags values already in GOFLAGS would be shadowed by ours (the last that
 * matches a package counts), so they follow ours on the command line, each with the stamp.
 */
export function planStamp(
  line: CommandLine,
  goflags: string,
  flag: StampFlag,
  hash: StampText,
): Pick<Plan, 'inserted' | 'edits'> {
  const stamp = stampFlag(flag, hash)
  const own = line.flags.filter(isGcflags)
  const edits = own.flatMap(flag => editWord(flag, stamp))
  const outer = valuesIn(goflags, 'gcflags').filter(value => !isStampAlone(value))
  const isStamped = own.some(({value}) => editedGcflags(value, stamp) === `all=${stamp}`)
  if (isStamped && outer.length === 0) return {inserted: [], edits}
  return {
    inserted: [stampWord(flag, hash), ...outer.map(value => `-gcflags=${editedGcflags(value, stamp)}`)],
    edits,
  }
}

/**
 * What becomes of a `go list` that asks for ToolchainHash: its template is given the value, its JSON gets the field behind
 * go's back. Modules (`-m`) have no toolchain, and keep go's own error.
 */
export function planListing(line: CommandLine, hash: StampText): Pick<Plan, 'edits' | 'listedHash'> {
  const isOfModules = line.flags.findLast(flag => flag.name === 'm')?.value ?? 'false'
  if (line.subcommand !== 'list' || !/^(0|f|F|false|FALSE|False)$/.test(isOfModules)) return {edits: []}
  const edits = line.flags.flatMap(({name, at, prefix, value}): WordEdit[] => {
    const text = name === 'f' ? withToolchainHash(value, hash) : value
    return text === value ? [] : [{kind: 'replace', at, text: prefix + text}]
  })
  const isAsked = line.flags.some(
    ({name, value}) => name === 'json' && value.split(',').includes('ToolchainHash'),
  )
  return {edits, listedHash: isAsked ? hash : undefined}
}

function editWord({at, prefix, value}: FlagValue, stamp: string): WordEdit[] {
  const edit = editGcflags(value, stamp)
  switch (edit.kind) {
    case 'leave':
      return []
    case 'append':
      return [{kind: 'append', at, suffix: edit.suffix}]
    case 'replace':
      return [{kind: 'replace', at, text: prefix + edit.value}]
    default:
      return unreachable(edit)
  }
}

function isGcflags(flag: FlagValue): boolean {
  return flag.name === 'gcflags'
}

/** The -compiler in force; undefined means gc. */
export function compilerOf(line: CommandLine, goflags: string): string | undefined {
  return valueInForce(line, goflags, 'compiler')
}

/** The value of a flag that counts: the last of the command line, else the last of GOFLAGS. */
export function valueInForce(line: CommandLine, goflags: string, name: string): string | undefined {
  return line.flags.findLast(flag => flag.name === name)?.value ?? valuesIn(goflags, name).at(-1)
}

/** The flags that put something in the place of the toolchain's own. Such commands are planned each time. */
export const standInFlags = ['toolexec', 'overlay'] as const

/** Whether the environment of go, wherever it is set, puts something in the place of the toolchain's own. */
export function hasStandIns({GOFLAGS, GOFIPS140}: Pick<GoEnv, 'GOFLAGS' | 'GOFIPS140'>): boolean {
  return takesFips(GOFIPS140) || standInFlags.some(name => (valuesIn(GOFLAGS, name).at(-1) ?? '') !== '')
}

/**
 * Whether go compiles crypto/internal/fips140 from a folder of the module cache in place of GOROOT's: every value but these names a
 * frozen version (go help environment; cmd/go/internal/fips140).
 */
export function takesFips(value: string): boolean {
  return !['', 'off', 'latest'].includes(value)
}

/** The values that GOFLAGS has for a flag, in order. */
function valuesIn(goflags: string, name: string): string[] {
  return goflagsOf(goflags).flatMap(flag =>
    flag.name === name && flag.value !== undefined ? [flag.value] : [],
  )
}
