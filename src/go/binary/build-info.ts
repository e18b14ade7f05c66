/**
 * What a Go binary says about itself: the build info blob the linker writes (debug/buildinfo/buildinfo.go reads it),
 * the module text inside it (runtime/debug/mod.go), and our stamp among its settings.
 */
import {stampsOf} from '../command/gcflags.ts'
import type {H1} from '../module/h1.ts'
import {parseStamp, type StampedStandIn, type StampText} from '../module/toolchain-module.ts'
import {unquote, unquotePrefix} from '../source/unquote.ts'

/** A module of the build, in the columns of `go version -m`. A replaced module has no sum of its own. */
export type Module = {path: string; version: string; sum?: string; replace?: Module}

/** One `build key=value` line, unquoted: a build flag (`-gcflags`), a go env name (`GOOS`) or `vcs…`. */
export type BuildSetting = {key: string; value: string}

/** debug.BuildInfo. Only the Go version is always there; a binary built without modules has no more than that. */
export type BuildInfo = {
  goVersion: string
  path?: string
  main?: Module
  deps: Module[]
  settings: BuildSetting[]
}

/**
 * Why there is no build info: the file holds none, its format is not read, it breaks the rules of its format, or there may be
 * some that cannot be told.
 */
export type NoBuildInfo = {kind: 'not-go' | 'unsupported' | 'corrupt' | 'hidden'; reason: string}

/**
 * A binary as the loader would lay it out: bytes by virtual address. `read` returns fewer bytes where the file holds
 * fewer, none where nothing is loaded.
 */
export type Memory = {read(address: bigint, length: number): Buffer}

/**
 * The start of the first blob in `bytes`, which begin at an aligned address: the linker aligns the blob to 16 bytes, so
 * the same text elsewhere (in a program that looks for it) is none. Undefined when there is no blob.
 */
export function findBlob(bytes: Buffer): number | undefined {
  let at = bytes.indexOf(blobMagic)
  while (at >= 0 && at % blobAlignment !== 0) at = bytes.indexOf(blobMagic, at + 1)
  return at < 0 ? undefined : at
}

/** Bytes between the addresses at which a blob may begin. */
export const blobAlignment = 16

/**
 * Decodes the blob at `address` (readRawBuildInfo of debug/buildinfo/buildinfo.go):
 *
 *   \xff Go buildinf:  pointer size  flags  … up to 32 bytes
 *
 * With bit 2 of the flags (Go 1.18 and later) the Go version and the module text follow, each behind its length as a
 * varint. Without it the header goes on with two pointers to Go strings, of the size and byte order it names.
 */
export function readBlob(memory: Memory, address: bigint): BuildInfo | NoBuildInfo {
  const header = memory.read(address, blobHeaderSize)
  if (header.length < blobHeaderSize || header.indexOf(blobMagic) !== 0) {
    return corrupt('its build info is cut off')
  }
  const strings =
    (header.readUInt8(15) & 2) === 0 ? pointedStrings(memory, header) : inlineStrings(memory, address)
  if ('kind' in strings) return strings
  if (strings.version.length === 0) return corrupt('its build info names no Go version')
  return parseModuleText(strings.version.toString(), unframed(strings.moduleText).toString())
}

const blobMagic = Buffer.from('\xff Go buildinf:', 'latin1')
const blobHeaderSize = 32

/** Far above any real module text (some 100 bytes per dependency), far below what would trouble a machine. */
const longestString = 1 << 22

type BlobStrings = {version: Buffer; moduleText: Buffer}

function inlineStrings(memory: Memory, address: bigint): BlobStrings | NoBuildInfo {
  const version = varintString(memory, address + BigInt(blobHeaderSize))
  const moduleText = version && varintString(memory, version.end)
  return moduleText
    ? {version: version.bytes, moduleText: moduleText.bytes}
    : corrupt('its build info is cut off')
}

function varintString(memory: Memory, address: bigint): {bytes: Buffer; end: bigint} | undefined {
  const prefix = memory.read(address, 10)
  let length = 0
  let digits = 0
  for (const byte of prefix) {
    length += (byte & 0x7f) * 2 ** (7 * digits)
    digits++
    if (byte < 0x80) {
      const start = address + BigInt(digits)
      const bytes = exactly(memory, start, length)
      return bytes && {bytes, end: start + BigInt(length)}
    }
  }
  return undefined
}

function pointedStrings(memory: Memory, header: Buffer): BlobStrings | NoBuildInfo {
  const pointerSize = header.readUInt8(14)
  if (pointerSize !== 4 && pointerSize !== 8)
    return corrupt(`its build info has pointers of ${pointerSize} bytes`)
  const isBigEndian = (header.readUInt8(15) & 1) === 1
  const pointer = (bytes: Buffer, index: number): bigint => {
    const at = index * pointerSize
    if (pointerSize === 4) return BigInt(isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at))
    return isBigEndian ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at)
  }
  const goString = (address: bigint): Buffer | undefined => {
    const words = exactly(memory, address, 2 * pointerSize)
    return words && exactly(memory, pointer(words, 0), Number(pointer(words, 1)))
  }
  const pointers = header.subarray(16)
  if (pointer(pointers, 0) === 0n) {
    return {
      kind: 'unsupported',
      reason: 'the loader fills in where its Go version is (Go before 1.18, position independent)',
    }
  }
  const version = goString(pointer(pointers, 0))
  if (version === undefined) return corrupt('the pointer to its Go version leads nowhere')
  return {version, moduleText: goString(pointer(pointers, 1)) ?? Buffer.alloc(0)}
}

