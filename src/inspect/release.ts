/**
 * `gowarden inspect --require lock`: whether a binary may leave this repository. Built by the toolchain that gowarden.lock names and by
 * nothing beside it, from the modules that go.sum names, from a clean work tree, with no flag that policy denies.
 */
import {resolve} from 'node:path'
import type {Module} from '../go/binary/build-info.ts'
import {readModulePath, readUses} from '../go/module/go-mod-lines.ts'
import {type GoSum, hashesByKey, parseGoSum, sumKey} from '../go/module/go-sum.ts'
import {formatModule, type ModuleVersion} from '../go/module/module-path.ts'
import type {ToolchainHash} from '../go/module/toolchain-module.ts'
import {parseModulesTxt} from '../go/vendor/modules-txt.ts'
import {ruleAgainst} from '../policy/denied.ts'
import {isWithin, policyDirectories, realPathOf} from '../policy/directories.ts'
import {describeOrigin, type FlagRule, type Setting} from '../policy/policy.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'
import type {Inspected} from './inspect.ts'
import {decodeSettings, isFolder} from './settings.ts'

/** What the repository asks for. `lock` is its path, for a person. */
export type Release = {
  lock: string
  toolchains: readonly ToolchainHash[]
  sums: RepositorySums
  flags: readonly Setting<FlagRule>[]
}

/**
 * What go.sum and go.work.sum say, and which modules vendor/ holds: `path version`. Undefined where no such file is. `members` are the paths
 * of the modules that go.work uses from folders of the repository: their files are committed, or not, with everything else.
 */
export type RepositorySums = {
  hashes: ReadonlyMap<string, string> | undefined
  vendored: ReadonlySet<string> | undefined
  members: ReadonlySet<string>
}

/** Reads the files of a directory and of those above it, up to the root of the repository. */
export function readSums(system: System, directory: string): RepositorySums {
  const folders = policyDirectories(system, directory)
  const texts = (name: string) => folders.flatMap(folder => readText(system, `${folder}/${name}`) ?? [])
  const sums: GoSum[] = [...texts('go.sum'), ...texts('go.work.sum')].map(parseGoSum)
  const [modulesTxt] = texts('vendor/modules.txt')
  return {
    hashes: sums.length === 0 ? undefined : hashesByKey(sums),
    members: readMembers(system, folders),
    vendored:
      modulesTxt === undefined
        ? undefined
        : new Set(
            parseModulesTxt(modulesTxt).modules.map(({module}) => sumKey(module.path, module.version, false)),
          ),
  }
}

/** Of the nearest go.work, the one that go takes. */
function readMembers(system: System, folders: readonly string[]): ReadonlySet<string> {
  const root = folders.at(-1) ?? ''
  const holder = folders.find(folder => readText(system, `${folder}/go.work`) !== undefined)
  if (holder === undefined) return new Set()
  const used = readUses(readText(system, `${holder}/go.work`) ?? '').map(folder => resolve(holder, folder))
  return new Set(
    used.flatMap(folder => {
      if (!isWithin(realPathOf(system, folder), root)) return []
      return readModulePath(readText(system, `${folder}/go.mod`) ?? '') ?? []
    }),
  )
}

/** A go.sum of Kubernetes has 100 kB. */
const largestText = 1 << 24

function readText({files}: Pick<System, 'files'>, path: string): string | undefined {
  return orNothing(() => files.readHead(path, largestText))?.toString()
}

/** Why a binary that `toolchain` built may not leave, a sentence each; none where it may. */
export function whyNotReleased(
  binary: Inspected,
  toolchain: ToolchainHash,
  {lock, toolchains, sums, flags}: Release,
): string[] {
  const {main, deps, settings} = binary
  const {vcs, flags: given} = decodeSettings(settings)
  const isTrimmed = given.some(({key, value}) => key === '-trimpath' && value === 'true')
  const hiddenRule = isTrimmed ? flags.find(({value}) => value.name === 'ldflags') : undefined
  return [
    ...(toolchains.includes(toolchain) ? [] : [`built by ${toolchain}, which ${lock} does not name`]),
    ...deps.flatMap(dep => whyNotSummed(dep, sums)),
    ...(vcs?.isModified || main?.version.endsWith('+dirty')
      ? ['built from files that were not committed (vcs.modified=true)']
      : []),
    ...(vcs === undefined && main?.sum === undefined
      ? ['nothing in it says that its files were committed (vcs.modified), as with -buildvcs=false']
      : []),
    ...given.flatMap(({key, value}) => {
      const rule = ruleAgainst(key.replace(/^-/, ''), value, flags)
      return rule === undefined
        ? []
        : [
            `built with ${value === 'true' ? key : `${key}=${value}`}, which policy denies (${describeOrigin(rule.origin)})`,
          ]
    }),
    ...(hiddenRule === undefined
      ? []
      : [`-trimpath hides -ldflags, which policy denies (${describeOrigin(hiddenRule.origin)})`]),
  ]
}

/** The module that was built: of a replaced one what replaces it. */
function whyNotSummed({path, version, sum, replace}: Module, repository: RepositorySums): string[] {
  const {hashes, vendored, members} = repository
  const built: ModuleVersion & {sum?: string | undefined} = replace ?? {path, version, sum}
  if (isFolder(built.path))
    return [`${path} is replaced by the folder ${built.path}, which go.sum does not name`]
  const name = formatModule(built)
  const own = formatModule({path, version})
  if (built.sum === undefined && built.version === '(devel)') {
    return members.has(path)
      ? []
      : [`${path} was built from a folder that no go.work of this repository uses`]
  }
  if (built.sum === undefined) {
    // With -mod=vendor go records no hash (go1.23); that vendor/ holds what go.sum names is for gowarden verify to prove.
    if (vendored?.has(sumKey(path, version, false))) return []
    return vendored === undefined
      ? [`${name} has no hash in it, as with -mod=vendor, and there is no vendor/modules.txt`]
      : [`${own} has no hash in it, as with -mod=vendor, and vendor/modules.txt does not name it`]
  }
  const expected = hashes?.get(sumKey(built.path, built.version, false))
  if (expected === built.sum) return []
  return expected === undefined
    ? [`${name} is not in go.sum`]
    : [`${name} is ${built.sum}, and go.sum says ${expected}`]
}
