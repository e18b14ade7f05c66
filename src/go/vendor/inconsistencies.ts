/** modules.txt against go.mod and go.work, as the go command compares them before it builds from vendor/. */
import {pathFromUtf8, pathToUtf8} from '../../git/path-bytes.ts'
import {findReplacement, type MainModules} from '../module/main-modules.ts'
import type {ReplacedBy, Replacement} from '../module/mod-edit.ts'
import {type ModuleVersion, moduleName, sameModule} from '../module/module-path.ts'
import {compareSemver, goAtLeast} from '../module/semver.ts'

/** The version that decides how vendor/ is written. After modload.MainModuleSet.GoVersion. */
export function vendorGoVersion(mains: MainModules): string {
  if (mains.workspace !== undefined) return mains.workspace.file.goVersion ?? '1.18'
  return mains.members[0]?.file.goVersion ?? '1.16'
}

/** Whether modules.txt marks what is required (`## explicit`) and lists every replacement: Go 1.14 and later. */
export function marksExplicit(mains: MainModules): boolean {
  const hasGoLine = mains.workspace !== undefined || mains.members[0]?.file.goVersion !== undefined
  return hasGoLine && goAtLeast(vendorGoVersion(mains), '1.14')
}

/** What the go command reports as `inconsistent vendoring`, in its own sentences. */
export type Inconsistency = {module: ModuleVersion; sentence: string}

/** After modload.checkVendorConsistency. `read` is modules.txt as readVendorList understands it. */
export function vendorInconsistencies(
  mains: MainModules,
  read: readonly {
    module: ModuleVersion
    replacement: ReplacedBy | undefined
    explicit: boolean
    packages: readonly unknown[]
  }[],
): Inconsistency[] {
  const found: Inconsistency[] = []
  const complain = (module: ModuleVersion, sentence: string): void => {
    found.push({module, sentence})
  }
  const relaxed = mains.workspace === undefined && !goAtLeast(vendorGoVersion(mains), '1.14')
  const marked = (module: ModuleVersion): boolean =>
    read.some(entry => entry.explicit && sameModule(entry.module, module))
  const vendoredVersion = (path: string): string | undefined =>
    read.find(entry => entry.module.path === path && entry.packages.length > 0)?.module.version

  for (const {file} of mains.members) {
    for (const {module} of file.requires) {
      if (marked(module)) continue
      const vendored = vendoredVersion(module.path)
      if (!relaxed) {
        complain(module, 'is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt')
      } else if (vendored !== undefined && vendored !== module.version) {
        complain(
          module,
          `is explicitly required in go.mod, but vendor/modules.txt indicates ${module.path}@${vendored}`,
        )
      }
    }
  }

  const seen = new Set<string>()
  for (const {from} of allReplaces(mains)) {
    const key = `${from.path} ${from.version}`
    if (seen.has(key)) continue
    seen.add(key)
    const replacement = findReplacement(mains, from)
    const listed = read.find(
      entry => entry.replacement !== undefined && sameModule(entry.module, from),
    )?.replacement
    if (listed === undefined) {
      if (replacement === undefined) continue
      if (relaxed && (from.version === '' || vendoredVersion(from.path) !== from.version)) continue
      complain(from, `is replaced in ${pathToUtf8(replacement.origin)}, but not marked as replaced in vendor/modules.txt`)
    } else if (replacement === undefined || !sameReplacement(listed, replacement.to)) {
      const by = replacement === undefined ? 'nothing' : describeReplacedBy(replacement.to)
      complain(
        from,
        `is replaced by ${by} in ${pathToUtf8(replacement?.origin ?? goMod)}, but marked as replaced by ${describeReplacedBy(listed)} in vendor/modules.txt`,
      )
    }
  }

  for (const entry of read) {
    if (!entry.explicit || entry.packages.length === 0) continue
    if (mains.members.some(({file}) => file.requires.some(({module}) => sameModule(module, entry.module))))
      continue
    const article = mains.workspace === undefined ? '' : 'a '
    complain(
      entry.module,
      `is marked as explicit in vendor/modules.txt, but not explicitly required in ${article}go.mod`,
    )
  }
  for (const entry of read) {
    if (entry.replacement === undefined || findReplacement(mains, entry.module) !== undefined) continue
    const source = mains.workspace === undefined ? 'go.mod' : 'the workspace'
    complain(entry.module, `is marked as replaced in vendor/modules.txt, but not replaced in ${source}`)
  }
  return found
}

/**
 * Packages vendored from a version that is not the selected one, which checkVendorConsistency does not look for. From Go 1.17 on a go.mod requires every module its packages need; in a workspace the version
 * may be higher than any member asks for, never lower.
 */
export function unselectedVersions(
  mains: MainModules,
  read: readonly {module: ModuleVersion; packages: readonly unknown[]}[],
): Inconsistency[] {
  const found: Inconsistency[] = []
  const required = new Map<string, string>()
  for (const {file} of mains.members) {
    for (const {module} of file.requires) {
      const known = required.get(module.path)
      if (known === undefined || compareSemver(known, module.version) < 0)
        required.set(module.path, module.version)
    }
  }
  const provided = new Map<string, ModuleVersion>()
  const isComplete = mains.workspace === undefined && goAtLeast(vendorGoVersion(mains), '1.17')
  for (const {module, packages} of read) {
    if (packages.length === 0) continue
    const other = provided.get(module.path)
    if (other !== undefined && other.version !== module.version) {
      found.push({
        module,
        sentence: `provides packages in vendor/modules.txt, and so does ${moduleName(other)}`,
      })
    }
    provided.set(module.path, module)
    const version = required.get(module.path)
    if (version === undefined && isComplete) {
      found.push({module, sentence: 'provides packages in vendor/modules.txt, but is not required in go.mod'})
    }
    const isLower = version !== undefined && compareSemver(module.version, version) < 0
    if (isLower || (version !== undefined && isComplete && module.version !== version)) {
      found.push({
        module,
        sentence: `provides packages in vendor/modules.txt, but go.mod requires ${version}`,
      })
    }
  }
  return found
}

/** Members first, then the workspace, as the go command walks them to check. */
function allReplaces(mains: MainModules): Replacement[] {
  return [...mains.members.flatMap(({file}) => file.replaces), ...(mains.workspace?.file.replaces ?? [])]
}

/** Replacements in the order modules.txt appends those that no module line carries. After modcmd.RunVendor. */
export function replacementsToWrite(mains: MainModules): Replacement[] {
  if (!marksExplicit(mains)) return []
  const fromWork = mains.workspace?.file.replaces ?? []
  const fromMembers = mains.members.flatMap(({file}) =>
    file.replaces.flatMap(({from}) => {
      const found = findReplacement(mains, from)
      return found === undefined ? [] : [{from, to: found.to}]
    }),
  )
  return [...fromWork, ...fromMembers]
}

const goMod = pathFromUtf8('go.mod')

function sameReplacement(a: ReplacedBy, b: ReplacedBy): boolean {
  if (a.kind === 'directory' || b.kind === 'directory')
    return a.kind === 'directory' && b.kind === 'directory' && a.directory === b.directory
  return sameModule(a.module, b.module)
}

/** As a person reads it. */
function describeReplacedBy(by: ReplacedBy): string {
  return by.kind === 'directory' ? pathToUtf8(by.directory) : moduleName(by.module)
}