function exactly(memory: Memory, address: bigint, length: number): Buffer | undefined {
  if (length > longestString) return undefined
  const bytes = memory.read(address, length)
  return bytes.length === length ? bytes : undefined
}

/** The module text without the 16 random bytes cmd/go puts on either side of it; none when it is not framed so. */
function unframed(text: Buffer): Buffer {
  const isFramed = text.length >= 33 && text[text.length - 17] === 0x0a
  return isFramed ? text.subarray(16, text.length - 16) : text.subarray(0, 0)
}

/**
 * Parses the lines that `go version -m` prints, one word and its tab-separated columns each (ParseBuildInfo of
 * runtime/debug/mod.go). Words it does not know are skipped, as Go skips them; a known word with the wrong columns is
 * 'corrupt', with the line's number.
 *
 *   path	example.com/app
 *   mod	example.com/app	(devel)
 *   dep	example.com/lib	v1.2.3
 *   =>	../lib	(devel)
 *   build	-gcflags="all=-N -l"
 */
export function parseModuleText(goVersion: string, text: string): BuildInfo | NoBuildInfo {
  const info: BuildInfo = {goVersion, deps: [], settings: []}
  let replaceable: Module | undefined
  const lines = text.split('\n').slice(0, -1)
  for (const [index, line] of lines.entries()) {
    const broken = (reason: string) => corrupt(`line ${index + 1} of its build info: ${reason}`)
    const tab = line.indexOf('\t')
    const columns = line.slice(tab + 1)
    switch (tab < 0 ? '' : line.slice(0, tab)) {
      case 'path':
        info.path = columns
        break
      case 'mod':
        replaceable = parseModule(columns)
        if (replaceable === undefined) return broken('a module has 2 or 3 columns')
        info.main = replaceable
        break
      case 'dep':
        replaceable = parseModule(columns)
        if (replaceable === undefined) return broken('a module has 2 or 3 columns')
        info.deps.push(replaceable)
        break
      case '=>': {
        const replacement = columns.split('\t').length === 3 ? parseModule(columns) : undefined
        if (replacement === undefined) return broken('a replacement has 3 columns')
        if (replaceable === undefined) return broken('a replacement follows no module')
        replaceable.replace = replacement
        replaceable = undefined
        break
      }
      case 'build': {
        const setting = parseSetting(columns)
        if (setting === undefined) return broken('a setting is not key=value')
        info.settings.push(setting)
        break
      }
    }
  }
  return info
}

function parseModule(columns: string): Module | undefined {
  const [path, version, sum, ...more] = columns.split('\t')
  if (path === undefined || version === undefined || more.length > 0) return undefined
  return sum ? {path, version, sum} : {path, version}
}

/** `key=value`, where either may be quoted and must be when it holds a space, a tab, a quote (and the key also a `=`). */
function parseSetting(text: string): BuildSetting | undefined {
  const quotedKey = unquotePrefix(text)
  const plainEnd = text.indexOf('=')
  const key = quotedKey?.value ?? text.slice(0, Math.max(plainEnd, 0))
  const keyEnd = quotedKey?.length ?? plainEnd
  if (text[keyEnd] !== '=' || (quotedKey === undefined && (key === '' || needsQuotes.test(key))))
    return undefined
  const raw = text.slice(keyEnd + 1)
  if (!needsQuotes.test(raw)) return {key, value: raw}
  const value = unquote(raw)
  return value === undefined ? undefined : {key, value}
}

const needsQuotes = /[ \t\r"`]/

/** A ToolchainHash a binary carries. It is only ever read, never chosen: several different ones are no stamp. */
export type Stamp =
  | {
      kind: 'stamped'
      /** The whole text: with something that stood in for the toolchain's own files it is no ToolchainHash alone. */
      hash: StampText
      version: string
      os: string
      arch: string
      h1: H1
      standIns?: StampedStandIn[]
    }
  | {kind: 'malformed'; text: string}
  | {kind: 'conflicting'; texts: string[]}

/**
 * The stamp in the -gcflags setting, undefined when there is none. It has to be a whole word of the compiler's flags,
 * behind the `pattern=` a value may begin with (PerPackageFlag.set of cmd/go/internal/load/flag.go):
 *
 *   all=-env=ToolchainHash=go1.26.8.linux-amd64@h1:…=
 *   -N -l -env=ToolchainHash=go1.26.8.linux-amd64@h1:…=
 *   all=-I=ToolchainHash=go1.21.13.linux-amd64@h1:…=
 */
export function stampOf(info: BuildInfo): Stamp | undefined {
  const gcflags = info.settings.filter(setting => setting.key === '-gcflags')
  const texts = new Set(gcflags.flatMap(setting => stampsOf(setting.value)))
  const [text, ...others] = texts
  if (text === undefined) return undefined
  if (others.length > 0) return {kind: 'conflicting', texts: [...texts]}
  const stamp = parseStamp(text)
  if (stamp === undefined) return {kind: 'malformed', text}
  const {standIns, ...parts} = stamp
  return {kind: 'stamped', ...parts, ...(standIns.length === 0 ? {} : {standIns})}
}

/** Whether the stamp names the version the binary names, whose experiments (`go1.26.8-X:jsonv2`) are not part of it. */
export function isSameVersion(stampVersion: string, goVersion: string): boolean {
  return stampVersion === goVersion.replace(/[ -]X:.*$/, '')
}

function corrupt(reason: string): NoBuildInfo {
  return {kind: 'corrupt', reason}
}
