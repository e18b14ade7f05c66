/** What `npm run test:go-scripts` rests on, and what its scripts found. */
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {parseScripts} from '../support/go-scripts.ts'
import {withRig} from '../support/rig.ts'
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
          ['build'],
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
