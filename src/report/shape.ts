/**
 * What a report of one host says: the JSON of `gowarden report --json`, which `--merge` reads again. config/report.schema.json says the
 * same and is what a file of another host is held to; a test holds the two together. Every list has a bound, so a report has one.
 *
 * Fields may be added under the same `format`; one that changes its meaning, or is gone, is another format.
 */
import type {BinaryState, CacheState} from '../metrics/states.ts'
import type {BypassEvent} from '../system/happening.ts'

export const reportKind = 'gowarden report'
export const reportFormat = 1

/** How many of each are kept: the first of the order that each list has. Texts are cut to `text` characters. */
export const most = {
  findings: 50,
  toolchains: 60,
  caches: 30,
  owners: 10,
  repositories: 50,
  codes: 100,
  days: 400,
  versions: 20,
  bypasses: 100,
  verifies: 50,
  audits: 30,
  directories: 50,
  files: 20,
  text: 500,
} as const

/** Times are ISO 8601 in UTC (`2026-11-27T13:30:00.000Z`), days their first ten characters; null: never, or not known. */
export type Report = {
  kind: typeof reportKind
  format: typeof reportFormat
  /** The gowarden that wrote it. */
  gowarden: string
  host: string
  user: string
  /** The folder in which go was looked at. */
  directory: string
  at: string
  /** Events from then on are counted below. */
  since: string
  /** The oldest event that is kept one by one; where `isCut`, older ones were counted and removed. */
  oldestEvent: string | null
  isCut: boolean
  guard: {kind: 'guarded' | 'refused' | 'unguarded' | 'unknown'; reason: string; fix: string}
  canBuild: boolean
  /** What gowarden doctor finds in `directory` now. */
  findings: ReportedFinding[]
  /** In use first, then by plans. */
  toolchains: ReportedToolchain[]
  /** Of the cache that `go build` uses. */
  cacheStatus: CacheState
  caches: ReportedCache[]
  /** By plans. */
  repositories: ReportedRepository[]
  /** What was found, the errors first, then by count. */
  codes: ReportedCode[]
  /** Days on which something happened, the oldest first. */
  days: ReportedDay[]
  /** The last first; `bypassCount` counts all. */
  bypasses: ReportedBypass[]
  bypassCount: number
  /** The last first. */
  verifies: ReportedVerify[]
  audits: ReportedAudit[]
  binaries: ReportedBinaries[]
}

export type ReportedFinding = {
  code: string
  level: 'error' | 'warn'
  headline: string
  details: [label: string, value: string][]
  hints: string[]
}

export type ReportedToolchain = {
  hash: string
  version: string
  /** `linux/amd64` */
  platform: string
  /** Where it lies now; none where it planned builds and is gone, or is not what it was. */
  goroots: string[]
  isCurrent: boolean
  proven: 'yes' | 'unknown'
  locked: 'yes' | 'no' | 'none'
  /** The first and last go command that is still known to have been planned with it. */
  first: string | null
  last: string | null
  plans: number
  refusals: number
}

export type ReportedCache = {
  path: string
  isCurrent: boolean
  owners: string[]
  bytes: number
  objects: number
  /** When it was last audited as a whole, also before `since`. */
  audited: string | null
}

export type ReportedRepository = {
  path: string
  plans: number
  refusals: number
  bypasses: number
  verifies: number
  last: string
}

/** `by`: build, verify, doctor, lock, install or rebuild. `refused`: how often a go command was refused for it. */
export type ReportedCode = {
  code: string
  level: 'error' | 'warn'
  by: string
  count: number
  refused: number
  last: string
  days: {day: string; count: number}[]
}

export type ReportedDay = {
  day: string
  plans: {version: string; count: number}[]
  refusals: number
  bypasses: number
  verifies: number
  audits: number
}

/** `command`: the program and its subcommand, and no more of its words: who reads a report need not be who may read these. */
export type ReportedBypass = Omit<BypassEvent, 'kind' | 'command'> & {time: string; command: string}

/** Runs of gowarden verify in one repository; durations in milliseconds. */
export type ReportedVerify = {
  repository: string
  runs: number
  /** How many of them found an error. */
  failed: number
  medianMs: number
  slowestMs: number
  last: string
  lastMs: number
  lastFailed: boolean
  /** Whether the repository is still there. */
  isThere: boolean
}

/** Runs of gowarden cache audit of one cache; `objects` to `isPartial` are of the last. */
export type ReportedAudit = {
  cache: string
  runs: number
  slowestMs: number
  last: string
  lastMs: number
  objects: number
  bytes: number
  wrong: number
  isPartial: boolean
}

export type ReportedBinaries = {
  directory: string
  counts: Record<BinaryState, number>
  /** The first of those that are not stamped as they should be. */
  files: {state: BinaryState; file: string}[]
}
