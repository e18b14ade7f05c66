/** `gowarden verify --fix`: runs what the hints say, each step as a list of arguments in the top of the work tree. */
import {join} from 'node:path'
import {describe} from '../findings/describe.ts'
import {type GitSystem, outputOf} from '../git/git.ts'
import {parsePaths} from '../git/index.ts'
import {pathToUtf8} from '../git/path-bytes.ts'
import {noWorkTree, probeRepository, type Repository} from '../git/repository.ts'
import {UsageError, WorldError} from '../system/errors.ts'
import {readHint, type Step, touchedBy} from './hint-steps.ts'
import type {VerifyResult} from './result.ts'

export type Fix = {
  top: string
  /** As they are shown, with what is run. */
  commands: {hint: string; steps: Step[]}[]
  /** Hints that only a person can follow. */
  byHand: string[]
}

/** What would be run for a result, nothing of which is run yet. The system's working directory is the top. */
export function planFix(result: VerifyResult, top: string): Fix {
  const hints = [...new Set(result.findings.flatMap(finding => describe(finding).hints))]
  const read = hints.map(hint => ({hint, steps: readHint(hint)}))
  return {
    top,
    commands: read.flatMap(({hint, steps}) => (steps === undefined ? [] : [{hint, steps}])),
    byHand: read.flatMap(({hint, steps}) => (steps === undefined ? [hint] : [])),
  }
}

/**
 * The system in the top of the work tree, where hints are run, with Git's variables that name a place from where the command was
 * started. Throws UsageError where there is no work tree.
 */
export async function systemAtTop(system: GitSystem): Promise<GitSystem> {
  const repository = await probeRepository(system)
  const {top, env} = repository
  if (top === undefined) throw await noWorkTree(repository, '--fix: ', 'run it in a clone')
  return {...system, cwd: system.files.realPath(top) ?? top, env: {...system.env, ...env}}
}

/** Throws UsageError where files that would be touched hold changes that Git has no copy of. */
export async function refuseUnstaged(system: GitSystem, {commands, top}: Fix): Promise<void> {
  const repository: Repository = await probeRepository({...system, cwd: top})
  const paths = [...new Set(commands.flatMap(({steps}) => steps.flatMap(touchedBy)))]
  if (paths.length === 0) return
  const words = ['--literal-pathspecs', 'diff', '--name-only', '--no-relative', '-z', '--no-ext-diff', '--']
  const changed = parsePaths(
    outputOf('listing unstaged changes', await repository.git([...words, ...paths])),
  ).map(pathToUtf8)
  const [first] = changed
  if (first === undefined) return
  const others = changed.length === 1 ? '' : ` and ${changed.length - 1} more`
  throw new UsageError(
    `--fix would touch unstaged changes: ${first}${others}`,
    'stage them, or put them aside: git stash',
  )
}

/** Runs every step; `say` is told each command before. Throws WorldError at the first that fails. */
export async function runFix(
  system: GitSystem,
  {commands, top}: Fix,
  say: (text: string) => void,
): Promise<void> {
  for (const {hint, steps} of commands) {
    say(hint)
    let failed: unknown
    for (const step of steps) {
      if (failed === undefined || step.isCleanUp)
        await runStep(system, step, top).catch(error => {
          failed ??= error
        })
    }
    if (failed !== undefined) throw failed
  }
}

async function runStep(system: GitSystem, {file, args, input, output}: Step, top: string): Promise<void> {
  const given = input === undefined ? undefined : system.files.read(join(top, input))
  if (input !== undefined && given === undefined)
    throw new WorldError(`running ${file}: there is no ${input}`)
  const ended = await system.pipe(file, args, {
    cwd: top,
    env: {...system.env},
    ...(given === undefined ? {} : {input: given}),
  })
  if (ended.exitCode !== 0) {
    const words = ended.stderr.trim() || `it ended with ${ended.exitCode ?? ended.signal}`
    throw new WorldError(`running ${[file, ...args].join(' ')}: ${words}`, {
      hint: 'the steps before it were run: look at git status',
    })
  }
  if (output !== undefined) system.files.replace(join(top, output), ended.stdout, 0o666)
}
