import {dirname} from 'node:path'
import {UsageError} from './errors.ts'
import {type PolicyFile, policyPlaces} from './policy-places.ts'
import {reasonOf} from './store/folder.ts'
import type {System} from './system.ts'
import {unreachable} from './unreachable.ts'

export type CachePolicy = 'refuse' | 'isolate' | 'share'
export type StampPolicy = 'on' | 'required' | 'off'

/** A value and who set it: 'default', a file, or a variable of the environment. */
export type Origin = {kind: 'default'} | {kind: 'file'; path: string} | {kind: 'environment'; name: string}
export type Setting<T> = {value: T; origin: Origin}

export type Policy = {cache: Setting<CachePolicy>; stamp: Setting<StampPolicy>}

/**
 * The policy in force in a directory: the nearest policy file up to the root of the repository, then the person's own
 * GOWARDEN_CACHE, which may only be stricter. Throws UsageError for a file or a variable that cannot be understood.
 */
export async function findPolicy(system: System, directory: string): Promise<Policy> {
  const file = await findPolicyFile(system, directory)
  const cache = setting<CachePolicy>(file, 'cache', 'refuse')
  return {cache: chooseCache(system, cache), stamp: setting<StampPolicy>(file, 'stamp', 'on')}
}

function setting<T extends string>(file: PolicyFile | undefined, key: string, otherwise: T): Setting<T> {
  const value = file?.value[key]
  if (file === undefined || value === undefined) return {value: otherwise, origin: {kind: 'default'}}
  return {value: value as T, origin: {kind: 'file', path: file.path}}
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

/** 'the default', a path, or a variable's name. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'the default'
    case 'file':
      return origin.path
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
  for (const at of policyDirectories(system, directory)) {
    const exists =
      policyPlaces.map(place => `${at === '/' ? '' : at}/${place}`).filter(path => isThere(system, path))
        .length > 0
    // Reading a policy file takes as long as the rest of a plan, and most directories hold none.
    const file = exists ? await readPolicyFile(system, at) : undefined
    if (file !== undefined) return file
  }
  return undefined
}

async function readPolicyFile(system: System, directory: string): Promise<PolicyFile | undefined> {
  const {searchPolicyFile} = await import('./policy-file.ts')
  return searchPolicyFile(system, directory)
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
