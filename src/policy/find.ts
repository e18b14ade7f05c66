import {UsageError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {isThere, policyDirectories} from './directories.ts'
import {machinePolicyFiles, machinePolicyPlace, policyPlaces} from './places.ts'
import {
  type CachePolicy,
  describeOrigin,
  type Levels,
  type Origin,
  type Policy,
  type PolicyFile,
  type Setting,
  type StampPolicy,
} from './policy.ts'

/**
 * The policy in force in a directory: the nearest policy file up to the root of the repository, with what it extends, that of the machine, then
 * the person's own GOWARDEN_CACHE and GOWARDEN_STAMP, which may only be stricter than a file, and GOWARDEN_LEVELS. Throws UsageError for a file or a variable
 * that cannot be understood.
 */
export async function findPolicy(system: System, directory: string): Promise<Policy> {
  const file = await findPolicyFile(system, directory)
  return {
    cache: chooseCache(system, file?.cache),
    stamp: chooseStamp(system, file?.stamp ?? byDefault('on')),
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

/** A person may be stricter; share the cache between Go versions where no policy file says otherwise. */
function chooseCache({env}: System, file: Setting<CachePolicy> | undefined): Setting<CachePolicy> {
  const policy = file ?? byDefault('refuse')
  const own = env['GOWARDEN_CACHE'] ?? ''
  if (own === '' || own === policy.value) return policy
  const origin: Origin = {kind: 'environment', name: 'GOWARDEN_CACHE'}
  if (own === 'isolate') return {value: own, origin}
  if (own === 'refuse' && policy.value === 'share') return {value: own, origin}
  if (own === 'share' && file === undefined) return {value: own, origin}
  if (own === 'refuse' || own === 'share') {
    throw new UsageError(
      `GOWARDEN_CACHE=${own} would weaken cache: ${policy.value}, which ${describeOrigin(policy.origin)} requires`,
      'a person may only be stricter: export GOWARDEN_CACHE=isolate, or unset GOWARDEN_CACHE',
    )
  }
  throw new UsageError(
    `GOWARDEN_CACHE=${own} is not a cache policy`,
    'export GOWARDEN_CACHE=isolate, or unset GOWARDEN_CACHE',
  )
}

/** A person may insist on stamps that a policy file does without. */
function chooseStamp({env}: System, policy: Setting<StampPolicy>): Setting<StampPolicy> {
  const own = env['GOWARDEN_STAMP'] ?? ''
  if (own === '' || own === policy.value) return policy
  const origin: Origin = {kind: 'environment', name: 'GOWARDEN_STAMP'}
  if (own === 'required') return {value: own, origin}
  if (own === 'on' && policy.value === 'off') return {value: own, origin}
  if (own === 'on' || own === 'off') {
    throw new UsageError(
      `GOWARDEN_STAMP=${own} would weaken stamp: ${policy.value}, which ${describeOrigin(policy.origin)} requires`,
      'a person may only be stricter: export GOWARDEN_STAMP=required, or unset GOWARDEN_STAMP',
    )
  }
  throw new UsageError(
    `GOWARDEN_STAMP=${own} is not a stamp policy`,
    'export GOWARDEN_STAMP=required, or unset GOWARDEN_STAMP',
  )
}

/**
 * The policy of a directory, checked: the nearest policy file, and that of the machine, of which the stricter value counts; undefined where
 * there is neither. GOWARDEN_POLICY adds a file, and replaces none.
 */
export async function findPolicyFile(system: System, directory: string): Promise<PolicyFile | undefined> {
  const nearest = await nearestPolicyFile(system, directory)
  const machine = machinePolicyFiles(system.env).filter(
    path => path !== machinePolicyPlace || isThere(system, path),
  )
  if (machine.length === 0) return nearest
  const {withMachinePolicy} = await import('./file.ts')
  return withMachinePolicy(system, nearest, machine)
}

async function nearestPolicyFile(system: System, directory: string): Promise<PolicyFile | undefined> {
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
