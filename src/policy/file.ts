/**
 * Reads a policy file and what it extends: cosmiconfig finds it, policy-text.ts understands it, and of two values the
 * stricter one counts. Loaded only where there is a policy file.
 */
import {dirname, join} from 'node:path'
import {cosmiconfigSync} from 'cosmiconfig'
import {metaSearchPlaces} from 'cosmiconfig/dist/defaults.js'
import {isFindingCode, ownLevel} from '../findings/levels.ts'
import {parseFlagWord} from '../go/command/goflags.ts'
import {parseVersionRule} from '../go/module/go-version.ts'
import {reasonOf} from '../store/folder.ts'
import {isUsageError, UsageError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {checkPolicyValue, lineOf, type PolicyText, type PolicyValue, parsePolicyText} from './file-text.ts'
import {policyPlaces} from './places.ts'
import {
  type BypassPolicy,
  type CachePolicy,
  describeOrigin,
  type EnvRule,
  type FlagRule,
  type Levels,
  type Origin,
  type PolicyFile,
  type Setting,
  type StampPolicy,
} from './policy.ts'

/**
 * The policy of one directory with all that it extends, checked; undefined when the directory holds none. `root` is the
 * folder that what it extends must lie in. Throws UsageError with file and line.
 */
export function searchPolicyFile(system: System, directory: string, root: string): PolicyFile | undefined {
  const found = searchDirectory(system, directory)
  return found === undefined ? undefined : readWhole(system, found, root, [])
}

type Found = {file: PolicyText; value: PolicyValue}

function searchDirectory(system: System, directory: string): Found | undefined {
  // cosmiconfig looks into the working directory for settings of its own, which may be JavaScript that it would run.
  metaSearchPlaces.length = 0
  const load = (path: string, text: string): unknown => ({value: parsePolicyText(path, text)})
  const explorer = cosmiconfigSync('gowarden', {
    searchPlaces: [...policyPlaces],
    loaders: {
      '.yaml': load,
      '.yml': load,
      '.json': load,
      '.js': neverRun,
      '.cjs': neverRun,
      '.mjs': neverRun,
      '.ts': neverRun,
    },
    packageProp: ['value', 'gowarden'],
    searchStrategy: 'none',
    cache: false,
  })
  let found: ReturnType<typeof explorer.search>
  try {
    found = explorer.search(directory)
  } catch (error) {
    if (isUsageError(error)) throw error
    throw new UsageError(`${directory}: reading the policy: ${reasonOf(error)}`)
  }
  if (!found) return undefined
  const isPackage = found.filepath.endsWith('/package.json')
  const text = system.files.read(found.filepath)?.toString() ?? ''
  const file: PolicyText = {path: found.filepath, text, isPackage}
  return {file, value: checkPolicyValue(file, isPackage ? found.config : found.config.value)}
}

function neverRun(path: string): never {
  throw new UsageError(`${path}: a policy is data, this is a program`, 'write .gowardenrc.yaml')
}

/** A file with what it extends, in order. `above`: the files that led here. */
function readWhole(system: System, {file, value}: Found, root: string, above: readonly string[]): PolicyFile {
  const own = readLayer(file, value)
  return [value.extends ?? []].flat().reduce<PolicyFile>((whole, name, index) => {
    const place = Array.isArray(value.extends) ? ['extends', String(index)] : ['extends']
    const at = `${file.path}:${lineOf(file, place)}: extends ${name}`
    const {found, absent} = findExtended(system, file.path, name, root, at)
    const chain = [...above, file.path]
    if (chain.includes(found.file.path)) {
      throw new UsageError(
        `${at}, which leads back to itself`,
        `one of these must not extend the next: ${[...chain, found.file.path].join(' -> ')}`,
      )
    }
    const far = readWhole(system, found, root, chain)
    return combine(whole, {...far, absent: [...absent, ...far.absent]})
  }, own)
}

/** The file that a name in `extends` means. `at` begins every sentence about it. */
function findExtended(
  system: System,
  from: string,
  name: string,
  root: string,
  at: string,
): {found: Found; absent: string[]} {
  if (/^\.\.?\//.test(name)) {
    const path = join(dirname(from), name)
    if (!isInside(system, path, root)) {
      throw new UsageError(
        `${at}, which lies outside of ${root}`,
        'a policy comes from its own repository, or from an npm package: copy the file, or extend a package',
      )
    }
    return {found: readNamed(system, path, at), absent: []}
  }
  const match = name.match(/^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(\/.+)?$/)
  if (match?.[1] === undefined || name.split('/').includes('..')) {
    throw new UsageError(
      `${at}, which is neither a path that begins with ./ or ../ nor the name of an npm package`,
      'write for example extends: ./policy/base.yaml',
    )
  }
  const folders = foldersOfPackage(dirname(from), match[1], root)
  const index = folders.findIndex(folder => system.files.stat(folder)?.kind === 'directory')
  const folder = folders[index]
  if (folder === undefined) {
    throw new UsageError(
      `${at}, and no node_modules from ${dirname(from)} up to ${root} holds that package`,
      `install it: npm install --save-dev ${match[1]}`,
    )
  }
  const absent = folders.slice(0, index)
  if (match[2] !== undefined) return {found: readNamed(system, folder + match[2], at), absent}
  const found = searchDirectory(system, folder)
  if (found === undefined) {
    throw new UsageError(
      `${at}, and the package holds none of ${policyPlaces.join(', ')} with a policy`,
      `name the file: ${match[1]}/FILE.yaml; these are there: ${filesIn(system, folder)}`,
    )
  }
  const others = policyPlaces.map(place => `${folder}/${place}`).filter(path => path !== found.file.path)
  return {found, absent: [...absent, ...others]}
}

/** `node_modules/NAME` of each folder from `directory` up to `root`, as Node looks for a package. */
function foldersOfPackage(directory: string, name: string, root: string): string[] {
  const folders: string[] = []
  for (let at = directory; ; at = dirname(at)) {
    if (!at.endsWith('/node_modules')) folders.push(`${at === '/' ? '' : at}/node_modules/${name}`)
    if (at === root || at === dirname(at)) return folders
  }
}

function filesIn(system: System, folder: string): string {
  const names = (system.files.list(folder) ?? []).map(({name}) => name).filter(name => isData(name))
  return names.length === 0 ? 'none that could be one' : names.join(', ')
}

/** In the folder, as written and with links resolved. */
function isInside(system: System, path: string, root: string): boolean {
  const below = (folder: string, candidate: string) =>
    folder === '/' || candidate === folder || candidate.startsWith(`${folder}/`)
  const real = system.files.realPath(path)
  return below(root, path) && (real === undefined || below(system.files.realPath(root) ?? root, real))
}

function isData(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path)
}

