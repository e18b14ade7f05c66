import {type GoEnv, type Goroot, goVersionName} from '../go/command/go-env.ts'
import {type ToolchainHash, toolchainHash} from '../go/module/toolchain-module.ts'
import {type Folder, hintFor, reasonOf, whyNotWritten} from '../store/folder.ts'
import {isSystemError, WorldError} from '../system/errors.ts'
import {patience} from '../system/patience.ts'
import {dayOf, statText} from '../system/stat-text.ts'
import type {RunResult, System} from '../system/system.ts'
import {directoriesState, toolFiles} from './goroot-stat.ts'
import {hashingOnce, readToolchainMemo, type ToolchainMemo, writeToolchainMemo} from './memo.ts'
import {mountsState} from './mount.ts'
import {type Overlap, outsideOf, overlapsOf} from './overlap.ts'
import {type Replaced, replacedTools} from './replaced.ts'

/** The toolchain that compiles, as it was proven to be just now. */
export type Toolchain = {
  goroot: Goroot
  /** `go1.26.8` */
  version: string
  /** The ToolchainHash: `go1.26.8.linux-amd64@h1:…` */
  hash: ToolchainHash
  stampFlag: ToolchainMemo['stampFlag']
  /** The stat text of the tools, taken before anything else was read. */
  tools: string
  /** The directories that builds read, and their stat, as when it was identified. */
  tree: Pick<ToolchainMemo['tree'], 'directories' | 'directoriesState'>
  /** Whether any later change of the tree is sure to be noticed. */
  isSettled: boolean
  /** Paths whose stat tells one image from another that is mounted in its place, where the tree's own cannot. */
  witnesses: string[]
  /** What of the user's lies in GOROOT, and so does not count. */
  overlaps: Overlap[]
  /** What was found out just now: the tools were others for a while. */
  replaced?: Replaced | undefined
  /** Why the hash could not be remembered, if it could not. */
  notRemembered: string | undefined
  /** Whether the bytes were read, rather than known from the memo. */
  wasHashed: boolean
  /**
   * The hash that this GOROOT had when it was last read, where its tools and headers are still the same files: then only sources
   * differ, and go itself keys every object by the sources that it was made from. undefined for every other history.
   */
  hashBefore: ToolchainHash | undefined
}

/** How a GOROOT looks without reading its content: enough to know it again, and taken before anything of it is believed. */
export type Glance = {
  goroot: Goroot
  tools: string
  known: ToolchainMemo | undefined
  directories: string | undefined
  mounts: ReturnType<typeof mountsState>
}

/** Takes the stat of a GOROOT's tools and, where it is remembered, of its directories. */
export function glanceAt(system: System, folder: Folder, goroot: Goroot): Glance {
  const onStep = patience(system.nowMs, () =>
    system.tell({kind: 'comparing-goroot', goroot, what: 'directories'}),
  )
  const mounts = mountsState(system, goroot)
  const tools = statText(system.files, toolFiles(system.files, goroot))
  const known = folder.kind === 'usable' ? readToolchainMemo(system, folder.path, goroot) : undefined
  const directories = known && directoriesState(system.files, goroot, known.tree.directories, onStep)
  return {goroot, tools, known, directories, mounts}
}

/**
 * Identifies the toolchain in GOROOT. A remembered hash holds while the stat of the tools and of every directory is the
 * same; on each new day (UTC) every file's stat is compared too. With `everyByte`, nothing remembered is believed.
 */
export async function probeToolchain(
  system: System,
  env: GoEnv,
  folder: Folder,
  glance: Glance,
  options: {everyByte: boolean},
): Promise<Toolchain> {
  const version = goVersionName(env.GOVERSION)
  const overlaps = overlapsOf(system, env)
  const outside = overlaps.length === 0 ? [] : outsideOf(system, env)
  const knows = async (glance: Glance): Promise<Toolchain | undefined> => {
    const {tools, known, mounts} = glance
    if (options.everyByte || known?.version !== version) return undefined
    if (known.outside.join('\n') !== outside.join('\n') || known.mounts !== mounts.state) return undefined
    if (!(await isAsRemembered(system, folder, known, glance))) return undefined
    const {witnesses} = mounts
    return {
      ...pick(known),
      ...{tools, witnesses, overlaps, isSettled: true, notRemembered: undefined, wasHashed: false},
      hashBefore: undefined,
    }
  }
  const known = await knows(glance)
  if (known !== undefined) return known
  const hashNow = async (at: Glance): Promise<Toolchain> => {
    const hashed = await hashToolchain(system, env, folder, at, outside)
    const before = at.known?.version === version && at.known.tools !== at.tools ? at.known : undefined
    return {...hashed, overlaps, replaced: before && replacedTools(system.files, before, hashed.hash)}
  }
  if (folder.kind === 'unusable') return await hashNow(glance)
  const hash = async () => {
    const again = glanceAt(system, folder, glance.goroot)
    return (await knows(again)) ?? (await hashNow(again))
  }
  const onWait = () => system.tell({kind: 'waiting-for-goroot', goroot: glance.goroot})
  return await hashingOnce(system, folder.path, glance.goroot, hash, onWait)
}

