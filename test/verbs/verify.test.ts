import {Command} from 'commander'
import * as assert from 'uvu/assert'
import {UsageError} from '../../src/system/errors.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {registerVerify} from '../../src/verbs/verify.ts'
import {suite} from '../support/suite.ts'
import {put, stageAll} from '../support/tampers.ts'
import {makeTrees, treeEnv, withTree} from '../support/vendored.ts'
import {storeIn} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced'])

suite('verify: command line', test => {
  test.unless(
    unavailable,
    'exit 0 in order, 1 with findings; reports on stdout, sentences on stderr',
    async () => {
      await withTree(base, 'replaced', async directory => {
        const clean = await run(directory, ['--staged', '--offline'])
        assert.is(clean.code, 0)
        assert.is(clean.stdout, '')
        assert.match(clean.stderr, /^gowarden: the index: \d+ vendored files of 5 modules, .*: in order\n$/)
        put(directory, 'vendor/github.com/docker/go-units/evil.go', 'package units\n')
        stageAll(directory)
        const text = await run(directory, ['--staged', '--offline'])
        assert.is(text.code, 1)
        assert.match(text.stderr, '[VENDOR_ADDED]')
        const json = await run(directory, ['--staged', '--offline', '--format', 'json'])
        assert.is(JSON.parse(json.stdout).findings[0].code, 'VENDOR_ADDED')
        assert.is(json.stderr, '')
        const github = await run(directory, ['--staged', '--offline', '--format', 'github'])
        assert.match(github.stdout, /^::error file=[^\n]*,title=VENDOR_ADDED::[^\n]*\n$/)
        assert.match(github.stderr, /^gowarden: the index: [^\n]*: 1 error\n$/)
        const narrowed = await run(directory, ['--staged', '--offline', '--module', 'tools'])
        assert.is(narrowed.code, 0)
        const commit = await run(directory, ['--commit', 'HEAD', '--offline', '--verbose'])
        assert.is(commit.code, 0)
        assert.match(commit.stdout, /^ok {8}/m)
      })
    },
  )

  test.unless(unavailable, 'two ways of judging at once are a wrong call', async () => {
    await withTree(base, 'replaced', async directory => {
      try {
        await run(directory, ['--staged', '--worktree'])
      } catch (error) {
        assert.instance(error, UsageError)
        return
      }
      assert.unreachable()
    })
  })
})

async function run(directory: string, words: string[]) {
  const ended = {code: -1, stdout: '', stderr: ''}
  const program = new Command('gowarden').exitOverride()
  const system = nodeSystem()
  registerVerify(
    program,
    {
      system: {
        ...system,
        cwd: directory,
        env: treeEnv({XDG_CACHE_HOME: storeIn(base, 'cli')}),
        stdout: text => {
          ended.stdout += text
        },
        stderr: text => {
          ended.stderr += text
        },
      },
      words: ['verify', ...words],
      version: 'test',
      end: code => {
        ended.code = code
      },
    },
    undefined,
  )
  await program.parseAsync(['verify', ...words], {from: 'user'})
  return ended
}
