import {machine, type Rig, root, withRig} from '../test/support/rig.ts'
import {type Command, pause} from './measure.ts'

/** A small module, with the package that most programs print with. */
const small = {
  'go.mod': 'module small\n\ngo 1.21\n',
  'main.go': 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("small") }\n',
}

/** Longer ago than this, and the launcher believes that a file's change time shows every later change. */
const settledMs = 100

/** A rig that has been worked in: the module is built, with and without the launcher, and a plan is stored. */
export async function withReadyRig<T>(body: (rig: Rig) => Promise<T> | T): Promise<T> {
  return await withRig(async rig => {
    rig.write(small)
    for (const [go, words] of [
      [rig.bareGo, ['build', '-o', '../bare']],
      [rig.go, ['build', '-o', '../guarded']],
    ] as const) {
      const built = await go(words)
      if (built.code !== 0) throw new Error(`go ${words.join(' ')}: ${built.stderr}`)
    }
    pause(settledMs)
    await rig.go(['list', '-m'])
    return await body(rig)
  })
}

/** Throws unless the next plain command follows the stored plan: a row about that would be about something else. */
export async function expectFreshPlan(rig: Rig): Promise<void> {
  const {stderr} = await rig.go(['list', '-m'], {env: {GOWARDEN_DEBUG: '1'}})
  if (!stderr.includes('is fresh')) throw new Error(`the stored plan is not replayed: ${stderr}`)
}

/** Lets what was just written settle. */
export function settle(): void {
  pause(settledMs)
}

/** The real go in the rig. */
export function bareCommand(rig: Rig, words: readonly string[]): Command {
  return {file: `${machine.goroot}/bin/go`, words, cwd: rig.work, env: rig.env}
}

/** The launcher in the rig. */
export function launcherCommand(rig: Rig, words: readonly string[]): Command {
  return {file: `${root}/bin/go`, words, cwd: rig.work, env: rig.env}
}
