/** What a repository asks for: every value with where it was set. */
import type {FindingCode, Level} from '../findings/finding.ts'
import {unreachable} from '../system/unreachable.ts'

export type CachePolicy = 'refuse' | 'isolate' | 'share'
export type StampPolicy = 'on' | 'required' | 'off'
export type BypassPolicy = 'free' | 'reason'

/** A value and who set it: 'default', a line of a file (from 1), or a variable of the environment. */
export type Origin =
  | {kind: 'default'}
  | {kind: 'file'; path: string; line: number}
  | {kind: 'environment'; name: string}
export type Setting<T> = {value: T; origin: Origin}

/** What is said of one code: `policy` and `message` by a file, `own` by the person, who alone may lower or silence it. */
export type LevelRule = {
  policy?: Setting<Level>
  message?: Setting<string>
  own?: Setting<Level | 'off'>
}
export type Levels = Partial<Record<FindingCode, LevelRule>>

/** `-mod=mod` refuses this value of the flag, `-toolexec` (value undefined) every one. The name has no dash. */
export type FlagRule = {name: string; value: string | undefined}

/** Where a go environment variable may come from, in go's order. */
export type EnvSource = 'environment' | 'go env -w' | 'go.env'

/** Which value of a variable is refused, undefined for any that is not empty; from which source, undefined for all. */
export type EnvRule = {name: string; value: string | undefined; from: EnvSource | undefined}

/** What a policy file, with all that it extends, says. A key that no file holds is undefined, or has no entry. */
export type PolicyFile = {
  path: string
  /** Every file that was read, the nearest first. */
  files: string[]
  /** Places where a file, should one appear, would be read in place of one of these. */
  absent: string[]
  cache: Setting<CachePolicy> | undefined
  stamp: Setting<StampPolicy> | undefined
  bypass: Setting<BypassPolicy> | undefined
  levels: Levels
  flags: Setting<FlagRule>[]
  env: Setting<EnvRule>[]
  /** All of them must hold. As written: `go1.26.x`, `>=go1.25.3 <go1.27`, `go.mod`. */
  versions: Setting<string>[]
  proven: Setting<boolean> | undefined
  toolchainLine: Setting<'forbidden' | 'required'> | undefined
  modFiles: Setting<string>[]
  /** Globs of directories without modules of the repository's own, and of files that other tools write into vendor/. */
  exclude: Setting<string>[]
  vendorExtra: Setting<string>[]
}

export type Policy = {
  cache: Setting<CachePolicy>
  stamp: Setting<StampPolicy>
  bypass: Setting<BypassPolicy>
  levels: Levels
  /** Undefined where no policy file counts. */
  file: PolicyFile | undefined
}

/** 'the default', `path:line`, or a variable's name. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'the default'
    case 'file':
      return `${origin.path}:${origin.line}`
    case 'environment':
      return origin.name
    default:
      return unreachable(origin)
  }
}
