/**
 * Reads a policy file and what it extends: cosmiconfig finds and loads it, file-text.ts understands a file, and of two values the stricter one counts. Loaded only where there is a policy file.
 */
import {dirname, join} from 'node:path'
import {cosmiconfigSync} from 'cosmiconfig'
import {metaSearchPlaces} from 'cosmiconfig/dist/defaults.js'
import {isFindingCode} from '../findings/levels.ts'
import {parseFlagWord} from '../go/command/goflags.ts'
import {parseVersionRule} from '../go/module/go-version.ts'
import {UsageError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {isThere, realPathOf} from './directories.ts'
import {checkPolicyValue, type PolicyText, type PolicyValue, parsePolicyText} from './file-text.ts'
import {assertNewEnough} from './own-version.ts'
import {findPackagePolicy} from './package-json.ts'
import {machinePolicyPlace, policyPlaces} from './places.ts'
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
import {mostBytes, mostFiles, type Reading, readPolicyText} from './reading.ts'

/**
 * The policy of one directory with all that it extends, checked; undefined when the directory holds none. `root` is the
 * folder that every file of it must lie in. Throws UsageError with file and line.
 */
export function searchPolicyFile(system: System, directory: string, root: string): PolicyFile | undefined {
  const reading = {system, root}
  const found = searchDirectory(reading, directory)
  return found === undefined ? undefined : combineAll(readWhole(reading, found))
}

/**
 * A repository's policy, where it has one, with those of the machine: of two values the stricter one counts, so neither lowers what the
 * other asks for. The files are an administrator's, or named by the person, so they may lie anywhere. Throws UsageError with file and line.
 */
export function withMachinePolicy(
  system: System,
  repository: PolicyFile | undefined,
  paths: readonly string[],
): PolicyFile | undefined {
  const layers = paths.flatMap(path => {
    if (!path.startsWith('/')) {
      throw new UsageError(
        `GOWARDEN_POLICY=${path} is not an absolute path`,
        'name the file by its full path: export GOWARDEN_POLICY=/path/to/policy.yaml',
      )
    }
    const reading = {system, root: '/'}
    const found = readNamed(reading, path, path === machinePolicyPlace ? path : `GOWARDEN_POLICY=${path}`)
    return readWhole(reading, found)
  })
  return combineAll([...(repository === undefined ? [] : [repository]), ...layers])
}

type Found = {file: PolicyText; value: PolicyValue}

/** The first place of a directory that holds a policy, found and loaded by cosmiconfig. */
function searchDirectory(reading: Reading, directory: string): Found | undefined {
  const folder = directory === '/' ? '' : directory
  // cosmiconfig reads whatever is there, without bound, and passes over what it may not read. So it is shown the one place that
  // was read within bounds before it; what may not be there at all has thrown.
  const place = policyPlaces.find(name => readFound(reading, `${folder}/${name}`) !== undefined)
  if (place === undefined) return undefined
  const other = policyPlaces
    .slice(policyPlaces.indexOf(place) + 1)
    .find(name => holdsPolicy(reading, `${folder}/${name}`))
  if (other !== undefined) {
    throw new UsageError(
      `${folder}/${place}: there is also ${other}, and only one policy file of a folder can count`,
      'move its keys into one of the two, and remove the other',
    )
  }
  // It also looks into the working directory for settings of its own, which may be JavaScript that it would run.
  metaSearchPlaces.length = 0
  const load = (path: string) => ({gowarden: readFound(reading, path)})
  const found = cosmiconfigSync('gowarden', {
    searchPlaces: [place],
    loaders: {'.yaml': load, '.yml': load, '.json': load},
    packageProp: [],
    searchStrategy: 'none',
    ignoreEmptySearchPlaces: false,
    cache: false,
  }).search(directory)
  // An empty file is a policy that says nothing; cosmiconfig loads none.
  return found?.config?.gowarden ?? readFound(reading, `${folder}/${place}`)
}

/** Of package.json, whether it has a policy in it, whatever that says. */
function holdsPolicy(reading: Reading, path: string): boolean {
  if (!path.endsWith('/package.json')) return isThere(reading.system, path)
  return findPackagePolicy(readPolicyText(reading, path) ?? '') !== undefined
}

/** A file's policy; undefined where there is no such file, and for a package.json without "gowarden". */
function readFound(reading: Reading, path: string, at?: string): Found | undefined {
  const text = readPolicyText(reading, path, at)
  if (text === undefined) return undefined
  if (!path.endsWith('/package.json')) return checked(parsePolicyText(path, text))
  const policy = findPackagePolicy(text)
  if (policy === undefined) return undefined
  if (policy.text.length > mostBytes) {
    throw new UsageError(`${path}:${policy.line}: "gowarden" is longer than ${mostBytes / 1024} kB`)
  }
  return checked(parsePolicyText(path, policy.text, policy.line))
}

function checked(file: PolicyText): Found {
  assertNewEnough(file)
  return {file, value: checkPolicyValue(file)}
}

/** The layers of a file and of all that it extends, each file once, the nearest first. Throws UsageError for a loop and for too many. */
function readWhole(reading: Reading, first: Found): PolicyFile[] {
  const layers: PolicyFile[] = []
  const seen = new Set<string>()
  const walk = ({file, value}: Found, absent: readonly string[], above: readonly string[], at: string) => {
    const path = realPathOf(reading.system, file.path)
    if (above.includes(path)) {
      throw new UsageError(
        `${at}, which leads back to itself`,
        `one of these must not extend the next: ${[...above, path].join(' -> ')}`,
      )
    }
    if (seen.has(path)) return
    seen.add(path)
    if (seen.size > mostFiles) {
      throw new UsageError(
        `${at}: the policy is made of more than ${mostFiles} files`,
        'put some of them together',
      )
    }
    layers.push({...readLayer(file, value), absent: [...absent]})
    for (const [index, name] of [value.extends ?? []].flat().entries()) {
      const place = Array.isArray(value.extends) ? ['extends', String(index)] : ['extends']
      const from = `${file.path}:${file.lineOf(place)}: extends ${name}`
      const next = findExtended(reading, file.path, name, from)
      walk(next.found, next.absent, [...above, path], from)
    }
  }
  walk(first, [], [], first.file.path)
  return layers
}

/** The file that a name in `extends` means. `at` begins every sentence about it. */
function findExtended(
  reading: Reading,
  from: string,
  name: string,
  at: string,
): {found: Found; absent: string[]} {
  const {system, root} = reading
  if (/^\.\.?\//.test(name)) {
    return {found: readNamed(reading, join(dirname(from), name), at), absent: []}
  }
  const match = name.match(/^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(\/.+)?$/)
  if (match?.[1] === undefined || name.split('/').includes('..')) {
    throw new UsageError(
      `${at}, which must be a path that begins with ./ or ../, or the name of an npm package`,
      'write for example extends: ./policy/base.yaml',
    )
  }
  const folders = foldersOfPackage(dirname(from), match[1], root)
  const index = folders.findIndex(folder => system.files.stat(folder)?.kind === 'directory')
  const folder = folders[index]
  if (folder === undefined) {
    throw new UsageError(
      `${at}, and no node_modules from ${dirname(from)} up to ${root} has that package`,
      `install it: npm install --save-dev ${match[1]}`,
    )
  }
  const absent = folders.slice(0, index)
  if (match[2] !== undefined) return {found: readNamed(reading, folder + match[2], at), absent}
  const found = searchDirectory(reading, folder)
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
  return names.length === 0 ? 'none' : names.join(', ')
}

function isData(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path)
}

