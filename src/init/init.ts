/** `gowarden init`: policy, hook and CI of a repository, written where they are missing and taken out again to the byte. */
import {dirname} from 'node:path'
import type {GitSystem} from '../git/git.ts'
import {UsageError, WorldError} from '../system/errors.ts'
import {additions} from './additions.ts'
import {nextSteps} from './next-steps.ts'
import {type Change, type InitOptions, type Left, workflowPath} from './outcome.ts'
import {removals} from './removals.ts'
import {
  type HookTool,
  isThere,
  probePreCommitStage,
  probeRepositorySetup,
  type RepositorySetup,
} from './repository-setup.ts'

export type Initialized = {
  setup: RepositorySetup
  tool: HookTool
  changes: Change[]
  left: Left[]
  /** What the person has to do, each with its command. */
  next: string[]
  isDryRun: boolean
  isRemoval: boolean
}

/** Changes nothing on a dry run. Throws UsageError where it cannot tell which tool runs the hooks. */
export async function init(system: GitSystem, options: InitOptions): Promise<Initialized> {
  const {isDryRun, isRemoval} = options
  const probed = await probeRepositorySetup(system)
  const tool = options.hooks ?? (isRemoval ? 'git' : toolOf(probed))
  const asksPreCommit = tool === 'pre-commit' && !isRemoval
  const setup = asksPreCommit ? {...probed, preCommitStage: await probePreCommitStage(system)} : probed
  const outcomes = isRemoval ? removals(system, setup) : additions(system, setup, tool, options)
  const changes = outcomes.flatMap(outcome => (outcome && 'change' in outcome ? [outcome.change] : []))
  const left = outcomes.flatMap(outcome => (outcome && 'left' in outcome ? [outcome.left] : []))
  if (!isDryRun) for (const change of changes) apply(system, setup, change)
  const hasWorkflow = options.action !== undefined || isThere(system, `${setup.top}/${workflowPath}`)
  const next = isRemoval ? [] : nextSteps(system, setup, tool, hasWorkflow, left)
  return {setup, tool, changes, left, next, isDryRun, isRemoval}
}

function toolOf(setup: RepositorySetup): HookTool {
  const [first, second] = setup.tools
  if (first !== undefined && second !== undefined) {
    throw new UsageError(
      `${first} and ${second} are both set up here`,
      `choose: gowarden init --hooks ${first}`,
    )
  }
  return first ?? 'git'
}

/** Throws WorldError where the file cannot be written; what was written before stays, and a second run goes on from there. */
function apply(system: GitSystem, setup: RepositorySetup, change: Change): void {
  const {path, file, after, mode, isModeExact} = change
  try {
    if (after !== undefined) {
      system.files.makeDirectory(dirname(file), 0o777)
      system.files.replace(file, Buffer.from(after, 'latin1'), mode, isModeExact)
      return
    }
    system.files.remove(file)
    // A folder that was made for the file goes with it; Git's own stay.
    for (let folder = dirname(file); isMadeFolder(setup, folder); folder = dirname(folder)) {
      if (system.files.list(folder)?.length !== 0) return
      system.files.remove(folder)
    }
  } catch (cause) {
    throw new WorldError(`writing ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}

function isMadeFolder(setup: RepositorySetup, folder: string): boolean {
  return ['.github/workflows', '.github', '.gowarden', setup.husky.folder].some(
    name => folder === `${setup.top}/${name}`,
  )
}
