/** What is left for the person to do after `gowarden init`, each with its command. */
import type {GitSystem} from '../git/git.ts'
import {packageFolder} from '../system/package-folder.ts'
import {shellWord} from '../text/shell-word.ts'
import {readExisting} from './existing.ts'
import type {HookTool, RepositorySetup} from './repository-setup.ts'

export function nextSteps(
  system: GitSystem,
  setup: RepositorySetup,
  tool: HookTool,
  hasWorkflow: boolean,
): string[] {
  return [
    ...(isFindable(system, setup, tool)
      ? []
      : [`the hook does not find gowarden: ${shellWord(`${packageFolder}/bin/gowarden`)} enable`]),
    ...activation(system, setup, tool),
    ...(tool !== 'git' || isInWorkTree(setup)
      ? []
      : ['Git does not copy this hook to other clones: run gowarden init in every clone']),
    ...(setup.usesGitHub && !hasWorkflow
      ? ['add CI too, hooks can be skipped: gowarden init --action OWNER/gowarden@REV writes a workflow']
      : []),
  ]
}

/** How this clone comes to run the hook, where it does not yet. */
function activation(system: GitSystem, setup: RepositorySetup, tool: HookTool): string[] {
  const hook = `${setup.hooksFolder}/pre-commit`
  const existing = readExisting(system, setup, hook)
  if (tool === 'git') {
    // Git looks away from a hook that nobody may run, with a hint of its own.
    if (existing.kind !== 'text' || system.files.isExecutable(hook)) return []
    return [`Git does not run this hook, it is not executable: chmod +x ${shellWord(hook)}`]
  }
  const installed = existing.kind === 'text' ? existing.content : ''
  const isActive = {
    husky: setup.hooksFolder.endsWith('/_') || setup.hooksFolder === `${setup.top}/${setup.husky.folder}`,
    lefthook: installed.includes('lefthook'),
    'pre-commit': installed.includes('pre-commit'),
  }[tool]
  const activate = {
    husky: setup.husky.isSourced ? 'npx husky install' : 'npx husky',
    lefthook: 'lefthook install',
    'pre-commit': 'pre-commit install --hook-type pre-commit',
  }[tool]
  return isActive ? [] : [`${tool} is not active in this clone: ${activate}`]
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
