import {dirname} from 'node:path'
import type {FindingCode, Level} from '../findings/finding.ts'
import {reasonOf} from '../store/folder.ts'
import {UsageError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {policyPlaces} from './places.ts'

export type CachePolicy = 'refuse' | 'isolate' | 'share'
export type StampPolicy = 'on' | 'required' | 'off'
export type BypassPolicy = 'free' | 'reason'

/** A value and who set it: 'default', a line of a file (from 1), or a variable of the environment. */
export type Origin =
  | {kind: 'default'}
  | {kind: 'file'; path: string; line: number}
  | {kind: 'environment'; name: string}
export type Setting<T> = {value: T; origin: Origin}

/** What is said of one code: `policy` and `message` by a file, `own` by the person, who alone may lower or silence it. */
export type LevelRule = {
  policy?: Setting<Level>
  message?: Setting<string>
  own?: Setting<Level | 'off'>
}
export type Levels = Partial<Record<FindingCode, LevelRule>>

/** `-mod=mod` refuses this value of the flag, `-toolexec` (value undefined) every one. The name has no dash. */
export type FlagRule = {name: string; value: string | undefined}

/** Where a go environment variable may come from, in go's order. */
export type EnvSource = 'environment' | 'go env -w' | 'go.env'

/** Which value of a variable is refused, undefined for any that is not empty; from which source, undefined for all. */
export type EnvRule = {name: string; value: string | undefined; from: EnvSource | undefined}

/** What a policy file, with all that it extends, says. A key that no file holds is undefined, or has no entry. */
export type PolicyFile = {
  path: string
  /** Every file that was read, the nearest first. */
  files: string[]
  /** Places where a file, should one appear, would be read in place of one of these. */
  absent: string[]
  cache: Setting<CachePolicy> | undefined
  stamp: Setting<StampPolicy> | undefined
  bypass: Setting<BypassPolicy> | undefined
  levels: Levels
  flags: Setting<FlagRule>[]
  env: Setting<EnvRule>[]
  /** All of them must hold. As written: `go1.26.x`, `>=go1.25.3 <go1.27`, `go.mod`. */
  versions: Setting<string>[]
  proven: Setting<boolean> | undefined
  toolchainLine: Setting<'forbidden' | 'required'> | undefined
  modFiles: Setting<string>[]
}

export type Policy = {
  cache: Setting<CachePolicy>
  stamp: Setting<StampPolicy>
  bypass: Setting<BypassPolicy>
  levels: Levels
  /** Undefined where no policy file counts. */
  file: PolicyFile | undefined
}

/**
 * The policy in force in a directory: the nearest policy file up to the root of the repository, with what it extends, then
 * the person's own GOWARDEN_CACHE, which may only be stricter, and GOWARDEN_LEVELS. Throws UsageError for a file or a variable
 * that cannot be understood.
 */
export async function findPolicy(system: System, directory: string): Promise<Policy> {
  const file = await findPolicyFile(system, directory)
  return {
    cache: chooseCache(system, file?.cache ?? byDefault('refuse')),
    stamp: file?.stamp ?? byDefault('on'),
    bypass: file?.bypass ?? byDefault('free'),
    levels: await levelsInForce(system, file),
    file,
  }
}

function byDefault<T>(value: T): Setting<T> {
  return {value, origin: {kind: 'default'}}
}

/** The levels that differ from the findings' own. */
export async function levelsInForce(system: System, file: PolicyFile | undefined): Promise<Levels> {
  const own = system.env['GOWARDEN_LEVELS'] ?? ''
  if (own === '') return file?.levels ?? {}
  const {withOwnLevels} = await import('./levels.ts')
  return withOwnLevels(file?.levels ?? {}, own)
}

function chooseCache(system: System, policy: Setting<CachePolicy>): Setting<CachePolicy> {
  const own = system.env['GOWARDEN_CACHE'] ?? ''
  if (own === '' || own === policy.value) return policy
  const origin: Origin = {kind: 'environment', name: 'GOWARDEN_CACHE'}
  if (own === 'isolate') return {value: own, origin}
  if (own === 'refuse' && policy.value === 'share') return {value: own, origin}
  if (own === 'refuse' || own === 'share') {
    throw new UsageError(
      `GOWARDEN_CACHE=${own} would weaken cache: ${policy.value}, which ${describeOrigin(policy.origin)} asks for`,
      'a person may only be stricter: export GOWARDEN_CACHE=isolate, or unset GOWARDEN_CACHE',
    )
  }
  throw new UsageError(
    `GOWARDEN_CACHE=${own} is not a cache policy`,
    'export GOWARDEN_CACHE=isolate, or unset GOWARDEN_CACHE',
  )
}

/** 'the default', `path:line`, or a variable's name. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'the default'
    case 'file':
      return `${origin.path}:${origin.line}`
    case 'environment':
      return origin.name
    default:
      return unreachable(origin)
  }
}

/**
 * The directories whose policy file may count, nearest first: up to the root of the Git repository; outside of one, up
 * to the nearest go.work or go.mod; else the directory alone.
 */
export function policyDirectories(system: System, directory: string): string[] {
  const above: string[] = []
  for (let at = directory; ; at = dirname(at)) {
    above.push(at)
    if (at === dirname(at)) break
  }
  const has = (name: string) =>
    above.findIndex(at => system.files.stat(`${at === '/' ? '' : at}/${name}`) !== undefined)
  const root = [has('.git'), has('go.work'), has('go.mod'), 0].find(index => index >= 0) ?? 0
  return above.slice(0, root + 1)
}

/** The nearest policy file that may count in a directory, checked; undefined where there is none. */
export async function findPolicyFile(system: System, directory: string): Promise<PolicyFile | undefined> {
  const directories = policyDirectories(system, directory)
  for (const at of directories) {
    const exists = policyPlaces
      .map(place => `${at === '/' ? '' : at}/${place}`)
      .some(path => isThere(system, path))
    // Reading a policy file takes as long as the rest of a plan, and most directories hold none.
    const file = exists ? await readPolicyFile(system, at, directories.at(-1) ?? at) : undefined
    if (file !== undefined) return file
  }
  return undefined
}

async function readPolicyFile(
  system: System,
  directory: string,
  root: string,
): Promise<PolicyFile | undefined> {
  const {searchPolicyFile} = await import('./file.ts')
  return searchPolicyFile(system, directory, root)
}

/** cosmiconfig passes over a file that it may not read; a policy that nobody can read is no policy to build under. */
function isThere(system: System, path: string): boolean {
  if (system.files.stat(path)?.kind !== 'file') return false
  try {
    system.files.readHead(path, 1)
    return true
  } catch (error) {
    throw new UsageError(
      `${path}: reading the policy: ${reasonOf(error)}`,
      `make it readable: chmod +r '${path}'`,
    )
  }
}
