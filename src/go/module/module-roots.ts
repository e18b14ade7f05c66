/** Finds what there is to judge in a list of paths: modules, workspaces, vendor directories. */
import {baseName, directoryOf, joinPath, type PathBytes} from '../../git/path-bytes.ts'

export type ModuleRoots = {
  /** Directories with a go.mod (or else a vendor.mod) that is not vendored and no test fixture. */
  modules: {directory: PathBytes; modFile: PathBytes; sumFile: PathBytes}[]
  /** Directories with a go.work that is not vendored. */
  workspaces: {directory: PathBytes; workFile: PathBytes; sumFile: PathBytes}[]
  /** Directories with vendor/modules.txt that does not itself lie in a vendored tree. */
  vendors: {directory: PathBytes; vendor: PathBytes; modulesTxt: PathBytes}[]
  /** vendor/ beside a go.mod, go.work or vendor.mod, with .go files and without modules.txt. */
  unlistedVendors: PathBytes[]
  /** vendor beside a go.mod, go.work or vendor.mod that is a link, a submodule or a file. */
  otherVendors: {vendor: PathBytes; mode: string}[]
}

/** `chosen` are the directories of --module; empty judges everything that is no fixture. */
export function findModuleRoots(
  paths: ReadonlyMap<PathBytes, {mode: string}>,
  chosen: readonly PathBytes[],
): ModuleRoots {
  const roots: ModuleRoots = {modules: [], workspaces: [], vendors: [], unlistedVendors: [], otherVendors: []}
  const vendorsWithGo = new Set<PathBytes>()
  const isChosen = (directory: PathBytes): boolean =>
    chosen.length === 0 ? !isFixture(directory) : chosen.includes(directory)

  for (const [path, {mode}] of paths) {
    const vendorAt = vendorElement(path)
    if (vendorAt !== undefined) {
      const directory = path.slice(0, Math.max(0, vendorAt - 1))
      const vendor = joinPath(directory, 'vendor')
      if (path === `${vendor}/modules.txt`) {
        if (isChosen(directory)) roots.vendors.push({directory, vendor, modulesTxt: path})
      } else if (path.endsWith('.go')) vendorsWithGo.add(vendor)
      continue
    }
    const directory = directoryOf(path)
    if (!isChosen(directory)) continue
    const name = baseName(path)
    if (name === 'vendor') roots.otherVendors.push({vendor: path, mode})
    if (name === 'go.mod')
      roots.modules.push({directory, modFile: path, sumFile: joinPath(directory, 'go.sum')})
    if (name === 'vendor.mod' && !paths.has(joinPath(directory, 'go.mod'))) {
      roots.modules.push({directory, modFile: path, sumFile: joinPath(directory, 'vendor.sum')})
    }
    if (name === 'go.work') {
      roots.workspaces.push({directory, workFile: path, sumFile: joinPath(directory, 'go.work.sum')})
    }
  }
  const rootDirectories = new Set([...roots.modules, ...roots.workspaces].map(({directory}) => directory))
  for (const vendor of vendorsWithGo) {
    if (rootDirectories.has(directoryOf(vendor)) && !paths.has(`${vendor}/modules.txt`)) {
      roots.unlistedVendors.push(vendor)
    }
  }
  roots.otherVendors = roots.otherVendors.filter(({vendor}) => rootDirectories.has(directoryOf(vendor)))
  return roots
}

/** Where the first `vendor` element of a path begins, and nothing for a file of that name. */
function vendorElement(path: PathBytes): number | undefined {
  if (path.startsWith('vendor/')) return 0
  const at = path.indexOf('/vendor/')
  return at < 0 ? undefined : at + 1
}

/** The go command's `./...` passes these by: what lies there is some test's fixture. */
function isFixture(directory: PathBytes): boolean {
  return directory
    .split('/')
    .some(
      element =>
        element === 'testdata' || element.startsWith('_') || (element.startsWith('.') && element !== ''),
    )
}
