import {execFileSync, spawn} from 'node:child_process'
import {chmodSync, readdirSync, readFileSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import * as assert from 'uvu/assert'
import {withOwnLevels} from '../../src/policy/levels.ts'
import {openRecords} from '../../src/store/records.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {suite} from '../support/suite.ts'
import {edit, put, stageAll} from '../support/tampers.ts'
import {withTemporary} from '../support/temporary.ts'
import {git, makeTrees, treeEnv, withTree} from '../support/vendored.ts'
import {found, verifyTree} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced'])
const goFile = 'vendor/github.com/docker/go-units/duration.go'
const edited = [`VENDOR_EDITED ${goFile}`]

suite('verify: store', test => {
  test('a record is read back, byte for byte, under its own key only', async () => {
    await withTemporary(directory => {
      const records = open(directory)
      records.write('a key', 'caf\xe9\n')
      assert.is(records.read('a key'), 'caf\xe9\n')
      assert.is(records.read('another key'), undefined)
    })
  })

  test('a record that lost or changed a byte counts as absent', async () => {
    await withTemporary(directory => {
      const records = open(directory)
      records.write('key', 'some text that is long enough to be changed')
      const [file = ''] = filesIn(directory)
      const whole = readFileSync(file)
      for (let at = 0; at < whole.length; at += 3) {
        const changed = Buffer.from(whole)
        changed[at] = (changed[at] ?? 0) ^ 1
        writeFileSync(file, changed)
        assert.is(records.read('key'), undefined, `byte ${at}`)
        writeFileSync(file, whole.subarray(0, at))
        assert.is(records.read('key'), undefined, `cut at ${at}`)
      }
    })
  })

  test('a record under the name of another is not believed', async () => {
    await withTemporary(directory => {
      const records = open(directory)
      records.write('one', 'text')
      const [one = ''] = filesIn(directory)
      records.write('two', 'other')
      const two = filesIn(directory).find(file => file !== one) ?? ''
      writeFileSync(two, readFileSync(one))
      assert.is(records.read('two'), undefined)
    })
  })

  test('the oldest records go when the bounds are passed, and what a killed run left', async () => {
    await withTemporary(directory => {
      const records = open(directory, {records: 8, bytes: 1_000_000})
      records.write('first', 'x')
      const [first = ''] = filesIn(directory)
      utimesSync(first, 1, 1)
      const abandoned = join(first, '..', `${'0'.repeat(40)}.1.2.tmp`)
      writeFileSync(abandoned, 'half')
      utimesSync(abandoned, 1, 1)
      for (let i = 0; i < 9; i++) records.write(`later ${i}`, 'x')
      records.prune()
      const left = filesIn(directory)
      assert.ok(left.length <= 8)
      assert.not(left.includes(first))
      assert.not(left.includes(abandoned))
    })
  })

  test('a directory that others may write to is not used', async () => {
    await withTemporary(directory => {
      const records = open(directory)
      records.write('key', 'text')
      chmodSync(join(directory, 'gowarden', 'kind'), 0o777)
      assert.is(open(directory).read('key'), undefined)
    })
  })

  test.unless(unavailable, 'an unchanged run is remembered; every tamper after it is found', async () => {
    await withTree(base, 'replaced', async directory => {
      await withTemporary(async store => {
        await verifyTree(directory, {store})
        assert.is((await verifyTree(directory, {store})).remembered, true)
        edit(directory, goFile, text => `${text}// edited\n`)
        stageAll(directory)
        assert.equal(found(await verifyTree(directory, {store})), edited)
        assert.equal(found(await verifyTree(directory, {store})), edited)
        git(directory, 'reset', '--quiet', '--hard')
        assert.is((await verifyTree(directory, {store})).remembered, true)
      })
    })
  })

  test.unless(
    unavailable,
    'of a remembered warning the hints are those of the mode that is asked',
    async () => {
      const modes = [{kind: 'staged'}, {kind: 'worktree'}, {kind: 'commit', revision: 'HEAD'}] as const
      await withTree(base, 'replaced', async directory => {
        await withTemporary(async store => {
          const policy = {levels: withOwnLevels({}, 'VENDOR_ADDED=warn')}
          // In order it is the same for both; a commit is compared with another one.
          await verifyTree(directory, {store, policy})
          for (const judged of modes.slice(0, 2)) {
            assert.is((await verifyTree(directory, {store, policy, judged})).remembered, true, judged.kind)
          }
          put(directory, 'vendor/github.com/docker/go-units/more.txt', '')
          stageAll(directory)
          git(directory, 'commit', '--quiet', '--message=x')
          const hintsOf = async (judged: (typeof modes)[number], at: string) => {
            const {findings, remembered} = await verifyTree(directory, {store: at, policy, judged})
            return {remembered, hints: findings.map(({facts}) => 'mend' in facts && facts.mend)}
          }
          const alone = new Map<string, unknown>()
          for (const judged of modes)
            alone.set(judged.kind, (await hintsOf(judged, join(store, judged.kind))).hints)
          assert.is.not(String(alone.get('staged')), String(alone.get('worktree')))
          for (const remembered of [false, true]) {
            for (const judged of modes) {
              const hints = alone.get(judged.kind)
              assert.equal(await hintsOf(judged, store), {remembered, hints}, judged.kind)
            }
          }
        })
      })
    },
  )

  test.unless(unavailable, 'a memo does not outlive an intent-to-add of an empty vendored file', async () => {
    await withTree(base, 'replaced', async directory => {
      await withTemporary(async store => {
        // An empty file of a replacement directory, vendored empty: the same listing with and without the intent.
        put(directory, 'lib/empty.go.txt', '')
        put(directory, 'vendor/example.com/lib/empty.go.txt', '')
        put(directory, 'lib/empty.s', '')
        put(directory, 'vendor/example.com/lib/empty.s', '')
        stageAll(directory)
        assert.equal(found(await verifyTree(directory, {store})), [])
        const listing = git(directory, 'ls-files', '-s')
        git(directory, 'rm', '--quiet', '--cached', 'vendor/example.com/lib/empty.s')
        git(directory, 'add', '--intent-to-add', 'vendor/example.com/lib/empty.s')
        assert.is(git(directory, 'ls-files', '-s'), listing)
        assert.equal(found(await verifyTree(directory, {store})), [
          'VENDOR_MISSING vendor/example.com/lib/empty.s',
        ])
      })
    })
  })

  test.unless(unavailable, 'a memo does not outlive a zip that appears with another hash', async () => {
    await withTree(base, 'replaced', async directory => {
      await withTemporary(async store => {
        const moduleCache = join(store, 'modules')
        edit(directory, 'go.sum', text => `${text}example.org/far v1.0.0 h1:${'A'.repeat(43)}=\n`)
        stageAll(directory)
        git(directory, 'commit', '--quiet', '--message=x')
        // Manifests are made from the real module cache, then an empty one takes its place.
        await verifyTree(directory, {store})
        const env = {GOMODCACHE: moduleCache}
        assert.equal(found(await verifyTree(directory, {store, env})), [])
        assert.is((await verifyTree(directory, {store, env})).remembered, true)
        put(moduleCache, 'cache/download/example.org/far/@v/v1.0.0.ziphash', `h1:B${'A'.repeat(42)}=`)
        assert.equal(found(await verifyTree(directory, {store, env})), ['SUM_MISMATCH go.sum'])
      })
    })
  })

  test.unless(
    unavailable,
    'without the zip a module is unproven, the others stay proven, and it is not remembered',
    async () => {
      await withTree(base, 'replaced', async directory => {
        await withTemporary(async store => {
          const env = {GOMODCACHE: join(store, 'modules')}
          edit(directory, goFile, text => `${text}// edited\n`)
          stageAll(directory)
          const result = await verifyTree(directory, {store, env})
          assert.ok(result.findings.some(({code}) => code === 'VENDOR_UNPROVEN'))
          assert.ok(
            result.modules.some(
              ({module, state}) => module.startsWith('example.com/lib') && state === 'proven',
            ),
          )
          const lowered = {levels: withOwnLevels({}, 'VENDOR_UNPROVEN=warn')}
          await verifyTree(directory, {store, env, policy: lowered})
          assert.is((await verifyTree(directory, {store, env, policy: lowered})).remembered, false)
          assert.equal(found(await verifyTree(directory, {store})), edited)
        })
      })
    },
  )

  test.unless(
    unavailable,
    'a package that was not vendored before needs the zip once more; then both are known',
    async () => {
      await withTree(base, 'replaced', async directory => {
        await withTemporary(async store => {
          const noZips = {GOMODCACHE: join(store, 'modules')}
          assert.equal(found(await verifyTree(directory, {store})), [])
          put(directory, 'request.go', 'package main\n\nimport _ "github.com/dgrijalva/jwt-go/request"\n')
          execFileSync('go', ['mod', 'vendor'], {
            cwd: directory,
            env: treeEnv({GOWORK: 'off'}),
            stdio: 'pipe',
          })
          stageAll(directory)
          const {findings} = await verifyTree(directory, {store, env: noZips})
          assert.equal(
            findings.map(({code, facts}) => [code, 'modules' in facts && facts.modules]),
            [
              [
                'VENDOR_UNPROVEN',
                [
                  'github.com/dgrijalva/jwt-go@v3.2.0+incompatible',
                  // What the package imports was vendored with it.
                  'github.com/golang-jwt/jwt@v3.2.2+incompatible',
                ],
              ],
            ],
          )
          assert.equal(found(await verifyTree(directory, {store})), [])
          edit(directory, 'vendor/github.com/dgrijalva/jwt-go/request/doc.go', text => `${text}// edited\n`)
          stageAll(directory)
          assert.equal(found(await verifyTree(directory, {store, env: noZips})), [
            'VENDOR_EDITED vendor/github.com/dgrijalva/jwt-go/request/doc.go',
          ])
          git(directory, 'reset', '--quiet', '--hard')
          edit(directory, 'vendor/github.com/dgrijalva/jwt-go/claims.go', text => `${text}// edited\n`)
          stageAll(directory)
          assert.equal(found(await verifyTree(directory, {store, env: noZips})), [
            'VENDOR_EDITED vendor/github.com/dgrijalva/jwt-go/claims.go',
          ])
        })
      })
    },
  )

  test.unless(unavailable, 'a store of rubbish is as good as none', async () => {
    await withTree(base, 'replaced', async directory => {
      await withTemporary(async store => {
        await verifyTree(directory, {store})
        for (const file of filesIn(store)) writeFileSync(file, 'rubbish')
        edit(directory, goFile, text => `${text}// edited\n`)
        stageAll(directory)
        assert.equal(found(await verifyTree(directory, {store})), edited)
      })
    })
  })

  test.unless(
    unavailable,
    'runs at once, some of them killed: the last one finds the tamper and no more',
    async () => {
      await withTree(base, 'replaced', async directory => {
        await withTemporary(async store => {
          const entry = fileURLToPath(new URL('../support/verify-hook.ts', import.meta.url))
          const runs = Array.from({length: 6}, (_, index) => {
            const child = spawn(
              process.execPath,
              ['--import', import.meta.resolve('tsx'), entry, join(store, `report ${index}`), store],
              {cwd: directory, env: treeEnv({GIT_INDEX_FILE: '.git/index'}), stdio: 'ignore'},
            )
            // Killed at any moment of its run, each at another.
            const timer =
              index % 2 === 0 ? undefined : setTimeout(() => child.kill('SIGKILL'), 150 + index * 90)
            return new Promise<void>(resolve => {
              child.on('close', () => {
                clearTimeout(timer)
                resolve()
              })
            })
          })
          await Promise.all(runs)
          assert.equal(JSON.parse(readFileSync(join(store, 'report 0'), 'utf8')), [])
          edit(directory, goFile, text => `${text}// edited\n`)
          stageAll(directory)
          assert.equal(found(await verifyTree(directory, {store})), edited)
        })
      })
    },
  )
})

function open(directory: string, bounds = {records: 100, bytes: 1_000_000}) {
  return openRecords({...nodeSystem(), env: {XDG_CACHE_HOME: directory}}, 'kind', bounds)
}

function filesIn(directory: string): string[] {
  return readdirSync(join(directory, 'gowarden'), {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
}
