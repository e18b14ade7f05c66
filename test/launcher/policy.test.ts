/** What a policy makes of go commands, on the real go. */
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {root, tiny, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {makeTwin} from '../support/twin.ts'

suite('launcher/policy', test => {
  test('levels: a warning that policy raises refuses the command, with its message', async () => {
    await withRig(async rig => {
      rig.write({
        ...tiny,
        '.gowardenrc.yaml': 'levels:\n  STAMP_COMPILER: {level: error, message: "ask #build-infra"}\n',
      })
      const words = ['list', '-compiler=gccgo', '.']
      const refused = await rig.go(words)
      assert.is(refused.code, 1)
      assert.match(refused.stderr, /^gowarden: error: -compiler=gccgo .*\[STAMP_COMPILER\]$/m)
      assert.match(refused.stderr, /^gowarden: {3}policy {2}ask #build-infra$/m)
      // a person lowers it again
      const lowered = await rig.go(words, {env: {GOWARDEN_LEVELS: 'STAMP_COMPILER=warn'}})
      assert.match(lowered.stderr, /^gowarden: warning: -compiler=gccgo/m)
      rmSync(join(rig.work, '.gowardenrc.yaml'))
      assert.match((await rig.go(words)).stderr, /^gowarden: warning: -compiler=gccgo/m)
    })
  })

  test('levels: what keeps two toolchains apart is never lowered', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      assert.is((await rig.go(['list', '.'])).code, 0)
      const twin = makeTwin(join(rig.folder, 'twin'))
      const env = {PATH: `${root}/bin:${twin}/bin:${rig.env['PATH']}`, GOWARDEN_LEVELS: 'CACHE_FOREIGN=warn'}
      const refused = await rig.go(['list', '.'], {env})
      assert.is(refused.code, 2)
      assert.match(refused.stderr, /GOWARDEN_LEVELS: CACHE_FOREIGN is never lowered/)
      assert.match(refused.stderr, /hint: export GOWARDEN_CACHE=isolate/)
    })
  })

  test('levels: a raised warning of a toolchain that is known already is still an error', async () => {
    await withRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'levels: {CACHE_PASSED: error}\n'})
      assert.is((await rig.go(['list', '.'])).code, 0)
      const record = join(rig.cache, '00/gowarden-owner.json')
      const before = await rig.gowarden(['cache', 'status', '--json'])
      const {self} = JSON.parse(before.stdout)
      const older = {
        hash: self.hash.replaceAll(self.version, 'go1.20.1'),
        goroot: self.goroot,
        version: 'go1.20.1',
      }
      rig.write({'../go-build/00/gowarden-owner.json': JSON.stringify({format: 1, owners: [older]})})
      for (let times = 0; times < 2; times += 1) {
        const refused = await rig.go(['list', '.'])
        assert.is(refused.code, 1, `nothing is claimed for what is refused: ${record}`)
        assert.match(refused.stderr, /error: .*\[CACHE_PASSED\]/)
      }
    })
  })

  test('gowarden policy shows each value with its line', async () => {
    await withRig(async rig => {
      rig.write({
        '.gowardenrc.yaml': 'extends: ./base.json\nlevels: {SUM_SURPLUS: {level: error, message: ask us}}\n',
        'base.json': '{\n  "cache": "isolate"\n}\n',
        'go.mod': 'module m\n',
      })
      const {code, stdout} = await rig.gowarden(['policy'], {env: {GOWARDEN_LEVELS: 'MOD_UNTIDY=off'}})
      assert.is(code, 0)
      const shown = stdout.replaceAll(rig.work, 'WORK').replace(/ +/g, ' ')
      assert.match(shown, /^policy WORK\/\.gowardenrc\.yaml$/m)
      assert.match(shown, /^extends WORK\/base\.json$/m)
      assert.match(shown, /^cache isolate \(WORK\/base\.json:2\)$/m)
      assert.match(shown, /^stamp on \(the default\)$/m)
      assert.match(shown, /^levels\.SUM_SURPLUS error \(WORK\/\.gowardenrc\.yaml:2\)$/m)
      assert.match(shown, /^levels\.SUM_SURPLUS\.message ask us \(WORK\/\.gowardenrc\.yaml:2\)$/m)
      assert.match(shown, /^levels\.MOD_UNTIDY off \(GOWARDEN_LEVELS\)$/m)
      const read = JSON.parse((await rig.gowarden(['policy', '--json'])).stdout)
      assert.equal(read.files, [join(rig.work, '.gowardenrc.yaml'), join(rig.work, 'base.json')])
      const none = await rig.gowarden(['policy'], {cwd: rig.folder})
      assert.match(none.stdout, /^policy +no policy file counts in /)
      assert.is(JSON.parse((await rig.gowarden(['policy', '--schema'])).stdout).title, 'gowarden policy')
    })
  })
})
