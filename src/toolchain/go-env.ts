/** What the go command says of itself: `go env -json`, asked once for everything that a plan needs. */
import {askingEnv} from '../go/command/child-env.ts'
import {type GoEnv, goEnvNames, parseGoEnv} from '../go/command/go-env.ts'
import {reasonOf} from '../store/folder.ts'
import {exitCode, WorldError} from '../system/errors.ts'
import type {RunResult, System} from '../system/system.ts'

export type GoEnvAnswer = {kind: 'known'; env: GoEnv} | {kind: 'failed'; result: RunResult}

/**
 * Asks the go command once for everything a plan needs, in the caller's directory and with its -C: this is where go
 * itself chooses the toolchain, and may download it, telling so on stderr.
 */
export async function probeGoEnv(
  system: System,
  go: string,
  directory: string | undefined,
): Promise<GoEnvAnswer> {
  const chdir = directory === undefined ? [] : ['-C', directory]
  return answerOf(await runGo(system, go, [...chdir, 'env', '-json', ...goEnvNames]))
}

/**
 * The answer that the launcher has asked for already: what go printed, then `status N` on a line. undefined when it has
 * not asked.
 */
export function parseGoEnvAnswer(text: string): GoEnvAnswer | undefined {
  const match = text.match(/^([\s\S]*)status (\d+)\n$/)
  if (match === null) return undefined
  return answerOf({exitCode: Number(match[2]), signal: undefined, stdout: match[1] ?? '', stderr: ''})
}

function answerOf(result: RunResult): GoEnvAnswer {
  const env = result.exitCode === 0 ? parseGoEnv(result.stdout) : undefined
  return env === undefined ? {kind: 'failed', result} : {kind: 'known', env}
}

async function runGo(system: System, go: string, words: string[]): Promise<RunResult> {
  try {
    return await system.run(go, words, {env: askingEnv(system.env), stderr: 'inherit'})
  } catch (error) {
    const hint = 'see which go that is: gowarden doctor, and what else is on PATH'
    throw new WorldError(`running ${go}: ${reasonOf(error)}`, {
      cause: error,
      hint,
      exitCode: exitCode.notExecutable,
    })
  }
}
