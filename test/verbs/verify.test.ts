import {execFileSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {Command} from 'commander'
import * as assert from 'uvu/assert'
import {UsageError} from '../../src/system/errors.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {registerVerify} from '../../src/verbs/verify.ts'
import {suite} from '../support/suite.ts'
import {put, stageAll} from '../support/tampers.ts'
import {withTemporary} from '../support/temporary.ts'
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

  for (const name of ['proofs.txt', 'proofs.gz']) {
    test.unless(unavailable, `--export-proofs ${name}, and --proofs where there is no network`, async () => {
      await withTree(base, 'replaced', async directory => {
        await withTemporary(async folder => {
          const file = join(folder, name)
          const written = await run(directory, ['--staged', '--offline', '--export-proofs', file])
          assert.is(written.code, 0)
          assert.match(written.stderr, /: proofs of 4 modules\n$/)
          const there = {GOMODCACHE: join(folder, 'none'), XDG_CACHE_HOME: join(folder, 'store')}
          const bare = await run(directory, ['--staged', '--offline'], there)
          assert.is(bare.code, 1)
          const proven = await run(directory, ['--staged', '--offline', '--proofs', file], there)
          assert.is(proven.code, 0)
          assert.match(proven.stderr, /^gowarden: proven by a list of files: 4 modules[^\n]*\n/)
          const format = ['--format', 'json']
          const json = await run(directory, ['--staged', '--offline', '--proofs', file, ...format], there)
          assert.equal(
            JSON.parse(json.stdout).modules.filter(({by}: {by: string}) => by === 'list').length,
            4,
          )
        })
      })
    })
  }

  const files: [what: string, content: Buffer | undefined, sentence: RegExp][] = [
    ['is not there', undefined, /no such file/],
    ['is empty', Buffer.alloc(0), /line 1: a file of proofs begins with/],
    ['is rubbish', Buffer.from('\x1b[31m\n::error::x\n'), /line 1: a file of proofs begins with/],
    ['is cut gzip', gzipSync('gowarden proofs 1\n').subarray(0, 12), /cannot be unpacked/],
    ['unpacks to more than is read', gzipSync(Buffer.alloc(300 * 1024 * 1024)), /cannot be unpacked/],
    [
      'was changed',
      Buffer.from(`gowarden proofs 1\nmodule a@v1 h1:${'A'.repeat(43)}=\n`),
      /line 2: the list of a@v1/,
    ],
  ]
  for (const [what, content, sentence] of files) {
    test.unless(unavailable, `a file of proofs that ${what} is a wrong call, in one sentence`, async () => {
      await withTree(base, 'replaced', async directory => {
        await withTemporary(async folder => {
          const file = join(folder, 'proofs')
          if (content !== undefined) writeFileSync(file, content)
          await run(directory, ['--staged', '--offline', '--proofs', file]).then(
            () => assert.unreachable(),
            (error: Error) => {
              assert.instance(error, UsageError)
              assert.match(error.message, sentence)
              assert.not.match(error.message, /[\n\x1b]/)
            },
          )
        })
      })
    })
  }

  test.unless(unavailable, 'a directory and a FIFO are no file of proofs', async () => {
    await withTree(base, 'replaced', async directory => {
      await withTemporary(async folder => {
        execFileSync('mkfifo', [join(folder, 'fifo')])
        for (const file of [folder, join(folder, 'fifo')]) {
          await run(directory, ['--staged', '--offline', '--proofs', file]).then(
            () => assert.unreachable(),
            (error: Error) => assert.match(error.message, /not a regular file/),
          )
        }
      })
    })
  })
})

async function run(directory: string, words: string[], env: Record<string, string> = {}) {
  const ended = {code: -1, stdout: '', stderr: ''}
  const program = new Command('gowarden').exitOverride()
  const system = nodeSystem()
  registerVerify(
    program,
    {
      system: {
        ...system,
        cwd: directory,
        env: treeEnv({XDG_CACHE_HOME: storeIn(base, 'cli'), ...env}),
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
