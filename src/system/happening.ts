/**
 * What happens, in one vocabulary, told through System.tell. What keeps a person waiting is said by the doors in words
 * (findings/tell.ts); what is over is an event, kept as a line of the store (events/record.ts). What traces commands listens
 * to the same.
 */
export type Happening = Waiting | Event

/** What keeps a person waiting while something runs. */
export type Waiting =
  /** Every byte of a GOROOT is read: to know the toolchain that compiles, or that of a cache. */
  | {kind: 'reading-goroot'; goroot: string; for: 'build' | 'cache'}
  /** The stat of a GOROOT's directories is compared, or once a day that of every file. */
  | {kind: 'comparing-goroot'; goroot: string; what: 'directories' | 'files'}
  /** Another command reads the same GOROOT. */
  | {kind: 'waiting-for-goroot'; goroot: string}
  /** Another command holds the lock. */
  | {kind: 'waiting-for-lock'; lock: string}
  /** A cache without a record is looked through; `objects` so far. */
  | {kind: 'attributing-cache'; cache: string; objects: number}
  /** go builds a package that is to be explained, with these words beside its name. */
  | {kind: 'building'; package: string; with: string}
  /** go compiles, in a cache that is empty: the runtime, or packages that were named. */
  | {kind: 'compiling-anew'; what: string}
  /** A line that go says and will not say again: what it downloads, to what it switches, why it failed. */
  | {kind: 'go-says'; line: string}

/** What a program or a verb did, told once it is over. It holds codes, hashes, paths and numbers, and nobody's words. */
export type Event =
  /** A go command was planned; `isStored`: the next ones here follow that plan, and are not counted. */
  | (OfGo & {kind: 'plan'; isStored: boolean})
  /** A go command was refused, with this exit status. Without findings: the command or the policy was wrong, or the world failed. */
  | (OfGo & {kind: 'refusal'; exit: number})
  | BypassEvent
  | (Timed & {
      kind: 'verify'
      judged: 'staged' | 'worktree' | 'commit'
      /** The root of the repository. */
      repository: string
      modules: number
      files: number
      /** Nothing had changed since a run that was remembered. */
      isRemembered: boolean
      found: FoundCount[]
    })
  | (Timed & {
      kind: 'audit'
      cache: string
      objects: number
      bytes: number
      /** How many files are not as they should be. */
      wrong: number
      /** Not the whole cache, but what was made since some time. */
      isPartial: boolean
    })
  | (Timed & {
      kind: 'doctor'
      guard: 'guarded' | 'refused' | 'unguarded'
      canBuild: boolean
      toolchain: string | undefined
      found: FoundCount[]
    })
  /** A cache was taken over for this toolchain. */
  | {kind: 'adopt'; cache: string; toolchain: string}
  /** gowarden.lock was written or checked, a toolchain installed, a binary rebuilt. */
  | (Timed & {
      kind: 'lock' | 'install' | 'rebuild'
      outcome: 'ok' | 'findings' | 'failed'
      /** The ToolchainHash it is about, where it is about one. */
      toolchain: string | undefined
      found: FoundCount[]
    })

/** A time that somebody bypassed gowarden where policy asks for a reason. The record is the policy's, so it holds the command. */
export type BypassEvent = {
  kind: 'bypass'
  /** `GOWARDEN=off`, or `GOWARDEN_LEVELS=FLAG_DENIED=warn`. */
  what: string
  /** The command, word by word; long ones are cut. */
  command: string[]
  directory: string
  reason: string
  /** Where the policy asks for it: `FILE:LINE`. */
  policy: string
}

/** How often a finding of one code and level was found at once. */
export type FoundCount = {code: string; level: 'error' | 'warn'; count: number}

/** How long it took, in milliseconds. It began so long before the time of the event. */
type Timed = {ms: number}

type OfGo = Timed & {
  subcommand: string
  /** ToolchainHash and GOROOT of what compiles, where that was known. */
  toolchain: string | undefined
  goroot: string | undefined
  /** The root of the repository, of the module outside of one, else the folder. */
  repository: string
  found: FoundCount[]
  /** Only where GOWARDEN_EVENTS=words asks for it. */
  words?: string[]
}

const eventKinds: Record<Event['kind'], true> = {
  plan: true,
  refusal: true,
  bypass: true,
  verify: true,
  audit: true,
  doctor: true,
  adopt: true,
  lock: true,
  install: true,
  rebuild: true,
}

export function isEvent(happening: Happening): happening is Event {
  return happening.kind in eventKinds
}
