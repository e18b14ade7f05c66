/** The hooks that `gowarden init --also` writes, as Git runs them. */
import {appendFileSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {vendoredFile, withHooked, writeHook} from '../support/hooked.ts'
import {root} from '../support/rig.ts'
import {suite} from '../support/suite.ts'

const also = ['--also', 'pre-merge-commit', 'pre-push', 'post-checkout', 'post-merge']

suite('gowarden init --also', test => {
  test('a checkout and a merge that change the go line say so; others are silent', async () => {
    await withHooked({}, ({directory, run, git}) => {
      assert.is(run('gowarden', 'init', ...also).code, 0)
      git('checkout', '--quiet', '-b', 'newer')
      const goMod = join(directory, 'go.mod')
      writeFileSync(goMod, readFileSync(goMod, 'utf8').replace('go 1.21', 'go 1.22'))
      git('commit', '--quiet', '--all', '--no-verify', '--message=x')
      const said = 'gowarden: go.mod: -go 1.22\ngowarden: go.mod: +go 1.21\n'
      assert.is(run('git', 'checkout', '--quiet', 'main').output, said)
      assert.is(run('git', 'checkout', '--quiet', '-b', 'same').output, '')
      assert.match(run('git', 'merge', '--quiet', 'newer').output, 'gowarden: go.mod: +go 1.22\n')
    })
  })

  test('a merge that brings an edited vendor along is refused, one that brings other files is not', async () => {
    await withHooked({}, ({directory, run, git}) => {
      git('checkout', '--quiet', '-b', 'edited')
      appendFileSync(join(directory, vendoredFile), '// edited\n')
      git('commit', '--quiet', '--all', '--message=edited')
      git('checkout', '--quiet', '-b', 'clean', 'main')
      writeFileSync(join(directory, 'clean.go'), 'package main\n')
      git('add', 'clean.go')
      git('commit', '--quiet', '--message=clean')
      git('checkout', '--quiet', 'main')
      writeFileSync(join(directory, 'README'), 'x\n')
      git('add', 'README')
      git('commit', '--quiet', '--message=main')
      assert.is(run('gowarden', 'init', ...also).code, 0)
      const refused = run('git', 'merge', '--quiet', '--no-edit', 'edited')
      assert.is(refused.code, 1, refused.output)
      assert.match(refused.output, `${vendoredFile}: differs from the module it comes from [VENDOR_EDITED]`)
      git('merge', '--abort')
      const merged = run('git', 'merge', '--quiet', '--no-edit', 'clean')
      assert.equal([merged.code, merged.output], [0, ''])
    })
  })

  test('a push of a commit that passed the pre-commit hook by is refused, unless that is passed by, too', async () => {
    await withHooked({}, ({directory, run, git}) => {
      assert.is(run('gowarden', 'init', ...also).code, 0)
      git('init', '--quiet', '--bare', '../remote')
      git('remote', 'add', 'origin', '../remote')
      assert.is(run('git', 'push', '--quiet', 'origin', 'main').code, 0)
      appendFileSync(join(directory, vendoredFile), '// edited\n')
      git('commit', '--quiet', '--all', '--no-verify', '--message=x')
      const refused = run('git', 'push', '--quiet', 'origin', 'main')
      assert.is(refused.code, 1)
      assert.match(refused.output, `${vendoredFile}: differs from the module it comes from [VENDOR_EDITED]`)
      const passed = run('env', 'GOWARDEN=off', 'git', 'push', '--quiet', 'origin', 'main')
      assert.is(passed.code, 0, passed.output)
    })
  })

  test('a push proves the tips of what is pushed, whatever is checked out, and hands its list on', async () => {
    await withHooked({}, ({directory, run, git}) => {
      writeHook(directory, '.git/hooks/pre-push', '#!/bin/sh\ncat >list\n')
      assert.is(run('gowarden', 'init', ...also).code, 0)
      git('init', '--quiet', '--bare', '../remote')
      git('remote', 'add', 'origin', '../remote')
      git('checkout', '--quiet', '-b', 'edited')
      appendFileSync(join(directory, vendoredFile), '// edited\n')
      git('commit', '--quiet', '--all', '--no-verify', '--message=x')
      git('tag', '-a', '-m', 'x', 'v1')
      git('checkout', '--quiet', 'main')
      for (const ref of ['edited', 'v1', 'main:a edited:b']) {
        const refused = run('git', 'push', '--quiet', 'origin', ...ref.split(' '))
        assert.is(refused.code, 1, ref)
        assert.match(refused.output, 'VENDOR_EDITED')
      }
      git('tag', 'blob', 'HEAD:go.mod')
      const pushed = run('git', 'push', '--quiet', 'origin', 'main', 'main:again', 'blob')
      assert.is(pushed.code, 0, pushed.output)
      const list = readFileSync(join(directory, 'list'), 'utf8')
      const head = git('rev-parse', 'HEAD').trim()
      assert.is(list.trimEnd().split('\n').length, 3)
      assert.match(list, `refs/heads/main ${head} refs/heads/again ${'0'.repeat(40)}\n`)
      const removed = run('git', 'push', '--quiet', 'origin', ':again')
      assert.is(removed.code, 0, removed.output)
      git('checkout', '--quiet', 'edited')
      assert.is(run('git', 'push', '--quiet', 'origin', 'main:other').code, 0)
    })
  })

  test('run by hand, with nothing on standard input, the push hook proves HEAD', async () => {
    await withHooked({}, ({directory, run, git}) => {
      appendFileSync(join(directory, vendoredFile), '// edited\n')
      git('commit', '--quiet', '--all', '--message=x')
      const refused = run('sh', join(root, 'hooks/verify-pushed'))
      assert.is(refused.code, 1)
      assert.match(refused.output, 'VENDOR_EDITED')
    })
  })
})
