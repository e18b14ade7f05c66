/** Why go refuses every command here: its own words, and the variable without which it does not say them. */
import type {Sourced} from '../../findings/facts-of-doctor.ts'
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
]

/** undefined: go answers. `words` is a command that fails only where every one does. */
export async function probeRefusal(
  here: Here,
  words: readonly string[] = ['build', '-n', 'unsafe'],
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
  const all = Object.fromEntries(set.map(({name, value}) => [name, value]))
  for (const variable of set) {
    const without: Promise<Answer> = askGo(here, words, {
      ...all,
      ...here.asking,
      GOENV: 'off',
      [variable.name]: variable.name === 'GOTOOLCHAIN' ? 'local' : undefined,
    })
    if ((await without).status === 0) return variable
  }
  return undefined
}
