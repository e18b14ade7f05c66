/** Finds what there is to judge in a list of paths: modules, workspaces, vendor directories. */
import {baseName, directoryOf, joinPath, type PathBytes, pathFromUtf8} from '../../git/path-bytes.ts'

export type FoundRoots = {
  /** Directories with a go.mod (or else a vendor.mod) that is not vendored. */
  modules: {directory: PathBytes; modFile: PathBytes; sumFile: PathBytes}[]
  /** Directories with a go.work that is not vendored. */
  workspaces: {directory: PathBytes; workFile: PathBytes; sumFile: PathBytes}[]
  /** Directories with vendor/modules.txt that does not itself lie in a vendored tree. */
  vendors: {directory: PathBytes; vendor: PathBytes; modulesTxt: PathBytes}[]
  /** vendor/ beside a go.mod, go.work or vendor.mod, with .go files and without modules.txt. */
  unlistedVendors: PathBytes[]
  /** vendor beside a go.mod, go.work or vendor.mod that is a link, a submodule or a file, or has such a modules.txt: `path` is what it is. */
  otherVendors: {vendor: PathBytes; path: PathBytes; mode: string}[]
}

const names = {
  vendor: pathFromUtf8('vendor'),
  goMod: pathFromUtf8('go.mod'),
  vendorMod: pathFromUtf8('vendor.mod'),
  goWork: pathFromUtf8('go.work'),
  testdata: pathFromUtf8('testdata'),
}

/** All there are, fixtures included. */
export function findModuleRoots(paths: ReadonlyMap<PathBytes, {mode: string}>): FoundRoots {
  const roots: FoundRoots = {modules: [], workspaces: [], vendors: [], unlistedVendors: [], otherVendors: []}
  const vendorsWithGo = new Set<PathBytes>()
  for (const [path, {mode}] of paths) {
    const vendor = vendorAbove(path)
    if (vendor !== undefined) {
      const directory = directoryOf(vendor)
      // go follows a link and builds from vendor: as its list counts what `go mod vendor` writes, a plain file.
      if (path === joinPath(vendor, 'modules.txt') && !mode.startsWith('100'))
        roots.otherVendors.push({vendor, path, mode})
      else if (path === joinPath(vendor, 'modules.txt'))
        roots.vendors.push({directory, vendor, modulesTxt: path})
      else if (path.endsWith('.go')) vendorsWithGo.add(vendor)
      continue
    }
    const directory = directoryOf(path)
    switch (baseName(path)) {
      case names.vendor:
        roots.otherVendors.push({vendor: path, path, mode})
        break
      case names.goMod:
        roots.modules.push({directory, modFile: path, sumFile: joinPath(directory, 'go.sum')})
        break
      case names.vendorMod:
        if (paths.has(joinPath(directory, 'go.mod'))) break
        roots.modules.push({directory, modFile: path, sumFile: joinPath(directory, 'vendor.sum')})
        break
      case names.goWork:
        roots.workspaces.push({directory, workFile: path, sumFile: joinPath(directory, 'go.work.sum')})
    }
  }
  const rootDirectories = new Set([...roots.modules, ...roots.workspaces].map(({directory}) => directory))
  for (const vendor of vendorsWithGo) {
    if (rootDirectories.has(directoryOf(vendor)) && !paths.has(joinPath(vendor, 'modules.txt'))) {
      roots.unlistedVendors.push(vendor)
    }
  }
  roots.otherVendors = roots.otherVendors.filter(({vendor}) => rootDirectories.has(directoryOf(vendor)))
  return roots
}

/** The outermost directory named vendor that a path lies in; undefined for a file of that name. */
export function vendorAbove(path: PathBytes): PathBytes | undefined {
  if (path.startsWith('vendor/')) return names.vendor
  const at = path.indexOf('/vendor/')
  return at < 0 ? undefined : path.slice(0, at + '/vendor'.length)
}

/** The go command's `./...` passes these by: what lies there is some test's fixture. */
export function isFixture(directory: PathBytes): boolean {
  return directory
    .split('/')
    .some(element => element === names.testdata || element.startsWith('_') || element.startsWith('.'))
}
