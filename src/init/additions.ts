/** What `gowarden init` adds: a policy, hooks and a workflow, where they are missing. */
import type {GitSystem} from '../git/git.ts'
import {policyPlaces} from '../policy/places.ts'
import {readSchema} from '../policy/schema.ts'
import {UsageError} from '../system/errors.ts'
import {packageFolder} from '../system/package-folder.ts'
import {shellWord} from '../text/shell-word.ts'
import {findBlock, insertBlock, removeBlock} from './blocks.ts'
import {readExisting} from './existing.ts'
import {hooksIn} from './git-hooks.ts'
import {type BlockFile, blockFiles} from './hook-files.ts'
import {type InitOptions, type Outcome, policyPath, shownPath, workflowPath} from './outcome.ts'
import {type HookTool, isThere, type RepositorySetup} from './repository-setup.ts'
import {policyText, schemaPath, workflowText} from './texts.ts'

/** Throws UsageError for what cannot be had here. */
export function additions(
  system: GitSystem,
  setup: RepositorySetup,
  tool: HookTool,
  options: InitOptions,
): Outcome[] {
  if (options.also.length > 0 && (tool === 'lefthook' || tool === 'pre-commit')) {
    throw new UsageError(
      `--also writes hooks of husky and of Git alone, and ${tool} runs the hooks here`,
      'leave it out: gowarden init',
    )
  }
  if (tool === 'git' && !setup.ownsHooksFolder) throw sharedHooks(system, setup)
  const policy = hasPolicy(system, setup)
    ? undefined
    : makeWhole(system, setup, policyPath, policyText(setup.dependsOnGowarden))
  const needsSchema = policy !== undefined && 'change' in policy && !setup.dependsOnGowarden
  return [
    policy,
    needsSchema ? makeWhole(system, setup, schemaPath, readSchema(system, packageFolder)) : undefined,
    ...blockFiles(system, setup, tool, ['pre-commit', ...options.also]).map(file =>
      addBlock(system, setup, file),
    ),
    options.action === undefined
      ? undefined
      : makeWhole(system, setup, workflowPath, workflowText(actionName(options.action))),
  ]
}

/**
 * Another folder for Git's hooks switches off those that run now, and switches on those that lie in it: it is only offered where
 * there are neither.
 */
function sharedHooks(system: GitSystem, {hooksFolder, gitDirectory}: RepositorySetup): UsageError {
  const shared = `Git's hooks are in ${hooksFolder}, which other repositories use too`
  const own = `${gitDirectory}/hooks`
  const [running, waiting] = [hooksIn(system, hooksFolder), hooksIn(system, own)]
  if (running.length === 0 && waiting.length === 0) {
    return new UsageError(
      shared,
      `give this one its own: git config --local core.hooksPath ${shellWord(own)}`,
    )
  }
  const why =
    running.length === 0
      ? `a folder of its own would switch on ${listed(waiting)} of ${own}`
      : `a folder of its own would switch off ${listed(running)}`
  return new UsageError(`${shared}, and ${why}`, 'to check without a hook: gowarden verify --staged')
}

function listed(hooks: readonly string[] | 'unknown'): string {
  return hooks === 'unknown' ? 'its hooks' : hooks.join(', ')
}

/** In a file of another name than ours; ours is looked at when it is written. */
function hasPolicy(system: GitSystem, {top}: RepositorySetup): boolean {
  return policyPlaces
    .filter(name => name !== 'package.json' && name !== policyPath)
    .some(name => isThere(system, `${top}/${name}`))
}

/** Throws UsageError for what is no action: the text goes into a YAML file. */
function actionName(text: string): string {
  if (/^[\w.-]+(\/[\w.-]+)+@[\w./-]+$/.test(text)) return text
  throw new UsageError(
    `--action ${text}: not the name of an action`,
    'name repository and commit: --action OWNER/gowarden@REV',
  )
}

function addBlock(system: GitSystem, setup: RepositorySetup, wanted: BlockFile): Outcome {
  const path = shownPath(setup, wanted.path)
  const existing = readExisting(system, setup, wanted.path)
  if (existing.kind === 'left') return {left: {path, reason: existing.reason}}
  const {file} = existing
  if (existing.kind === 'absent') {
    const place = wanted.place(wanted.head)
    if ('reason' in place) throw new Error(`${path}: ${place.reason}`)
    const after = insertBlock(wanted.head, place, true)
    return {change: {path, file, before: undefined, after, mode: wanted.mode, isModeExact: false}}
  }
  const {content: before, mode} = existing
  const block = findBlock(before)
  if (block === 'broken') return {left: {path, reason: 'the marks of its gowarden block do not match'}}
  if (block !== undefined) {
    if (!block.isUntouched) return {left: {path, reason: 'its gowarden block was changed since'}}
    const without = removeBlock(before, block)
    const place = wanted.place(without)
    if ('reason' in place) return undefined
    const after = insertBlock(without, place, block.isWholeFile)
    return after === before ? undefined : {change: {path, file, before, after, mode, isModeExact: true}}
  }
  if (/^(?!\s*#).*gowarden verify/m.test(before)) return undefined
  const place = wanted.place(before)
  if ('reason' in place) return {left: {path, reason: place.reason}}
  const after = insertBlock(before, place, false)
  return {change: {path, file, before, after, mode, isModeExact: true}}
}

function makeWhole(system: GitSystem, setup: RepositorySetup, path: string, text: string): Outcome {
  const existing = readExisting(system, setup, `${setup.top}/${path}`)
  switch (existing.kind) {
    case 'left':
      return {left: {path, reason: existing.reason}}
    case 'text':
      return undefined
    case 'absent': {
      const after = Buffer.from(text).toString('latin1')
      return {
        change: {path, file: existing.file, before: undefined, after, mode: 0o644, isModeExact: false},
      }
    }
  }
}
