/** modules.txt against go.mod and go.work, and against what is imported. */
import type {VerifyFound} from '../../findings/finding.ts'
import {baseName, latin1ToUtf8, pathFromUtf8, pathToUtf8} from '../../git/path-bytes.ts'
import {hashesByKey, sumKey} from '../../go/module/go-sum.ts'
import {findReplacement, hasUnseenMembers} from '../../go/module/main-modules.ts'
import {formatModule, type ModuleVersion, moduleName} from '../../go/module/module-path.ts'
import {goAtLeast} from '../../go/module/semver.ts'
import {
  marksExplicit,
  replacementsToWrite,
  unselectedVersions,
  vendorGoVersion,
  vendorInconsistencies,
} from '../../go/vendor/inconsistencies.ts'
import {type ModuleToWrite, writeModulesTxt} from '../../go/vendor/modules-txt.ts'
import type {RootFacts} from '../facts.ts'
import {tidy, vendorAnew} from './mends.ts'
import {type Unproven, unprovenFindings} from './vendor.ts'

/** modules.txt: first Go's own complaints, then every line that the go command would write otherwise. */
export function checkModulesTxt(root: RootFacts): VerifyFound[] {
  // What a member that the tree does not hold requires and replaces stands there, too.
  if (hasUnseenMembers(root.mains)) return []
  const file = pathToUtf8(root.modulesTxtPath)
  const {modules} = root.modulesTxt
  const inconsistencies = [
    ...vendorInconsistencies(root.mains, modules),
    ...unselectedVersions(root.mains, modules),
  ]
  const complaints = inconsistencies.map(
    ({module, sentence}): VerifyFound => ({
      code: 'VENDOR_INCONSISTENT',
      facts: {
        file,
        line: lineOf(root, module),
        module: moduleName(module),
        sentence,
        mend: vendorAnew(root),
      },
    }),
  )
  return [...complaints, ...compareModulesTxt(root)]
}

function lineOf(root: RootFacts, module: ModuleVersion): number | undefined {
  return root.modulesTxt.modules.find(entry => entry.module.path === module.path)?.line
}

/** The first line that differs tells enough: everything after it may only have moved. */
function compareModulesTxt(root: RootFacts): VerifyFound[] {
  const {modules, unknown} = modulesToWrite(root)
  const file = pathToUtf8(root.modulesTxtPath)
  const hashes = hashesByKey(root.sums.map(({sum}) => sum))
  const unproven = [...unknown].flatMap((path): Unproven[] => {
    const entry = root.modulesTxt.modules.find(({module}) => module.path === path)
    const isSource = root.sources.some(({module}) => module.path === path)
    if (entry === undefined || isSource) return []
    const replacement = findReplacement(root.mains, entry.module)
    if (replacement?.to.kind === 'directory') return []
    const from = replacement?.to.module ?? entry.module
    // A line that go.sum lacks is said of go.sum.
    if (from.version === '' || !hashes.has(sumKey(from.path, from.version, true))) return []
    const reason = 'its go.mod is not in the module cache, so its go line is not known'
    return [{module: entry.module, from, line: entry.line, reason}]
  })
  const lines = writeModulesTxt(root.mains.workspace !== undefined, modules, replacementsToWrite(root.mains))
  const expected = lines.map(line => `${line}\n`).join('')
  if (expected === root.modulesTxtText) return unprovenFindings(root, unproven)
  const found = root.modulesTxtText.split('\n')
  const wanted = expected.split('\n')
  const at = wanted.findIndex((line, index) => line !== found[index])
  const index = at < 0 ? wanted.length : at
  return [
    ...unprovenFindings(root, unproven),
    {
      code: 'MODULES_TXT_DIFFERS',
      facts: {
        file,
        line: index + 1,
        module: undefined,
        expected: index < lines.length ? latin1ToUtf8(wanted[index] ?? '') : undefined,
        found: found[index] === undefined ? undefined : latin1ToUtf8(found[index]),
        mend: vendorAnew(root),
      },
    },
  ]
}

/** What the go command would list. Where a go line cannot be known, the one in the file is taken, and told. */
function modulesToWrite(root: RootFacts): {modules: ModuleToWrite[]; unknown: Set<string>} {
  const withExplicit = marksExplicit(root.mains)
  const withGoVersions = goAtLeast(vendorGoVersion(root.mains), '1.17')
  const explicit = new Map<string, ModuleVersion>()
  if (withExplicit) {
    for (const {file} of root.mains.members) {
      for (const {module} of file.requires) explicit.set(formatModule(module), module)
    }
  }
  const packages = new Map<string, {module: ModuleVersion; paths: string[]}>()
  for (const {module, packages: listed} of root.modulesTxt.modules) {
    if (listed.length === 0) continue
    const known = packages.get(formatModule(module)) ?? {module, paths: []}
    known.paths.push(...listed.map(({path}) => path))
    packages.set(formatModule(module), known)
  }
  const unknown = new Set<string>()
  const goVersionOf = (module: ModuleVersion): string | undefined => {
    if (!withGoVersions) return undefined
    const version = root.goVersions.get(module.path) ?? 'unknown'
    if (version !== 'unknown') return version.version
    unknown.add(module.path)
    return root.modulesTxt.modules.find(entry => formatModule(entry.module) === formatModule(module))
      ?.goVersion
  }
  const all = new Map([...explicit, ...[...packages].map(([key, {module}]) => [key, module] as const)])
  const modules = [...all].map(([key, module]) => ({
    module,
    replacement: findReplacement(root.mains, module)?.to,
    explicit: explicit.has(key),
    goVersion: goVersionOf(module),
    packages: [...new Set(packages.get(key)?.paths ?? [])],
  }))
  return {modules, unknown}
}

/** Imports against the packages that are listed. */
export function checkClosure(root: RootFacts): VerifyFound[] {
  const file = pathToUtf8(root.modulesTxtPath)
  return [
    ...root.closure.missing.map(
      ({package: path, importedBy}): VerifyFound => ({
        code: 'VENDOR_PACKAGE_MISSING',
        facts: {
          file,
          line: undefined,
          module: undefined,
          package: latin1ToUtf8(path),
          importedBy,
          mend: vendorWithNew(root),
        },
      }),
    ),
    ...root.closure.stale.map(
      ({package: path, module, line}): VerifyFound => ({
        code: 'VENDOR_PACKAGE_STALE',
        facts: {file, line, module: moduleName(module), package: latin1ToUtf8(path), mend: vendorAnew(root)},
      }),
    ),
  ]
}

const goMod = pathFromUtf8('go.mod')

/** What is imported but not vendored may be of a module that is not required yet. */
function vendorWithNew(root: RootFacts): string {
  const {workspace, members} = root.mains
  const member = members[0]
  if (workspace !== undefined || member === undefined || baseName(member.modFile) !== goMod)
    return vendorAnew(root)
  return `${tidy(member.sumFile)} && ${vendorAnew(root)}`
}
