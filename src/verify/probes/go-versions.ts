/** The `go` lines that modules.txt records. */
import type {GitSystem} from '../../git/git.ts'
import {pathToUtf8, resolveInside} from '../../git/path-bytes.ts'
import {readGoLine} from '../../go/module/go-mod-lines.ts'
import {hashesByKey, sumKey} from '../../go/module/go-sum.ts'
import {findReplacement} from '../../go/module/main-modules.ts'
import type {ModuleVersion} from '../../go/module/module-path.ts'
import {compareSemver} from '../../go/module/semver.ts'
import type {Manifest} from '../../go/vendor/manifest.ts'
import type {Proofs} from '../../go/vendor/proofs.ts'
import type {RootFacts} from '../facts.ts'
import {provenGoMod} from './cached-hashes.ts'
import {openGoLines} from './go-lines.ts'
import {readCachedGoMod} from './module-cache.ts'
import type {ModuleFiles} from './module-files.ts'
import type {VendorRoot} from './vendor-tree.ts'

/**
 * The `go` line modules.txt records for each module: that of the replacement, or of a workspace member of that path, or of
 * the selected version's go.mod.
 */
export function goVersions(
  system: GitSystem,
  gitDirectory: string,
  moduleCache: string,
  root: VendorRoot,
  read: ModuleFiles,
  manifests: ReadonlyMap<string, Manifest>,
  proofs: Proofs,
): {versions: RootFacts['goVersions']; unread: ModuleVersion[]} {
  const unread: ModuleVersion[] = []
  const versions: RootFacts['goVersions'] = new Map()
  const lines = openGoLines(system, gitDirectory, pathToUtf8(root.vendor))
  const hashes = hashesByKey(root.sums.map(({sum}) => sum))
  const requires = root.mains.members.flatMap(member => member.file.requires.map(({module}) => module))
  // Lines that only record a replacement have no go line.
  const listed = root.modulesTxt.modules.flatMap(({module, packages}) =>
    packages.length > 0 ? [module] : [],
  )
  for (const path of new Set([...requires, ...listed].map(module => module.path))) {
    versions.set(path, goVersionOf(path))
  }
  lines.save()
  return {versions, unread}

  function goVersionOf(path: string): {version: string | undefined} | 'unknown' {
    const member = root.mains.members.find(member => member.file.modulePath === path)
    if (member !== undefined) return {version: member.file.goVersion}
    const manifest = manifests.get(path)
    if (manifest !== undefined) return {version: manifest.goVersion}
    const selected = [...requires, ...listed]
      .filter(module => module.path === path && module.version !== '')
      .sort((a, b) => compareSemver(b.version, a.version))[0]
    if (selected === undefined) return 'unknown'
    const replacement = findReplacement(root.mains, selected)
    if (replacement?.to.kind === 'directory') {
      const directory = resolveInside(replacement.directory, replacement.to.directory)
      const replaced =
        directory === undefined ? undefined : read.members.find(other => other.directory === directory)
      return replaced === undefined ? 'unknown' : {version: replaced.file.goVersion}
    }
    const from = replacement?.to.module ?? selected
    const hash = hashes.get(sumKey(from.path, from.version, true))
    if (hash === undefined) return 'unknown'
    const known = lines.read(from, hash)
    if (known !== undefined) return known
    const goMod = readCachedGoMod(system, moduleCache, from) ?? provenGoMod(proofs, from, hash)
    if (goMod === undefined) unread.push(from)
    if (goMod?.hash !== hash) return 'unknown'
    const version = readGoLine(goMod.content)
    lines.add(from, hash, version)
    return {version}
  }
}
