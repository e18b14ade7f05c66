/** A manifest in the making. */
import {baseName, directoryOf, joinPath} from '../../git/path-bytes.ts'
import {type EmbedDirectory, embedCandidates} from '../source/embed.ts'
import type {GoFileFacts} from '../source/go-file.ts'
import {isMetadataName} from './metadata.ts'
import {emptyDirectory, type Manifest, type ManifestDirectory} from './manifest.ts'

export type ManifestDraft = {
  directories: Map<string, ManifestDirectory>
  /** The directories that are asked for; 'all' where nothing is left out. */
  packages: ReadonlySet<string> | 'all'
  /** Those above them, where vendoring looks for licences. */
  above: ReadonlySet<string>
}

/** `packages` are paths relative to the module's root, '' for the root itself. */
export function newDraft(packages: Iterable<string> | 'all'): ManifestDraft {
  const asked: ManifestDraft['packages'] = packages === 'all' ? 'all' : new Set(packages)
  const above = new Set<string>()
  for (const path of asked === 'all' ? [] : asked) {
    for (let at = path; at !== '' && !above.has(directoryOf(at)); at = directoryOf(at)) {
      above.add(directoryOf(at))
    }
  }
  return {directories: new Map(), packages: asked, above}
}

export function isPackage({packages}: ManifestDraft, directory: string): boolean {
  return packages === 'all' || packages.has(directory)
}

/** Whether vendoring can take a file for another reason than that it is embedded. */
export function isVendorable(draft: ManifestDraft, path: string): boolean {
  return isPackage(draft, directoryOf(path))
    ? !path.endsWith('_test.go')
    : draft.above.has(directoryOf(path)) && isMetadataName(baseName(path))
}

/** `normalized` is the object ID with CRLF made LF, where that differs. */
export function addFile(draft: ManifestDraft, path: string, id: string, normalized?: string): void {
  const directory = directoryIn(draft, directoryOf(path))
  directory.files.set(baseName(path), id)
  if (normalized !== undefined) directory.normalized.set(baseName(path), normalized)
}

/** Adds what a .go file of a package says. */
export function addGoFacts(draft: ManifestDraft, path: string, facts: GoFileFacts): void {
  const name = baseName(path)
  const directory = directoryIn(draft, directoryOf(path))
  if (!facts.buildable) directory.neverBuilt.add(name)
  if (name.startsWith('_') || name.startsWith('.')) return
  const isTest = name.endsWith('_test.go')
  // Embeds count even in files that are never built: go mod vendor reads them with every file in use.
  for (const pattern of facts.embeds) (isTest ? directory.testEmbeds : directory.embeds).push(pattern)
  if (isTest || !facts.buildable) return
  for (const imported of facts.imports) directory.imports.add(imported)
}

/**
 * Of the module's `paths`, those that the draft does not hold and that decide what its packages embed: with them, the patterns name
 * the same files in the draft as in the whole module.
 */
export function embeddedPaths(draft: ManifestDraft, paths: () => readonly string[]): Set<string> {
  const found = new Set<string>()
  let tree: MutableTree | undefined
  for (const [path, {embeds, testEmbeds}] of draft.directories) {
    if (embeds.length + testEmbeds.length === 0) continue
    tree ??= treeOf(paths())
    const below = treeAt(tree, path)
    for (const candidate of below === undefined ? [] : embedCandidates(below, [...embeds, ...testEmbeds])) {
      const full = joinPath(path, candidate)
      if (draft.directories.get(directoryOf(full))?.files.has(baseName(full)) !== true) found.add(full)
    }
  }
  return found
}

export function finishManifest(
  {directories, packages}: ManifestDraft,
  goVersion: string | undefined,
): Manifest {
  return {
    goVersion,
    directory: path => directories.get(path),
    directories: () => directories.keys(),
    covers: path => packages === 'all' || packages.has(path),
    absent: packages === 'all' ? [] : [...packages].filter(path => !directories.has(path)),
  }
}

function directoryIn(draft: ManifestDraft, path: string): ManifestDirectory {
  const known = draft.directories.get(path)
  if (known !== undefined) return known
  const added = emptyDirectory()
  draft.directories.set(path, added)
  return added
}

type MutableTree = {files: Set<string>; directories: Map<string, MutableTree>}

function treeOf(paths: readonly string[]): MutableTree {
  const tree = newTree()
  for (const path of paths) {
    let node = tree
    for (let start = 0; ; ) {
      const slash = path.indexOf('/', start)
      if (slash < 0) {
        node.files.add(path.slice(start))
        break
      }
      const name = path.slice(start, slash)
      const next = node.directories.get(name) ?? newTree()
      node.directories.set(name, next)
      node = next
      start = slash + 1
    }
  }
  return tree
}

function treeAt(tree: EmbedDirectory, path: string): EmbedDirectory | undefined {
  let node: EmbedDirectory | undefined = tree
  for (const name of path === '' ? [] : path.split('/')) node = node?.directories.get(name)
  return node
}

function newTree(): MutableTree {
  return {files: new Set(), directories: new Map()}
}
