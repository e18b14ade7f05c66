import {dirname} from 'node:path'
import {type Goroot, parseGoroot} from '../go/command/go-env.ts'
import {parseToolchainHash, type ToolchainHash} from '../go/module/toolchain-module.ts'
import type {Release} from '../store/lock.ts'
import {statLine} from '../system/stat-text.ts'
import type {System} from '../system/system.ts'

/** How a GOROOT's tree stood when it was hashed, so that it can be known again without reading it. */
export type GorootTree = {
  /** Directories that builds read, by their path below GOROOT; '' is GOROOT itself. */
  directories: string[]
  /** The stat of each of these directories, a line each: a name added, removed or replaced changes it. */
  directoriesState: string
  /** Over the stat of every file that counts: any write changes it. */
  filesDigest: string
  /** Whether nothing had changed so recently that a further change could go unseen. */
  isSettled: boolean
}

/** What is remembered of one GOROOT, so that its bytes need not be read again while it stands as it stood. */
export type ToolchainMemo = {
  goroot: Goroot
  version: string
  hash: ToolchainHash
  /** The stat text of toolFiles. */
  tools: string
  tree: GorootTree
  /** Folders below GOROOT that do not count, for they are the user's (outsideOf). */
  outside: string[]
  /** The mountsState. */
  mounts: string
  /** How the compiler takes a stamp; 'none' when it knows no flag for it. */
  stampFlag: '-env' | '-I' | 'none'
  /** When every file's stat was last compared, in milliseconds since the epoch. */
  comparedMs: number
}

const format = 3

/** Reads the memo of a GOROOT; undefined when there is none, when it is not ours, or when it cannot be understood. */
export function readToolchainMemo(system: System, folder: string, goroot: Goroot): ToolchainMemo | undefined {
  try {
    const path = memoPath(folder, goroot)
    const stat = system.files.stat(path)
    if (stat === undefined || (system.user !== undefined && stat.owner !== system.user)) return undefined
    return parseMemo(JSON.parse(system.files.read(path)?.toString() ?? ''), goroot)
  } catch {
    return undefined
  }
}

/** The GOROOTs that were once seen to hold a toolchain, whether or not they still do. */
export function rememberedGoroots(system: System, folder: string, hash: ToolchainHash): Goroot[] {
  return rememberedToolchains(system, folder)
    .filter(memo => memo.hash === hash)
    .map(({goroot}) => goroot)
}

/** All that was once seen in a GOROOT, whether or not it still stands there. */
export function rememberedToolchains(system: System, folder: string): ToolchainMemo[] {
  return gorootsBelow(system, `${folder}/toolchains`, '').flatMap(
    goroot => readToolchainMemo(system, folder, goroot) ?? [],
  )
}

function gorootsBelow(system: System, memos: string, path: string): Goroot[] {
  return (system.files.list(memos + path) ?? []).flatMap(({name, kind}) => {
    if (kind === 'directory') return gorootsBelow(system, memos, `${path}/${name}`)
    return name === memoName ? (parseGoroot(path) ?? []) : []
  })
}

/** Writes the memo by rename. Throws what the file system throws. */
export function writeToolchainMemo(system: System, folder: string, memo: ToolchainMemo): void {
  const path = memoPath(folder, memo.goroot)
  system.files.makeDirectory(dirname(path), 0o700)
  system.files.replace(path, JSON.stringify({format, check: memoCheck(memo), ...memo}), 0o600)
}

/**
 * A checksum over what a stamp is made of; damage anywhere else only makes the memo stale. FNV-1a: against a damaged disk,
 * not against a person, and without loading any cryptography.
 */
export function memoCheck({
  goroot,
  version,
  hash,
  stampFlag,
}: Pick<ToolchainMemo, 'goroot' | 'version' | 'hash' | 'stampFlag'>): string {
  let sum = 0x811c9dc5
  for (const character of [goroot, version, hash, stampFlag].join('\n')) {
    sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  return (sum >>> 0).toString(16)
}

/**
 * Of many first builds at once one reads GOROOT, and the others wait for its memo, which `hash` looks for before it reads. A holder
 * that was killed is passed over ten seconds later; who finds no memo, or cannot lock, reads GOROOT as well.
 */
export async function hashingOnce<T>(
  system: System,
  folder: string,
  goroot: Goroot,
  hash: () => Promise<T>,
  onWait: () => void,
): Promise<T> {
  const path = memoPath(folder, goroot)
  const before = memoState(system, path)
  const release = await lockMemo(system, path, onWait, () => memoState(system, path) !== before)
  try {
    return await hash()
  } finally {
    await release?.()
  }
}

/** Undefined where there is none, or something that has no stat, as a link to itself. */
function memoState(system: System, path: string): string | undefined {
  try {
    const stat = system.files.stat(path)
    return stat && statLine(stat)
  } catch {
    return undefined
  }
}

async function lockMemo(
  system: System,
  path: string,
  onWait: () => void,
  isWritten: () => boolean,
): Promise<Release | undefined> {
  try {
    system.files.makeDirectory(dirname(path), 0o700)
    const {lockUnless} = await import('../store/lock.ts')
    return await lockUnless(system.files, path, onWait, isWritten)
  } catch {
    return undefined
  }
}

const memoName = '=toolchain.json'

function memoPath(folder: string, goroot: Goroot): string {
  return `${folder}/toolchains${goroot}/${memoName}`
}

function parseMemo(value: unknown, goroot: Goroot): ToolchainMemo | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const memo = value as Partial<Omit<ToolchainMemo, 'hash'>> & {
    format?: unknown
    check?: unknown
    hash?: unknown
  }
  const {version, tools, tree, outside, mounts, stampFlag, comparedMs} = memo
  if (memo.format !== format || memo.goroot !== goroot) return undefined
  if (typeof version !== 'string' || typeof memo.hash !== 'string' || typeof tools !== 'string')
    return undefined
  const toolchain = parseToolchainHash(memo.hash)
  if (toolchain?.version !== version) return undefined
  const {hash} = toolchain
  if (stampFlag !== '-env' && stampFlag !== '-I' && stampFlag !== 'none') return undefined
  if (typeof comparedMs !== 'number' || typeof tree !== 'object' || tree === null) return undefined
  if (typeof tree.directoriesState !== 'string' || typeof tree.filesDigest !== 'string') return undefined
  if (!isTexts(tree.directories) || !isTexts(outside) || typeof mounts !== 'string') return undefined
  if (memo.check !== memoCheck({goroot, version, hash, stampFlag})) return undefined
  return {goroot, version, hash, tools, tree, outside, mounts, stampFlag, comparedMs}
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(text => typeof text === 'string')
}
