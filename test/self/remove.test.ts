import {appendFileSync, chownSync, existsSync, mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import {leftText, tracesText} from '../../src/self/text.ts'
import {machine, type Rig, tiny, withRig} from '../support/rig.ts'
import {withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

/** What install.sh unpacks, as far as it is known by its files. */
function unpack(rig: Rig, name: string): string {
  const folder = join(rig.env['HOME'] ?? '', '.local/share/gowarden', name)
  for (const file of ['dist/gowarden', 'bin/gowarden.sh']) {
    mkdirSync(dirname(join(folder, file)), {recursive: true})
    writeFileSync(join(folder, file), '')
  }
  return folder
}

const notRoot = process.getuid?.() === 0 ? undefined : 'only root can give a folder away'

suite('self/remove', test => {
  test('everything that gowarden put here is gone afterwards, and nothing else', async () => {
    await withWarmRig(async rig => {
      const home = rig.env['HOME'] ?? ''
      const share = join(home, '.local/share/gowarden')
      assert.is((await rig.gowarden(['enable'])).code, 0)
      rig.write(tiny)
      const isolated = {GOWARDEN_CACHE: 'isolate', PATH: `${share}/bin:${machine.goroot}/bin:/usr/bin:/bin`}
      assert.is((await rig.go(['build', '-o', 'x', '.'])).code, 0)
      assert.is((await rig.go(['build', '-o', 'x', '.'], {env: isolated})).code, 0)
      const version = unpack(rig, '9.9.9-linux-x64')
      appendFileSync(join(home, '.bashrc'), `alias x=y\nexport PATH="${share}/bin":"$PATH"\n`)
      const others = [
        join(home, '.local/share/other'),
        join(rig.cache, 'trim.txt'),
        join(share, '..', 'kept'),
      ]
      for (const path of others) {
        mkdirSync(dirname(path), {recursive: true})
        writeFileSync(path, 'mine')
      }

      const env = {PATH: `${share}/bin:${rig.env['PATH']}`}
      const looked = await rig.gowarden(['self', 'remove'], {env})
      assert.is(looked.code, 1)
      assert.match(looked.stderr, 'nothing was removed yet\ngowarden: hint: gowarden self remove --yes\n')
      assert.ok(existsSync(join(share, 'bin/go')))

      const removed = await rig.gowarden(['self', 'remove', '--yes'], {env})
      assert.is(removed.code, 0, removed.stderr)
      assert.match(removed.stdout, `in ${home}/.bashrc, line 2, remove: export PATH=`)
      for (const path of [
        share,
        rig.store,
        version,
        join(rig.cache, 'gowarden/..', '00/gowarden-owner.json'),
      ])
        assert.not.ok(existsSync(path), path)
      for (const path of others) assert.ok(existsSync(path), path)
      // What is still first on PATH is the real go, and it builds.
      assert.is((await rig.bareGo(['build', '-o', 'x', '.'])).code, 0)
      const again = JSON.parse((await rig.gowarden(['self', 'remove', '--json'])).stdout)
      assert.equal([again.store, again.caches, again.records, again.versions], [undefined, [], [], []])
    })
  })

  test.unless(notRoot, 'the isolated cache of another user stays', async () => {
    await withRig(async rig => {
      const folders = ['0', '1'].map(digit => join(rig.cache, 'gowarden', `go1.26.8-${digit.repeat(32)}`))
      for (const folder of folders) mkdirSync(folder, {recursive: true})
      chownSync(folders[1] ?? '', 65534, 65534)
      assert.is((await rig.gowarden(['self', 'remove', '--yes'])).code, 0)
      assert.equal(
        folders.map(path => existsSync(path)),
        [false, true],
      )
    })
  })

  test('says that there is nothing where there is nothing', () => {
    const traces = {
      launchers: [],
      versions: [],
      toolchains: [],
      store: undefined,
      caches: [],
      records: [],
      shellLines: [],
      package: undefined,
    }
    assert.is(tracesText(traces), 'gowarden left nothing here to remove\n')
    assert.match(leftText(traces), 'gowarden init --remove')
  })
})
