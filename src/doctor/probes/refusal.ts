/** Why go refuses every command here: its own words, and the variable without which it does not say them. */
import type {Sourced} from '../../findings/facts-of-doctor.ts'
import {levelVariables} from '../../go/command/level-variables.ts'
import {goEnvSetting} from '../../toolchain/go-env-origin.ts'
import {type Answer, askGo, firstWords, goEnvFiles, type Here} from '../go.ts'

export type Refusal = {said: string; variable: Sourced | undefined}

/** The variables that go reads before it does anything, in the order in which they are tried. */
const candidates = [
  'GOFLAGS',
  'GOEXPERIMENT',
  'GOROOT',
  'GOTOOLCHAIN',
  'GO111MODULE',
  'GOPATH',
  'GOOS',
  'GOARCH',
  'GOWORK',
  'GODEBUG',
  'GOCACHE',
  'GOMODCACHE',
  'GOFIPS140',
  // Up to Go 1.21 a wrong one stops every command.
  ...levelVariables,
]

/** Reads everything that any command reads, and builds nothing. */
const building = ['build', '-n', 'unsafe']

/** undefined: go answers. `words` is a command that fails only where every one does. */
export async function probeRefusal(
  here: Here,
  words: readonly string[] = building,
): Promise<Refusal | undefined> {
  const answer = await askGo(here, words)
  if (answer.status === 0) return undefined
  return {said: firstWords(answer.stderr), variable: await guiltyVariable(here, words)}
}

/** The first variable without which the command succeeds: everything else stays as it is, whichever file set it. */
async function guiltyVariable(here: Here, words: readonly string[]): Promise<Sourced | undefined> {
  const {system, env} = here
  const set = candidates.flatMap(name => {
    const setting = goEnvSetting(system, goEnvFiles(env), name)
    return setting === undefined ? [] : [{name, value: setting.value, source: setting.place}]
  })
  const all = {...Object.fromEntries(set.map(({name, value}) => [name, value])), ...here.asking, GOENV: 'off'}
  // `go env` stops at a GO111MODULE in its file and not at the same one in the environment, where it stands now.
  const isTold = (await askGo(here, words, all)).status !== 0
  const trial = isTold ? words : building
  for (const variable of set) {
    const without: Promise<Answer> = askGo(here, trial, {
      ...all,
      [variable.name]: variable.name === 'GOTOOLCHAIN' ? 'local' : undefined,
    })
    if ((await without).status === 0) return variable
  }
  return undefined
}
