import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {machine, root, withRig} from '../test/support/rig.ts'
import {type Command, type Row, row} from './measure.ts'

const version = 'go1.25.3'

/** Installing a toolchain beside what a person would type: the zip is copied and unpacked, and nobody looks whether it is the one. */
export async function installRows(): Promise<Row[]> {
  const what = `gowarden install ${version}, proven, from a folder`
  const folder = join(machine.modules, 'cache/download')
  const zip = join(folder, `golang.org/toolchain/@v/v0.0.1-${version}.linux-amd64.zip`)
  if (!existsSync(zip)) return [{kind: 'absent', what, reason: `${version} is not in the module cache`}]
  return [
    await withRig(async rig => {
      const env = {
        ...rig.env,
        GOPROXY: `file://${encodeURI(folder)}`,
        XDG_DATA_HOME: join(rig.folder, 'data'),
      }
      const clean = () => {
        execFileSync('sh', [
          '-c',
          'chmod -R u+w "$1"/* 2>/dev/null; rm -rf "$1"/data "$1"/unpacked',
          'sh',
          rig.folder,
        ])
        mkdirSync(join(rig.folder, 'unpacked'))
      }
      const unzip: Command = {
        file: 'sh',
        words: ['-c', 'cp "$1" z.zip && unzip -q z.zip', 'sh', zip],
        cwd: join(rig.folder, 'unpacked'),
        env,
        prepare: clean,
      }
      const install: Command = {
        file: `${root}/bin/gowarden`,
        words: ['install', version],
        cwd: rig.work,
        env: {...env, GOMODCACHE: join(rig.folder, 'none')},
        prepare: clean,
      }
      mkdirSync(join(rig.folder, 'unpacked'))
      return row(what, 'cp and unzip', {base: unzip, measured: install}, 5, {kind: 'times', factor: 1.5})
    }),
  ]
}
