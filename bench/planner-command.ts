import {mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Rig} from '../test/support/rig.ts'
import {writeProgram} from '../test/support/twin.ts'
import type {Command} from './measure.ts'

/** Stands where the launcher looks for Node, and writes down what it is called with. */
const spy = `#!/bin/sh
printf '%s\\0' "$GOWARDEN_KEY" "$GOWARDEN_PLAN" "$GOWARDEN_STORE" "$@" >"$BENCH_CALL"
exit 1
`

/** The planner as the launcher calls it for these words: the launcher itself is asked. */
export async function plannerCommand(rig: Rig, words: readonly string[]): Promise<Command> {
  const folder = join(rig.folder, 'spy')
  const call = join(rig.folder, 'call')
  mkdirSync(folder, {recursive: true})
  writeProgram(join(folder, 'node'), spy)
  // Another PATH is another key, so no stored plan stands in the way.
  const env = {...rig.env, PATH: rig.env['PATH']?.replace(':', `:${folder}:`)}
  await rig.go(words, {env: {...env, BENCH_CALL: call}})
  const [key, plan, store, ...calledWith] = readFileSync(call, 'utf8').split('\0').slice(0, -1)
  return {
    file: process.execPath,
    words: calledWith,
    cwd: rig.work,
    env: {
      ...env,
      NODE_OPTIONS: '',
      GOWARDEN_KEY: key,
      GOWARDEN_PLAN: plan,
      GOWARDEN_STORE: store,
    },
  }
}

/** Node that has nothing to do, in the same environment. */
export function idleNode({cwd, env}: Command): Command {
  return {file: process.execPath, words: ['-e', '0'], cwd, env}
}
