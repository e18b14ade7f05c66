/** How the GOROOT in force came to be, and who is said to have set it. */
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import type {GoEnv} from '../../src/go/command/go-env.ts'
import {checkGoroot} from '../../src/toolchain/check-goroot.ts'
import {probeGoCommand} from '../../src/toolchain/go-command.ts'
import {isHandedAnother, missingOfToolchain, probeGoroot} from '../../src/toolchain/goroot.ts'
import {machine, tiny, withRig, writeFiles} from '../support/rig.ts'
import {makeSmallGoroot, smallSystem} from '../support/small-goroot.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

/** The go of one small GOROOT under another one's GOROOT. */
async function withTwo(
  via: string | undefined,
  body: (facts: ReturnType<typeof probeGoroot>, findings: ReturnType<typeof checkGoroot>, env: GoEnv) => void,
): Promise<void> {
  await withTemporary(folder => {
    const own = makeSmallGoroot(join(folder, 'own'))
    const other = makeSmallGoroot(join(folder, 'other'))
    writeFiles(other, {VERSION: 'go1.27.3\n', 'bin/go': 'another'})
    const system = smallSystem({GOROOT: other, GOWARDEN_VIA: via})
    const go = probeGoCommand(system, `${own}/bin/go`)
    const env = {GOROOT: other, GOVERSION: 'go1.26.8'} as GoEnv
    const facts = probeGoroot(system, go, env)
    body(facts, checkGoroot(facts, go, env), env)
  })
}

suite('toolchain/goroot', test => {
  const setters: [via: string | undefined, setBy: string, isHanded: boolean][] = [
    [undefined, 'environment', false],
    ['1 4711 /usr/local/go/bin/go', 'environment', false],
    ['2 4711 /usr/local/go/bin/go', 'outer go', true],
    ['x', 'environment', false],
  ]
  for (const [via, setBy, isHanded] of setters) {
    test(`with ${via ?? 'nothing'} above, a GOROOT of another version is said to be set by: ${setBy}`, async () => {
      await withTwo(via, (facts, findings, env) => {
        const [finding] = findings
        assert.is(finding?.code === 'GOROOT_MISMATCH' && finding.facts.setBy, setBy)
        assert.is(isHandedAnother(facts, env), isHanded)
      })
    })
  }

  test('what every toolchain has is looked for, and named when it is missing', async () => {
    await withTemporary(folder => {
      const {files} = smallSystem()
      assert.equal(missingOfToolchain(files, makeSmallGoroot(join(folder, 'go'))), [])
      assert.equal(missingOfToolchain(files, folder), ['src/runtime', 'pkg/tool'])
      mkdirSync(join(folder, 'src/runtime'), {recursive: true})
      writeFiles(folder, {'pkg/tool': 'a file'})
      assert.equal(missingOfToolchain(files, folder), ['pkg/tool'])
      assert.equal(missingOfToolchain(files, machine.goroot), [])
    })
  })

  test('a tool of the go that runs go, which this go does not have, is missed in go’s own words', async () => {
    await withRig(async rig => {
      const other = makeSmallGoroot(join(rig.folder, 'other'))
      writeFiles(other, {VERSION: 'go1.25.0\n'})
      rig.write(tiny)
      const env = {GOROOT: other, GOWARDEN_VIA: '1 4711 /nowhere/go'}
      for (const words of [
        ['tool', 'covdata', 'percent'],
        ['tool', '-n', 'covdata'],
      ]) {
        const bare = await rig.bareGo(words, {env})
        assert.is.not(bare.code, 0)
        assert.equal(await rig.go(words, {env}), bare)
      }
      const build = await rig.go(['build'], {env})
      assert.match(build.stderr, '(set by the go command that started this one)')
      assert.not.match(build.stderr, 'CACHE_PASSED')
      assert.is(build.code, 1)
    })
  })

  test('a mixture of two toolchains passes no cache to either', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      const {code} = await rig.go(['build', '-o', 'one', '.'])
      assert.is(code, 0)
      const other = makeSmallGoroot(join(rig.folder, 'other'))
      writeFiles(other, {VERSION: 'go1.25.0\n'})
      const record = join(rig.cache, '00/gowarden-owner.json')
      const {files} = smallSystem()
      const text = files.read(record)?.toString() ?? ''
      files.replace(record, text.replace(machine.goroot, other).replaceAll('go1.26.8', 'go1.25.0'), 0o666)
      const mixed = await rig.go(['build', '-o', 'two', '.'], {env: {GOROOT: other}})
      assert.match(mixed.stderr, '[GOROOT_MISMATCH]')
      assert.not.match(mixed.stderr, 'CACHE_')
    })
  })
})
