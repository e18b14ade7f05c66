import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type Engine, enginesIn} from './engines.ts'
import {compare, interleave, type Limit, type Row} from './measure.ts'
import {idleCommand, plannerCommand} from './planner-command.ts'
import {withReadyRig} from './ready.ts'

const limits: Record<Engine['name'], Limit> = {
  Node: {kind: 'times', factor: 1.6},
  standalone: {kind: 'added', ms: 20},
}

/** The planner, for a toolchain that it knows, beside its engine with nothing to do. */
export async function plannerRows(): Promise<Row[]> {
  return await withReadyRig(async rig => {
    const empty = join(rig.folder, 'empty.cjs')
    writeFileSync(empty, '')
    const rows: Row[] = []
    for (const engine of enginesIn(rig.folder)) {
      const planner = await plannerCommand(rig, engine, ['list', '-m'])
      const idle = idleCommand(engine, planner)
      const times = interleave({idle, planner, file: {...idle, words: [empty]}}, 80)
      const base = `${engine.name === 'Node' ? 'node' : 'bun'} -e 0`
      const row = (what: string, measured: readonly number[], limit?: Limit): Row => ({
        kind: 'measured',
        what,
        base,
        comparison: compare(times.idle, measured),
        limit,
      })
      rows.push(
        row(`planner, ${engine.name}`, times.planner, limits[engine.name]),
        row(`an empty .cjs file, ${engine.name}`, times.file),
      )
    }
    return rows
  })
}
