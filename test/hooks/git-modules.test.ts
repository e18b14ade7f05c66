/** A module that comes by Git, missing from the module cache, while a hook runs: the Git that go starts works on go's own clone. */
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Hooked, withHooked, writeHook} from '../support/hooked.ts'
import {writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {removeModules} from '../support/temporary.ts'

/** Runs `body` in a repository that vendors a private module, with its hook in place and nothing of it in the module cache. */
async function withPrivateModule(body: (hooked: Hooked) => void): Promise<void> {
  await withHooked({}, hooked => {
    const {directory, env, git, run} = hooked
    const modules = join(directory, '..', 'modules')
    const library = join(directory, '..', 'lib.git')
    Object.assign(env, {
      GOMODCACHE: modules,
      GOPROXY: 'direct',
      GOPRIVATE: 'example.com/corp',
      GOFLAGS: '-modcacherw',
      GOSUMDB: 'off',
      GIT_CONFIG_GLOBAL: join(directory, '..', 'gitconfig'),
    })
    writeFiles(join(directory, '..'), {
      gitconfig: `[url "file://${library}"]\n\tinsteadOf = https://example.com/corp/lib\n[protocol "file"]\n\tallow = always\n`,
      'lib.git/go.mod': 'module example.com/corp/lib.git\n\ngo 1.21\n',
      'lib.git/lib.go': 'package lib\n',
    })
    for (const words of [
      ['init', '--quiet'],
      ['add', '.'],
      ['commit', '-qm', 'lib'],
      ['tag', 'v1.0.0'],
    ])
      assert.is(run('git', '-C', library, ...words).code, 0)
    writeFiles(directory, {
      'go.mod': 'module example.com/app\n\ngo 1.21\n\nrequire example.com/corp/lib.git v1.0.0\n',
      'main.go': 'package main\n\nimport _ "example.com/corp/lib.git"\n\nfunc main() {}\n',
    })
    for (const word of ['tidy', 'vendor']) {
      const ended = run('go', 'mod', word)
      assert.is(ended.code, 0, ended.output)
    }
    git('add', '--all')
    git('commit', '--quiet', '--message=private')
    git('config', 'core.hooksPath', join(directory, '..', 'hooks'))
    writeHook(join(directory, '..', 'hooks'), 'pre-commit', '#!/bin/sh\nexec gowarden verify --staged\n')
    removeModules(modules)
    body(hooked)
    removeModules(modules)
  })
}

/** Commits a change in `at`, and looks whether Git's settings are what they were. */
function commitIn({run, env}: Hooked, at: string, ...words: string[]): void {
  const settings = () => run('git', '-C', at, 'config', '--list', '--local').output
  const before = settings()
  writeFiles(at, {
    'go.mod': 'module example.com/app\n\ngo 1.21\n\nrequire example.com/corp/lib.git v1.0.0\n// x\n',
  })
  const ended = run('git', '-C', at, ...words, 'commit', '--all', '--message=next')
  assert.is(ended.code, 0, ended.output)
  assert.match(ended.output, 'in order')
  assert.is(settings(), before)
  assert.is(run('git', '-C', at, 'status').code, 0)
  assert.ok(env['GOMODCACHE'])
}

suite('hooks: modules that come by Git', test => {
  test('in the main work tree', () => withPrivateModule(hooked => commitIn(hooked, hooked.directory)))

  test('in a linked work tree, also under git -c', () =>
    withPrivateModule(hooked => {
      const tree = join(hooked.directory, '..', 'linked')
      hooked.git('worktree', 'add', '--quiet', tree)
      commitIn(hooked, tree, '-c', 'core.abbrev=12')
      assert.is(hooked.git('config', 'core.bare').trim(), 'false')
      assert.is(hooked.run('git', 'status').code, 0)
    }))

  test('in a submodule', () =>
    withPrivateModule(hooked => {
      const {directory, run, git} = hooked
      const above = join(directory, '..', 'above')
      assert.is(run('git', 'init', '--quiet', above).code, 0)
      assert.is(run('git', '-C', above, 'submodule', '--quiet', 'add', directory, 'app').code, 0)
      const module = join(above, 'app')
      run('git', '-C', module, 'config', 'core.hooksPath', git('config', 'core.hooksPath').trim())
      commitIn(hooked, module)
      assert.is(run('git', '-C', above, 'status').code, 0)
    }))
})
