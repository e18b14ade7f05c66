/** The source of a binary as a clone of its own: the repository that a person names is read and never written. */
import {resolve} from 'node:path'
import {withoutLocalGit} from '../go/command/git-variables.ts'
import {cannotStart} from '../system/errors.ts'
import type {System} from '../system/system.ts'

/** `directory` is where the module lies, `top` the clone. */
export type Source =
  | {kind: 'source'; directory: string; top: string; revision: string}
  | {kind: 'refused'; reason: string; hint?: string}

/**
 * Clones `repository` into `folder` and checks a revision out, HEAD where none is known. Nothing that the repository holds is run, and
 * nothing that it asks for: no hook, no filter, no lazy fetch. `module` is the path that the go.mod there has to say.
 */
export async function cloneSource(
  system: System,
  repository: string,
  folder: string,
  module: string,
  revision: string | undefined,
): Promise<Source> {
  const from = resolve(system.cwd, repository)
  const plain = gitFor(system)
  const off = await withoutPrograms(plain)
  const git = (words: string[], cwd: string) => plain([...off, ...words], cwd)
  const clone = ['clone', '--quiet', '--shared', '--no-checkout', '--template=', '-c', 'core.autocrlf=false']
  const cloned = await git([...clone, '--', from, folder], '/')
  if (cloned.exitCode !== 0)
    return {kind: 'refused', reason: `cloning ${repository}: ${lastLine(cloned.stderr)}`}
  const inClone = (words: string[]) => git(words, folder)
  const checkedOut = await inClone(['checkout', '--quiet', '--detach', revision ?? 'HEAD'])
  if (checkedOut.exitCode !== 0)
    return {
      kind: 'refused',
      reason: `${repository} does not have revision ${revision ?? 'HEAD'}: ${lastLine(checkedOut.stderr)}`,
      hint: `git -C ${repository} fetch --all --tags, if it was pushed`,
    }
  const head = (await inClone(['rev-parse', 'HEAD'])).stdout.trim()
  const listed = (await inClone(['ls-files', '-z', '--', ':(glob)**/go.mod'])).stdout.split('\0')
  const goMod = listed.find(
    file => file !== '' && moduleOf(system.files.read(`${folder}/${file}`)?.toString() ?? '') === module,
  )
  if (goMod === undefined)
    return {kind: 'refused', reason: `${repository} has no module ${module} at revision ${head}`}
  const directory = `${folder}/${goMod}`.slice(0, -'/go.mod'.length)
  return {kind: 'source', directory, top: folder, revision: head}
}

/**
 * What keeps Git from starting programs. The person's own settings name filters (Git LFS is one) and a file system monitor; which files go
 * through which filter is for .gitattributes to say, which the repository holds.
 */
async function withoutPrograms(git: ReturnType<typeof gitFor>): Promise<string[]> {
  const {stdout} = await git(['config', '--null', '--name-only', '--get-regexp', '^filter\\.'], '/')
  // With = in it, a name could not be said so.
  const filters = [...new Set(stdout.split('\0'))].filter(key => key !== '' && !key.includes('='))
  return [
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
    'submodule.recurse=false',
    ...filters.map(key => `${key}=${key.endsWith('.required') ? 'false' : ''}`),
  ].flatMap(setting => ['-c', setting])
}

/** The path on the `module` line of a go.mod. */
function moduleOf(goMod: string): string | undefined {
  return goMod.match(/^[ \t]*module[ \t(\n]+["`]?([^\s"`]+)/m)?.[1]
}

function gitFor(system: System) {
  const env = {...withoutLocalGit(system.env), GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C'}
  return async (words: string[], cwd: string) => {
    try {
      return await system.run('git', words, {cwd, env})
    } catch (cause) {
      throw cannotStart('git', cause, 'install Git')
    }
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
