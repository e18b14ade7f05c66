/** Whether compiler, linker and runtime go together: sound toolchains, and one with the compiler of another release. */
import {chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, unlinkSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import type {AbiMismatch} from '../../src/findings/facts-of-doctor.ts'
import {gorootOf} from '../support/diagnose.ts'
import {machine, type Rig, root, tiny} from '../support/rig.ts'
import {withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin, ownPackages} from '../support/twin.ts'

type Judgement = {
  version: string
  symbols: number
  headers: {compile: string; asm: string; link: string}
  runtime: {by: string}
  unknown?: string
  findings: {code: string; facts: AbiMismatch}[]
}

async function judge(rig: Rig, goroot: string, code: number): Promise<Judgement> {
  const env = {PATH: `${root}/bin:${goroot}/bin:${rig.env['PATH']}`}
  const ended = await rig.gowarden(['doctor', '--abi', '--json'], {env})
  assert.is(ended.code, code, ended.stderr + ended.stdout)
  return JSON.parse(ended.stdout)
}

/** Each compiles its runtime anew: `TOOLCHAINS=all` tries more than the machine's own. */
const sound =
  process.env['TOOLCHAINS'] === 'all' ? ['go1.20.14', 'go1.21.13', 'go1.24.4', 'go1.25.3', 'go1.27.4'] : []

suite('doctor --abi', test => {
  for (const version of [machine.version, ...sound])
    test(`${version} as it is shipped`, async () => {
      await withWarmRig(async rig => {
        // A go.mod that go cannot read is none of this.
        rig.write({'go.mod': 'modul x (\n'})
        const goroot = version === machine.version ? machine.goroot : await gorootOf(rig, version)
        const judgement = await judge(rig, goroot, 0)
        const {compile, asm, link} = judgement.headers
        assert.equal([compile, asm], [link, link])
        assert.match(link, new RegExp(`^go object \\w+ \\w+ ${version.replaceAll('.', '\\.')}( |$)`))
        assert.ok(judgement.symbols > 120, String(judgement.symbols))
        assert.equal(
          [judgement.runtime.by, judgement.unknown, judgement.findings],
          ['archives', undefined, []],
        )
      })
    })

  test('go1.24.4 with the compiler of go1.21.13: what that asks for, and go1.24.4 does not have', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const [newer, older] = [await gorootOf(rig, 'go1.24.4'), await gorootOf(rig, 'go1.21.13')]
      const goroot = withCompiler(join(rig.folder, 'mixed'), newer, older)
      const {findings, headers, runtime} = await judge(rig, goroot, 1)
      assert.match(headers.compile, / go1\.21\.13 /)
      assert.match(headers.link, / go1\.24\.4 /)
      assert.is(runtime.by, 'sources')
      const {missing, renumbered} = findings[0]?.facts ?? ({} as AbiMismatch)
      assert.equal(missing, [{name: 'runtime.convI2I', otherAbi: false}])
      assert.ok(
        renumbered.some(
          ({compiler, linker}) => compiler === 'runtime.writeBarrier' && linker === 'runtime.mapiternext',
        ),
      )

      const text = await rig.gowarden(['doctor', '--abi'], {
        env: {PATH: `${root}/bin:${goroot}/bin:${rig.env['PATH']}`},
      })
      assert.match(text.stdout, /do NOT go together \(ABI_MISMATCH\)\n$/)
    })
  })

  test('go1.21.13 with the compiler of go1.24.4', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const [newer, older] = [await gorootOf(rig, 'go1.24.4'), await gorootOf(rig, 'go1.21.13')]
      const {findings} = await judge(rig, withCompiler(join(rig.folder, 'mixed'), older, newer), 1)
      const missing = findings[0]?.facts.missing.map(({name}) => name) ?? []
      for (const name of ['runtime.mapIterStart', 'runtime.interfaceSwitch', 'runtime.typeAssert'])
        assert.ok(missing.includes(name), `${name} in ${missing}`)
    })
  })

  test('a runtime from which a function was taken that only other code calls', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const goroot = makeTwin(join(rig.folder, 'cut'), {
        compiler: original => `#!/bin/sh\nexec '${original}' "$@"\n`,
      })
      ownPackages(goroot, ['runtime'])
      // complex128div stands alone in its file.
      rmSync(join(goroot, 'src/runtime/complex.go'))
      const {findings, runtime} = await judge(rig, goroot, 1)
      assert.is(runtime.by, 'archives')
      assert.equal(findings[0]?.facts.missing, [{name: 'runtime.complex128div', otherAbi: false}])
    })
  })

  test('without a compiler, and where go says nothing: not known, and no stack', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const goroot = makeTwin(join(rig.folder, 'none'), {
        compiler: original => `#!/bin/sh\nexec '${original}' "$@"\n`,
      })
      unlinkSync(join(toolsOf(goroot), 'compile'))
      assert.match((await judge(rig, goroot, 1)).unknown ?? '', /ENOENT|no such file/)
      const refusing = await rig.gowarden(['doctor', '--abi'], {env: {GOROOT: '/nosuch'}})
      assert.is(refusing.code, 1)
      assert.match(refusing.stdout, /is not known: \/nosuch\/\S*\/compile: no such file or directory/)
      const both = await rig.gowarden(['doctor', '--abi', '--isolate', './...'])
      assert.is(both.code, 2)
    })
  })
})

/** A copy of a GOROOT by links, with the compiler of another: a copy of that program, not a link. */
function withCompiler(folder: string, goroot: string, other: string): string {
  mkdirSync(folder)
  for (const name of readdirSync(goroot))
    if (name !== 'bin' && name !== 'pkg') symlinkSync(join(goroot, name), join(folder, name))
  mkdirSync(join(folder, 'bin'))
  copyFileSync(join(goroot, 'bin/go'), join(folder, 'bin/go'))
  const from = toolsOf(goroot)
  const tools = join(folder, from.slice(goroot.length + 1))
  mkdirSync(tools, {recursive: true})
  symlinkSync(join(goroot, 'pkg/include'), join(folder, 'pkg/include'))
  for (const name of readdirSync(from))
    if (name !== 'compile') symlinkSync(join(from, name), join(tools, name))
  copyFileSync(join(toolsOf(other), 'compile'), join(tools, 'compile'))
  chmodSync(join(tools, 'compile'), 0o755)
  return folder
}

function toolsOf(goroot: string): string {
  return join(goroot, 'pkg/tool', readdirSync(join(goroot, 'pkg/tool'))[0] ?? '')
}
