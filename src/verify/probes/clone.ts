/** What is here and would not be in a clone: directories outside of the repository, and files of its own that a rule hides from Git. */
import type {GitSystem} from '../../git/git.ts'
import {
  directoryOf,
  isAtOrBelow,
  joinPath,
  type PathBytes,
  pathBelow,
  pathFromLatin1,
  pathFromUtf8,
  pathToLatin1,
  pathToUtf8,
  resolveInside,
} from '../../git/path-bytes.ts'
import type {MainModule} from '../../go/module/main-modules.ts'
import {isWithin, relativeTo} from '../../go/module/module-path.ts'
import {vendorAbove} from '../../go/module/module-roots.ts'
import {goAtLeast} from '../../go/module/semver.ts'
import type {CloneFacts, ModuleFacts, VendorOfOthers} from '../facts.ts'
import type {Tree} from './tree.ts'
import {listIgnoreRules} from './vendor-tree.ts'

/** `absentPaths` is told the directories of imported packages that are not there: they could appear. */
export async function probeClone(
  system: GitSystem,
  tree: Tree,
  modules: readonly ModuleFacts[],
  absentPaths: string[],
): Promise<CloneFacts> {
  const own = modules.filter(({alternative}) => !alternative)
  return {
    outside: own.flatMap(module => replacedOutside(module)),
    ignoredPackages: await findIgnoredPackages(system, tree, own, absentPaths),
    ignoredSums: await findIgnoredSums(tree, own),
  }
}

/** Required modules that a directory replaces which no clone has; where vendored, vendor/ has their files. */
function replacedOutside({mains, vendored}: ModuleFacts): CloneFacts['outside'] {
  const [member] = mains.members
  if (member === undefined || vendored) return []
  const required = new Set(member.file.requires.map(({module}) => module.path))
  return member.file.replaces.flatMap(({from, to}) => {
    if (to.kind === 'module' || !required.has(from.path)) return []
    if (resolveInside(member.directory, to.directory) !== undefined) return []
    return [{modFile: member.modFile, module: from.path, directory: to.directory}]
  })
}

/** Packages that are imported, lie in the work tree, and are hidden by a rule: they are built here and in no clone. */
async function findIgnoredPackages(
  system: GitSystem,
  tree: Tree,
  modules: readonly ModuleFacts[],
  absentPaths: string[],
): Promise<CloneFacts['ignoredPackages']> {
  const {top} = tree.repository
  if (top === undefined) return []
  const known = new Set(modules.flatMap(({packages}) => [...packages]))
  const members = modules.flatMap(({mains}) => mains.members)
  const absent = modules.flatMap(({mains, imports, vendored, providers}) =>
    mains.members.slice(0, 1).flatMap(member =>
      imports
        .filter(({path}) => isOfMember(path, member, members) && !known.has(path))
        .filter(({path}) => !(vendored && providers.has(path)))
        .map(({path, file}) => ({
          package: path,
          importedBy: file,
          directory: joinPath(member.directory, pathFromUtf8(relativeTo(path, member.file.modulePath))),
        })),
    ),
  )
  const candidates = absent.flatMap(found => {
    const directory = `${top}/${pathToUtf8(found.directory)}`
    const files = goFilesIn(system, directory)
    if (files.length === 0) absentPaths.push(directory)
    return files.length === 0 ? [] : [{...found, files: files.map(name => joinPath(found.directory, name))}]
  })
  const rules = await listIgnoreRules(
    tree,
    candidates.flatMap(({files}) => files),
  )
  return candidates.flatMap(found => {
    const [rule] = found.files.flatMap(file => rules.get(file) ?? [])
    return rule === undefined ? [] : [{...found, rule}]
  })
}

/** Of this module and of none that is nested in it or required beside it. */
function isOfMember(path: string, member: MainModule, members: readonly MainModule[]): boolean {
  const {modulePath, requires} = member.file
  if (!isWithin(path, modulePath)) return false
  const others = [...members.map(({file}) => file.modulePath), ...requires.map(({module}) => module.path)]
  return !others.some(other => other.length > modulePath.length && isWithin(path, other))
}

function goFilesIn(system: GitSystem, directory: string): PathBytes[] {
  const entries = system.files.list(directory) ?? []
  return entries.flatMap(({name, kind}) =>
    kind === 'file' && name.endsWith('.go') && !name.endsWith('_test.go') ? [pathFromUtf8(name)] : [],
  )
}

/** Sums files that are not there and that a rule hides. */
async function findIgnoredSums(
  tree: Tree,
  modules: readonly ModuleFacts[],
): Promise<CloneFacts['ignoredSums']> {
  const absent = modules.flatMap(({mains}) =>
    mains.members.flatMap(({sumFile}) => (tree.entries.has(sumFile) ? [] : [sumFile])),
  )
  const rules = await listIgnoreRules(tree, [...new Set(absent)])
  return [...rules].map(([sumFile, rule]) => ({sumFile, rule}))
}

/**
 * Directories named vendor beside a go.mod that another tool writes: no list of Go's, and no package of a required module.
 * go takes them for its own once go.mod has a go line of 1.14 and a requirement, and then builds nothing.
 */
export function findVendorsOfOthers(
  tree: Tree,
  members: readonly MainModule[],
  inWorkspace: ReadonlySet<PathBytes>,
): VendorOfOthers[] {
  const byVendor = new Map(members.map(member => [joinPath(member.directory, 'vendor'), member]))
  const unlisted = new Set(
    [...byVendor.keys()].filter(vendor => !tree.entries.has(joinPath(vendor, 'modules.txt'))),
  )
  const files = new Map<PathBytes, PathBytes[]>()
  for (const path of tree.entries.keys()) {
    const vendor = vendorAbove(path)
    if (vendor === undefined || !unlisted.has(vendor)) continue
    const known = files.get(vendor)
    if (known === undefined) files.set(vendor, [pathBelow(path, vendor)])
    else known.push(pathBelow(path, vendor))
  }
  return [...files].flatMap(([vendor, paths]): VendorOfOthers[] => {
    const member = byVendor.get(vendor)
    if (member === undefined || holdsModules(paths, member)) return []
    const {goVersion, requires} = member.file
    const isTaken = goVersion !== undefined && goAtLeast(goVersion, '1.14') && requires.length > 0
    const breaks = isTaken && !inWorkspace.has(directoryOf(vendor))
    const holdsGo = paths.some(path => path.endsWith('.go'))
    return [{vendor, tool: toolOf(paths), breaks, holdsGo}]
  })
}

/** Go's: the path of a module begins with a host name, or is a required one. */
function holdsModules(paths: readonly PathBytes[], {file}: MainModule): boolean {
  const required = file.requires.map(({module}) => pathFromLatin1(module.path))
  return paths.some(
    path =>
      path.endsWith('.go') &&
      (/^[^/]*\.[^/]*\//.test(pathToLatin1(path)) ||
        required.some(module => isAtOrBelow(directoryOf(path), module))),
  )
}

const autoload = pathFromUtf8('autoload.php')

function toolOf(paths: readonly PathBytes[]): VendorOfOthers['tool'] {
  if (paths.some(path => path === autoload || path.startsWith('composer/'))) return 'Composer'
  if (paths.some(path => path.startsWith('bundle/') || /^cache\/[^/]*\.gem$/.test(pathToLatin1(path))))
    return 'Bundler'
  return undefined
}
