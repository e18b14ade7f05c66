/** The packages `go mod vendor` would copy: all that the main packages and their tests import, directly or not. */
import type {Manifest} from './manifest.ts'
import {isStandard, isWithin, type ModuleVersion, relativeTo} from '../module/module-path.ts'
import type {ModulesTxt} from './modules-txt.ts'

/** Packages that are imported and not listed, or listed and not imported. */
export type Closure = {
  missing: {package: string; importedBy: string}[]
  stale: {package: string; module: ModuleVersion; line: number}[]
  /** How many are listed that a main package of which nothing is known may import, and nothing else does. */
  unsure: number
}

export type ClosureInput = {
  /** Import paths and a name for who imports them. */
  roots: readonly {path: string; by: string}[]
  /** Import paths of the packages of the main modules. */
  mainPackages: ReadonlySet<string>
  mainModules: readonly string[]
  /** Paths of required modules: one may lie below a main module's path. */
  requires: readonly string[]
  modulesTxt: ModulesTxt
  /** Whether the workspace has members of which nothing is known. */
  hasUnseen: boolean
  /** Whether a main module has packages of which nothing is known: those of a submodule. */
  hasUnseenPackages: boolean
  /** By module path; undefined when the module is not proven. */
  manifest(modulePath: string): Manifest | undefined
}

/**
 * Stale packages are only told when every module's imports are known. The standard library is what has no dot in its first
 * element, unless modules.txt lists it or a required module has such a path.
 */
export function vendorClosure(input: ClosureInput): Closure {
  const listed = new Map<string, {line: number; module: ModulesTxt['modules'][number]}>()
  for (const module of input.modulesTxt.modules) {
    for (const {path, line} of module.packages) if (!listed.has(path)) listed.set(path, {line, module})
  }
  const missing = new Map<string, string>()
  const reached = new Set<string>()
  const queue: string[] = []
  const dotless = input.requires.filter(isStandard)
  const isOfStandardLibrary = (path: string): boolean =>
    isStandard(path) && !dotless.some(module => isWithin(path, module))
  let complete = !input.hasUnseen

  const visit = (path: string, by: string): void => {
    if (listed.has(path)) {
      if (reached.has(path)) return
      reached.add(path)
      queue.push(path)
      return
    }
    if (isOfStandardLibrary(path) || missing.has(path) || isMain(input, path)) return
    // It may be a package of a member that is not known; one of a vendored module is not.
    if (input.hasUnseen && !input.modulesTxt.modules.some(({module}) => isWithin(path, module.path))) return
    missing.set(path, by)
  }
  for (const {path, by} of input.roots) visit(path, by)
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const module = listed.get(path)?.module.module.path ?? ''
    const manifest = input.manifest(module)
    if (manifest === undefined) {
      complete = false
      continue
    }
    const directory = isWithin(path, module) ? manifest.directory(relativeTo(path, module)) : undefined
    for (const imported of directory?.imports ?? []) visit(imported, path)
  }
  const unreached = [...listed].flatMap(([path, {line, module}]) =>
    complete && !reached.has(path) ? [{package: path, module: module.module, line}] : [],
  )
  return {
    missing: [...missing].map(([path, importedBy]) => ({package: path, importedBy})),
    stale: input.hasUnseenPackages ? [] : unreached,
    unsure: input.hasUnseenPackages ? unreached.length : 0,
  }
}

/** A package of a main module, or one that should be: its absence is the compiler's to report. */
function isMain(input: ClosureInput, path: string): boolean {
  if (input.mainPackages.has(path)) return true
  return input.mainModules.some(
    main =>
      isWithin(path, main) &&
      !input.requires.some(module => module.length > main.length && isWithin(path, module)),
  )
}
