/**
 * Some of Go's own script tests of the go command, with the launcher in front: those about what gowarden touches and that
 * take little time. `npm run test:go-scripts` runs all of them (docs/transparency.md).
 */
import * as assert from 'uvu/assert'
import {differingScripts, parseScripts, prepareScripts, runScripts} from '../support/go-scripts.ts'
import {machine} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const chosen = {
  // The words: what stands behind the subcommand, in which order, and what go says of wrong ones.
  words: ['build_gcflags_order', 'gcflags_patterns', 'chdir', 'goflags', 'help', 'test_flags', 'vet_flags'],
  // What go prints of its own state, which the launcher may not change.
  output: ['env_write', 'list_json_fields', 'list_test_e', 'tooltags', 'test_json', 'fmt_load_errors'],
  // What go starts, and what that inherits.
  nested: ['generate_env', 'run_hello', 'toolexec'],
  // Which go, module and cache are in force.
  world: [
    'gotoolchain_local',
    'work',
    'build_cache_disabled',
    'modfile_flag',
    'mod_edit',
    'dist_list_missing',
  ],
}

suite('launcher/go-scripts', test => {
  test('Go’s own scripts end through the launcher as Go means them to', async () => {
    await withTemporary(async folder => {
      const scripts = prepareScripts(folder, machine.goroot)
      const names = [...Object.values(chosen).flat(), ...Object.keys(differingScripts)]
      const {ends, reasons, output} = await runScripts(scripts, 'launcher', `^(${names.join('|')})$`, {
        isShort: true,
      })
      const failed = [...ends].filter(([, end]) => end === 'FAIL').map(([name]) => name)
      const unknown = failed.filter(name => differingScripts[name] === undefined)
      assert.equal(
        unknown.map(name => `${name}: ${reasons.get(name)}`),
        [],
        output.slice(-4000),
      )
      assert.ok([...ends.values()].filter(end => end === 'PASS').length >= 15, output.slice(-4000))
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
