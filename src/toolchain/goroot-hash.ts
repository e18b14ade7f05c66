import {hash} from 'node:crypto'
import type {H1} from '../go/module/h1.ts'
import {hash1} from '../go/module/hash1.ts'
import {
  isModuleDirectory,
  isReadAsToolchain,
  isReadByBuilds,
  moduleFiles,
  toolchainModule,
  withUpstreamDownloads,
} from '../go/module/toolchain-module.ts'
import {WorldError} from '../system/errors.ts'
import {patience} from '../system/patience.ts'
import {isSettled, statLine} from '../system/stat-text.ts'
import type {Files, System} from '../system/system.ts'
import type {GorootTree} from './memo.ts'

/** Whose hash it is: the version and the host platform name the toolchain module that a GOROOT is compared with. */
export type GorootName = {version: string; os: string; arch: string}

export type HashedGoroot = {h1: H1; tree: GorootTree}

/**
 * Go's dirhash of a GOROOT in the form of its toolchain module: for an untouched upstream GOROOT, the hash that Go's
 * checksum database has for golang.org/toolchain. Folders `outside` do not count. Links are followed, as distributions link src and pkg/include.
 * Reads every byte, and tells `onWait` when that takes more than two seconds; now and then it lets timers run, so that a lock
 * which the caller holds is kept alive. The tree's state is taken before the
 * content, so a write in between shows at the next comparison.
 */
export async function hashGoroot(
  {files, nowMs}: Pick<System, 'files' | 'nowMs'>,
  goroot: string,
  name: GorootName,
  onWait: () => void,
  outside: readonly string[] = [],
): Promise<HashedGoroot> {
  const onStep = patience(nowMs, onWait)
  const {tree, paths, again} = await walk(files, goroot, outside, nowMs(), onStep)
  const prefix = `${toolchainModule(name.version, name.os, name.arch)}/`
  const hashed: {name: string; sha256: string}[] = []
  for (const file of paths) {
    onStep()
    if (hashed.length % 64 === 0) await timersRun()
    hashed.push({
      name: Buffer.from(prefix + file.name).toString('latin1'),
      sha256: hashFile(files, goroot, file.path),
    })
  }
  for (const {directory, first} of again) {
    hashed.push({
      name: Buffer.from(`${prefix}${directory}/`).toString('latin1'),
      sha256: hash('sha256', `the folder ${first}`, 'hex'),
    })
  }
  const h1 = hash1(hashed)
  if (h1 === undefined) {
    throw new WorldError(`GOROOT ${goroot} holds a file with a line break in its name`, {
      hint: 'rename or remove it: no Go release has one',
    })
  }
  return {h1, tree}
}

/**
 * A GOROOT's tree as it stands, from the stat of everything in it: no file is read but twin go.mods. Tells `onWait` when that
 * takes more than two seconds.
 */
export async function readTree(
  {files, nowMs}: Pick<System, 'files' | 'nowMs'>,
  goroot: string,
  onWait: () => void,
  outside: readonly string[] = [],
): Promise<GorootTree> {
  return (await walk(files, goroot, outside, nowMs(), patience(nowMs, onWait))).tree
}

async function timersRun(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}

function digest(states: readonly string[]): string {
  return hash('sha256', states.join('\n'), 'hex')
}

/** `again`: further names of a folder, which links give it; which one a name leads to decides what go compiles. */
type Walk = {
  tree: GorootTree
  paths: {path: string; name: string}[]
  again: {directory: string; first: string}[]
}

async function walk(
  files: Files,
  goroot: string,
  outside: readonly string[],
  nowMs: number,
  onStep: () => void,
): Promise<Walk> {
  const directories: string[] = []
  const paths: Walk['paths'] = []
  const again: Walk['again'] = []
  const seen = new Map<string, string>()
  const directoryStates: string[] = []
  const fileStates: string[] = []
  let settled = true

  const visit = async (directory: string): Promise<void> => {
    onStep()
    await timersRun()
    const stat = files.stat(join(goroot, directory))
    const entries = files.list(join(goroot, directory))
    if (stat === undefined || entries === undefined) return
    const identity = `${stat.device}:${stat.inode}`
    const first = seen.get(identity)
    if (first !== undefined && !isReadAsToolchain(directory)) return
    if (isReadByBuilds(directory)) {
      directories.push(directory)
      directoryStates.push(statLine(stat))
    }
    settled &&= isSettled(stat, nowMs)
    if (first !== undefined) {
      assertName(goroot, directory)
      again.push({directory, first})
      return
    }
    seen.set(identity, directory)

    const names: string[] = []
    const below: string[] = []
    for (const entry of entries) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`
      const kind = entry.kind === 'link' ? files.stat(join(goroot, path))?.kind : entry.kind
      if (kind === 'file') names.push(entry.name)
      if (kind === 'directory' && isModuleDirectory(path) && !outside.includes(path)) below.push(path)
    }
    for (const name of names.sort()) {
      const path = directory === '' ? name : `${directory}/${name}`
      const fileStat = files.stat(join(goroot, path))
      if (fileStat === undefined) continue
      fileStates.push(`${path}\0${statLine(fileStat)}`)
      settled &&= isSettled(fileStat, nowMs)
    }
    const counted = moduleFiles(directory, names, (a, b) =>
      isSameFile(files, join(goroot, a), join(goroot, b)),
    )
    for (const path of [...counted.map(file => file.path), ...below]) assertName(goroot, path)
    paths.push(...counted)
    for (const path of below.sort()) await visit(path)
  }
  await visit('')
  return {
    paths,
    again,
    tree: {
      directories,
      directoriesState: directoryStates.join('\n'),
      filesDigest: digest(fileStates),
      isSettled: settled,
    },
  }
}

/** Node reads a byte that is not UTF-8 as U+FFFD: such a file would be looked for under another name, and not found. */
function assertName(goroot: string, path: string): void {
  if (!path.includes('\uFFFD')) return
  throw new WorldError(`GOROOT ${goroot} holds a name that is not UTF-8: ${path}`, {
    hint: 'rename or remove it: no Go release has one',
  })
}

function isSameFile(files: Files, a: string, b: string): boolean {
  const first = files.read(a)
  const second = files.read(b)
  return first !== undefined && second !== undefined && first.equals(second)
}

function hashFile(files: Files, goroot: string, path: string): string {
  const content = files.read(join(goroot, path)) ?? Buffer.alloc(0)
  if (path === 'go.env') return hash('sha256', withUpstreamDownloads(content.toString('latin1')), 'hex')
  return hash('sha256', content, 'hex')
}

function join(goroot: string, path: string): string {
  return path === '' ? goroot : `${goroot}/${path}`
}