function readNamed(system: System, path: string, at: string): Found {
  if (!isData(path)) {
    throw new UsageError(
      `${at}: a policy is data, in a file .yaml, .yml or .json`,
      'nothing in it is ever run',
    )
  }
  let bytes: Buffer | undefined
  try {
    bytes = system.files.read(path)
  } catch (error) {
    throw new UsageError(`${at}: reading ${path}: ${reasonOf(error)}`)
  }
  if (bytes === undefined) throw new UsageError(`${at}, and there is no file ${path}`)
  const isPackage = path.endsWith('/package.json')
  const text = bytes.toString()
  const file: PolicyText = {path, text, isPackage}
  const value = parsePolicyText(path, text) as {gowarden?: unknown}
  return {file, value: checkPolicyValue(file, isPackage ? (value.gowarden ?? {}) : value)}
}

/** What one file says by itself, each value with its line. Throws UsageError for a level that it would lower, and for no version. */
function readLayer(file: PolicyText, value: PolicyValue): PolicyFile {
  const origin = (...keys: string[]): Origin => ({kind: 'file', path: file.path, line: lineOf(file, keys)})
  const setting = <T>(found: T | undefined, ...keys: string[]): Setting<T> | undefined =>
    found === undefined ? undefined : {value: found, origin: origin(...keys)}
  const settings = <Item, T>(items: Item[] | undefined, parse: (item: Item) => T, ...keys: string[]) =>
    (items ?? []).map(
      (item, index): Setting<T> => ({
        value: parse(item),
        origin: origin(...keys, String(index)),
      }),
    )
  const version = setting(value.toolchain?.version, 'toolchain', 'version')
  if (version !== undefined && parseVersionRule(version.value) === undefined) {
    throw new UsageError(
      `${describeOrigin(version.origin)}: toolchain.version: ${version.value} names no version of Go`,
      'write for example go1.26.8, go1.26.x, ">=go1.25.3 <go1.27", or go.mod',
    )
  }
  return {
    path: file.path,
    files: [file.path],
    absent: [],
    cache: setting<CachePolicy>(value.cache, 'cache'),
    stamp: setting<StampPolicy>(value.stamp, 'stamp'),
    bypass: setting<BypassPolicy>(value.bypass, 'bypass'),
    levels: readLevels(value.levels ?? {}, setting),
    flags: settings(value.flags?.deny, parseFlagRule, 'flags', 'deny'),
    env: settings(value.env?.deny, parseEnvRule, 'env', 'deny'),
    versions: version === undefined ? [] : [version],
    proven: setting(value.toolchain?.proven, 'toolchain', 'proven'),
    toolchainLine: setting(value.verify?.toolchainLine, 'verify', 'toolchainLine'),
    modFiles: settings(value.verify?.modFiles, name => name, 'verify', 'modFiles'),
    exclude: settings(value.verify?.exclude, glob => glob, 'verify', 'exclude'),
    vendorExtra: settings(value.verify?.vendorExtra, glob => glob, 'verify', 'vendorExtra'),
  }
}

