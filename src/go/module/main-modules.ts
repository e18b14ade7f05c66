/** The modules that the repository itself is: what is vendored together, and what replaces their dependencies. */
import {type PathBytes, pathFromLatin1, pathToLatin1} from '../../git/path-bytes.ts'
import type {GoMod, GoWork, ReplacedBy, Replacement} from './mod-edit.ts'
import {type ModuleVersion, sameModule} from './module-path.ts'

/** A main module: the go.mod (or vendor.mod) of the repository that a vendor directory or a workspace belongs to. */
export type MainModule = {
  /** Relative to the top of the repository, '' for the top. */
  directory: PathBytes
  modFile: PathBytes
  sumFile: PathBytes
  file: GoMod
}

export type Workspace = {
  directory: PathBytes
  workFile: PathBytes
  file: GoWork
  /** Directories of members of which nothing is known, as written: a submodule, or outside of the repository. */
  unseen: readonly PathBytes[]
}

/** Main modules that are vendored together: one of them, or all of a workspace. */
export type MainModules = {
  workspace: Workspace | undefined
  members: readonly MainModule[]
}

/** Whether go.work names members of which nothing is known. */
export function hasUnseenMembers({workspace}: MainModules): boolean {
  return workspace !== undefined && workspace.unseen.length > 0
}

export function isMainModule(mains: MainModules, path: string): boolean {
  return mains.members.some(member => member.file.modulePath === path)
}

export type FoundReplacement = {
  /** As modules.txt writes it: in a workspace, directories are relative to the workspace. */
  to: ReplacedBy
  /** The go.mod or go.work that says so. */
  origin: PathBytes
  /** The directory `to` is relative to. */
  directory: PathBytes
}

/**
 * What replaces a module: go.work first, then the members; an exact version before a wildcard. After
 * modload.replacementFrom and canonicalizeReplacePath.
 */
export function findReplacement(mains: MainModules, module: ModuleVersion): FoundReplacement | undefined {
  if (isMainModule(mains, module.path) && module.version === '') return undefined
  const {workspace} = mains
  if (workspace !== undefined) {
    const found = lookUp(workspace.file.replaces, module)
    if (found !== undefined) return {to: found.to, origin: workspace.workFile, directory: workspace.directory}
  }
  // Conflicting replacements make the go command fail; otherwise the last member's counts.
  let result: FoundReplacement | undefined
  for (const member of mains.members) {
    const found = lookUp(member.file.replaces, module)
    if (found === undefined) continue
    const base = workspace === undefined ? member.directory : workspace.directory
    const to = workspace === undefined ? found.to : relativeToWorkspace(found.to, member.directory, base)
    result = {to, origin: member.modFile, directory: base}
  }
  return result
}

function lookUp(replaces: readonly Replacement[], module: ModuleVersion): Replacement | undefined {
  return (
    replaces.find(replace => sameModule(replace.from, module)) ??
    replaces.find(replace => sameModule(replace.from, {path: module.path, version: ''}))
  )
}

/** filepath.Rel of the directory a member means, with the `./` that go.mod wants. */
function relativeToWorkspace(to: ReplacedBy, member: PathBytes, workspace: PathBytes): ReplacedBy {
  if (to.kind === 'module' || to.directory.startsWith('/')) return to
  const target = clean([...split(member), ...split(to.directory)])
  const base = clean(split(workspace))
  let common = 0
  while (
    common < base.length &&
    common < target.length &&
    base[common] === target[common] &&
    base[common] !== '..'
  ) {
    common++
  }
  const steps = [...base.slice(common).map(() => '..'), ...target.slice(common)]
  const path = steps.join('/')
  const written = path === '' ? '.' : steps[0] === '..' ? path : `./${path}`
  return {kind: 'directory', directory: pathFromLatin1(written)}
}

function split(path: PathBytes): string[] {
  return pathToLatin1(path).split('/')
}

function clean(elements: readonly string[]): string[] {
  const result: string[] = []
  for (const element of elements) {
    if (element === '' || element === '.') continue
    if (element === '..' && result.length > 0 && result.at(-1) !== '..') result.pop()
    else result.push(element)
  }
  return result
}
