/** `gowarden verify --fix`: shows, asks, runs, judges again, and refuses what would lose unstaged work. */
import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {root} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {edit, put} from '../support/tampers.ts'
import {git, makeTrees, treeEnv, withTree} from '../support/vendored.ts'
import {storeIn} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced'])
const units = 'vendor/github.com/docker/go-units'

function gowarden(directory: string, ...words: string[]) {
  const ended = spawnSync(join(root, 'bin/gowarden'), ['verify', '--offline', ...words], {
    cwd: directory,
    env: {...treeEnv({XDG_CACHE_HOME: storeIn(base, 'fix'), GOSUMDB: 'off'}), FORCE_COLOR: undefined},
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return {code: ended.status, output: ended.stdout + ended.stderr}
}

suite('verify --fix', test => {
  test.unless(unavailable, 'several findings at once, from below the top: in order afterwards', () =>
    withTree(base, 'replaced', async directory => {
      put(directory, `${units}/evil b'.go`, 'package units\n')
      edit(directory, 'vendor/example.com/lib/lib.go', text => `${text}// x\n`)
      edit(directory, 'go.sum', text => text.replace(/^(\S*docker\/go-units v\S+ h1:)./m, '$1A'))
      git(directory, 'add', '--all')
      const {code, output} = gowarden(join(directory, 'lib'), '--staged', '--fix', '--yes')
      assert.is(code, 0, output)
      assert.match(output, /^gowarden: running awk /m)
      assert.match(output, /: in order\n$/)
      assert.not(existsSync(join(directory, `${units}/evil b'.go`)))
      assert.not(existsSync(join(directory, 'go.sum.kept')))
      assert.is(git(directory, 'status', '--porcelain'), '')
    }),
  )

  test.unless(unavailable, 'an untracked file in the work tree', () =>
    withTree(base, 'replaced', async directory => {
      put(directory, `${units}/evil.go`, 'package units\n')
      assert.is(gowarden(directory, '--fix', '--yes').code, 0)
      assert.not(existsSync(join(directory, `${units}/evil.go`)))
    }),
  )

  test.unless(unavailable, 'unstaged changes in a file that it would touch: refused, nothing is run', () =>
    withTree(base, 'replaced', async directory => {
      edit(directory, `${units}/duration.go`, text => `${text}// mine\n`)
      const {code, output} = gowarden(directory, '--fix', '--yes')
      assert.is(code, 2)
      assert.match(output, `--fix would touch unstaged changes: ${units}/duration.go`)
      assert.match(readFileSync(join(directory, `${units}/duration.go`), 'utf8'), '// mine')
      edit(directory, 'main.go', text => `${text}// mine\n`)
      git(directory, 'add', units)
      assert.is(gowarden(directory, '--fix', '--yes').code, 0)
      assert.match(readFileSync(join(directory, 'main.go'), 'utf8'), '// mine')
    }),
  )

  test.unless(unavailable, 'without a terminal and --yes: shown, and nothing is run', () =>
    withTree(base, 'replaced', async directory => {
      put(directory, `${units}/evil.go`, 'package units\n')
      const {code, output} = gowarden(directory, '--fix')
      assert.is(code, 2)
      assert.match(output, 'this would be run:\n  git add ')
      assert.match(output, 'answer yes beforehand: gowarden verify --fix --yes')
      assert.ok(existsSync(join(directory, `${units}/evil.go`)))
    }),
  )

  test.unless(
    unavailable,
    'in order already: nothing to do; with a commit, a range or a format: a wrong call',
    () =>
      withTree(base, 'replaced', async directory => {
        assert.is(gowarden(directory, '--fix').code, 0)
        for (const words of [
          ['--commit', 'HEAD'],
          ['--range', 'HEAD~1..HEAD'],
          ['--format', 'json'],
        ])
          assert.is(gowarden(directory, '--fix', ...words).code, 2)
        assert.is(gowarden(directory, '--yes').code, 2)
      }),
  )
})
