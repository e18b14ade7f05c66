/**
 * Whether the tools of a GOROOT were others for a while. A build that runs when they are replaced goes on with the new ones, and
 * what they compile is kept under the stamp of the old ones: go knows a compiler by the version that it prints.
 */
import type {Goroot} from '../go/command/go-env.ts'
import type {ToolchainHash} from '../go/module/toolchain-module.ts'
import {statLine} from '../system/stat-text.ts'
import type {Files} from '../system/system.ts'
import {toolFiles} from './goroot-stat.ts'
import type {ToolchainMemo} from './memo.ts'

/** From when on objects under this ToolchainHash may be another compiler's work; milliseconds since the epoch. */
export type Replaced = {hash: ToolchainHash; goroot: Goroot; fromMs: number}

/**
 * Compares the tools with how they stood when they were last known; `hash` is what GOROOT holds now. Where it holds another toolchain,
 * the first of its tools says since when. Where it holds the same one again, nobody knows when it was away, but that was after it
 * had last been compared. A tool that was added, and one that only got another mode or link, are no replacement.
 */
export function replacedTools(
  files: Files,
  before: ToolchainMemo,
  hash: ToolchainHash,
): Replaced | undefined {
  const {goroot} = before
  const old = before.tools.split('\n')
  const known = new Set(old.map(contentOf))
  const paths = toolFiles(files, goroot)
  const stats = paths.flatMap(path => {
    const stat = files.stat(path)
    return stat === undefined ? [] : [{path, stat, isKnown: known.has(contentOf(statLine(stat)))}]
  })
  const others = stats.filter(({path, isKnown}) => !isKnown && path.startsWith(`${goroot}/pkg/`))
  const isReplaced = others.length > Math.max(0, stats.length - old.length)
  if (hash !== before.hash) {
    if (!isReplaced) return undefined
    const since = others.map(({stat}) => stat.ctimeNs).reduce((a, b) => (a < b ? a : b))
    return {hash: before.hash, goroot, fromMs: milliseconds(since)}
  }
  const wasAway = others.length === 0 && stats.length === old.length && isFolderChanged(files, before)
  return isReplaced || wasAway ? {hash: before.hash, goroot, fromMs: before.comparedMs} : undefined
}

/** When the tools that are there now were put there, as far as the file system tells. */
export function toolsSinceMs(files: Files, goroot: Goroot): number {
  const paths = toolFiles(files, goroot).filter(path => path.startsWith(`${goroot}/pkg/`))
  const folders = new Set(paths.map(path => path.slice(0, path.lastIndexOf('/'))))
  const times = [
    ...paths.map(path => files.stat(path)?.ctimeNs ?? 0n),
    ...[...folders].map(path => files.stat(path)?.mtimeNs ?? 0n),
  ]
  return milliseconds(times.reduce((a, b) => (a > b ? a : b), 0n))
}

/** Of a line of stat text what stands for the content: device and inode, size, modification time. */
function contentOf(line: string): string {
  return line.split(' ').slice(2, 5).join(' ')
}

/** Whether a name was added, removed or renamed in a folder of tools. */
function isFolderChanged(files: Files, {goroot, tree}: ToolchainMemo): boolean {
  const states = tree.directoriesState.split('\n')
  return tree.directories.some((path, index) => {
    if (!/^pkg\/tool\/./.test(path)) return false
    const stat = files.stat(`${goroot}/${path}`)
    return stat === undefined || mtimeOf(statLine(stat)) !== mtimeOf(states[index] ?? '')
  })
}

function mtimeOf(state: string): string | undefined {
  return state.split(' ')[4]
}

function milliseconds(ns: bigint): number {
  return Number(ns / 1_000_000n)
}
