/** What is left for the person to do after `gowarden init`, each with its command. */
import type {GitSystem} from '../git/git.ts'
import {packageFolder} from '../system/package-folder.ts'
import {unreachable} from '../system/unreachable.ts'
import {shellWord} from '../text/shell-word.ts'
import {readExisting} from './existing.ts'
import {hooksIn} from './git-hooks.ts'
import {type Left, shownPath} from './outcome.ts'
import type {HookTool, RepositorySetup} from './repository-setup.ts'

export function nextSteps(
  system: GitSystem,
  setup: RepositorySetup,
  tool: HookTool,
  hasWorkflow: boolean,
  left: readonly Left[],
): string[] {
  const hook = shownPath(setup, `${setup.hooksFolder}/pre-commit`)
  const isLeft = tool === 'git' && left.some(({path}) => path === hook)
  return [
    ...(isFindable(system, setup, tool)
      ? []
      : [`the hook cannot find gowarden: ${shellWord(`${packageFolder}/bin/gowarden`)} enable`]),
    ...(isLeft
      ? [`nothing of ${hook} was written: let it run gowarden verify --staged`]
      : activation(system, setup, tool)),
    ...(tool !== 'git' || isLeft || isInWorkTree(setup)
      ? []
      : ['Git does not copy this hook to other clones: run gowarden init in every clone']),
    ...(setup.usesGitHub && !hasWorkflow
      ? ['add CI too, hooks can be skipped: gowarden init --action OWNER/gowarden@REV writes a workflow']
      : []),
  ]
}

/** How this clone comes to run the hook, where it does not yet. */
function activation(system: GitSystem, setup: RepositorySetup, tool: HookTool): string[] {
  const {hooksFolder, husky} = setup
  const hook = `${hooksFolder}/pre-commit`
  const existing = readExisting(system, setup, hook)
  const installed = existing.kind === 'text' ? existing.content : ''
  switch (tool) {
    case 'git':
      // Git looks away from a hook that nobody may run, with a hint of its own.
      if (existing.kind !== 'text' || system.files.isExecutable(hook)) return []
      return [`Git does not run this hook, it is not executable: chmod +x ${shellWord(hook)}`]
    case 'husky': {
      if (hooksFolder.endsWith('/_') || hooksFolder === `${setup.top}/${husky.folder}`) return []
      // It points core.hooksPath at its own folder.
      const running = hooksIn(system, hooksFolder)
      const off =
        running.length === 0
          ? ''
          : `, and then switches off ${running === 'unknown' ? 'the hooks' : running.join(', ')} of ${shownPath(setup, hooksFolder)}`
      return [
        `husky is not active in this clone${off}: ${husky.isSourced ? 'npx husky install' : 'npx husky'}`,
      ]
    }
    case 'lefthook':
      if (installed.includes('lefthook')) return []
      // It ends with an error where core.hooksPath is set, and so does pre-commit.
      if (setup.setsHooksPath) return [callFrom(setup, tool, 'lefthook run pre-commit')]
      return [
        existing.kind === 'absent'
          ? 'lefthook is not active in this clone: lefthook install'
          : `lefthook is not active in this clone, and then puts ${shownPath(setup, hook)} aside as pre-commit.old: lefthook install`,
      ]
    case 'pre-commit':
      if (installed.includes('pre-commit')) return []
      if (setup.setsHooksPath) return [callFrom(setup, tool, 'pre-commit run')]
      return ['pre-commit is not active in this clone: pre-commit install --hook-type pre-commit']
    default:
      return unreachable(tool)
  }
}

function callFrom(setup: RepositorySetup, tool: HookTool, call: string): string {
  const hook = shownPath(setup, `${setup.hooksFolder}/pre-commit`)
  return `${tool} is not active in this clone, where core.hooksPath is set: let ${hook} run ${call}`
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
