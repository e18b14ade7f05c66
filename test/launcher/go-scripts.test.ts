/** What `npm run test:go-scripts` rests on, and what its scripts found. */
import {existsSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {parseScripts} from '../support/go-scripts.ts'
import {tiny, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'

suite('launcher/go-scripts', test => {
  // dist_list_missing and mod_goroot_errors of Go's scripts.
  test('a GOROOT without a compiler, or none at all, is left to go', async () => {
    await withRig(async rig => {
      rig.write({
        'go.mod': 'module m\n\ngo 1.21\n',
        'main.go': 'package main\n\nimport _ "encoding/json"\n\nfunc main() {}\n',
      })
      const goroot = join(rig.folder, 'goroot')
      mkdirSync(join(goroot, 'bin'), {recursive: true})
      for (const GOROOT of [goroot, join(rig.folder, 'nowhere')]) {
        for (const words of [
          ['list', '-e', '.'],
          ['tool', '-n', 'dist'],
          ['tool', 'dist', 'list'],
        ]) {
          const bare = await rig.bareGo(words, {env: {GOROOT}})
          assert.equal(await rig.go(words, {env: {GOROOT}}), bare, `${GOROOT} ${words.join(' ')}`)
        }
      }
    })
  })

  test('where it would compile, one line says what GOROOT is, and go says the rest', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      const goroot = join(rig.folder, 'go root')
      mkdirSync(join(goroot, 'bin'), {recursive: true})
      const env = {GOROOT: goroot}
      const bare = await rig.bareGo(['build'], {env})
      const guarded = await rig.go(['build'], {env})
      const ours = guarded.stderr.split('\n').filter(line => line.startsWith('gowarden: '))
      assert.is(guarded.stderr, `${ours.join('\n')}\n${bare.stderr}`)
      assert.is(guarded.code, bare.code)
      assert.match(ours[0] ?? '', `GOROOT ${goroot} holds no Go toolchain`)
      assert.match(ours[0] ?? '', 'no src/runtime, no pkg/tool [GOROOT_NO_TOOLCHAIN]')
      assert.match(ours.join('\n'), 'unset GOROOT')
      assert.not(existsSync(join(rig.store, 'toolchains')))

      const required = await rig.go(['build'], {
        env,
        cwd: rig.write({'.gowardenrc.yaml': 'stamp: required\n'}),
      })
      assert.is(required.code, 1)
      assert.match(required.stderr, /^gowarden: error: GOROOT .*\[GOROOT_NO_TOOLCHAIN\]/)

      for (const words of [['doctor'], ['cache', 'status']]) {
        const {code, stderr, stdout} = await rig.gowarden(words, {env})
        assert.is(code, 1)
        assert.match(stdout + stderr, 'holds no Go toolchain')
        assert.not.match(stdout, 'h1:')
      }
    })
  })

  test('the output of go test is read as it is', () => {
    const {ends, reasons} = parseScripts(
      `    script_test.go:163: FAIL: testdata/script/b.txt:3: no match
--- FAIL: TestScript (0.30s)
    --- PASS: TestScript/a (0.01s)
        --- FAIL: TestInside (0.00s)
    --- FAIL: TestScript/b (0.02s)
    --- SKIP: TestScript/c (0.00s)
`,
    )
    assert.equal(
      [...ends],
      [
        ['a', 'PASS'],
        ['b', 'FAIL'],
        ['c', 'SKIP'],
      ],
    )
    assert.equal([...reasons], [['b', '3: no match']])
  })
})
