/**
 * What `go mod vendor` copies of a module: the heart of the proof. After cmd/go/internal/modcmd/vendor.go (vendorPkg,
 * copyMetadata, matchPotentialSourceFile).
 */
import {baseName, directoryOf, joinPath, type PathBytes, pathFromLatin1, pathToLatin1} from '../../git/path-bytes.ts'
import {resolveEmbeds} from '../source/embed.ts'
import {embedTree, type Manifest} from './manifest.ts'
import {isMetadataName} from './metadata.ts'
import {isWithin, type ModuleVersion, relativeTo} from '../module/module-path.ts'
import {compareText, goAtLeast} from '../module/semver.ts'

/** Why a file is copied: it lies in a package, it is embedded by one, or it is a licence or its like above one. */
export type CopyReason = 'package' | 'embedded' | 'metadata'

/** `normalized` is the object ID with CRLF made LF, where that differs. */
export type VendoredFile = {
  id: string
  normalized: string | undefined
  reason: CopyReason
  module: ModuleVersion
}

/**
 * Adds the module's vendored files to `files`, by path below `vendor`, and returns the packages it has no directory for.
 * `module.path` is the path packages are imported by, also when another module replaces it. `goVersion` is that of the main
 * module or workspace: older ones copy go.mod files (before 1.17) and what tests embed (before 1.22).
 */
export function addVendoredFiles(
  files: Map<PathBytes, VendoredFile>,
  vendor: PathBytes,
  source: {module: ModuleVersion; manifest: Manifest; packages: readonly string[]},
  goVersion: string,
): string[] {
  const {module, manifest, packages} = source
  const absentPackages: string[] = []
  const metadataDone = new Set<string>()
  const keepsGoMod = !goAtLeast(goVersion, '1.17')
  const embedsOfTests = vendorsEmbedsOfTests(goVersion)

  for (const path of [...packages].sort(compareText)) {
    const directory = isWithin(path, module.path) ? relativeTo(path, module.path) : undefined
    const found = directory === undefined ? undefined : manifest.directory(directory)
    if (directory === undefined || found === undefined) {
      absentPackages.push(path)
      continue
    }
    const target = joinPath(vendor, pathFromLatin1(path))
    for (const [name, id] of found.files) {
      if (name.endsWith('_test.go')) continue
      if ((name === 'go.mod' || name === 'go.sum') && !keepsGoMod) continue
      if (found.neverBuilt.has(name)) continue
      const at = joinPath(target, pathFromLatin1(name))
      files.set(at, {id, normalized: found.normalized.get(name), reason: 'package', module})
    }
    copyMetadata(target, directory)
    const patterns = embedsOfTests ? [...found.embeds, ...found.testEmbeds] : found.embeds
    if (patterns.length > 0) copyEmbedded(target, directory, patterns)
  }
  return absentPackages

  /** Walks up to the module's root. A directory that was visited before ends the walk: its files were copied then. */
  function copyMetadata(target: PathBytes, directory: string): void {
    for (let at = directory, below = target; ; ) {
      if (metadataDone.has(at)) return
      metadataDone.add(at)
      if (at !== directory) {
        const above = manifest.directory(at)
        for (const [name, id] of above?.files ?? []) {
          if (!isMetadataName(name)) continue
          files.set(joinPath(below, pathFromLatin1(name)), {
            id,
            normalized: above?.normalized.get(name),
            reason: 'metadata',
            module,
          })
        }
      }
      if (at === '') return
      at = directoryOf(at)
      below = directoryOf(below)
    }
  }

  function copyEmbedded(target: PathBytes, directory: string, patterns: readonly string[]): void {
    for (const embedded of resolveEmbeds(embedTree(manifest, directory), patterns) ?? []) {
      const path = joinPath(target, pathFromLatin1(embedded))
      if (files.has(path)) continue
      const name = baseName(embedded)
      const copied = manifest.directory(joinPath(directory, directoryOf(embedded)))
      const id = copied?.files.get(name)
      if (id !== undefined) {
        files.set(path, {id, normalized: copied?.normalized.get(name), reason: 'embedded', module})
      }
    }
  }
}

/** Whether go mod vendor also copies what tests embed, where the main module has this go line. */
export function vendorsEmbedsOfTests(goVersion: string): boolean {
  return !goAtLeast(goVersion, '1.22')
}

/** Whether the go command itself can read such a file in a package directory: leaving it out can change a build. */
export function isReadByGo(path: PathBytes): boolean {
  return /\.(go|c|cc|cpp|cxx|m|h|hh|hpp|hxx|f|F|for|f90|s|S|sx|swig|swigcxx|syso|a|inc)$/.test(pathToLatin1(path))
}
