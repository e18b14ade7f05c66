/** GIT_DIR and GIT_WORK_TREE, set by whoever keeps both apart, from inside of the work tree and from outside. */
import {mkdirSync, renameSync} from 'node:fs'
import {join, relative} from 'node:path'
import * as assert from 'uvu/assert'
import {suite} from '../support/suite.ts'
import {edit} from '../support/tampers.ts'
import {withTemporary} from '../support/temporary.ts'
import {git, makeTrees, withTree} from '../support/vendored.ts'
import {found, verifyTree} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced'])
const units = 'vendor/github.com/docker/go-units/duration.go'

suite('verify: GIT_DIR and GIT_WORK_TREE', test => {
  test.unless(
    unavailable,
    'from outside, below and at the top, relative and absolute: each mode finds what is there',
    async () => {
      await withTree(base, 'replaced', async directory => {
        await withTemporary(async folder => {
          const gitDirectory = join(folder, 'kept apart.git')
          const outside = join(folder, 'outside')
          mkdirSync(outside)
          renameSync(join(directory, '.git'), gitDirectory)
          try {
            const envs = [outside, join(directory, 'lib'), directory].flatMap(cwd =>
              [(path: string) => path, (path: string) => relative(cwd, path) || '.'].map(named => ({
                cwd,
                env: {GIT_DIR: named(gitDirectory), GIT_WORK_TREE: named(directory)},
              })),
            )
            for (const {cwd, env} of envs) {
              const store = join(folder, 'store')
              const what = `${cwd} ${JSON.stringify(env)}`
              for (const kind of ['staged', 'worktree'] as const)
                assert.equal(found(await verifyTree(cwd, {store, env, judged: {kind}})), [], what)
              edit(directory, units, text => `${text}// edited\n`)
              const [staged, worktree, commit] = await Promise.all([
                verifyTree(cwd, {store, env}),
                verifyTree(cwd, {store, env, judged: {kind: 'worktree'}}),
                verifyTree(cwd, {store, env, judged: {kind: 'commit', revision: 'HEAD'}}),
              ])
              assert.equal([found(staged), found(commit)], [[], []], what)
              assert.equal(found(worktree), [`VENDOR_EDITED ${units}`], what)
              assert.ok(commit.counts.files > 0)
              edit(directory, units, text => text.replace('// edited\n', ''))
            }
          } finally {
            renameSync(gitDirectory, join(directory, '.git'))
          }
          assert.is(git(directory, 'status', '--short'), '')
        })
      })
    },
  )
})
