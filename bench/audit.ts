import {execFileSync} from 'node:child_process'
import {availableParallelism} from 'node:os'
import {join} from 'node:path'
import {root, withRig} from '../test/support/rig.ts'
import {type Command, type Row, row} from './measure.ts'

/** `gowarden cache audit` beside what only hashes the same objects, on as many cores. */
export async function auditRows(): Promise<Row[]> {
  return [
    await withRig(async rig => {
      const GOCACHE = join(rig.folder, 'audited')
      const env = {...rig.env, GOCACHE}
      // Two platforms: some 3300 objects.
      for (const GOARCH of ['amd64', 'arm64'])
        execFileSync('go', ['build', 'std', 'cmd'], {
          cwd: rig.work,
          env: {...process.env, ...env, GOARCH, GOWARDEN: 'off'},
        })
      const objects =
        execFileSync('find', [GOCACHE, '-name', '*-d'], {encoding: 'utf8'}).split('\n').length - 1
      const hash: Command = {
        file: 'sh',
        words: [
          '-c',
          'find "$1" -name "*-d" -print0 | xargs -0 -P "$2" -n 100 sha256sum',
          'sh',
          GOCACHE,
          String(availableParallelism()),
        ],
        cwd: rig.work,
        env,
      }
      const audit: Command = {
        file: `${root}/bin/gowarden`,
        words: ['cache', 'audit'],
        cwd: rig.work,
        env,
      }
      const what = `gowarden cache audit, ${objects} objects`
      return row(what, 'sha256sum of them', {base: hash, measured: audit}, 7, {kind: 'times', factor: 1.2})
    }),
  ]
}
