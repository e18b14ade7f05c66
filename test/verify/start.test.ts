import * as assert from 'uvu/assert'
import {nodeSystem, pipeChild} from '../../src/system/node.ts'
import {asksForIndex, startVerify} from '../../src/verify/start.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const hook = {GIT_INDEX_FILE: '.git/index'}

suite('verify-start', test => {
  for (const [line, env, asks] of [
    ['verify --staged', {}, true],
    ['verify --offline --staged --format sarif', {}, true],
    ['verify', hook, true],
    ['verify', {GIT_EXEC_PATH: '/usr/lib/git-core'}, true],
    ['verify', {}, false],
    ['verify --worktree', hook, false],
    ['verify --commit HEAD', hook, false],
    ['verify --commit=HEAD', hook, false],
    ['verify --staged --help', {}, false],
    ['inspect --staged', hook, false],
    ['', hook, false],
  ] as const) {
    test(`gowarden ${line}${'GIT_INDEX_FILE' in env ? ' in a hook' : ''}: ${asks ? 'asks for the index' : 'does not'}`, () => {
      assert.is(asksForIndex(line.split(' '), env), asks)
    })
  }

  test('what fails before anybody awaits it ends nothing', async () => {
    await withTemporary(async directory => {
      const env = {...process.env, PATH: directory}
      const start = startVerify({...nodeSystem(), cwd: directory, env, pipe: pipeChild}, 'staged')
      // A rejection that nobody has taken ends a Node process within one turn of its loop.
      await new Promise(resolve => setTimeout(resolve, 50))
      for (const asked of [start.repository, start.listing]) {
        await rejects(asked, 'running git: not found on PATH')
      }
    })
  })
})

async function rejects(promise: Promise<unknown> | undefined, message: string): Promise<void> {
  try {
    await promise
  } catch (error) {
    assert.is((error as Error).message, message)
    return
  }
  assert.unreachable(message)
}
