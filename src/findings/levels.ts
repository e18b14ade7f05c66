/** The level that each finding has by itself, and how low a person may take it. `applyLevels` gives them. */

import type {BuildCode} from './facts-of-builds.ts'
import type {DoctorCode} from './facts-of-doctor.ts'
import type {VerifyCode} from './facts-of-verify.ts'
import type {DoctorFound, FindingCode, Level, VerifyFound} from './finding.ts'

/** What cannot put two toolchains into one program, and no policy asked about, only warns. */
export const buildLevels: Readonly<Record<BuildCode, Level>> = {
  CACHE_FOREIGN: 'error',
  CACHE_IN_DOUBT: 'error',
  CACHE_OWNER_CORRUPT: 'error',
  CACHE_OWNER_UNWRITABLE: 'warn',
  CACHE_PASSED: 'warn',
  CACHE_UNMARKED_FOREIGN: 'error',
  CACHEPROG_PROFILE: 'warn',
  CACHEPROG_UNSTAMPED: 'error',
  ENV_DENIED: 'error',
  FLAG_DENIED: 'error',
  GOROOT_CHANGED: 'error',
  GOROOT_MISMATCH: 'error',
  GOROOT_NO_TOOLCHAIN: 'warn',
  GOROOT_SHARED: 'warn',
  LOCK_DAMAGED: 'error',
  LOCK_MISMATCH: 'error',
  LOCK_PLATFORM: 'error',
  STAMP_COMPILER: 'warn',
  STAMP_FIPS: 'warn',
  STAMP_OVERLAY: 'warn',
  STAMP_SWITCH_UNKNOWN: 'warn',
  STAMP_TOOLEXEC: 'warn',
  STAMP_UNSUPPORTED: 'warn',
  STORE_UNUSABLE: 'warn',
  TOOLCHAIN_NOT_UPSTREAM: 'error',
  TOOLCHAIN_PROOF_FORGED: 'error',
  TOOLCHAIN_UNPROVEN: 'error',
  TOOLCHAIN_VERSION: 'error',
}

/** These leave a build without a stamp, or without one that names the toolchain alone: errors under `stamp: required`. */
export const unstamped: ReadonlySet<BuildCode> = new Set<BuildCode>([
  'GOROOT_NO_TOOLCHAIN',
  'STAMP_COMPILER',
  'STAMP_OVERLAY',
  'STAMP_SWITCH_UNKNOWN',
  'STAMP_FIPS',
  'STAMP_TOOLEXEC',
  'STAMP_UNSUPPORTED',
])

/** An error keeps go from building here; a warning makes what it builds another thing than it looks like. */
export const doctorLevels: Readonly<Record<DoctorCode, Level>> = {
  ABI_MISMATCH: 'error',
  CACHE_DIFFERS: 'error',
  CACHE_OTHER_USER: 'warn',
  CACHE_UNUSABLE: 'error',
  CC_UNUSABLE: 'error',
  CGO_OFF: 'warn',
  CLOCK_BEHIND: 'warn',
  DISK_FULL: 'error',
  GO_REFUSES: 'error',
  GO_TOO_OLD: 'error',
  GOFLAGS_BROKEN: 'error',
  GOROOT_INCOMPLETE: 'error',
  GOROOT_MIXED: 'error',
  GOROOT_STOMPED: 'error',
  INDEX_KEEPS_ERROR: 'error',
  LAUNCHER_STALE: 'warn',
  MODULES_OFF: 'warn',
  TARGET_OTHER: 'warn',
  TEMP_UNUSABLE: 'error',
  TOOL_OLDER: 'warn',
  TOOL_ON_DEMAND: 'warn',
  VCS_REFUSED: 'error',
  WORKSPACE_OTHER: 'error',
}

/** Where the facts say that go builds all the same, doctor only warns. */
export function doctorLevelOf(found: DoctorFound): Level {
  switch (found.code) {
    case 'CACHE_UNUSABLE':
      // What is in the module cache can be read; only a new module cannot be put there.
      return found.facts.name === 'GOMODCACHE' ? 'warn' : doctorLevels[found.code]
    case 'DISK_FULL':
      return found.facts.isFull ? doctorLevels[found.code] : 'warn'
    case 'GO_TOO_OLD':
      return found.facts.why === 'newer' ? 'warn' : doctorLevels[found.code]
    case 'GOROOT_MIXED':
      return found.facts.tools.some(({tool}) => startedByBuilds.has(tool)) ? doctorLevels[found.code] : 'warn'
    case 'GOROOT_STOMPED':
      return found.facts.compiled > 0 ? doctorLevels[found.code] : 'warn'
    case 'TEMP_UNUSABLE':
      return found.facts.why === 'noexec' ? 'warn' : doctorLevels[found.code]
    default:
      return doctorLevels[found.code]
  }
}

