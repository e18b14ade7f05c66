import {readdirSync, rmSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {isModuleDirectory, moduleFiles} from '../src/go/module/toolchain-module.ts'
import {machine} from '../test/support/rig.ts'
import {enginesIn} from './engines.ts'
import {type Command, compare, interleave, type Row} from './measure.ts'
import {plannerCommand} from './planner-command.ts'
import {withReadyRig} from './ready.ts'

/**
 * What it takes to know a GOROOT, through the planner as a build waits for it: Node's start, go env, the hash and the
 * plan are all in it. sha256sum reads the same files and nothing else.
 */
export async function identityRows(): Promise<Row[]> {
  return await withReadyRig(async rig => {
    const [engine] = enginesIn(rig.folder)
    const memoised = await plannerCommand(rig, engine, ['list', '-m'])
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
function filesOf(goroot: string, directory = ''): string[] {
  const isDirectory = (path: string) => statSync(join(goroot, path)).isDirectory()
  const names = readdirSync(join(goroot, directory))
  const below = names.map(name => join(directory, name)).filter(isDirectory)
  // A go.mod beside a _go.mod is the same file again, in a GOROOT that go itself unpacked.
  const here = moduleFiles(directory, names, () => true).filter(file => !below.includes(file.path))
  const deeper = below.filter(isModuleDirectory).flatMap(path => filesOf(goroot, path))
  return [...here.map(file => file.path), ...deeper]
}
