/** `gowarden inspect --require`: what every binary has to be, and why one is not. */
import {isSameVersion} from '../go/binary/build-info.ts'
import {isAllowed, parseVersionRule} from '../go/module/go-version.ts'
import {parseToolchainHash, type ToolchainHash, type ToolchainParts} from '../go/module/toolchain-module.ts'
import {describeOrigin, type PolicyFile} from '../policy/policy.ts'
import {UsageError} from '../system/errors.ts'
import {unreachable} from '../system/unreachable.ts'
import type {Inspected, Inspection} from './inspect.ts'
import {type Release, whyNotReleased} from './release.ts'

export type Requirement =
  | {kind: 'stamped' | 'upstream' | 'policy' | 'lock'}
  | {kind: 'hash'; hash: ToolchainHash}

/** Reads the word behind --require. Throws UsageError for anything else. */
export function parseRequirement(word: string): Requirement {
  if (word === 'stamped' || word === 'upstream' || word === 'policy' || word === 'lock') return {kind: word}
  const toolchain = parseToolchainHash(word)
  if (toolchain !== undefined) return {kind: 'hash', hash: toolchain.hash}
  throw new UsageError(
    `--require ${word}: must be stamped, upstream, policy, lock or a ToolchainHash`,
    'gowarden inspect prints the ToolchainHash of a binary, gowarden doctor that of the toolchain here',
  )
}

/** Why a toolchain is not the one that go.dev publishes; undefined for one that is. */
export type WhyNotUpstream = (hash: ToolchainHash) => Promise<string | undefined>

export type Misfit = {file: string; image?: string; reason: string}

/** What a requirement is judged by; `release` is there where the lock is required. */
export type Rules = {policy: PolicyFile | undefined; release: Release | undefined}

/**
 * The binaries that are not what is required, each with the first reason, for the lock with every one. What cannot be judged is no better: a damaged, packed
 * or unreadable file, and one that Go did not build.
 */
export async function misfitsOf(
  inspections: readonly Inspection[],
  requirement: Requirement,
  rules: Rules,
  whyNotUpstream: WhyNotUpstream,
): Promise<Misfit[]> {
  const misfits: Misfit[] = []
  for (const inspection of inspections) {
    const {file, image} = inspection
    const reasons =
      inspection.kind === 'go'
        ? await whyNot(inspection, requirement, rules, whyNotUpstream)
        : [inspection.kind === 'not-go' ? `not a Go binary: ${inspection.reason}` : inspection.reason]
    for (const reason of reasons) misfits.push({file, ...(image === undefined ? {} : {image}), reason})
  }
  return misfits
}

async function whyNot(
  binary: Inspected,
  requirement: Requirement,
  {policy, release}: Rules,
  whyNotUpstream: WhyNotUpstream,
): Promise<string[]> {
  const toolchain = namedToolchain(binary)
  if ('reason' in toolchain) return [toolchain.reason]
  const {hash, version} = toolchain
  const one = (reason: string | undefined) => (reason === undefined ? [] : [reason])
  switch (requirement.kind) {
    case 'stamped':
      return []
    case 'hash':
      return hash === requirement.hash ? [] : [`built by ${hash}`]
    case 'upstream':
      return one(await whyNotUpstream(hash))
    case 'policy':
      return one(
        brokenRule(version, policy) ?? (policy?.proven?.value ? await whyNotUpstream(hash) : undefined),
      )
    case 'lock':
      return release === undefined ? ['there is no gowarden.lock'] : whyNotReleased(binary, hash, release)
    default:
      return unreachable(requirement)
  }
}

/** The toolchain that a stamp names, or why it names none: it has to be one ToolchainHash alone, of the Go version that the linker wrote into the binary beside it. */
function namedToolchain({stamp, goVersion}: Inspected): ToolchainParts | {reason: string} {
  switch (stamp.kind) {
    case 'none':
      return {reason: 'not stamped'}
    case 'malformed':
      return {reason: 'not stamped: its ToolchainHash is malformed'}
    case 'conflicting':
      return {reason: 'not stamped: it carries several ToolchainHashes'}
    case 'stamped': {
      const toolchain = parseToolchainHash(stamp.hash)
      if (toolchain === undefined) return {reason: `not the toolchain alone: ${stamp.hash}`}
      return isSameVersion(stamp.version, goVersion)
        ? toolchain
        : {reason: `the stamp names ${stamp.version}, the binary ${goVersion}`}
    }
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
