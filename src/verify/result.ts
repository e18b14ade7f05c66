/** What `gowarden verify` is asked for, and what it answers. */
import type {Finding, FindingCode, Level} from '../findings/finding.ts'
import type {Proofs, ProofsToWrite} from '../go/vendor/proofs.ts'
import type {VerifyPolicy} from './policy.ts'
import type {Judged} from './probes/snapshot.ts'
import type {VerifyStart} from './start.ts'

export type VerifyOptions = {
  /** Undefined: the index inside a Git hook, the work tree elsewhere. */
  judged: Judged | undefined
  /** Directories as the caller wrote them, relative to the working directory; empty for every module. */
  modules: readonly string[]
  /** The commit is one of several that have to be in order. */
  inRange?: boolean
  /** Never download a zip. */
  offline: boolean
  policy: VerifyPolicy
  /** Changes with every release: a memo of another version is not read. */
  version: string
  /** What was asked already of the index that is judged. */
  start?: VerifyStart | undefined
  /** What another machine proved; `digest` changes with every byte of it. */
  proofs?: {proofs: Proofs; digest: string} | undefined
  /** Given what proves every vendored module whose zip is to be had. Nothing is remembered from before then. */
  exportProofs?: ((proofs: ProofsToWrite) => void) | undefined
  /** Told what takes long; an empty text when it is over. */
  progress?(text: string): void
}

/** One line of the verbose report: zip ⇔ go.sum ⇔ vendor ⇔ modules.txt. */
export type ModuleLine = {
  vendor: string
  module: string
  /** The module whose source it is, where that is another. */
  from: string | undefined
  state: 'proven' | 'found' | 'unproven' | 'outside'
  by: 'zip' | 'directory' | 'list' | undefined
  files: number
}

/** What was not judged, and who says so: each run names it. Files as text, relative to the top of the repository. */
export type Unjudged =
  /** A member of a workspace that is a submodule, as its `use` line names it. */
  | {kind: 'member'; file: string; directory: string}
  /** What the packages of a submodule import, which would tell whether all of a module's requirements and vendored packages are used. */
  | {kind: 'imports'; file: string; directory: string; more: number}
  /** Directories with modules or workspaces that a rule of the policy excludes. */
  | {kind: 'exclude'; rule: string; origin: string; directories: number}
  /** Files beside vendored ones that a rule of the policy lets other tools write. */
  | {kind: 'vendorExtra'; rule: string; origin: string; files: number}

/** Findings of one code and level that are counted alone; `file` where all of them are about one. */
export type Omitted = {code: FindingCode; level: Level; count: number; file: string | undefined}

export type VerifyResult = {
  judged: Judged['kind']
  /** The commit that was judged. */
  commit?: string | undefined
  /** What is left to do once every hint was followed. */
  next?: string | undefined
  findings: Finding[]
  /** What was found beside them, more than any report prints. */
  more: Omitted[]
  modules: ModuleLine[]
  /** Vendored files that were left out and that no build could read. */
  leftOut: {file: string; rule: string | undefined}[]
  unjudged: Unjudged[]
  /** .go files of modules that a list of files proved: whether go would have vendored them cannot be told from it. */
  untold: {module: string; files: string[]}[]
  counts: {modules: number; vendors: number; files: number; sums: number}
  /** True when nothing changed since a run that found everything in order. */
  remembered: boolean
}
