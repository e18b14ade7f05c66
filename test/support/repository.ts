/** Small repositories, written by the case that needs them. */
import {execFileSync} from 'node:child_process'
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import type {VerifyResult} from '../../src/verify/result.ts'
import {withTemporary} from './temporary.ts'
import {git, treeEnv, writeFiles} from './vendored.ts'
import {found, type VerifyCase, verifyTree} from './verify.ts'

export type Repository = {
  directory: string
  write(files: Record<string, string>): void
  git(...words: string[]): string
  /** A go command in a directory of the repository; `GOWORK=off` for one outside of its workspace. */
  go(at: string, words: string[], env?: Record<string, string>): void
  commit(): void
  /** What verify says of the index, everything staged; the index as it is with `staged`. */
  judge(options?: Partial<VerifyCase> & {staged?: true}): Promise<VerifyResult>
  /** `CODE file` of every finding. */
  found(options?: Partial<VerifyCase> & {staged?: true}): Promise<string[]>
}

/** Runs `body` in a fresh repository with these files, none of them staged. */
export async function withRepository(
  files: Record<string, string>,
  body: (repository: Repository) => void | Promise<void>,
): Promise<void> {
  await withTemporary(async folder => {
    const directory = join(folder, "a 'repository'")
    mkdirSync(directory)
    writeFiles(directory, files)
    git(directory, 'init', '--quiet', '--initial-branch=main')
    const judge: Repository['judge'] = ({staged, ...options} = {}) => {
      if (staged === undefined) git(directory, 'add', '--all')
      return verifyTree(directory, {store: join(folder, 'store'), ...options})
    }
    await body({
      directory,
      write: more => writeFiles(directory, more),
      git: (...words) => git(directory, ...words),
      go: (at, words, env = {}) => {
        execFileSync('go', words, {cwd: join(directory, at), env: treeEnv(env), stdio: 'pipe'})
      },
      commit: () => {
        git(directory, 'add', '--all')
        git(directory, 'commit', '--quiet', '--message=next')
      },
      judge,
      found: async options => found(await judge(options)),
    })
  })
}

/** Why the modules of these cases are not to be had here; undefined when they are. */
export function unavailableModules(names: readonly string[]): string | undefined {
  try {
    execFileSync('go', ['mod', 'download', ...names], {
      cwd: '/',
      env: treeEnv({GO111MODULE: 'on'}),
      stdio: 'pipe',
    })
    return undefined
  } catch (error) {
    return `${names.join(', ')} are not to be had: ${error instanceof Error ? error.message.split('\n')[1] : error}`
  }
}
