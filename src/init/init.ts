/** `gowarden init`: policy, hook and CI of a repository, written where they are missing and taken out again to the byte. */
import {dirname} from 'node:path'
import type {GitSystem} from '../git/git.ts'
import {policyPlaces} from '../policy/places.ts'
import {UsageError} from '../system/errors.ts'
import {packageFolder} from '../system/package-folder.ts'
import {findBlock, formatBlock} from './blocks.ts'
import {type HookTool, hookTools, probeRepositorySetup, type RepositorySetup} from './repository-setup.ts'
import {isWorkflowText, policyText, workflowText} from './texts.ts'
import {placeInLefthook, placeInPreCommit} from './yaml.ts'

export const extraHooks = ['pre-merge-commit', 'pre-push', 'post-checkout', 'post-merge'] as const
export type ExtraHook = (typeof extraHooks)[number]

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
export type Change = {path: string; file: string; before: string | undefined; after: string | undefined}

/** A file that is not as wanted and that was not touched, and why. */
export type Left = {path: string; reason: string}

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

type Outcome = {change: Change} | {left: Left} | undefined

/** A file with a block of ours, and where in it. */
type BlockFile = {
  path: string
  /** Text before and lines of the block; the text so far is '' where the file is new. */
  place(text: string): {at: number; indent: string; lines: string[]} | {reason: string}
  /** What a new file begins with. */
  head: string
  mode: number
}

