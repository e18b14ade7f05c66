/** `npm test` itself: what it counts, and the environment that it gives to the tests. */
import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {testEnvironment} from './environment.ts'
import {root, runProgram} from './rig.ts'
import {suite} from './suite.ts'
import {withTemporary} from './temporary.ts'

const ofSuite = `import {suite} from '${join(root, 'test/support/suite.ts')}'\n`

const files: [what: string, text: string, code: number, last: string, says?: RegExp][] = [
  ['that passes', `${ofSuite}suite('x', test => test('y', () => {}))`, 0, '1 passed, 0 failed, 0 skipped'],
  [
    'with a case that fails',
    `${ofSuite}suite('x', test => { test('y', () => {}); test('z', () => { throw new Error('no') }) })`,
    1,
    '1 passed, 1 failed, 0 skipped',
  ],
  ['without a case', '', 1, '0 passed, 1 failed, 0 skipped'],
  [
    'that forgets .run()',
    "import {suite} from 'uvu'\nsuite('x')('y', () => {})",
    1,
    '0 passed, 1 failed, 0 skipped',
  ],
  [
    'that leaves a program running',
    `${ofSuite}import {spawn} from 'node:child_process'
suite('x', test => test('y', () => { spawn('sleep', ['600'], {stdio: 'inherit'}).unref() }))`,
    1,
    '1 passed, 1 failed, 0 skipped',
    /a program that it started still runs/,
  ],
]

suite('support/run', test => {
  for (const [what, text, code, last, says = /^/] of files) {
    test(`a file ${what}: ${last}`, async () => {
      await withTemporary(async directory => {
        mkdirSync(join(directory, 'test'))
        symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
        writeFileSync(join(directory, 'package.json'), '{"type": "module"}\n')
        writeFileSync(join(directory, 'test/one.test.ts'), text)
        const words = ['--import', 'tsx', join(root, 'test/support/run.ts')]
        const ended = await runProgram(process.execPath, words, {cwd: directory, env: process.env})
        assert.equal([ended.code, ended.stdout.trimEnd().split('\n').at(-1)], [code, last], ended.stderr)
        assert.match(ended.stdout, says)
      })
    })
  }

  test('of the machine the tests know PATH and where modules come from, and what a person asks of them', async () => {
    await withTemporary(async home => {
      const kept = {PATH: process.env['PATH'], GOPROXY: 'https://proxy.example', KILLS: '500'}
      const env = testEnvironment(
        {
          ...kept,
          HOME: '/home/u',
          GOFLAGS: '-mod=mod',
          GOROOT: '/go',
          GOWARDEN: 'off',
          LANG: 'de_DE',
          MODULES: 'empty',
        },
        home,
      )
      assert.equal(env, {
        ...kept,
        MODULES: 'empty',
        HOME: home,
        LANG: 'C.UTF-8',
        GOMODCACHE: join(home, 'modules'),
        GOTOOLCHAIN: 'local',
        GOFLAGS: '',
        FORCE_COLOR: '0',
      })
    })
  })
})
