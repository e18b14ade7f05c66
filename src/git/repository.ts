/** Where the repository lies and how it names its objects. */
import {resolve} from 'node:path'
import {UsageError, WorldError} from '../system/errors.ts'
import {type Git, type GitSystem, gitIn} from './git.ts'
import {type ObjectFormat, toObjectFormat} from './object-id.ts'

export type Repository = {
  /** The top of the work tree; undefined in a bare repository. */
  top: string | undefined
  gitDirectory: string
  /** Where Git runs: the top of the work tree, or the Git directory. */
  cwd: string
  format: ObjectFormat
  /** The tree of HEAD; undefined before the first commit. */
  headTree: string | undefined
  /** Git's variables that name a directory from where the command was started: absolute, for Git runs elsewhere. */
  env: Record<string, string>
  git: Git
}

/** One child for everything. Throws a WorldError outside a repository. */
export async function probeRepository(system: GitSystem): Promise<Repository> {
  const questions = ['--is-inside-work-tree', '--absolute-git-dir', '--show-object-format', '--show-cdup']
  const result = await gitIn(system, system.cwd)(['rev-parse', ...questions, 'HEAD^{tree}'])
  const [inWorkTree, gitDirectory = '', format = '', ...rest] = result.stdout.toString().split('\n')
  const objectFormat = toObjectFormat(format)
  if (objectFormat === undefined || gitDirectory === '') {
    throw new WorldError(`finding the repository: ${result.stderr.trim()}`, {
      hint: 'run gowarden verify inside a Git repository',
    })
  }
  // --show-cdup prints an empty line at the top and in a bare repository, and a path where GIT_WORK_TREE names another place.
  const [said = ''] = rest
  const cdup = inWorkTree === 'true' || said.startsWith('/') ? said : undefined
  const headTree = rest.find(line => /^[0-9a-f]{40,64}$/.test(line))
  const top = cdup === undefined ? undefined : upwards(system.cwd, cdup)
  if (top !== undefined && system.files.stat(top) === undefined)
    throw new WorldError(`finding the repository: its work tree ${top} is not there`, {
      hint: 'look at GIT_WORK_TREE, and at git config core.worktree',
    })
  const cwd = top ?? gitDirectory
  // From outside, the work tree need not lead to the Git directory: core.worktree names the one from the other alone.
  const outside = top !== undefined && said.startsWith('/') ? {GIT_DIR: gitDirectory, GIT_WORK_TREE: top} : {}
  const env = {...absoluteEnv(system, {GIT_DIR: gitDirectory, GIT_WORK_TREE: top}), ...outside}
  return {
    top,
    gitDirectory,
    cwd,
    format: objectFormat,
    headTree: result.exitCode === 0 ? headTree : undefined,
    env,
    git: gitIn(system, cwd, env),
  }
}

/** What to say where there is no work tree; `hint` is for a bare repository. */
export async function noWorkTree({git}: Repository, before: string, hint: string): Promise<UsageError> {
  const asked = await git(['rev-parse', '--is-bare-repository'])
  return asked.stdout.toString().trim() === 'false'
    ? new UsageError(`${before}this is the Git directory, and not the work tree`, 'run it in the work tree')
    : new UsageError(`${before}a bare repository has no work tree`, hint)
}

/** Of the variables that are set; what Git said of a place counts before what is written there. */
function absoluteEnv(
  {env, cwd}: GitSystem,
  known: Record<string, string | undefined>,
): Record<string, string> {
  const names = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY']
  return Object.fromEntries(
    names.flatMap(name => {
      const value = env[name]
      return value === undefined || value === '' ? [] : [[name, known[name] ?? resolve(cwd, value)]]
    }),
  )
}

/** `cdup` is `../` as often as needed, or an absolute path where Git cannot count. */
function upwards(cwd: string, cdup: string): string {
  if (cdup.startsWith('/')) return cdup.replace(/(.)\/$/, '$1')
  const depth = cdup.split('../').length - 1
  return depth === 0 ? cwd : cwd.split('/').slice(0, -depth).join('/') || '/'
}
