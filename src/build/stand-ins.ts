/**
 * What stands in for the toolchain's own files in one go command: the program of -toolexec, which is run in the compiler's place,
 * and the files of the standard library that -overlay replaces. Loaded only where one of the two flags is given.
 */
import {createHash} from 'node:crypto'
import {isAbsolute, join, normalize, resolve} from 'node:path'
import {splitQuoted} from '../go/command/quoted.ts'
import {orNothing} from '../system/or-nothing.ts'
import {lookUpOnPath} from '../system/programs.ts'
import type {System} from '../system/system.ts'
import {takesFips} from './plan.ts'

/**
 * How a stamp names what stands in, by its content: `toolexec=sha256:…`. '' where nothing of the toolchain is replaced; 'unknown'
 * where nobody can say what it is, and so there is no stamp.
 */
export type Mark = {kind: 'known'; text: string} | {kind: 'unknown'; reason: string}

/** `command` and `file` as the flag has them; `replaced` counts the names below GOROOT. */
export type StandIn =
  | {kind: 'toolexec'; command: string; mark: Mark}
  | {kind: 'overlay'; file: string; replaced: number; mark: Mark}
  | {kind: 'fips'; value: string; mark: Mark}

/** The values of the two flags, of which '' is none, and of GOFIPS140; the folder is the one in which go runs. */
export type StandInFlags = {
  toolexec: string
  overlay: string
  fips: string
  directory: string
  goroot: string
}

/** No program and no overlay is as large; what is larger is not read. */
const longest = 1 << 28
const longestOverlay = 1 << 24

/** Reads what the flags name. Nothing of it is run. */
export function probeStandIns(system: System, flags: StandInFlags): StandIn[] {
  const words = splitQuoted(flags.toolexec)
  const standIns: StandIn[] = []
  // go refuses a value whose quotes do not close.
  if (words?.[0] !== undefined) {
    standIns.push({kind: 'toolexec', command: flags.toolexec, mark: markOfProgram(system, words)})
  }
  if (flags.overlay !== '') standIns.push(readOverlay(system, flags))
  if (takesFips(flags.fips)) {
    const reason =
      'go compiles a package of the standard library from the module cache, where nothing checks it again'
    standIns.push({kind: 'fips', value: flags.fips, mark: unknown(reason)})
  }
  return standIns
}

/**
 * `toolexec=sha256:` and what `sha256sum` prints of the program; behind it a second sum where more words follow, over these and
 * over the files that they name.
 */
function markOfProgram(system: System, [name = '', ...words]: string[]): Mark {
  if (name.includes('/') && !isAbsolute(name)) {
    return unknown('go looks up a relative name again in the folder of every package')
  }
  const path = isAbsolute(name) ? name : lookUpOnPath(system, name)
  if (path === '') return unknown(`there is no ${name} on PATH`)
  const program = sumOf(system, path)
  if (typeof program !== 'string') return program
  if (words.length === 0) return {kind: 'known', text: `toolexec=sha256:${program}`}
  const rest = createHash('sha256')
  for (const word of words) {
    rest.update(`${word}\0`)
    if (!isAbsolute(word) || orNothing(() => system.files.stat(word))?.kind !== 'file') continue
    const file = sumOf(system, word)
    if (typeof file !== 'string') return file
    rest.update(`${file}\0`)
  }
  return {kind: 'known', text: `toolexec=sha256:${program}:${rest.digest('hex')}`}
}

/**
 * The overlay as go reads it (cmd/go/internal/fsys): `{"Replace": {"/from": "/to"}}`, where '' deletes. What go refuses is left for
 * go to refuse. The mark is a sum over the names below GOROOT and the content that each is given.
 */
