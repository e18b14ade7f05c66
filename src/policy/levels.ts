/** The levels that findings have by themselves, how low each may go, and what a person's own GOWARDEN_LEVELS says. */

import {verifyLevels} from '../findings/facts-of-verify.ts'
import type {FindingCode, Level} from '../findings/finding.ts'
import {UsageError} from '../system/errors.ts'
import type {Levels} from './policy.ts'

/** STAMP_ findings are errors under `stamp: required`, whatever stands here. */
export const ownLevels: Record<FindingCode, Level> = {
  ...verifyLevels,
  CACHE_FOREIGN: 'error',
  CACHE_OWNER_CORRUPT: 'error',
  CACHE_OWNER_UNWRITABLE: 'warn',
  CACHE_PASSED: 'warn',
  CACHE_UNMARKED_FOREIGN: 'error',
  CACHEPROG_UNSTAMPED: 'error',
  ENV_DENIED: 'error',
  FLAG_DENIED: 'error',
  GOROOT_MISMATCH: 'error',
  GOROOT_NO_TOOLCHAIN: 'warn',
  STAMP_COMPILER: 'warn',
  STAMP_SWITCH_UNKNOWN: 'warn',
  STAMP_UNSUPPORTED: 'warn',
  STORE_UNUSABLE: 'warn',
  TOOLCHAIN_NOT_UPSTREAM: 'error',
  TOOLCHAIN_PROOF_FORGED: 'error',
  TOOLCHAIN_UNPROVEN: 'error',
  TOOLCHAIN_VERSION: 'error',
}

/** These keep objects of two toolchains out of one program: lowered, a stamp would be false. Each has an answer of its own. */
const neverLowered: Partial<Record<FindingCode, string>> = {
  CACHE_FOREIGN: 'export GOWARDEN_CACHE=isolate',
  CACHE_OWNER_CORRUPT: 'export GOWARDEN_CACHE=isolate',
  CACHE_UNMARKED_FOREIGN: 'export GOWARDEN_CACHE=isolate',
  CACHEPROG_UNSTAMPED: 'build without the program: GOCACHEPROG= go build',
  GOROOT_MISMATCH: 'let go find its own: unset GOROOT',
}

/** These say that a build is not what it looks like: a person may take a warning for an error, and none for a warning. */
const neverSilent: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'ENV_DENIED',
  'FLAG_DENIED',
  'GOROOT_NO_TOOLCHAIN',
  'STAMP_COMPILER',
  'STAMP_SWITCH_UNKNOWN',
  'STAMP_UNSUPPORTED',
  'TOOLCHAIN_NOT_UPSTREAM',
  'TOOLCHAIN_PROOF_FORGED',
  'TOOLCHAIN_UNPROVEN',
  'TOOLCHAIN_VERSION',
])

export function isFindingCode(code: string): code is FindingCode {
  return Object.hasOwn(ownLevels, code)
}

/** The levels of the policy with those of GOWARDEN_LEVELS, `CODE=level,CODE=level`. Throws UsageError. */
export function withOwnLevels(levels: Levels, text: string): Levels {
  const found: Levels = {...levels}
  for (const part of text.split(',').filter(word => word.trim() !== '')) {
    const [code = '', level = ''] = part.split('=').map(word => word.trim())
    if (!isFindingCode(code)) {
      throw new UsageError(`GOWARDEN_LEVELS: there is no finding ${code}`, 'see them all: docs/findings.md')
    }
    if (level !== 'error' && level !== 'warn' && level !== 'off') {
      throw new UsageError(
        `GOWARDEN_LEVELS: ${code} takes error, warn or off`,
        `export GOWARDEN_LEVELS=${code}=warn`,
      )
    }
    const answer = neverLowered[code]
    if (answer !== undefined && level !== 'error') {
      throw new UsageError(
        `GOWARDEN_LEVELS: ${code} is never lowered: with it lowered, a stamp could be false`,
        answer,
      )
    }
    if (level === 'off' && neverSilent.has(code)) {
      throw new UsageError(
        `GOWARDEN_LEVELS: ${code} is never off: a build that is not what policy asks for says so`,
        `export GOWARDEN_LEVELS=${code}=warn`,
      )
    }
    found[code] = {
      ...found[code],
      own: {value: level, origin: {kind: 'environment', name: 'GOWARDEN_LEVELS'}},
    }
  }
  return found
}
