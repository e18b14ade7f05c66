/** A manifest from the list of a module's files alone, where its zip is not to be had (go/vendor/proofs.ts). */
import {hash} from 'node:crypto'
import type {IndexEntry} from '../../git/index.ts'
import {fetchMissingBlobs} from '../../git/missing-blobs.ts'
import {directoryOf, joinPath, type PathBytes, pathFromLatin1} from '../../git/path-bytes.ts'
import {readGoLine} from '../../go/module/go-mod-lines.ts'
import type {H1} from '../../go/module/h1.ts'
import {goModHash1Of} from '../../go/module/hash1.ts'
import type {ModuleVersion} from '../../go/module/module-path.ts'
import {readGoFile} from '../../go/source/go-file.ts'
import type {Manifest} from '../../go/vendor/manifest.ts'
import {
  addFile,
  addGoFacts,
  embeddedPaths,
  finishManifest,
  isPackage,
  isVendorable,
  newDraft,
} from '../../go/vendor/manifest-draft.ts'
import type {Proofs} from '../../go/vendor/proofs.ts'
import type {System} from '../../system/system.ts'
import {treesOf} from './snapshot.ts'
import {readBlobsOf, type Tree} from './tree.ts'

export type ListedModule = {
  /** Its vendored packages are imported by this path. */
  module: ModuleVersion
  /** Whose files are listed: the module itself, or what replaces it. */
  from: ModuleVersion
  h1: H1
  packages: readonly string[]
}

export type ListedManifest = {
  manifest: Manifest
  /** .go files of vendored packages that are not vendored: whether go leaves them out, only their content says. */
  untold: PathBytes[]
  /** Vendored files that are the module's own, and that a test of it may embed: only tests say, which are not vendored. */
  tolerated: PathBytes[]
}

/**
 * A vendored file with the listed SHA-256 is the module's: its object ID and what it imports are what the zip would have said. Any
 * other file keeps an ID that no blob has. Undefined when the module is not listed.
 */
export async function listedManifest(
  system: System,
  tree: Tree,
  vendor: PathBytes,
  {module, from, h1, packages}: ListedModule,
  proofs: Proofs,
): Promise<ListedManifest | undefined> {
  const files = proofs.files(from, h1)
  if (files === undefined) return undefined
  const goMod = goModOf(files, from, proofs)
  if (goMod === undefined) return undefined
  const draft = newDraft(packages)
  const untold: PathBytes[] = []
  const vendored = (path: string): PathBytes => joinPath(vendor, pathFromLatin1(joinPath(module.path, path)))
  const entryOf = (path: string): IndexEntry | undefined => {
    const entry = tree.entries.get(vendored(path))
    return entry?.mode.startsWith('100') ? entry : undefined
  }
  const compared = await compareContents(system, tree, files, entryOf)
  const add = (path: string): void => {
    const found = compared.get(path)
    const id = `sha256:${files.get(path)}`
    if (found?.kind === 'same') addFile(draft, path, found.id)
    else addFile(draft, path, id, found?.kind === 'normalized' ? found.id : undefined)
  }
  for (const path of files.keys()) {
    const isGo = path.endsWith('.go') && isPackage(draft, directoryOf(path))
    const found = compared.get(path)
    if (isGo && path.endsWith('_test.go')) addGoFacts(draft, path, nothing)
    else if (isGo && found === undefined) untold.push(vendored(path))
    else if (isVendorable(draft, path)) {
      add(path)
      if (isGo && found?.facts !== undefined) addGoFacts(draft, path, found.facts)
    }
  }
  for (const path of embeddedPaths(draft, () => [...files.keys()])) add(path)
  const tolerated = [...compared].flatMap(([path, {kind}]) =>
    kind === 'same' && !path.endsWith('.go') ? [vendored(path)] : [],
  )
  return {manifest: finishManifest(draft, goMod.version), untold, tolerated}
}

const nothing = {buildable: true, imports: [], embeds: []}

/** The root go.mod's go line; undefined when the list has a go.mod whose text is not there. */
function goModOf(
  files: ReadonlyMap<string, string>,
  from: ModuleVersion,
  proofs: Proofs,
): {version: string | undefined} | undefined {
  const sha256 = files.get('go.mod')
  if (sha256 === undefined) return {version: undefined}
  const content = proofs.goMod(from, goModHash1Of(sha256))
  return content === undefined ? undefined : {version: readGoLine(content)}
}

type Compared = {
  /** 'normalized': Git stores LF where the module has CRLF. */
  kind: 'same' | 'normalized' | 'different'
  id: string
  facts: ReturnType<typeof readGoFile> | undefined
}

/** Every listed file that is vendored, by its path in the module. */
async function compareContents(
  system: System,
  tree: Tree,
  files: ReadonlyMap<string, string>,
  entryOf: (path: string) => IndexEntry | undefined,
): Promise<Map<string, Compared>> {
  const {git} = tree.snapshot
  const vendored = [...files].flatMap(([path, sha256]) => {
    const entry = entryOf(path)
    return entry === undefined ? [] : [{listed: path, sha256, id: entry.id, path: entry.path}]
  })
  await fetchMissingBlobs(
    system,
    tree.repository,
    git,
    treesOf(tree.snapshot),
    vendored.map(({id}) => id),
  )
  const compared = new Map<string, Compared>()
  // In portions, so that a large module is never in memory at once.
  for (let start = 0; start < vendored.length; start += 400) {
    const portion = vendored.slice(start, start + 400)
    const blobs = await readBlobsOf(system, tree, portion)
    for (const {listed: path, sha256, id} of portion) {
      const content = blobs.get(id)
      if (content === undefined) continue
      const kind =
        hash('sha256', content, 'hex') === sha256
          ? 'same'
          : hash('sha256', withCrlf(content), 'hex') === sha256
            ? 'normalized'
            : 'different'
      const facts = kind !== 'different' && path.endsWith('.go') ? readGoFile(content) : undefined
      compared.set(path, {kind, id, facts})
    }
  }
  return compared
}

function withCrlf(content: Buffer): Buffer {
  return Buffer.from(content.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
}