type MakeSetting = <T>(found: T | undefined, ...keys: string[]) => Setting<T> | undefined

function readLevels(values: NonNullable<PolicyValue['levels']>, setting: MakeSetting): Levels {
  const levels: Levels = {}
  for (const [code, value] of Object.entries(values)) {
    if (!isFindingCode(code)) continue
    const {level, message} = typeof value === 'string' ? {level: value, message: undefined} : value
    const path = typeof value === 'string' ? ['levels', code] : ['levels', code, 'level']
    const set = setting(level, ...path)
    if (set !== undefined && (set.value === 'off' || (set.value === 'warn' && ownLevel(code) === 'error'))) {
      throw new UsageError(
        `${describeOrigin(set.origin)}: levels.${code}: ${set.value} would lower a level, which a repository may not`,
        `lower it in your own environment: export GOWARDEN_LEVELS=${code}=${set.value}`,
      )
    }
    const said = setting(message, 'levels', code, 'message')
    levels[code] = {
      ...(set === undefined ? {} : {policy: set as Setting<'error' | 'warn'>}),
      ...(said === undefined ? {} : {message: said}),
    }
  }
  return levels
}

/** `-mod=mod` and `--mod=mod` are one flag, as for go. */
function parseFlagRule(text: string): FlagRule {
  return parseFlagWord(text) ?? {name: '', value: undefined}
}

function parseEnvRule(item: string | {name: string; value?: string; from?: EnvRule['from']}): EnvRule {
  if (typeof item !== 'string') return {name: item.name, value: item.value, from: item.from}
  const [, name = '', value] = item.match(/^([^=]+)(?:=([\s\S]*))?$/) ?? []
  return {name, value, from: undefined}
}

/** Of two values the stricter one; where they are alike, that of `near`. Throws UsageError where both cannot hold. */
function combine(near: PolicyFile, far: PolicyFile): PolicyFile {
  return {
    path: near.path,
    files: [...near.files, ...far.files],
    absent: [...near.absent, ...far.absent],
    cache: stricter(['share', 'refuse', 'isolate'], near.cache, far.cache),
    stamp: stricter(['off', 'on', 'required'], near.stamp, far.stamp),
    bypass: stricter(['free', 'reason'], near.bypass, far.bypass),
    levels: combineLevels(near.levels, far.levels),
    flags: [...near.flags, ...far.flags],
    env: [...near.env, ...far.env],
    versions: [...near.versions, ...far.versions],
    proven: stricter([false, true], near.proven, far.proven),
    toolchainLine: sameOrNone(near.toolchainLine, far.toolchainLine),
    modFiles: [...near.modFiles, ...far.modFiles],
    exclude: [...near.exclude, ...far.exclude],
    vendorExtra: [...near.vendorExtra, ...far.vendorExtra],
  }
}

/** `order` goes from the laxest to the strictest. */
function stricter<T>(
  order: readonly T[],
  near: Setting<T> | undefined,
  far: Setting<T> | undefined,
): Setting<T> | undefined {
  if (near === undefined || far === undefined) return near ?? far
  return order.indexOf(far.value) > order.indexOf(near.value) ? far : near
}

function combineLevels(near: Levels, far: Levels): Levels {
  const codes = [...Object.keys(near), ...Object.keys(far)].filter(isFindingCode)
  return Object.fromEntries(
    codes.map(code => {
      const level = stricter(['warn', 'error'], near[code]?.policy, far[code]?.policy)
      const message = near[code]?.message ?? far[code]?.message
      return [code, {...(level && {policy: level}), ...(message && {message})}]
    }),
  )
}

function sameOrNone(
  near: PolicyFile['toolchainLine'],
  far: PolicyFile['toolchainLine'],
): PolicyFile['toolchainLine'] {
  if (near !== undefined && far !== undefined && near.value !== far.value) {
    throw new UsageError(
      `${describeOrigin(near.origin)}: verify.toolchainLine: ${near.value}, and ${describeOrigin(far.origin)}, which it extends, says ${far.value}`,
      'take one of the two lines out',
    )
  }
  return near ?? far
}
