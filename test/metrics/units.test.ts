/** config/systemd, as systemd reads it: with what `gowarden enable` puts into a home, and without a session. */
import {copyFileSync, readdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {root, runProgram, withRig} from '../support/rig.ts'
import {onPath} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

const folder = join(root, 'config/systemd')

suite('metrics/units', test => {
  test.unless(
    onPath('systemd-analyze') === undefined ? 'systemd-analyze is not on PATH' : undefined,
    'systemd takes them, and what they start is where gowarden enable puts it',
    async () => {
      await withRig(async rig => {
        // An unknown key is said, and no failure: the status is 0.
        const verify = async (unit: string) => {
          const words = ['verify', '--user', '--man=no', '--generators=no', join(rig.work, unit)]
          const env = {...rig.env, XDG_RUNTIME_DIR: rig.folder}
          const {code, stdout, stderr} = await runProgram('systemd-analyze', words, {cwd: rig.work, env})
          return [code, stdout + stderr]
        }
        assert.is((await rig.gowarden(['enable'])).code, 0)
        const units = readdirSync(folder)
        assert.is(units.length, 3)
        for (const unit of units) copyFileSync(join(folder, unit), join(rig.work, unit))
        for (const unit of units) assert.equal(await verify(unit), [0, ''], unit)
        rmSync(join(rig.env['HOME'] ?? '', '.local/share/gowarden/bin/gowarden'))
        assert.match((await verify('gowarden-exporter.service')).join(), /gowarden is not executable/)
      })
    },
  )
})
