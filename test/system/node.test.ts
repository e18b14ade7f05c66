import * as assert from 'uvu/assert'
import {commandSystem, nodeSystem, passChild} from '../../src/system/node.ts'
import {suite} from '../support/suite.ts'

suite('system/node', test => {
  for (const [name, {run}] of [
    ['of the planner', nodeSystem()],
    ['of the commands', commandSystem()],
  ] as const) {
    test(`${name}: each line of stderr is handed on, and all of it is returned`, async () => {
      const lines: string[] = []
      const {exitCode, stderr} = await run('sh', ['-c', 'printf "a\\nb\\n" >&2; exit 2'], {
        onErrorLine: line => lines.push(line),
      })
      assert.equal([exitCode, stderr, lines], [2, 'a\nb\n', ['a', 'b']])
    })
  }

  test('a child whose output cannot be written is ended, and what was thrown comes out', async () => {
    const thrown = new Error('full')
    const passed = passChild('yes', [], () => {
      throw thrown
    })
    assert.is(
      await passed.then(
        () => undefined,
        (error: unknown) => error,
      ),
      thrown,
    )
  })
})
