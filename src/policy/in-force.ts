/** `gowarden policy`: the policy in force in a directory, each value with who set it. */

import {type History, readBypasses} from '../events/read.ts'
import {storeFolder} from '../store/folder.ts'
import type {System} from '../system/system.ts'
import {isWithin, policyDirectories, realPathOf} from './directories.ts'
import {findPolicy} from './find.ts'
import {machinePolicyFiles} from './places.ts'
import {describeOrigin, type EnvRule, type FlagRule, type Policy, type Setting} from './policy.ts'

/** One value in force. `key` is as in the file, and of a list there is one entry for each item. */
export type PolicyEntry = {key: string; value: string; origin: string}

/**
 * `files`: the policy file, then what it extends; none where there is no policy file. `machine`: those of this machine and of
 * GOWARDEN_POLICY, with what they extend.
 */
export type PolicyInForce = {directory: string; files: string[]; machine: string[]; entries: PolicyEntry[]}

/** The policy that counts for go commands and for gowarden verify here. Throws UsageError for one that cannot be understood. */
export async function policyInForce(system: System): Promise<PolicyInForce> {
  const policy = await findPolicy(system, system.cwd)
  const files = policy.file?.files ?? []
  const named = machinePolicyFiles(system.env)
  const first = files.findIndex(path => named.includes(path))
  const own = first < 0 ? files : files.slice(0, first)
  return {directory: system.cwd, files: own, machine: files.slice(own.length), entries: entriesOf(policy)}
}

/** What was recorded of bypasses in this repository or folder, the oldest first. */
export function bypassesHere(system: System): History['bypasses'] {
  const root = policyDirectories(system, system.cwd).at(-1) ?? system.cwd
  return readBypasses(system, storeFolder(system)).filter(({directory}) =>
    isWithin(realPathOf(system, directory), root),
  )
}

function entriesOf(policy: Policy): PolicyEntry[] {
  const {cache, stamp, bypass, file} = policy
  return [
    entry('cache', cache),
    entry('stamp', stamp),
    entry('bypass', bypass),
    ...levelEntries(policy),
    ...(file?.flags ?? []).map(rule => entry('flags.deny', rule, flagText)),
    ...(file?.env ?? []).map(rule => entry('env.deny', rule, envText)),
    ...(file?.versions ?? []).map(version => entry('toolchain.version', version)),
    ...(file?.proven ? [entry('toolchain.proven', file.proven)] : []),
    ...(file?.toolchainLine ? [entry('verify.toolchainLine', file.toolchainLine)] : []),
    ...(file?.modFiles ?? []).map(name => entry('verify.modFiles', name)),
    ...(file?.exclude ?? []).map(glob => entry('verify.exclude', glob)),
    ...(file?.vendorExtra ?? []).map(glob => entry('verify.vendorExtra', glob)),
  ]
}

function levelEntries({levels}: Policy): PolicyEntry[] {
  return Object.entries(levels).flatMap(([code, {policy, message, own}]) => [
    ...(policy && own === undefined ? [entry(`levels.${code}`, policy)] : []),
    ...(own ? [entry(`levels.${code}`, own)] : []),
    ...(message ? [entry(`levels.${code}.message`, message)] : []),
  ])
}

function entry<T>(
  key: string,
  {value, origin}: Setting<T>,
  textOf: (value: T) => string = String,
): PolicyEntry {
  return {key, value: textOf(value), origin: describeOrigin(origin)}
}

function flagText({name, value}: FlagRule): string {
  return value === undefined ? `-${name}` : `-${name}=${value}`
}

function envText({name, value, from}: EnvRule): string {
  return `${value === undefined ? name : `${name}=${value}`}${from === undefined ? '' : ` from ${from}`}`
}