/** Reads every byte of the toolchain and remembers what it found. */
async function hashToolchain(
  system: System,
  env: GoEnv,
  folder: Folder,
  {goroot, tools, known, mounts}: Glance,
  outside: string[],
): Promise<Omit<Toolchain, 'overlaps'>> {
  const version = goVersionName(env.GOVERSION)
  // Loaded only here: a plan for a known toolchain needs no cryptography.
  const {hashGoroot} = await import('./goroot-hash.ts')
  const name = {version, os: env.GOHOSTOS, arch: env.GOHOSTARCH}
  const onWait = () => system.tell({kind: 'reading-goroot', goroot, for: 'build'})
  const {h1, tree} = await readingGoroot(goroot, () => hashGoroot(system, goroot, name, onWait, outside))
  const memo: ToolchainMemo = {
    goroot,
    version,
    hash: toolchainHash(version, env.GOHOSTOS, env.GOHOSTARCH, h1),
    tools,
    // Where nothing tells this image from the next one, nothing is remembered.
    tree: {...tree, isSettled: tree.isSettled && mounts.state !== undefined},
    outside,
    mounts: mounts.state ?? '',
    stampFlag: await probeStampFlag(system, env.GOTOOLDIR),
    comparedMs: system.nowMs(),
  }
  return {
    ...pick(memo),
    tools,
    witnesses: mounts.witnesses,
    isSettled: memo.tree.isSettled,
    notRemembered: remember(system, folder, memo),
    wasHashed: true,
    hashBefore: known?.tools === tools && known.version === version ? known.hash : undefined,
  }
}

/** A GOROOT that cannot be read whole is no toolchain that could be named. */
async function readingGoroot<T>(goroot: Goroot, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new WorldError(`reading GOROOT ${goroot}: ${reasonOf(error)}${pathOf(error)}`, {
      cause: error,
      hint: hintFor(error, 'make it readable, or install Go again'),
    })
  }
}

function pathOf(error: unknown): string {
  return error instanceof Error && 'path' in error ? `: ${error.path}` : ''
}

function pick(memo: ToolchainMemo): Pick<Toolchain, 'goroot' | 'version' | 'hash' | 'stampFlag' | 'tree'> {
  const {goroot, version, hash, stampFlag, tree} = memo
  return {goroot, version, hash, stampFlag, tree}
}

async function isAsRemembered(
  system: System,
  folder: Folder,
  memo: ToolchainMemo,
  glance: Glance,
): Promise<boolean> {
  if (glance.tools !== memo.tools || glance.directories !== memo.tree.directoriesState) return false
  if (dayOf(system.nowMs()) === dayOf(memo.comparedMs)) return true
  const {readTree} = await import('./goroot-hash.ts')
  const onWait = () => system.tell({kind: 'comparing-goroot', goroot: memo.goroot, what: 'files'})
  const tree = await readingGoroot(memo.goroot, () => readTree(system, memo.goroot, onWait, memo.outside))
  if (tree.filesDigest !== memo.tree.filesDigest || tree.directoriesState !== memo.tree.directoriesState)
    return false
  remember(system, folder, {...memo, comparedMs: system.nowMs()})
  return true
}

/** Why nothing was remembered; undefined when it was, or when the tree is too fresh for that and the next command will. */
function remember(system: System, folder: Folder, memo: ToolchainMemo): string | undefined {
  if (folder.kind === 'unusable') return folder.reason
  if (!memo.tree.isSettled) return undefined
  try {
    writeToolchainMemo(system, folder.path, memo)
    return undefined
  } catch (error) {
    return whyNotWritten(error)
  }
}

/**
 * Asks the compiler which flag takes a stamp. -env is there since Go 1.22; before that -I, an import search folder that
 * no build of the go command uses, since those pass -importcfg. `-V=full` ends the compiler once its flags are read.
 * A GOROOT without a compiler builds nothing to be stamped, and go says so where it needs one (`go tool dist list` does not).
 */
async function probeStampFlag(system: System, toolDirectory: string): Promise<ToolchainMemo['stampFlag']> {
  if (system.files.stat(`${toolDirectory}/compile`) === undefined) return 'none'
  for (const flag of ['-env', '-I'] as const) {
    const asked = await askCompiler(system, `${toolDirectory}/compile`, flag)
    if (asked.exitCode === 0) return flag
  }
  return 'none'
}

async function askCompiler(system: System, compiler: string, flag: string): Promise<RunResult> {
  try {
    // A target or an experiment that it does not know keeps it from answering, and what is learnt here is remembered.
    const env = {...system.env, GOOS: undefined, GOARCH: undefined, GOEXPERIMENT: undefined}
    return await system.run(compiler, [`${flag}=ToolchainHash=probe`, '-V=full'], {env})
  } catch (error) {
    throw new WorldError(`running the compiler ${compiler}: ${reasonOf(error)}`, {
      cause: error,
      hint: hintFor(error, 'install Go again'),
    })
  }
}
