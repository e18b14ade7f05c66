/** What `gowarden init --remove` takes out: what init wrote, whatever tool it was written for. */
import type {GitSystem} from '../git/git.ts'
import {readSchema} from '../policy/schema.ts'
import {packageFolder} from '../system/package-folder.ts'
import {findBlock, removeBlock} from './blocks.ts'
import {readExisting} from './existing.ts'
import {type BlockFile, blockFiles, extraHooks, heads} from './hook-files.ts'
import {type Outcome, policyPath, shownPath, workflowPath} from './outcome.ts'
import {hookTools, type RepositorySetup} from './repository-setup.ts'
import {isWorkflowText, policyText, schemaPath} from './texts.ts'

/** A repository may have changed to another tool since, so all of them are looked at. */
export function removals(system: GitSystem, setup: RepositorySetup): Outcome[] {
  const tools = hookTools.filter(tool => tool !== 'git' || setup.ownsHooksFolder)
  const hooks = ['pre-commit', ...extraHooks] as const
  const files = tools.flatMap(tool => blockFiles(system, setup, tool, hooks))
  // Husky's folder may be that of core.hooksPath; whichever tool made a file, it begins as one of them does.
  const once = [...new Map(files.map(file => [file.path, file])).values()]
  return [
    yours(takeWhole(system, setup, policyPath, text => [policyText(false), policyText(true)].includes(text))),
    takeWhole(system, setup, schemaPath, text => text === readSchema(system, packageFolder)),
    ...once.map(file => takeBlock(system, setup, file)),
    takeWhole(system, setup, workflowPath, isWorkflowText),
  ]
}

/** What init leaves alone holds no block of ours. */
function takeBlock(system: GitSystem, setup: RepositorySetup, {path: wanted}: BlockFile): Outcome {
  const existing = readExisting(system, setup, wanted)
  if (existing.kind !== 'text') return undefined
  const {file, content: before, mode} = existing
  const block = findBlock(before)
  if (block === undefined) return undefined
  const path = shownPath(setup, wanted)
  if (block === 'broken') return {left: {path, reason: 'the marks of its gowarden block do not match'}}
  if (!block.isUntouched) return {left: {path, reason: 'its gowarden block was changed since'}}
  const rest = removeBlock(before, block)
  const after = block.isWholeFile && heads.includes(rest) ? undefined : rest
  return {change: {path, file, before, after, mode, isModeExact: true}}
}

/** A policy that a person wrote, or chose from what init wrote, is not gowarden's to remove: that it stays is no failure. */
function yours(outcome: Outcome): Outcome {
  if (outcome === undefined || !('left' in outcome)) return outcome
  const {path} = outcome.left
  return {left: {path, reason: 'you wrote it, or changed it since', isYours: true}}
}

function takeWhole(
  system: GitSystem,
  setup: RepositorySetup,
  path: string,
  isOurs: (text: string) => boolean,
): Outcome {
  const existing = readExisting(system, setup, `${setup.top}/${path}`)
  if (existing.kind === 'absent') return undefined
  // Git may have checked it out with the line breaks of Windows.
  const isWritten =
    existing.kind === 'text' &&
    isOurs(Buffer.from(existing.content, 'latin1').toString().replaceAll('\r\n', '\n'))
  if (!isWritten) return {left: {path, reason: 'it is not as gowarden writes it'}}
  const {file, content, mode} = existing
  return {change: {path, file, before: content, after: undefined, mode, isModeExact: true}}
}
