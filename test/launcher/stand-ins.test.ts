/** What stands in for the toolchain's own files, through -toolexec or -overlay, is in the stamp by its content. */
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, tiny} from '../support/rig.ts'
import {withFilledRig, withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {writeProgram} from '../support/twin.ts'

suite('launcher/stand-ins', test => {
  const spellings: [
    name: string,
    words: (program: string) => string[],
    env: (program: string) => Record<string, string>,
  ][] = [
    ['two words', program => ['-toolexec', program], () => ({})],
    ['one word', program => [`-toolexec=${program}`], () => ({})],
    ['two dashes', program => [`--toolexec=${program}`], () => ({})],
    ['in other quotes', program => [`-toolexec=${program.replaceAll("'", '"')}`], () => ({})],
    ['the last counts', program => ['-toolexec=/usr/bin/env', `-toolexec=${program}`], () => ({})],
    ['GOFLAGS', () => [], program => ({GOFLAGS: `-v "-toolexec=${program}"`})],
    ['before GOFLAGS', program => ['-toolexec', program], () => ({GOFLAGS: '-toolexec=/usr/bin/env'})],
    ['a GOENV file', () => [], () => ({GOENV: 'own'})],
  ]
  for (const [name, words, env] of spellings) {
    test(`what -toolexec runs is in the stamp: ${name}`, async () => {
      await withKnownRig(async rig => {
        rig.write(tiny)
        const file = join(rig.work, 'tool')
        // The rig's folder has a space in its name.
        const program = `'${file}'`
        writeProgram(file, '#!/bin/sh\nexec "$@"\n')
        rig.write({own: `GOFLAGS="-toolexec=${program}"\n`})
        const more = {...env(program), ...(env(program)['GOENV'] ? {GOENV: join(rig.work, 'own')} : {})}
        const list = async () =>
          await rig.go(['list', ...words(program), '-f', '{{.ToolchainHash}}', '.'], {env: more})
        const first = await list()
        assert.equal([first.code, first.stderr], [0, ''])
        assert.match(first.stdout, /^go\S+@h1:[\w+/]{43}=\+toolexec=sha256:[0-9a-f]{64}\n$/)
        assert.is((await list()).stdout, first.stdout)
        writeProgram(file, '#!/bin/sh\n"$@"\n')
        assert.is.not((await list()).stdout, first.stdout, 'it is read anew each time')
      })
    })
  }

  test('a frozen FIPS module is compiled from outside of GOROOT: no stamp, whatever plan is stored', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const list = async (env: Record<string, string>) =>
        await rig.go(['list', '-f', '{{.ToolchainHash}}', '.'], {env})
      const trace = async (env: Record<string, string>) =>
        (await rig.go(['vet', '.'], {env: {GOWARDEN_DEBUG: '1', ...env}})).stderr
      const plain = await trace({})
      assert.match(plain, 'ToolchainHash=')
      const frozen = await trace({GOFIPS140: 'v1.0.0'})
      assert.match(frozen, /warning: GOFIPS140=v1\.0\.0 .*\[STAMP_FIPS\]/)
      assert.not.match(frozen, 'ToolchainHash=')
      assert.match(await trace({GOFIPS140: 'latest'}), 'ToolchainHash=')
      assert.is((await list({GOFIPS140: 'off'})).code, 0)
      rig.write({'.gowardenrc.yaml': 'stamp: required\n'})
      assert.match(await trace({GOFIPS140: 'certified'}), /error: .*\[STAMP_FIPS\]/)
    })
  })

  test('what -toolexec compiled serves no other build, and says so; policy may refuse it', async () => {
    await withFilledRig(async rig => {
      rig.write(tiny)
      writeProgram(join(rig.folder, 'tool'), '#!/bin/sh\nexec "$@"\n')
      const program = `'${rig.folder}/tool'`
      const through = await rig.go(['build', '-toolexec', program, '-o', 'through', '.'])
      assert.is(through.code, 0, through.stderr)
      assert.match(
        through.stderr,
        /^gowarden: warning: -toolexec=\S.* the stamp names it .*\[STAMP_TOOLEXEC\]\n$/,
      )
      assert.is((await rig.go(['build', '-o', 'plain', '.'])).code, 0)
      const inspected = async (file: string) => (await rig.gowarden(['inspect', file])).stdout
      assert.match(
        await inspected('through'),
        /@h1:\S+=\+toolexec=sha256:\S+\n +but a program named by -toolexec/,
      )
      assert.not.match(await inspected('plain'), /toolexec/)

      rig.write({'.gowardenrc.yaml': 'stamp: required\n'})
      const refused = await rig.go(['build', '-toolexec', program, '-o', 'refused', '.'])
      assert.is(refused.code, 1)
      assert.match(refused.stderr, /error: .*\[STAMP_TOOLEXEC\]/)
      rig.write({'overlay.json': '{"Replace": {}}'})
      const overlaid = await rig.go(['build', '-overlay=overlay.json', '-o', 'refused', '.'])
      assert.is(overlaid.code, 1)
      assert.match(overlaid.stderr, /error: .*\[STAMP_OVERLAY\]/)

      rig.write({'.gowardenrc.yaml': 'toolchain: {proven: true}\nstamp: off\n'})
      const proven = await rig.go(['build', '-toolexec', program, '-o', 'refused', '.'])
      assert.is(proven.code, 1)
      assert.match(proven.stderr, /error: .*\[TOOLCHAIN_UNPROVEN\]/)
    })
  })

  test('an overlay that replaces a file of GOROOT is in the stamp, one of other files is not', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, 'sub/errors': 'package errors\n'})
      const of = async (from: string, flags: string[], env: Record<string, string> = {}) => {
        rig.write({'overlay.json': JSON.stringify({Replace: {[from]: join(rig.work, 'sub/errors')}})})
        const ended = await rig.go(['list', ...flags, '-f', '{{.ToolchainHash}}', '.'], {env})
        assert.equal([ended.code, ended.stderr], [0, ''])
        return ended.stdout.trim()
      }
      const plain = await of('sub/other.go', [])
      const file = join(machine.goroot, 'src/errors/errors.go')
      const overlaid = await of(file, ['-overlay=overlay.json'])
      assert.match(overlaid, /=\+overlay=sha256:[0-9a-f]{64}$/)
      assert.ok(overlaid.startsWith(plain))
      assert.is(await of(file, ['-overlay', join(rig.work, 'overlay.json')]), overlaid)
      assert.is(await of(file, [], {GOFLAGS: '-overlay=overlay.json'}), overlaid)
      assert.is(await of(file, ['-overlay=overlay.json', '-overlay=']), plain)
      assert.is(await of('sub/other.go', ['-overlay=overlay.json']), plain)
    })
  })
})
