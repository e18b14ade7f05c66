import {utimesSync} from 'node:fs'
import {join} from 'node:path'
import {enginesIn} from './engines.ts'
import {type Row, row} from './measure.ts'
import {bareCommand, expectFreshPlan, launcherCommand, settle, withReadyRig} from './ready.ts'

/** `go` through the launcher beside the real go. */
export async function launcherRows(): Promise<Row[]> {
  return await withReadyRig(async rig => {
    const pair = (words: readonly string[]) => ({
      base: bareCommand(rig, words),
      measured: launcherCommand(rig, words),
    })
    const passed = row('pass-through: go version', 'bare', pair(['version']), 200, {kind: 'added', ms: 2})

    await expectFreshPlan(rig)
    const replayed = row('replayed plan: go list -m', 'bare', pair(['list', '-m']), 200, {
      kind: 'added',
      ms: 6,
    })
    await expectFreshPlan(rig)

    const built = row(
      'no-op go build, replayed plan',
      'bare',
      {
        base: bareCommand(rig, ['build', '-o', '../bare']),
        measured: launcherCommand(rig, ['build', '-o', '../guarded']),
      },
      60,
    )
    await expectFreshPlan(rig)

    const stale = () => {
      const now = new Date()
      utimesSync(join(rig.work, 'go.mod'), now, now)
      settle()
    }
    const bare = bareCommand(rig, ['list', '-m'])
    const planned = enginesIn(rig.folder).map(({name, folder}) => {
      const measured = {...bare, file: join(folder, 'bin/go'), prepare: stale}
      const limit = name === 'standalone' ? ({kind: 'added', ms: 22} as const) : undefined
      return row(`stale plan: go list -m, ${name}`, 'bare', {base: bare, measured}, 40, limit)
    })
    return [passed, replayed, built, ...planned]
  })
}
