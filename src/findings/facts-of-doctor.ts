/**
 * The findings of `gowarden doctor`: what keeps go from building here, or makes it build something else than a person thinks.
 * No go command waits for them. `source` is what set a value: one of the two below, or `FILE:LINE`.
 */

export const environment = 'the environment'
export const goDefault = "go's default"

/** A value with what set it. */
export type Sourced = {name: string; value: string; source: string}

/** What of a toolchain does not fit; each list is empty where nothing is wrong. */
export type AbiMismatch = {
  /** Objects with another first line than the linker takes: who wrote it, a tool or a package. */
  headers: {by: string; header: string}[]
  /** Runtime symbols that the compiler refers to and the runtime does not define, or only for another calling convention. */
  missing: {name: string; otherAbi: boolean}[]
  /** Numbers for which compiler and linker have different symbols. */
  renumbered: {number: number; compiler: string; linker: string}[]
}

/** A package with two contents; `made` is when the object in the cache was put there (ISO 8601, UTC), '' where that is not known. */
export type DifferingPackage = {path: string; made: string; cached: string; fresh: string; cause: string}

export type DoctorFactsByCode = {
  /** `expected` is the first line that the linker takes; `by` says where the runtime's symbols were read. */
  ABI_MISMATCH: AbiMismatch & {goroot: string; version: string; expected: string; by: 'archives' | 'sources'}
  /** `owner` is the user that the folder belongs to, where that is another one. */
  CACHE_UNUSABLE: Sourced & {reason: string; owner: number | undefined}
  /** Packages that the cache has otherwise than this toolchain makes them; `importing` is how many more differ because of them. */
  CACHE_DIFFERS: {cache: string; packages: DifferingPackage[]; importing: number}
  /** A cache that another user, not root, may change at any time; `asRoot`: what go leaves there, that user cannot replace. */
  CACHE_OTHER_USER: Sourced & {owner: number; asRoot: boolean}
  /** `found` is what the compiler says it compiles for; undefined where there is no such program. */
  CC_UNUSABLE: Sourced & {target: string; found: string | undefined}
  /** `why` cgo is off; `packages` lose these files. */
  CGO_OFF: {why: string; source: string; packages: {path: string; files: string[]}[]}
  /** `path` was written at `written`, which is still to come; both times as ISO 8601 in UTC. */
  CLOCK_BEHIND: {now: string; path: string; written: string; behind: string}
  /** `isFull`: nothing can be written any more; else little is left. */
  DISK_FULL: {directory: string; use: string; free: string; isFull: boolean}
  /** `said` are go's own words; the variable is the one without which go does not say them. */
  GO_REFUSES: {go: string; said: string; variable: Sourced | undefined}
  /** `asked` as the line at `place` has it; `reason` why no newer Go is taken, in words. */
  GO_TOO_OLD: {
    version: string
    asked: string
    place: string
    why: 'forbidden' | 'unavailable' | 'unreadable' | 'newer'
    toolchain: Sourced
    said: string | undefined
  }
  /** `quoted` is the same value in quotes as go reads them, where there is one. */
  GOFLAGS_BROKEN: Sourced & {said: string; quoted: string | undefined}
  GOROOT_INCOMPLETE: Sourced & {missing: string[]}
  /** Tools that say another version than the go command does. */
  GOROOT_MIXED: {goroot: string; version: string; tools: {tool: string; version: string}[]}
  /**
   * `count` files that the release does not have, of which `go build` compiles `compiled` here; `files` are the first of them, those
   * first that are compiled. `how` says what they are known by.
   */
  GOROOT_STOMPED: {
    goroot: string
    version: string
    count: number
    compiled: number
    files: string[]
    how: string
  }
  /** go keeps in its cache that it could not open `file`, which can be read; `isModule`: a file of the module cache. */
  INDEX_KEEPS_ERROR: {file: string; said: string; isModule: boolean}
  LAUNCHER_STALE: {launcher: string; engine: string}
  MODULES_OFF: Sourced & {goMod: string}
  /** `why` says what such a program does on this machine. */
  TARGET_OTHER: {
    target: string
    host: string
    settings: Sourced[]
    why: 'platform' | 'processor' | 'level'
    missing: string[]
  }
  TEMP_UNUSABLE: Sourced & {why: 'missing' | 'unwritable' | 'noexec'}
  /** `source`: GOROOT/src/cmd does not have them; `outer`: the go on PATH is asked, which has neither the tool nor a way to build it. */
  TOOL_ON_DEMAND: {
    why: 'source' | 'outer'
    goroot: string
    version: string
    tools: string[]
    outer: {go: string; version: string} | undefined
  }
  /** `by` is the Go that can build it anew. */
  TOOL_OLDER: {tool: string; path: string; version: string; asked: string; place: string; by: string}
  /** `allow` is the folder that Git asks to be named as safe. */
  VCS_REFUSED: {repository: string; said: string; allow: string | undefined}
  WORKSPACE_OTHER: {goWork: string; goMod: string; source: string}
}

export type DoctorCode = keyof DoctorFactsByCode