/** The tools that a build or a test starts; every other one is only run by `go tool`. */
const startedByBuilds: ReadonlySet<string> = new Set([
  'asm',
  'cgo',
  'compile',
  'cover',
  'link',
  'preprofile',
  'vet',
])

/** What cannot break a build and is no sign of tampering only warns. */
export const verifyLevels: Readonly<Record<VerifyCode, Level>> = {
  INDEX_UNMERGED: 'error',
  LOCK_MALFORMED: 'error',
  LOCK_OUT_OF_STEP: 'error',
  MOD_MALFORMED: 'error',
  MOD_OUTSIDE: 'warn',
  MOD_STALE: 'error',
  MOD_UNTIDY: 'warn',
  MODULES_TXT_DIFFERS: 'error',
  PACKAGE_IGNORED: 'warn',
  SUM_BORROWED: 'warn',
  SUM_CHANGED: 'error',
  SUM_CONFLICT: 'error',
  SUM_DISAGREE: 'error',
  SUM_DUPLICATE: 'warn',
  SUM_IGNORED: 'error',
  SUM_MALFORMED: 'error',
  SUM_MISMATCH: 'error',
  SUM_MISSING: 'error',
  SUM_SURPLUS: 'warn',
  SUM_TWO_HASHES: 'error',
  TOOLCHAIN_LINE: 'error',
  VENDOR_ADDED: 'error',
  VENDOR_EDITED: 'error',
  VENDOR_EOL: 'error',
  VENDOR_GHOST: 'error',
  VENDOR_INCONSISTENT: 'error',
  VENDOR_MISSING: 'error',
  VENDOR_MODE: 'error',
  VENDOR_NOT_GO: 'error',
  VENDOR_OUTSIDE: 'warn',
  VENDOR_PACKAGE_ABSENT: 'error',
  VENDOR_PACKAGE_MISSING: 'error',
  VENDOR_PACKAGE_STALE: 'error',
  VENDOR_UNLISTED: 'error',
  VENDOR_UNPROVEN: 'error',
  WORK_MEMBER_ABSENT: 'warn',
}

/** A code's own level, where its facts do not make it a warning: nothing is broken, and somebody should look. */
export function verifyLevelOf({code, facts}: VerifyFound): Level {
  // A job may build with another Go on purpose.
  if (code === 'LOCK_OUT_OF_STEP' && facts.by === 'CI') return 'warn'
  if (code === 'SUM_CHANGED' && facts.proven !== undefined) return 'warn'
  return code === 'VENDOR_NOT_GO' && !facts.breaks ? 'warn' : verifyLevels[code]
}

/** These keep objects of two toolchains out of one program: lowered, a stamp would be false. Each has an answer of its own. */
export const neverLowered: Readonly<Partial<Record<FindingCode, string>>> = {
  CACHE_FOREIGN: 'export GOWARDEN_CACHE=isolate',
  CACHE_IN_DOUBT: 'remove the objects: go clean -cache',
  CACHE_OWNER_CORRUPT: 'export GOWARDEN_CACHE=isolate',
  CACHE_UNMARKED_FOREIGN: 'export GOWARDEN_CACHE=isolate',
  CACHEPROG_UNSTAMPED: 'build without the program: GOCACHEPROG= go build',
  GOROOT_MISMATCH: 'let go find its own: unset GOROOT',
}

/** These say that a build is not what it looks like: a person may take a warning for an error, and none for a warning. */
export const neverSilent: ReadonlySet<FindingCode> = new Set<FindingCode>([
  ...unstamped,
  'ENV_DENIED',
  'FLAG_DENIED',
  'GOROOT_CHANGED',
  'LOCK_DAMAGED',
  'LOCK_MISMATCH',
  'LOCK_PLATFORM',
  'TOOLCHAIN_NOT_UPSTREAM',
  'TOOLCHAIN_PROOF_FORGED',
  'TOOLCHAIN_UNPROVEN',
  'TOOLCHAIN_VERSION',
])

export function isVerifyCode(code: string): code is VerifyCode {
  return Object.hasOwn(verifyLevels, code)
}

export function isDoctorCode(code: string): code is DoctorCode {
  return Object.hasOwn(doctorLevels, code)
}

export function isFindingCode(code: string): code is FindingCode {
  return isVerifyCode(code) || isDoctorCode(code) || Object.hasOwn(buildLevels, code)
}

export function ownLevel(code: FindingCode): Level {
  if (isVerifyCode(code)) return verifyLevels[code]
  return isDoctorCode(code) ? doctorLevels[code] : buildLevels[code]
}

/** Every code, in no order. */
export function findingCodes(): FindingCode[] {
  return [buildLevels, verifyLevels, doctorLevels].flatMap(Object.keys).filter(isFindingCode)
}
