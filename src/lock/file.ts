/**
 * The text of gowarden.lock: which Go toolchain builds a repository, by its content. One toolchain a line, named as a stamp names it, so
 * that the stamp of a binary is found in the lock as it stands; behind it who proved that hash, or why nobody did.
 *
 *   gowarden lock 1
 *   # The Go toolchain that builds this repository, by content. Written by: gowarden lock
 *   go1.26.8.darwin-arm64@h1:dFjGhY6f8DTsY8/rLchUTDRRfjJP4pCrGCwxvHFT2Fg= sum.golang.org
 *   go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM= unproven: Debian's build, reviewed in #12
 *
 * One version counts for all platforms. Lines are sorted, so that two branches which add a platform each merge.
 */
import type {H1} from '../go/module/h1.ts'
import {compareText} from '../go/module/semver.ts'
import {parseToolchainHash, type ToolchainHash} from '../go/module/toolchain-module.ts'
import {unreachable} from '../system/unreachable.ts'

/** No lock is longer: some hundred platforms with a reason each. */
export const mostLockBytes = 64 * 1024

/** Who says that a hash is the toolchain's: a checksum database by its name, or a person with a reason. */
export type LockProof = {kind: 'database'; name: string} | {kind: 'unproven'; reason: string}

/** `version` as in `go1.26.8`, `os` and `arch` those it runs on. */
export type LockedToolchain = {
  hash: ToolchainHash
  version: string
  os: string
  arch: string
  h1: H1
  proof: LockProof
}

export type Lock = {
  /** That of each toolchain: `go1.26.8`. */
  version: string
  /** At least one, one a platform, in the order of the file. */
  toolchains: LockedToolchain[]
  /** Lines that begin with #, which stay when the lock is written anew. */
  comments: string[]
}

/** 'damaged': `line`, from 1, is the first that cannot be understood. */
export type LockText = {kind: 'lock'; lock: Lock} | {kind: 'damaged'; line: number; reason: string}

const head = 'gowarden lock 1'
const ownComment = '# The Go toolchain that builds this repository, by content. Written by: gowarden lock'

/** Reads a lock. Strict, for what is passed over here would be a toolchain that nobody meant. */
export function parseLock(text: string): LockText {
  if (Buffer.byteLength(text) > mostLockBytes) return damaged(1, `longer than ${mostLockBytes / 1024} kB`)
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/)
  const conflict = lines.findIndex(line => /^(<{7}|={7}|>{7}|\|{7})( |$)/.test(line))
  if (conflict >= 0) return damaged(conflict + 1, `a conflict marker (${lines[conflict]?.slice(0, 7)})`)
  const [first = ''] = lines
  if (/^gowarden lock \d+$/.test(first) && first !== head)
    return damaged(1, `${first}: a format that only another version of gowarden reads`)
  if (first !== head) return damaged(1, `the first line is not "${head}"`)

  const toolchains: LockedToolchain[] = []
  const comments: string[] = []
  for (const [index, text] of lines.entries()) {
    if (index === 0 || text === '') continue
    if (text.startsWith('#')) {
      comments.push(text)
      continue
    }
    const toolchain = parseLine(text)
    if (typeof toolchain === 'string') return damaged(index + 1, toolchain)
    const [before] = toolchains
    if (before !== undefined && before.version !== toolchain.version)
      return damaged(index + 1, `${toolchain.version}, where a line above says ${before.version}`)
    if (toolchains.some(other => platformOf(other) === platformOf(toolchain)))
      return damaged(index + 1, `a second line for ${platformOf(toolchain)}`)
    toolchains.push(toolchain)
  }
  const [one] = toolchains
  return one === undefined
    ? damaged(lines.length, 'no toolchain in it')
    : {kind: 'lock', lock: {version: one.version, toolchains, comments}}
}

/** The toolchain of one line, or why there is none. */
function parseLine(text: string): LockedToolchain | string {
  const [, name = '', said = ''] = text.match(/^(\S+) (\S.*)$/) ?? []
  const parts = parseToolchainHash(name)
  if (parts === undefined) return 'not of the form go1.X.Y.OS-ARCH@h1:… DATABASE'
  if (!isToolchainName(parts.version)) return `${parts.version} is no version of Go`
  const proof = parseProof(said)
  return proof === undefined
    ? 'behind the hash: neither a checksum database nor "unproven: REASON"'
    : {...parts, proof}
}

function parseProof(said: string): LockProof | undefined {
  const reason = said.match(/^unproven: (.*)$/)?.[1]
  if (reason !== undefined) return isReason(reason) ? {kind: 'unproven', reason} : undefined
  return /^[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?(\/[A-Za-z0-9._-]+)*$/.test(said)
    ? {kind: 'database', name: said}
    : undefined
}

/** A release or what a vendor made of one, `go1.26.8-bigcorp`: nothing that means more in a path. */
export function isToolchainName(version: string): boolean {
  return /^go\d+(\.\d+){1,2}((alpha|beta|rc)\d+)?(-[A-Za-z0-9][A-Za-z0-9.+_-]*)?$/.test(version)
}

/** Whether a text can stand as the reason of an unproven toolchain: one printable line of at most 200 characters. */
export function isReason(text: string): boolean {
  return text.trim() === text && text !== '' && text.length <= 200 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text)
}

function damaged(line: number, reason: string): LockText {
  return {kind: 'damaged', line, reason}
}

/** `linux/amd64`, as GOOS and GOARCH name a platform. */
export function platformOf({os, arch}: Pick<LockedToolchain, 'os' | 'arch'>): string {
  return `${os}/${arch}`
}

/** The toolchain that a lock names for a platform (of the machine that builds, not of what is built); undefined for none. */
export function lockedFor(lock: Lock, os: string, arch: string): LockedToolchain | undefined {
  return lock.toolchains.find(toolchain => toolchain.os === os && toolchain.arch === arch)
}

/** The name of a toolchain's GOROOT among those that are installed: its version and the first twelve letters of its h1, a slash among them as `_`. */
export function gorootName({version, h1}: Pick<LockedToolchain, 'version' | 'h1'>): string {
  return `${version}-${h1.slice('h1:'.length, 'h1:'.length + 12).replaceAll('/', '_')}`
}

/** A lock as it is written: parseLock reads the same back. The order of the lines is that of their platforms. */
export function lockText({toolchains, comments}: Pick<Lock, 'toolchains' | 'comments'>): string {
  const lines = [...toolchains]
    .sort((a, b) => compareText(platformOf(a), platformOf(b)))
    .map(({hash, proof}) => `${hash} ${proofText(proof)}`)
  return [head, ...(comments.length === 0 ? [ownComment] : comments), ...lines, ''].join('\n')
}

function proofText(proof: LockProof): string {
  switch (proof.kind) {
    case 'database':
      return proof.name
    case 'unproven':
      return `unproven: ${proof.reason}`
    default:
      return unreachable(proof)
  }
}
