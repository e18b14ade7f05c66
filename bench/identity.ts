import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {goVersionName} from '../src/go/go-env.ts'
import {moduleFiles} from '../src/go/toolchain-module.ts'
import {hashGoroot} from '../src/probes/goroot-hash.ts'
import {nodeFiles} from '../src/system.ts'
import {machine} from '../test/support/rig.ts'
import {type Command, compare, interleave, type Row} from './measure.ts'
import {plannerCommand} from './planner-command.ts'
import {withReadyRig} from './ready.ts'

/**
 * What it takes to know a GOROOT, through the planner as a build waits for it: Node's start, go env, the hash and the
 * plan are all in it. sha256sum reads the same files and nothing else.
 */
export async function identityRows(): Promise<Row[]> {
  return await withReadyRig(async rig => {
    const memoised = await plannerCommand(rig, ['list', '-m'])
    const forget = () => rmSync(join(rig.store, 'toolchains'), {recursive: true, force: true})
    const files = filesOf(machine.goroot)
    const sum: Command = {file: 'sha256sum', words: ['--', ...files], cwd: machine.goroot, env: rig.env}

    const cold = interleave({sum, cold: {...memoised, prepare: forget}}, 11)
    // The planner's run above left the memo behind.
    const known = interleave({sum, memoised}, 11)
    const base = `sha256sum of its ${files.length} files`
    return [
      {
        kind: 'measured',
        what: 'identity of a GOROOT, first sight (whole planner)',
        base,
        comparison: compare(cold.sum, cold.cold),
        limit: {kind: 'times', factor: 3},
      },
      {
        kind: 'measured',
        what: 'identity of a GOROOT, known (whole planner)',
        base,
        comparison: compare(known.sum, known.memoised),
        limit: undefined,
      },
    ]
  })
}

/** The files that a GOROOT's hash covers, by their path below it. */
function filesOf(goroot: string): string[] {
  const files = nodeFiles()
  const name = {version: goVersionName(machine.version), os: process.platform, arch: process.arch}
  return hashGoroot(files, goroot, name, Date.now()).tree.directories.flatMap(directory => {
    const entries = files.list(join(goroot, directory)) ?? []
    const names = entries.filter(entry => entry.kind === 'file').map(entry => entry.name)
    return moduleFiles(directory, names, () => true).map(file => file.path)
  })
}
