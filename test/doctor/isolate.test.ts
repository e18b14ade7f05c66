/** Whether the build cache holds what this toolchain makes: a twin of the same version built into it, an object was changed. */
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import type {DifferingPackage} from '../../src/findings/facts-of-doctor.ts'
import {type Rig, runProgram} from '../support/rig.ts'
import {withFilledRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin} from '../support/twin.ts'

const module = {
  'go.mod': 'module m\n\ngo 1.21\n',
  'state/state.go': 'package state\n\nfunc Name() string { return "unset" }\n',
  'plain/plain.go': 'package plain\n\nfunc F() int { return 1 }\n',
  'use/use.go':
    'package use\n\nimport (\n\t"m/plain"\n\t"m/state"\n)\n\nvar X = state.Name()\n\nfunc F() int { return plain.F() }\n',
}

type Isolation = {
  packages: number
  compared: {by: string; said?: string}[]
  unknown?: string
  findings: {code: string; facts: {packages: DifferingPackage[]; importing: number}}[]
}

async function isolate(rig: Rig, code: number, packages = './...'): Promise<Isolation> {
  const ended = await rig.gowarden(['doctor', '--json', `--isolate=${packages}`])
  assert.is(ended.code, code, ended.stderr + ended.stdout)
  return JSON.parse(ended.stdout)
}

suite('doctor --isolate', test => {
  test('a cache that this toolchain filled, then one in which a twin built first, then a changed object', async () => {
    await withFilledRig(async rig => {
      rig.write(module)
      const clean = await isolate(rig, 0, './plain')
      assert.equal([clean.findings, clean.compared], [[], [{by: 'go'}, {by: 'gowarden'}]])
      assert.ok(clean.packages >= 1)

      const before = Date.now()
      const twin = makeTwin(join(rig.folder, 'twin'))
      const built = await runProgram(`${twin}/bin/go`, ['build', './...'], {cwd: rig.work, env: rig.env})
      assert.is(built.code, 0, built.stderr)
      const {findings} = await isolate(rig, 1)
      const [found] = findings
      assert.equal(
        found?.facts.packages.map(({path}) => path),
        ['m/state'],
        JSON.stringify(findings),
      )
      const [state] = found?.facts.packages ?? []
      assert.match(state?.cause ?? '', /^another compiler that also calls itself this version wrote it/)
      assert.ok(Math.abs(Date.parse(state?.made ?? '') - before) < 600_000, state?.made)
      const text = await rig.gowarden(['doctor', '--isolate', './...'])
      assert.match(text.stdout, /^GOCACHE does NOT hold what this toolchain makes \(CACHE_DIFFERS\)$/m)

      // Bytes that were changed, under the build ID that they had.
      const {stdout: plain} = await rig.bareGo(['list', '-export', '-f', '{{.Export}}', './plain'])
      const bytes = readFileSync(plain.trim())
      bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1
      writeFileSync(plain.trim(), bytes)
      const changed = (await isolate(rig, 1, './plain')).findings[0]?.facts.packages
      assert.equal(
        changed?.map(({path, cause}) => [path, cause]),
        [['m/plain', 'its bytes were changed after go wrote them']],
      )

      // The hint ends it.
      assert.is((await rig.bareGo(['clean', '-cache'])).code, 0)
      assert.equal((await isolate(rig, 0)).findings, [])
    })
  })

  test('packages that do not build, and a word like a flag', async () => {
    await withFilledRig(async rig => {
      rig.write({'go.mod': 'module m\n\ngo 1.21\n', 'm.go': 'package m\n\nvar X int = "a"\n'})
      const broken = await isolate(rig, 1)
      assert.match(broken.unknown ?? '', /cannot use "a"/)
      const odd = await isolate(rig, 1, '-toolexec=/nosuch')
      assert.match(odd.unknown ?? '', /toolexec/)
      assert.not.match(odd.unknown ?? '', /fork\/exec|exec:/)
    })
  })
})
