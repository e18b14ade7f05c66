/** Compares what vendor/ holds with what `go mod vendor` would have written there. */
import {baseName, directoryOf, type PathBytes} from '../../git/path-bytes.ts'
import type {ModuleVersion} from '../module/module-path.ts'
import type {CopyReason, VendoredFile} from './vendored-files.ts'

export type FoundFile = {path: PathBytes; id: string; mode: string}

type ChangedFile = {path: PathBytes; expected: string; found: string; module: ModuleVersion}

export type TreeComparison = {
  edited: ChangedFile[]
  /** CRLF became LF, nothing else: right where .gitattributes ask for it. */
  lineEndings: ChangedFile[]
  missing: {path: PathBytes; reason: CopyReason; module: ModuleVersion}[]
  /** Beside files of a listed package. */
  added: PathBytes[]
  /** In directories of no listed package. */
  ghosts: {directory: PathBytes; files: PathBytes[]}[]
  /** Executable, symbolic link or submodule: `go mod vendor` writes none of these. */
  modes: {path: PathBytes; mode: string}[]
}

/**
 * `found` is all below vendor/ but modules.txt, each path once. `isPackage` knows the directories of listed packages.
 * `isUndecided` tells whether a path belongs to a module whose files cannot be proven: what may be theirs is neither added
 * nor missing.
 */
export function compareTree(
  expected: ReadonlyMap<PathBytes, VendoredFile>,
  found: Iterable<FoundFile>,
  isPackage: (directory: PathBytes) => boolean,
  isUndecided: (path: PathBytes) => boolean,
): TreeComparison {
  const comparison: TreeComparison = {
    edited: [],
    lineEndings: [],
    missing: [],
    added: [],
    ghosts: [],
    modes: [],
  }
  const ghosts = new Map<PathBytes, PathBytes[]>()
  const seen = new Set<PathBytes>()
  for (const {path, id, mode} of found) {
    if (mode !== '100644') comparison.modes.push({path, mode})
    const source = expected.get(path)
    if (source !== undefined) {
      seen.add(path)
      const isBlob = mode === '100644' || mode === '100755'
      if (isBlob && source.id !== id) {
        const list = source.normalized === id ? comparison.lineEndings : comparison.edited
        list.push({path, expected: source.id, found: id, module: source.module})
      }
    } else if (!isUndecided(path)) {
      const directory = directoryOf(path)
      const files = ghosts.get(directory)
      if (isPackage(directory)) comparison.added.push(path)
      else if (files === undefined) ghosts.set(directory, [path])
      else files.push(path)
    }
  }
  for (const [directory, files] of ghosts) {
    // Without a Go file it is no package: each file is one too many.
    if (files.some(path => baseName(path).endsWith('.go'))) comparison.ghosts.push({directory, files})
    else comparison.added.push(...files)
  }
  if (seen.size < expected.size) {
    for (const [path, {reason, module}] of expected) {
      if (!seen.has(path)) comparison.missing.push({path, reason, module})
    }
  }
  return comparison
}
