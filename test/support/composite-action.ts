/**
 * A composite action, run from its file as GitHub's runner runs it: each step's script by bash with the runner's flags, expressions
 * evaluated, and what a step writes into GITHUB_ENV, GITHUB_PATH and GITHUB_OUTPUT in force for those behind it. actions/cache is a folder
 * of archives by their keys. Only what action.yml uses is known here; everything else throws.
 */
import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {parse} from 'yaml'
import {runProgram} from './rig.ts'

export type Step = {
  name: string
  id?: string
  if?: string
  shell?: string
  env?: Record<string, string>
  run?: string
  uses?: string
  with?: Record<string, string>
}

export type Action = {
  name: string
  inputs: Record<string, {description: string; default: string}>
  runs: {using: string; steps: Step[]}
}

export type Job = {
  /** The repository that was checked out. */
  workspace: string
  /** Emptied for each job, as RUNNER_TEMP is. */
  temporary: string
  caches: string
  inputs?: Record<string, string>
  /** `github.event`. */
  event?: unknown
  env: Record<string, string | undefined>
}

export type Ran = {name: string; outcome: 'success' | 'failure' | 'skipped'; text: string; seconds: number}

export type JobEnd = {
  steps: Ran[]
  /** For the steps behind the action. */
  env: Record<string, string | undefined>
  summary: string
  /** By their keys: those that were found, and those that were kept. */
  restored: string[]
  saved: string[]
}

export function readAction(folder: string): Action {
  return parse(readFileSync(join(folder, 'action.yml'), 'utf8'))
}

/** Runs every step of the action in `folder`; a step behind one that failed is skipped. */
export async function runAction(folder: string, job: Job): Promise<JobEnd> {
  const {inputs, runs} = readAction(folder)
  const outputs: Record<string, Record<string, string>> = {}
  const context = {
    inputs: {
      ...Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default])),
      ...job.inputs,
    },
    github: {action_path: folder, event: job.event ?? {}},
    runner: {os: 'Linux', arch: 'X64', temp: job.temporary},
    steps: outputs as Record<string, unknown>,
  }
  const value = (text: string) =>
    text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => evaluate(expression, context))
  const files = ['env', 'path', 'output', 'summary'].map(name => [name, join(job.temporary, name)] as const)
  const env = {...job.env}
  const end: JobEnd = {steps: [], env, summary: '', restored: [], saved: []}
  const toKeep: {key: string; path: string}[] = []
  mkdirSync(job.temporary, {recursive: true})
  let hasFailed = false
  for (const step of runs.steps) {
    const {name, id, run, uses} = step
    const started = performance.now()
    if (hasFailed || (step.if !== undefined && !isTrue(evaluate(step.if, context)))) {
      end.steps.push({name, outcome: 'skipped', text: '', seconds: 0})
      continue
    }
    let text = ''
    let outcome: Ran['outcome'] = 'success'
    if (uses !== undefined) {
      if (!/^actions\/cache@/.test(uses)) throw new Error(`${uses} is not known here`)
      const cache = {key: value(step.with?.['key'] ?? ''), path: value(step.with?.['path'] ?? '')}
      if (restore(job.caches, cache)) end.restored.push(cache.key)
      else toKeep.push(cache)
    } else {
      const script = join(job.temporary, 'script.sh')
      writeFileSync(script, run ?? '')
      for (const [, path] of files.filter(([file]) => file !== 'summary')) writeFileSync(path, '')
      const ended = await runProgram('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
        cwd: job.workspace,
        env: {
          ...env,
          GITHUB_ACTIONS: 'true',
          CI: 'true',
          RUNNER_TEMP: job.temporary,
          ...Object.fromEntries(
            files.map(([file, path]) => [
              `GITHUB_${file === 'summary' ? 'STEP_SUMMARY' : file.toUpperCase()}`,
              path,
            ]),
          ),
          ...Object.fromEntries(Object.entries(step.env ?? {}).map(([key, text]) => [key, value(text)])),
        },
      })
      text = `${ended.stdout}${ended.stderr}`
      outcome = ended.code === 0 ? 'success' : 'failure'
      hasFailed = outcome === 'failure'
      const read = (file: string) => linesOf(join(job.temporary, file))
      if (id !== undefined) outputs[id] = {}
      if (id !== undefined) Object.assign(context.steps, {[id]: {outputs: pairsOf(read('output'))}})
      Object.assign(env, pairsOf(read('env')))
      // Each goes before those that are there.
      for (const entry of read('path')) env['PATH'] = `${entry}:${env['PATH']}`
    }
    end.steps.push({name, outcome, text, seconds: (performance.now() - started) / 1000})
  }
  // What actions/cache does after a job that succeeded.
  if (!hasFailed) for (const cache of toKeep) if (keep(job.caches, cache)) end.saved.push(cache.key)
  end.summary = linesOf(join(job.temporary, 'summary')).join('\n')
  return end
}

function linesOf(path: string): string[] {
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter(line => line !== '')
    : []
}

function pairsOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map(line => {
      const at = line.indexOf('=')
      if (at < 1) throw new Error(`not NAME=VALUE: ${line}`)
      return [line.slice(0, at), line.slice(at + 1)]
    }),
  )
}

function restore(caches: string, {key, path}: {key: string; path: string}): boolean {
  const archive = join(caches, `${key}.tar`)
  if (!existsSync(archive)) return false
  mkdirSync(dirname(path), {recursive: true})
  tar(['-xf', archive, '-C', dirname(path)])
  return true
}

function keep(caches: string, {key, path}: {key: string; path: string}): boolean {
  if (!existsSync(path)) return false
  mkdirSync(caches, {recursive: true})
  tar(['-cf', join(caches, `${key}.tar`), '-C', dirname(path), path.slice(dirname(path).length + 1)])
  return true
}

function tar(words: readonly string[]): void {
  const {status, stderr} = spawnSync('tar', words, {encoding: 'utf8'})
  if (status !== 0) throw new Error(stderr)
}

const isTrue = (value: string) => value !== '' && value !== 'false'

/** Names with dots, texts in quotes, ||, == and !=. What is not there is ''. */
function evaluate(expression: string, context: unknown): string {
  const [either = '', ...others] = expression.split('||')
  const {
    left = '',
    sign,
    right = '',
  } = either.match(/^(?<left>.+?)\s*(?<sign>[!=]=)\s*(?<right>.+)$/)?.groups ?? {}
  const found =
    sign === undefined
      ? termOf(either, context)
      : String((termOf(left, context) === termOf(right, context)) === (sign === '=='))
  return isTrue(found) || others.length === 0 ? found : evaluate(others.join('||'), context)
}

function termOf(text: string, context: unknown): string {
  const term = text.trim()
  const [, quoted] = term.match(/^'([^']*)'$/) ?? []
  if (quoted !== undefined) return quoted
  if (!/^[a-z_][a-z0-9_.]*$/i.test(term)) throw new Error(`${term} is not known here`)
  const found = term
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      context,
    )
  return found === undefined || found === null ? '' : String(found)
}
