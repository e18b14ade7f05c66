/** What a person at a terminal of 80 columns meets. */
import * as assert from 'uvu/assert'
import {doctorText} from '../../src/doctor/text.ts'
import {isUsageError} from '../../src/system/errors.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {environmentHelp} from '../../src/verbs/context.ts'
import {runProgram} from '../../src/verbs/program.ts'
import {suite} from '../support/suite.ts'

// What the build puts into the bundles.
Object.assign(globalThis, {GOWARDEN_VERSION: '1.2.3'})

suite('verbs/terminal', test => {
  test('the help of the environment fits into 80 columns', () => {
    const wide = environmentHelp.split('\n').filter(line => line.length > 80)
    assert.equal(wide, [])
  })

  for (const [words, help] of [
    [['inspect', '--al', 'x'], 'see gowarden inspect --help'],
    [['cache', 'audit', '--nope'], 'see gowarden cache audit --help'],
    [['--nope'], 'see gowarden --help'],
    [['inspec'], 'see gowarden --help'],
  ] as const) {
    test(`gowarden ${words.join(' ')}: ${help}`, async () => {
      const {stderr, code} = await typed(words)
      assert.is(code, 2)
      assert.ok(stderr.endsWith(`\n${help}\n`), stderr)
    })
  }

  test('why, waiting for what is typed, says so; through a pipe it does not', async () => {
    const waiting = await typed(['why'], {stdinIsTerminal: () => true})
    assert.match(waiting.stderr, /paste what go said, .*Ctrl-D/)
    assert.match(waiting.stdout, /^not known to me/)
    assert.is((await typed(['why'])).stderr, '')
  })

  test('doctor: a source that does not fit beside its value is on a line of its own, and values stay whole', () => {
    const diagnosis: Parameters<typeof doctorText>[0] = {
      values: [
        {name: 'GOCACHE', value: '/home/u/.cache/go-build', origin: 'default', isUsual: false},
        {name: 'ToolchainHash', value: 'h'.repeat(72), origin: 'read just now, every byte', isUsual: false},
      ],
      findings: [],
      guard: {kind: 'guarded', reason: '', fix: ''},
      canBuild: true,
    }
    assert.is(
      doctorText(diagnosis, {all: false, columns: 80}),
      `GOCACHE        /home/u/.cache/go-build  (default)
ToolchainHash
  ${'h'.repeat(72)}
  (read just now, every byte)
go build here is guarded
`,
    )
    const wide = doctorText(diagnosis, {all: false, columns: undefined})
    assert.match(wide, `\nToolchainHash  ${'h'.repeat(72)}  (read just now, every byte)\n`)
  })

  test('report: a page is not printed to a terminal, and no host is looked at for it', async () => {
    try {
      await typed(['report'], {stdoutColumns: () => 80})
    } catch (error) {
      assert.ok(isUsageError(error))
      assert.is(error.message, 'stdout is a terminal, and a report is a page for a browser')
      assert.is(error.hint, 'gowarden report --out gowarden-report.html')
      return
    }
    assert.unreachable()
  })

  for (const words of [['explain'], ['explain', 'CACHE_FOREIGN']]) {
    test(`${words.join(' ')}: no line is longer than the terminal, and a pipe gets all`, async () => {
      const {stdout} = await typed(words, {stdoutColumns: () => 80})
      assert.equal(
        stdout.split('\n').filter(line => line.length > 80),
        [],
      )
      const piped = await typed(words)
      assert.ok(piped.stdout.split('\n').some(line => line.length > 80))
    })
  }
})

async function typed(words: readonly string[], more: Partial<ReturnType<typeof nodeSystem>> = {}) {
  let [stdout, stderr] = ['', '']
  const system = {
    ...nodeSystem(),
    stdin: () => 'something else\n',
    stdinIsTerminal: () => false,
    stdoutColumns: () => undefined,
    stdout: (text: string) => {
      stdout += text
    },
    stderr: (text: string) => {
      stderr += text
    },
    ...more,
  }
  const code = await runProgram(system, words, undefined)
  return {code, stdout, stderr}
}
