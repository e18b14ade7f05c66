/** The findings of a go command: facts by code. */

/** Which toolchain a cache or a tree belongs to: the stamp value and the GOROOT it was computed over. */
export type ToolchainName = {hash: string; goroot: string}

/** `rule` is where the policy says so, `source` what set the value: `FILE:LINE`, 'the environment', 'the command line'. */
export type BuildFactsByCode = {
  /** `mayShare`: the person may let other Go versions in, for no policy file says otherwise. */
  CACHE_FOREIGN: {cache: string; owners: ToolchainName[]; self: ToolchainName; mayShare: boolean}
  CACHE_UNMARKED_FOREIGN: {
    cache: string
    versions: {version: string; objects: number}[]
    self: ToolchainName
    mayShare: boolean
  }
  /** `objects` of the cache were made or used between the two times (ISO 8601, UTC), while the tools of `hash` were others. */
  CACHE_IN_DOUBT: {cache: string; hash: string; goroot: string; objects: number; since: string; until: string}
  CACHE_OWNER_CORRUPT: {file: string; reason: string}
  CACHE_OWNER_UNWRITABLE: {file: string; reason: string}
  CACHE_PASSED: {cache: string; from: ToolchainName; self: ToolchainName}
  /** `profile` is the path of the profile, or of the default.pgo that -pgo=auto takes. */
  CACHEPROG_PROFILE: {program: string; profile: string}
  CACHEPROG_UNSTAMPED: {program: string}
  /** `variable` is the name, or `NAME=value` where the rule is about this value. */
  ENV_DENIED: {name: string; variable: string; source: string; rule: string}
  FLAG_DENIED: {flag: string; source: string; rule: string}
  /** `installed` is the ToolchainHash that GOROOT had when gowarden put it there. */
  GOROOT_CHANGED: {goroot: string; hash: string; installed: string}
  GOROOT_MISMATCH: {
    go: string
    goVersion: string
    goroot: string
    gorootVersion: string
    /** What named that GOROOT: the person's environment, or the go command that started this one. */
    setBy: 'environment' | 'outer go' | undefined
  }
  /** `place` is what set GOROOT; undefined where go found it by itself. */
  GOROOT_NO_TOOLCHAIN: {goroot: string; missing: string[]; place: string | undefined}
  GOROOT_SHARED: {goroot: string; variable: 'GOPATH' | 'GOMODCACHE' | 'GOCACHE'; path: string}
  /** `line`, from 1, is undefined where it is not the text that is wrong. */
  LOCK_DAMAGED: {file: string; line: number | undefined; reason: string}
  /** `fix` is the command that ends it; `chosen` says what set the toolchain. */
  LOCK_MISMATCH: {lock: string; locked: string; hash: string; goroot: string; chosen: string; fix: string}
  /** `platforms` are those of the lock and this one, as --platform takes them. */
  LOCK_PLATFORM: {lock: string; version: string; platform: string; platforms: string}
  STAMP_UNSUPPORTED: {hash: string; goroot: string}
  STAMP_SWITCH_UNKNOWN: {target: string; hash: string}
  STAMP_COMPILER: {compiler: string}
  /** `reason` says why the overlay cannot be named, and the binary is not stamped; `replaced` counts files of GOROOT. */
  STAMP_OVERLAY: {file: string; replaced: number; reason: string | undefined}
  STAMP_FIPS: {value: string; reason: string}
  STAMP_TOOLEXEC: {command: string; reason: string | undefined}
  STORE_UNUSABLE: {directory: string; reason: string}
  /** `asked` as the rule says it, with the line of go.mod where that is what decided; `chosen` says what set the toolchain. */
  TOOLCHAIN_VERSION: {version: string; goroot: string; chosen: string; asked: string; rule: string}
  /** `published` is the h1 that the checksum database holds for this version. */
  TOOLCHAIN_NOT_UPSTREAM: {hash: string; goroot: string; published: string; chosen: string; rule: string}
  /** `file` is what the module cache keeps as the checksum database's word, `reason` why it is not. */
  TOOLCHAIN_PROOF_FORGED: {
    hash: string
    goroot: string
    file: string
    reason: string
    chosen: string
    rule: string
  }
  TOOLCHAIN_UNPROVEN: {hash: string; goroot: string; reason: string; chosen: string; rule: string}
}

export type BuildCode = keyof BuildFactsByCode

/** What FLAG_DENIED's `source` says of a flag that was typed. */
export const commandLine = 'the command line'
