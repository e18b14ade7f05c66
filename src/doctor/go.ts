/** The go command as doctor asks it: nothing it says reaches the user by itself, and nothing is downloaded. */

import {goDefault, type Sourced} from '../findings/facts-of-doctor.ts'
import {askingEnv} from '../go/command/child-env.ts'
import {parseGoroot} from '../go/command/go-env.ts'
import {reasonOf} from '../store/folder.ts'
import type {System} from '../system/system.ts'
import {type GoEnvFiles, goEnvSetting} from '../toolchain/go-env-origin.ts'

/** What everything else asks: the go that runs here, and every variable as it says it is. */
export type Here = {
  system: System
  go: string
  /** What `go env -json` says; where go refuses that, what it says with nothing set. */
  env: Readonly<Record<string, string>>
  /** What differs when go is asked: where GOCACHE does not exist yet, another one, for asking would make it. */
  asking: Readonly<Record<string, string>>
}

/** How one go command ended. A program that could not start has status 126, and says why. */
export type Answer = {status: number; stdout: string; stderr: string}

/** Runs the go command here; `more` are variables that differ (undefined: not set). */
export async function askGo(
  {system, go, asking}: Pick<Here, 'system' | 'go' | 'asking'>,
  words: readonly string[],
  more: Readonly<Record<string, string | undefined>> = {},
): Promise<Answer> {
  try {
    const env = {...askingEnv(system.env), GOPROXY: 'off', ...asking, ...more}
    const {exitCode, stdout, stderr} = await system.run(go, words, {env})
    return {status: exitCode ?? 1, stdout, stderr}
  } catch (error) {
    return {status: 126, stdout: '', stderr: reasonOf(error)}
  }
}

/** Reads `go env -json`; undefined for any other text. */
export function parseVariables(json: string): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value !== 'object' || value === null) return undefined
    const texts = Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    )
    return Object.fromEntries(texts)
  } catch {
    return undefined
  }
}

/** A variable as go sees it, and what set it. */
export function sourced({system, env}: Pick<Here, 'system' | 'env'>, name: string): Sourced {
  const setting = goEnvSetting(system, goEnvFiles(env), name)
  return {name, value: env[name] ?? setting?.value ?? '', source: setting?.place ?? goDefault}
}

/** Where go reads its settings from. */
export function goEnvFiles(env: Here['env']): GoEnvFiles {
  return {GOENV: env['GOENV'] ?? '', GOROOT: parseGoroot(env['GOROOT'])}
}

/** The first line that says what is wrong, without what go prints before and after it. */
export function firstWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('go: downloading ') && !line.startsWith('# '))
  const [first = '', second] = lines
  return first.endsWith(':') && second !== undefined ? `${first} ${second}` : first
}