function readOverlay(system: System, {overlay, directory, goroot}: StandInFlags): StandIn {
  const file = resolve(directory, overlay)
  const standIn = (replaced: number, mark: Mark): StandIn => ({kind: 'overlay', file, replaced, mark})
  const stat = orNothing(() => system.files.stat(file))
  if (stat === undefined) return standIn(0, nothing)
  if (stat.kind !== 'file') return standIn(0, unknown('it is not a regular file'))
  if (stat.size > BigInt(longestOverlay)) return standIn(0, unknown('it is too large to be read'))
  const entries = parseOverlay(orNothing(() => system.files.read(file)?.toString()) ?? '')
  if (entries === 'refused') return standIn(0, nothing)
  if (entries === 'ambiguous') return standIn(0, unknown('it has one name twice'))

  const real = system.files.realPath(goroot) ?? goroot
  const lines: string[] = []
  for (const [from, to] of entries) {
    const name = nameBelow(system, [normalize(goroot), real], resolve(directory, from))
    if (name === undefined) continue
    const sum = to === '' ? 'deleted' : sumOf(system, resolve(directory, to))
    if (typeof sum !== 'string') return standIn(lines.length + 1, sum)
    lines.push(`${sum}  ${name}\n`)
  }
  if (lines.length === 0) return standIn(0, nothing)
  const sum = createHash('sha256').update(lines.sort().join('')).digest('hex')
  return standIn(lines.length, {kind: 'known', text: `overlay=sha256:${sum}`})
}

const nothing: Mark = {kind: 'known', text: ''}

function unknown(reason: string): Mark & {kind: 'unknown'} {
  return {kind: 'unknown', reason}
}

/** 'refused': no such object as go takes. 'ambiguous': Go's parser takes both of two equal names, and ours the last. */
export function parseOverlay(text: string): [from: string, to: string][] | 'refused' | 'ambiguous' {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'refused'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'refused'
  if ((text.match(/"(?:[^"\\]|\\.)*"/g) ?? []).length !== countStrings(value)) return 'ambiguous'
  const entries: [string, string][] = []
  for (const [key, replaced] of Object.entries(value)) {
    // As encoding/json: names of fields in upper or lower case, and null is nothing.
    if (key.toLowerCase() !== 'replace' || replaced === null) continue
    if (typeof replaced !== 'object' || Array.isArray(replaced)) return 'refused'
    for (const [from, to] of Object.entries(replaced)) {
      if (from === '' || (typeof to !== 'string' && to !== null)) return 'refused'
      entries.push([from, to ?? ''])
    }
  }
  return entries
}

function countStrings(value: unknown): number {
  if (typeof value === 'string') return 1
  if (typeof value !== 'object' || value === null) return 0
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + countStrings(one), 0)
  return Object.values(value).reduce<number>((sum, one) => sum + 1 + countStrings(one), 0)
}

/** The name of a path below one of the roots, links of its folder resolved too; undefined for a path elsewhere. */
function nameBelow(system: System, roots: readonly string[], path: string): string | undefined {
  for (const candidate of [path, realFolder(system, path)]) {
    for (const root of roots) {
      if (candidate === root || root.startsWith(`${candidate}/`)) return '.'
      if (candidate.startsWith(`${root}/`)) return candidate.slice(root.length + 1)
    }
  }
  return undefined
}

/** The path with the links of the nearest folder above it resolved that is there. */
function realFolder(system: System, path: string): string {
  const names = path.split('/').filter(name => name !== '')
  for (let length = names.length - 1; length > 0; length -= 1) {
    const real = orNothing(() => system.files.realPath(`/${names.slice(0, length).join('/')}`))
    if (real !== undefined) return join(real, ...names.slice(length))
  }
  return path
}

/** The SHA-256 of a regular file in hexadecimal digits, or why it cannot be told. */
function sumOf(system: System, path: string): string | (Mark & {kind: 'unknown'}) {
  const stat = orNothing(() => system.files.stat(path))
  if (stat === undefined) return unknown(`there is no ${path}`)
  if (stat.kind !== 'file') return unknown(`${path} is not a regular file`)
  if (stat.size > BigInt(longest)) return unknown(`${path} is too large to be read`)
  try {
    const content = system.files.read(path)
    return content === undefined
      ? unknown(`there is no ${path}`)
      : createHash('sha256').update(content).digest('hex')
  } catch {
    return unknown(`${path} cannot be read`)
  }
}