/** Changes nothing on a dry run. Throws UsageError where it cannot tell which tool runs the hooks. */
export async function init(system: GitSystem, options: InitOptions): Promise<Initialized> {
  const setup = await probeRepositorySetup(system)
  const tool = options.hooks ?? (options.isRemoval ? 'git' : toolOf(setup))
  const outcomes = options.isRemoval ? removals(system, setup) : additions(system, setup, tool, options)
  const changes = outcomes.flatMap(outcome => (outcome && 'change' in outcome ? [outcome.change] : []))
  const left = outcomes.flatMap(outcome => (outcome && 'left' in outcome ? [outcome.left] : []))
  if (!options.isDryRun) for (const change of changes) apply(system, setup, change)
  return {
    setup,
    tool,
    changes,
    left,
    next: options.isRemoval
      ? []
      : nextSteps(
          system,
          setup,
          tool,
          options.action !== undefined || system.files.stat(`${setup.top}/${workflowPath}`) !== undefined,
        ),
    isDryRun: options.isDryRun,
    isRemoval: options.isRemoval,
  }
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

function additions(
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
  if (tool === 'git' && !setup.ownsHooksFolder) {
    throw new UsageError(
      `core.hooksPath is ${setup.hooksFolder}, which serves other repositories too`,
      'give this one its own: git config --local core.hooksPath .githooks',
    )
  }
  const hasPolicy = policyPlaces.some(
    name => system.files.stat(`${setup.top}/${name}`) !== undefined && name !== 'package.json',
  )
  return [
    hasPolicy ? undefined : makeWhole(system, setup, policyPath, policyText(setup.dependsOnGowarden)),
    ...blockFiles(system, setup, tool, ['pre-commit', ...options.also]).map(file =>
      addBlock(system, setup, file),
    ),
    options.action === undefined
      ? undefined
      : makeWhole(system, setup, workflowPath, workflowText(actionName(options.action))),
  ]
}

const policyPath = '.gowardenrc.yaml'
const workflowPath = '.github/workflows/gowarden.yml'

/** Throws UsageError for what is no action: the text goes into a YAML file. */
function actionName(text: string): string {
  if (/^[\w.-]+(\/[\w.-]+)+@[\w./-]+$/.test(text)) return text
  throw new UsageError(
    `--action ${text}: not the name of an action`,
    'name repository and commit: --action OWNER/gowarden@REV',
  )
}

const scripts: Record<'pre-commit' | ExtraHook, string> = {
  'pre-commit': 'verify-staged',
  'pre-merge-commit': 'verify-staged',
  'pre-push': 'verify-pushed',
  'post-checkout': 'toolchain-changed',
  'post-merge': 'toolchain-changed',
}

/** The lines of a hook of this package, without its first. */
function scriptLines(system: GitSystem, hook: keyof typeof scripts): string[] {
  const text = system.files.read(`${packageFolder}/hooks/${scripts[hook]}`)?.toString()
  if (text === undefined) throw new Error(`hooks/${scripts[hook]} is missing from the package`)
  return text.trimEnd().split('\n').slice(1)
}

function blockFiles(
  system: GitSystem,
  setup: RepositorySetup,
  tool: HookTool,
  hooks: readonly (keyof typeof scripts)[],
): BlockFile[] {
  switch (tool) {
    case 'husky':
      return hooks.map(hook =>
        shellHook(`${setup.top}/${setup.huskyFolder}/${hook}`, scriptLines(system, hook)),
      )
    case 'git':
      return hooks.map(hook => shellHook(`${setup.hooksFolder}/${hook}`, scriptLines(system, hook)))
    case 'lefthook': {
      const path = `${setup.top}/${setup.lefthookFile ?? 'lefthook.yml'}`
      const place = (text: string) => placeInLefthook(text, scriptLines(system, 'pre-commit'))
      return [{path, place, head: '', mode: 0o644}]
    }
    case 'pre-commit': {
      const path = `${setup.top}/.pre-commit-config.yaml`
      const place = (text: string) => placeInPreCommit(text, scriptLines(system, 'pre-commit'))
      return [{path, place, head: '', mode: 0o644}]
    }
  }
}

/** Behind the first line: what stands further down may end the script with exit or exec. */
function shellHook(path: string, lines: string[]): BlockFile {
  return {
    path,
    head: '#!/bin/sh\n',
    mode: 0o755,
    place: text => {
      if (!text.startsWith('#!')) return {at: 0, indent: '', lines}
      const end = text.indexOf('\n') + 1
      if (end === 0) return {reason: 'its first line does not end'}
      const isShell = /\b(ba|da|k|z)?sh\b/.test(text.slice(0, end))
      return isShell ? {at: end, indent: '', lines} : {reason: 'it is no shell script'}
    },
  }
}

function addBlock(system: GitSystem, setup: RepositorySetup, file: BlockFile): Outcome {
  const real = system.files.realPath(file.path) ?? file.path
  const before = system.files.read(real)?.toString()
  const path = shown(setup, file.path)
  if (before === undefined) {
    const place = file.place(file.head)
    if ('reason' in place) throw new Error(`${path}: ${place.reason}`)
    return {change: {path, file: real, before, after: insert(file.head, place, true)}}
  }
  const block = findBlock(before)
  if (block === 'broken') return {left: {path, reason: 'one of the two marks of the gowarden block is gone'}}
  if (block !== undefined) {
    if (!block.isUntouched) return {left: {path, reason: 'its gowarden block was changed since'}}
    const without = before.slice(0, block.start) + before.slice(block.end)
    const place = file.place(without)
    if ('reason' in place) return undefined
    const after = insert(without, place, block.isWholeFile)
    return after === before ? undefined : {change: {path, file: real, before, after}}
  }
  if (/gowarden verify/.test(before)) return undefined
  const place = file.place(before)
  if ('reason' in place) return {left: {path, reason: place.reason}}
  return {change: {path, file: real, before, after: insert(before, place, false)}}
}

function insert(
  text: string,
  {at, indent, lines}: {at: number; indent: string; lines: string[]},
  isWholeFile: boolean,
): string {
  return text.slice(0, at) + formatBlock(lines, indent, isWholeFile) + text.slice(at)
}

function makeWhole(system: GitSystem, setup: RepositorySetup, path: string, after: string): Outcome {
  const file = `${setup.top}/${path}`
  return system.files.stat(file) === undefined ? {change: {path, file, before: undefined, after}} : undefined
}

/** Whatever tool it was written for: a repository may have changed to another since. */
function removals(system: GitSystem, setup: RepositorySetup): Outcome[] {
  const tools = hookTools.filter(tool => tool !== 'git' || setup.ownsHooksFolder)
  const hooks = ['pre-commit', ...extraHooks] as const
  return [
    removeWhole(system, setup, policyPath, text => [policyText(false), policyText(true)].includes(text)),
    ...tools
      .flatMap(tool => blockFiles(system, setup, tool, hooks))
      .map(file => removeBlock(system, setup, file)),
    removeWhole(system, setup, workflowPath, isWorkflowText),
  ]
}

function removeBlock(system: GitSystem, setup: RepositorySetup, {path: wanted, head}: BlockFile): Outcome {
  const file = system.files.realPath(wanted) ?? wanted
  const before = system.files.read(file)?.toString()
  const block = before === undefined ? undefined : findBlock(before)
  if (before === undefined || block === undefined) return undefined
  const path = shown(setup, wanted)
  if (block === 'broken') return {left: {path, reason: 'one of the two marks of the gowarden block is gone'}}
  if (!block.isUntouched) return {left: {path, reason: 'its gowarden block was changed since'}}
  const rest = before.slice(0, block.start) + before.slice(block.end)
  return {change: {path, file, before, after: block.isWholeFile && rest === head ? undefined : rest}}
}

function removeWhole(
  system: GitSystem,
  setup: RepositorySetup,
  path: string,
  isOurs: (text: string) => boolean,
): Outcome {
  const file = `${setup.top}/${path}`
  const before = system.files.read(file)?.toString()
  if (before === undefined) return undefined
  return isOurs(before)
    ? {change: {path, file, before, after: undefined}}
    : {left: {path, reason: 'it is not as gowarden writes it'}}
}

function shown(setup: RepositorySetup, file: string): string {
  return file.startsWith(`${setup.top}/`) ? file.slice(setup.top.length + 1) : file
}

function apply(system: GitSystem, setup: RepositorySetup, {file, after}: Change): void {
  if (after !== undefined) {
    const isHook = after.startsWith('#!')
    system.files.makeDirectory(dirname(file), 0o777)
    system.files.replace(file, after, system.files.stat(file)?.mode ?? (isHook ? 0o755 : 0o644))
    return
  }
  system.files.remove(file)
  // A folder that was made for the file goes with it; Git's own stay.
  for (let folder = dirname(file); isMadeFolder(setup, folder); folder = dirname(folder)) {
    if (system.files.list(folder)?.length !== 0) return
    system.files.remove(folder)
  }
}

function isMadeFolder(setup: RepositorySetup, folder: string): boolean {
  return ['.github/workflows', '.github', setup.huskyFolder].some(name => folder === `${setup.top}/${name}`)
}

function nextSteps(
  system: GitSystem,
  setup: RepositorySetup,
  tool: HookTool,
  hasWorkflow: boolean,
): string[] {
  const installed = system.files.read(`${setup.hooksFolder}/pre-commit`)?.toString() ?? ''
  const isActive = {
    git: true,
    husky: setup.hooksFolder.endsWith('/_'),
    lefthook: installed.includes('lefthook'),
    'pre-commit': installed.includes('pre-commit'),
  }[tool]
  const activate = {
    husky: 'npx husky',
    lefthook: 'lefthook install',
    'pre-commit': 'pre-commit install',
    git: '',
  }[tool]
  const isCopiedByGit = tool !== 'git' || isInWorkTree(setup)
  return [
    ...(isFindable(system, setup, tool)
      ? []
      : [`the hook does not find gowarden: ${packageFolder}/bin/gowarden enable`]),
    ...(isActive ? [] : [`${tool} is not active in this clone: ${activate}`]),
    ...(isCopiedByGit ? [] : ['Git does not copy this hook to other clones: gowarden init in each']),
    ...(setup.usesGitHub && !hasWorkflow
      ? [
          'what passes the hook is for CI to find: gowarden init --action OWNER/gowarden@REV writes a workflow',
        ]
      : []),
  ]
}

function isInWorkTree({hooksFolder, top}: RepositorySetup): boolean {
  return hooksFolder.startsWith(`${top}/`) && !hooksFolder.startsWith(`${top}/.git/`)
}

/** Whether the hook will find gowarden here: on PATH, where `gowarden enable` puts it, or, with husky, in node_modules. */
function isFindable(system: GitSystem, setup: RepositorySetup, tool: HookTool): boolean {
  const {XDG_DATA_HOME: share, HOME: home = '', PATH: path = ''} = system.env
  const folders = [
    // npx puts its own folder on PATH, which is gone in the hook.
    ...path.split(':').filter(folder => !/\/(_npx|node_modules)\//.test(`${folder}/`)),
    `${share || `${home}/.local/share`}/gowarden/bin`,
    ...(tool === 'husky' ? [`${setup.top}/node_modules/.bin`] : []),
  ]
  return folders.some(folder => folder.startsWith('/') && system.files.isExecutable(`${folder}/gowarden`))
}
