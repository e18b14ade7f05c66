/** `gowarden inspect --require`: what every binary has to be, and why one is not. */
import {isSameVersion} from '../go/binary/build-info.ts'
import {isAllowed, parseVersionRule} from '../go/module/go-version.ts'
import {parseToolchainHash} from '../go/module/toolchain-module.ts'
import {describeOrigin, type PolicyFile} from '../policy/policy.ts'
import {UsageError} from '../system/errors.ts'
import {unreachable} from '../system/unreachable.ts'
import type {Inspected, Inspection} from './inspect.ts'

export type Requirement = {kind: 'stamped' | 'upstream' | 'policy'} | {kind: 'hash'; hash: string}

/** Reads the word behind --require. Throws UsageError for anything else. */
export function parseRequirement(word: string): Requirement {
  if (word === 'stamped' || word === 'upstream' || word === 'policy') return {kind: word}
  if (parseToolchainHash(word) !== undefined) return {kind: 'hash', hash: word}
  throw new UsageError(
    `--require ${word}: neither stamped, upstream, policy nor a ToolchainHash`,
    'gowarden inspect prints the ToolchainHash of a binary, gowarden doctor that of the toolchain here',
  )
}

/** Why a toolchain is not the one that go.dev publishes; undefined for one that is. */
export type WhyNotUpstream = (hash: string) => Promise<string | undefined>

export type Misfit = {file: string; image?: string; reason: string}

/**
 * The binaries that are not what is required, each with the first reason. What cannot be judged is no better: a damaged, packed
 * or unreadable file, and one that Go did not build.
 */
export async function misfitsOf(
  inspections: readonly Inspection[],
  requirement: Requirement,
  policy: PolicyFile | undefined,
  whyNotUpstream: WhyNotUpstream,
): Promise<Misfit[]> {
  const misfits: Misfit[] = []
  for (const inspection of inspections) {
    const reason =
      inspection.kind === 'go'
        ? await whyNot(inspection, requirement, policy, whyNotUpstream)
        : inspection.kind === 'not-go'
          ? `not a Go binary: ${inspection.reason}`
          : inspection.reason
    const {file, image} = inspection
    if (reason !== undefined) misfits.push({file, ...(image === undefined ? {} : {image}), reason})
  }
  return misfits
}

async function whyNot(
  binary: Inspected,
  requirement: Requirement,
  policy: PolicyFile | undefined,
  whyNotUpstream: WhyNotUpstream,
): Promise<string | undefined> {
  const unstamped = whyUnstamped(binary)
  if (unstamped !== undefined || binary.stamp.kind !== 'stamped') return unstamped
  const {hash, version} = binary.stamp
  switch (requirement.kind) {
    case 'stamped':
      return undefined
    case 'hash':
      return hash === requirement.hash ? undefined : `built by ${hash}`
    case 'upstream':
      return await whyNotUpstream(hash)
    case 'policy':
      return brokenRule(version, policy) ?? (policy?.proven?.value ? await whyNotUpstream(hash) : undefined)
    default:
      return unreachable(requirement)
  }
}

/** A stamp counts that is one ToolchainHash alone, of the Go version that the linker wrote into the binary beside it. */
function whyUnstamped({stamp, goVersion}: Inspected): string | undefined {
  switch (stamp.kind) {
    case 'none':
      return 'not stamped'
    case 'malformed':
      return 'not stamped: its ToolchainHash is malformed'
    case 'conflicting':
      return 'not stamped: it carries several ToolchainHashes'
    case 'stamped':
      if (parseToolchainHash(stamp.hash) === undefined) return `not the toolchain alone: ${stamp.hash}`
      return isSameVersion(stamp.version, goVersion)
        ? undefined
        : `the stamp names ${stamp.version}, the binary ${goVersion}`
    default:
      return unreachable(stamp)
  }
}

/** The first rule of toolchain.version that a version breaks. `go.mod` is a rule for a build, for a binary names no go.mod. */
function brokenRule(version: string, policy: PolicyFile | undefined): string | undefined {
  for (const {value, origin} of policy?.versions ?? []) {
    const rule = parseVersionRule(value)
    if (rule === undefined || rule.kind === 'go.mod' || isAllowed(rule, version)) continue
    return `built by ${version}, and policy requires ${value} (${describeOrigin(origin)})`
  }
  return undefined
}
