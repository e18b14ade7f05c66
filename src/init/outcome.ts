/** What becomes of each file that `gowarden init` looks at. */
import type {Bytes} from './existing.ts'
import type {ExtraHook} from './hook-files.ts'
import type {HookTool, RepositorySetup} from './repository-setup.ts'

export type InitOptions = {
  /** Undefined: the tool in use here. */
  hooks: HookTool | undefined
  /** Hooks besides pre-commit. */
  also: readonly ExtraHook[]
  /** `OWNER/gowarden@REV`, for a workflow on GitHub; undefined: none is written. */
  action: string | undefined
  isDryRun: boolean
  isRemoval: boolean
}

/** One file before and after; undefined where there is none. */
export type Change = {
  path: string
  /** The file itself, every link resolved. */
  file: string
  before: Bytes | undefined
  after: Bytes | undefined
  mode: number
  /** The mode is that of a file that was there; that of a new one is cut by the umask. */
  isModeExact: boolean
}

/** A file that is not as wanted and that was not touched, and why; `isYours`: somebody wrote it, and nothing of gowarden is left in it. */
export type Left = {path: string; reason: string; isYours?: true}

/** Undefined where nothing is to be done. */
export type Outcome = {change: Change} | {left: Left} | undefined

export const policyPath = '.gowardenrc.yaml'
export const workflowPath = '.github/workflows/gowarden.yml'

/** As a person knows it: relative to the top, where it is below it. */
export function shownPath({top}: RepositorySetup, file: string): string {
  return file.startsWith(`${top}/`) ? file.slice(top.length + 1) : file
}
