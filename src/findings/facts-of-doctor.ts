/**
 * The findings of `gowarden doctor`: what keeps go from building here, or makes it build something else than a person thinks.
 * No go command waits for them. `source` is what set a value: one of the two below, or `FILE:LINE`.
 */

export const environment = 'the environment'
export const goDefault = "go's default"

/** A value with what set it. */
export type Sourced = {name: string; value: string; source: string}

export type DoctorFactsByCode = {
  /** `owner` is the user that the folder belongs to, where that is another one. */
  CACHE_UNUSABLE: Sourced & {reason: string; owner: number | undefined}
  /** `found` is what the compiler says it compiles for; undefined where there is no such program. */
  CC_UNUSABLE: Sourced & {target: string; found: string | undefined}
  /** `why` cgo is off; `packages` lose these files. */
  CGO_OFF: {why: string; source: string; packages: {path: string; files: string[]}[]}
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
  LAUNCHER_STALE: {launcher: string; engine: string}
  MODULES_OFF: Sourced & {goMod: string}
  /** `why` says what such a program does on this machine. */
  TARGET_OTHER: {
    target: string
    host: string
    settings: Sourced[]
    why: 'platform' | 'processor'
    missing: string[]
  }
  TEMP_UNUSABLE: Sourced & {why: 'missing' | 'unwritable' | 'noexec'}
  /** `by` is the Go that can build it anew. */
  TOOL_OLDER: {tool: string; path: string; version: string; asked: string; place: string; by: string}
  /** `allow` is the folder that Git asks to be named as safe. */
  VCS_REFUSED: {repository: string; said: string; allow: string | undefined}
  WORKSPACE_OTHER: {goWork: string; goMod: string; source: string}
}

export type DoctorCode = keyof DoctorFactsByCode
