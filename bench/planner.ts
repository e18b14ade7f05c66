import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {compare, interleave, type Row} from './measure.ts'
import {idleNode, plannerCommand} from './planner-command.ts'
import {withReadyRig} from './ready.ts'

/** The planner, for a toolchain that it knows, beside Node with nothing to do. */
export async function plannerRows(): Promise<Row[]> {
  return await withReadyRig(async rig => {
    const planner = await plannerCommand(rig, ['list', '-m'])
    const idle = idleNode(planner)
    const empty = join(rig.folder, 'empty.cjs')
    writeFileSync(empty, '')
    const times = interleave({idle, planner, file: {...idle, words: [empty]}}, 80)
    return [
      {
        kind: 'measured',
        what: 'planner: node dist/planner.cjs',
        base: 'node -e 0',
        comparison: compare(times.idle, times.planner),
        limit: {kind: 'times', factor: 1.6},
      },
      {
        kind: 'measured',
        what: 'node on an empty .cjs file',
        base: 'node -e 0',
        comparison: compare(times.idle, times.file),
        limit: undefined,
      },
    ]
  })
}
