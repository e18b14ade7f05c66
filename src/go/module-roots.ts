/** Finds what there is to judge in a list of paths: modules, workspaces, vendor directories. */
import {baseName, directoryOf, joinPath, type PathBytes} from '../git/path-bytes.ts'

export type ModuleRoots = {
  /** Directories with a go.mod (or else a vendor.mod) that is not vendored and no test fixture. */
  modules: {directory: PathBytes; modFile: PathBytes; sumFile: PathBytes}[]
  /** Directories with a go.work that is not vendored. */
  workspaces: {directory: PathBytes; workFile: PathBytes; sumFile: PathBytes}[]
  /** Directories with vendor/modules.txt that does not itself lie in a vendored tree. */
  vendors: {directory: PathBytes; vendor: PathBytes; modulesTxt: PathBytes}[]
  /** vendor/ beside a go.mod, go.work or vendor.mod, with .go files and without modules.txt. */
  unlistedVendors: PathBytes[]
}

/** `chosen` are the directories of --module; empty judges everything that is no fixture. */
export function findModuleRoots(
  paths: ReadonlyMap<PathBytes, unknown>,
  chosen: readonly PathBytes[],
): ModuleRoots {
  const roots: ModuleRoots = {modules: [], workspaces: [], vendors: [], unlistedVendors: []}
  const vendorsWithGo = new Set<PathBytes>()
  const isChosen = (directory: PathBytes): boolean =>
    chosen.length === 0 ? !isFixture(directory) : chosen.includes(directory)

  for (const path of paths.keys()) {
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
    if (name === 'go.mod')
      roots.modules.push({directory, modFile: path, sumFile: joinPath(directory, 'go.sum')})
    if (name === 'vendor.mod' && !paths.has(joinPath(directory, 'go.mod'))) {
      roots.modules.push({directory, modFile: path, sumFile: joinPath(directory, 'vendor.sum')})
    }
    if (name === 'go.work') {
      roots.workspaces.push({directory, workFile: path, sumFile: joinPath(directory, 'go.work.sum')})
    }
  }
  for (const vendor of vendorsWithGo) {
    const directory = directoryOf(vendor)
    const isRoot = [...roots.modules, ...roots.workspaces].some(root => root.directory === directory)
    if (isRoot && !paths.has(`${vendor}/modules.txt`)) roots.unlistedVendors.push(vendor)
  }
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
