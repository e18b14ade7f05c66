/** What the packages of the main modules import. */
import type {GitSystem} from '../../git/git.ts'
import {
  baseName,
  directoryOf,
  joinPath,
  type PathBytes,
  pathBelow,
  pathToLatin1,
  pathToUtf8,
  topDirectory,
} from '../../git/path-bytes.ts'
import type {MainModule} from '../../go/module/main-modules.ts'
import {vendorAbove} from '../../go/module/module-roots.ts'
import {isGoSource, isPackageDirectory} from '../../go/source/main-packages.ts'
import {readGoFiles} from './go-files.ts'
import type {ModuleFiles} from './module-files.ts'
import {fileAt, type Tree} from './tree.ts'

export type MemberImports = {
  member: MainModule
  /** Import paths of its packages. */
  packages: string[]
  imports: {path: string; file: string}[]
  /** Submodules among its directories, where `./...` finds packages of which the tree holds nothing. */
  submodules: PathBytes[]
}

/**
 * What the packages of each main module and their tests import. Directories that `./...` passes by (testdata, `_x`, `.x`) hold
 * packages once something imports them. `boundaries` are the directories in which modules begin.
 */
export async function readImports(
  system: GitSystem,
  tree: Tree,
  read: ModuleFiles,
  boundaries: ReadonlySet<PathBytes>,
): Promise<MemberImports[]> {
  const {packages, asides, submodules} = findPackages(tree, read, boundaries)
  const wanted = [...packages]
  const ask = () =>
    readGoFiles(
      system,
      tree,
      'main',
      wanted.flatMap(({files}) => files),
    )
  let facts = await ask()
  for (let from = 0; from < wanted.length; ) {
    const imported = wanted
      .slice(from)
      .flatMap(({files}) => files.flatMap(({id}) => facts.get(id)?.imports ?? []))
    from = wanted.length
    for (const path of new Set(imported)) {
      const aside = asides.get(path)
      if (aside === undefined) continue
      asides.delete(path)
      wanted.push(aside)
    }
    if (wanted.length > from) facts = await ask()
  }
  return read.members.map(member => {
    const imports = new Map<string, string>()
    const own = new Set<string>()
    for (const {importPath, files} of wanted.filter(found => found.member === member)) {
      for (const {path, id} of files) {
        const file = facts.get(id)
        if (file === undefined || !file.buildable) continue
        own.add(importPath)
        for (const imported of file.imports)
          if (!imports.has(imported)) imports.set(imported, pathToUtf8(path))
      }
    }
    return {
      member,
      packages: [...own],
      imports: [...imports].map(([path, file]) => ({path, file})),
      submodules: submodules.get(member) ?? [],
    }
  })
}

type MainPackage = {member: MainModule; importPath: string; files: {path: PathBytes; id: string}[]}

/** Directories with Go files by their main module: those of `./...`, and by import path those it passes by. */
function findPackages(
  tree: Tree,
  read: ModuleFiles,
  boundaries: ReadonlySet<PathBytes>,
): {
  packages: MainPackage[]
  asides: Map<string, MainPackage>
  submodules: Map<MainModule, PathBytes[]>
} {
  const memberAt = new Map(read.members.map(member => [member.directory, member]))
  const owners = new Map<PathBytes, PathBytes | undefined>()
  /** The nearest module above a directory. */
  const ownerOf = (directory: PathBytes): PathBytes | undefined => {
    if (boundaries.has(directory)) return directory
    if (directory === topDirectory) return undefined
    if (!owners.has(directory)) owners.set(directory, ownerOf(directoryOf(directory)))
    return owners.get(directory)
  }
  const found = new Map<PathBytes, MainPackage>()
  const submodules = new Map<MainModule, PathBytes[]>()
  for (const {path, mode} of tree.entries.values()) {
    if (mode === '160000') addSubmodule(path)
    if (!path.endsWith('.go') || !isGoSource(pathToLatin1(baseName(path)))) continue
    if (vendorAbove(path) !== undefined) continue
    // A link to a file counts as the file (go/build stats what it lists).
    const at = fileAt(tree, path)
    if (at.kind !== 'file') continue
    const {id} = at
    const directory = directoryOf(path)
    const known = found.get(directory)
    const owner = ownerOf(directory)
    const member = known?.member ?? (owner === undefined ? undefined : memberAt.get(owner))
    if (member === undefined) continue
    if (known !== undefined) known.files.push({path, id})
    else {
      // As imports are read.
      const inside = pathToLatin1(pathBelow(directory, member.directory))
      const importPath = joinPath(member.file.modulePath, inside)
      found.set(directory, {member, importPath, files: [{path, id}]})
    }
  }
  const packages: MainPackage[] = []
  const asides = new Map<string, MainPackage>()
  for (const [directory, main] of found) {
    const {member, importPath} = main
    if (isPackageDirectory(pathToUtf8(pathBelow(directory, member.directory)), member.file.ignores))
      packages.push(main)
    else asides.set(importPath, main)
  }
  return {packages, asides, submodules}

  function addSubmodule(path: PathBytes): void {
    const owner = vendorAbove(path) === undefined ? ownerOf(path) : undefined
    const member = owner === undefined || owner === path ? undefined : memberAt.get(owner)
    if (member === undefined) return
    if (!isPackageDirectory(pathToUtf8(pathBelow(path, member.directory)), member.file.ignores)) return
    submodules.set(member, [...(submodules.get(member) ?? []), path])
  }
}
