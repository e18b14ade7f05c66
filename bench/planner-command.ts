import {copyFileSync, mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {type Rig, root, runProgram} from '../test/support/rig.ts'
import {writeProgram} from '../test/support/twin.ts'
import type {Engine} from './engines.ts'
import type {Command} from './measure.ts'

/** Stands where the launcher looks for the planner, and writes down what it is called with. */
const spy = `#!/bin/sh
printf '%s\\0' "$GOWARDEN_KEY" "$GOWARDEN_PLAN" "$GOWARDEN_STORE" "$@" >"$BENCH_CALL"
cat >"$BENCH_CALL.input"
exit 1
`

/** The planner of an engine as the launcher calls it for these words: the launcher itself is asked. */
export async function plannerCommand(
  rig: Rig,
  {program}: Engine,
  words: readonly string[],
): Promise<Command> {
  const folder = join(rig.folder, 'spy')
  const call = join(rig.folder, 'call')
  for (const name of ['bin', 'dist']) mkdirSync(join(folder, name), {recursive: true})
  copyFileSync(join(root, 'bin/go'), join(folder, 'bin/go'))
  writeProgram(join(folder, 'dist/gowarden'), spy)
  // Another PATH is another key, so no stored plan stands in the way.
  const env = {...rig.env, PATH: rig.env['PATH']?.replace(`${root}/bin`, `${folder}/bin`)}
  await runProgram(join(folder, 'bin/go'), words, {cwd: rig.work, env: {...env, BENCH_CALL: call}})
  const [key, plan, store, , ...calledWith] = readFileSync(call, 'utf8').split('\0').slice(0, -1)
  const [file, ...first] = program('planner')
  return {
    file,
    words: [...first, ...calledWith],
    cwd: rig.work,
    // What go answered while the engine was starting.
    input: `${call}.input`,
    env: {...env, NODE_OPTIONS: '', GOWARDEN_KEY: key, GOWARDEN_PLAN: plan, GOWARDEN_STORE: store},
  }
}

/** An engine that has nothing to do, in the same environment. */
export function idleCommand({idle: [file, ...words]}: Engine, {cwd, env}: Command): Command {
  return {file, words, cwd, env}
}
