/** The locks of the judged tree, with the files that are to keep step with them. */
import {
  baseName,
  directoryOf,
  isAtOrBelow,
  joinPath,
  type PathBytes,
  pathFromUtf8,
  topDirectory,
} from '../../git/path-bytes.ts'
import {vendorAbove} from '../../go/module/module-roots.ts'
import {mostLockBytes} from '../../lock/file.ts'
import {lockName} from '../../lock/place.ts'
import type {System} from '../../system/system.ts'
import type {LockFacts} from '../facts.ts'
import {fileAt, readBlobsOf, type Tree} from './tree.ts'

const names = {lock: pathFromUtf8(lockName), workflows: pathFromUtf8('.github/workflows')}

/** `judged` are the go.mod and go.work files that are judged: each belongs to the nearest lock. Without a lock nothing is read. */
export async function probeLocks(
  system: System,
  tree: Tree,
  judged: readonly PathBytes[],
): Promise<LockFacts[]> {
  const paths = [...tree.entries.keys()]
  const locks = paths.filter(path => baseName(path) === names.lock && vendorAbove(path) === undefined)
  if (locks.length === 0) return []
  const nearest = (path: PathBytes) =>
    locks
      .filter(lock => isAtOrBelow(path, directoryOf(lock)))
      .sort((a, b) => b.length - a.length)
      .at(0)
  const isWorkflow = (path: PathBytes) =>
    directoryOf(path) === names.workflows && /\.ya?ml$/.test(String(baseName(path)))
  const wanted = locks.map(lock => ({
    lock,
    modFiles: judged.filter(path => nearest(path) === lock),
    workflows: lock === joinPath(topDirectory, lockName) ? paths.filter(isWorkflow) : [],
  }))
  const files = new Map(
    wanted
      .flatMap(({lock, modFiles, workflows}) => [lock, ...modFiles, ...workflows])
      .map(path => [path, fileAt(tree, path)]),
  )
  const present = [...files.values()].flatMap(at => (at.kind === 'file' ? [at] : []))
  const contents = await readBlobsOf(system, tree, present)
  const textOf = (path: PathBytes) => {
    const at = files.get(path)
    return at?.kind === 'file' ? contents.get(at.id)?.toString() : undefined
  }
  const read = (all: readonly PathBytes[]) => all.map(path => ({path, text: textOf(path) ?? ''}))
  return wanted.map(({lock, modFiles, workflows}) => {
    const at = files.get(lock)
    return {
      path: lock,
      text: textOf(lock)?.slice(0, mostLockBytes + 1),
      broken: at?.kind === 'broken' ? at.reason : undefined,
      modFiles: read(modFiles),
      workflows: read(workflows),
    }
  })
}
