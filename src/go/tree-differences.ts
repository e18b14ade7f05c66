/** Compares what vendor/ holds with what `go mod vendor` would have written there. */
import {baseName, directoryOf, type PathBytes} from '../git/path-bytes.ts'
import type {ModuleVersion} from './module-path.ts'
import type {CopyReason, VendoredFile} from './vendored-files.ts'

export type ExpectedFile = VendoredFile & {module: ModuleVersion}

export type FoundFile = {id: string; mode: string}

export type TreeComparison = {
  edited: {path: PathBytes; expected: string; found: string; module: ModuleVersion}[]
  /** CRLF became LF, nothing else: right where .gitattributes ask for it. */
  lineEndings: {path: PathBytes; expected: string; found: string; module: ModuleVersion}[]
  missing: {path: PathBytes; reason: CopyReason; module: ModuleVersion}[]
  /** Beside files of a listed package. */
  added: PathBytes[]
  /** In directories of no listed package. */
  ghosts: {directory: PathBytes; files: PathBytes[]}[]
  /** Executable, symbolic link or submodule: `go mod vendor` writes none of these. */
  modes: {path: PathBytes; mode: string}[]
}

/**
 * All paths lie below vendor/ and are relative to it; modules.txt is left out by the caller. `undecided` tells
 * whether a path belongs to a module whose files cannot be proven: what may be theirs is neither added nor missing.
 */
export function compareTree(
  expected: ReadonlyMap<PathBytes, ExpectedFile>,
  found: ReadonlyMap<PathBytes, FoundFile>,
  packages: ReadonlySet<PathBytes>,
  undecided: (path: PathBytes) => boolean,
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
  for (const [path, file] of found) {
    if (file.mode !== '100644') comparison.modes.push({path, mode: file.mode})
    const source = expected.get(path)
    if (source !== undefined) {
      const isBlob = file.mode === '100644' || file.mode === '100755'
      if (isBlob && source.id !== file.id) {
        const list = source.normalized === file.id ? comparison.lineEndings : comparison.edited
        list.push({path, expected: source.id, found: file.id, module: source.module})
      }
      continue
    }
    const directory = directoryOf(path)
    if (undecided(path)) continue
    if (packages.has(directory)) comparison.added.push(path)
    else {
      const files = ghosts.get(directory)
      if (files === undefined) ghosts.set(directory, [path])
      else files.push(path)
    }
  }
  for (const [directory, files] of ghosts) {
    // Without a Go file it is no package: each file is one too many.
    if (files.some(path => baseName(path).endsWith('.go'))) comparison.ghosts.push({directory, files})
    else comparison.added.push(...files)
  }
  for (const [path, {reason, module}] of expected) {
    if (!found.has(path)) comparison.missing.push({path, reason, module})
  }
  return comparison
}