function readNamed(reading: Reading, path: string, at: string): Found {
  if (!isData(path)) {
    throw new UsageError(
      `${at}: a policy is data, in a file .yaml, .yml or .json`,
      'nothing in it is ever run',
    )
  }
  const found = readFound(reading, path, at)
  if (found !== undefined) return found
  if (isThere(reading.system, path)) return {file: parsePolicyText(path, '{}'), value: {}}
  throw new UsageError(
    `${at}: no such file`,
    at.startsWith('GOWARDEN_POLICY=')
      ? 'name a file that exists, or unset GOWARDEN_POLICY'
      : `it would be ${path}`,
  )
}

/** What one file says by itself, each value with its line. Throws UsageError for no version. */
function readLayer(file: PolicyText, value: PolicyValue): PolicyFile {
  const origin = (...keys: string[]): Origin => ({kind: 'file', path: file.path, line: file.lineOf(keys)})
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

/** The layers as one policy. */
function combineAll([nearest, ...farther]: PolicyFile[]): PolicyFile | undefined {
  return nearest === undefined ? undefined : farther.reduce(combine, nearest)
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
      `${describeOrigin(near.origin)}: verify.toolchainLine: ${near.value}, and ${describeOrigin(far.origin)}, which also counts, says ${far.value}`,
      'remove one of the two lines',
    )
  }
  return near ?? far
}
