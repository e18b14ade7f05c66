/** When a remembered hash is believed: a stamp may never name another tree than the one that compiles. */
import {renameSync, rmSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import type {System} from '../../src/system/system.ts'
import {writeFiles} from '../support/rig.ts'
import {identify, makeSmallGoroot, smallSystem} from '../support/small-goroot.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

type Place = {system: System; goroot: string; store: string}

async function withSmall(body: (place: Place) => Promise<void>): Promise<void> {
  await withTemporary(async folder => {
    const goroot = makeSmallGoroot(join(folder, 'go'))
    await body({system: smallSystem({HOME: join(folder, 'home')}), goroot, store: join(folder, 'store')})
  })
}

/** A change of a directory that builds read; none of these shows in the stat of the tools. */
const inDirectories: [what: string, change: (goroot: string) => void][] = [
  ['a file is added', goroot => writeFileSync(join(goroot, 'src/fmt/zz.go'), 'package fmt\n')],
  ['a file is removed', goroot => rmSync(join(goroot, 'src/fmt/print.go'))],
  [
    'a file is replaced by one of the same size and time',
    goroot => {
      const path = join(goroot, 'src/fmt/print.go')
      writeFileSync(`${path}.new`, 'package fnt\n')
      utimesSync(`${path}.new`, 1, 1)
      utimesSync(path, 1, 1)
      renameSync(`${path}.new`, path)
    },
  ],
  ['a directory is added', goroot => writeFiles(goroot, {'src/new/x.go': 'package x\n'})],
  [
    'a directory is replaced by a link',
    goroot => {
      renameSync(join(goroot, 'src/fmt'), join(goroot, '../elsewhere'))
      writeFileSync(join(goroot, '../elsewhere/zz.go'), 'package fmt\n')
      symlinkSync('../../elsewhere', join(goroot, 'src/fmt'))
    },
  ],
]

suite('toolchain/identify', test => {
  test('a tree that stands as it stood is known without being read', async () => {
    await withSmall(async ({system, goroot, store}) => {
      const first = await identify(system, goroot, store)
      const again = await identify(system, goroot, store)
      assert.equal([first.wasHashed, again.wasHashed], [true, false])
      assert.is(again.hash, first.hash)
      assert.match(first.hash, /^go1\.26\.8\.linux-amd64@h1:/)
    })
  })

  for (const [what, change] of inDirectories) {
    test(`${what}: the directories of GOROOT are compared before a remembered hash is believed`, async () => {
      await withSmall(async ({system, goroot, store}) => {
        const before = await identify(system, goroot, store)
        change(goroot)
        const after = await identify(system, goroot, store)
        assert.ok(after.wasHashed)
        assert.is.not(after.hash, before.hash)
        assert.is(after.tools, before.tools)
      })
    })
  }

  test('a day later every file is compared', async () => {
    await withSmall(async ({system, goroot, store}) => {
      const before = await identify(system, goroot, store)
      writeFileSync(join(goroot, 'src/fmt/print.go'), 'package fnt\n')
      assert.is((await identify(system, goroot, store)).hash, before.hash)
      const tomorrow = {...system, nowMs: () => system.nowMs() + 24 * 60 * 60 * 1000}
      assert.is.not((await identify(tomorrow, goroot, store)).hash, before.hash)
    })
  })

  const undecodable: [what: string, name: Buffer][] = [
    ['a file', Buffer.from('src/fmt/z\xff.go', 'latin1')],
    ['a file that builds do not read', Buffer.from('lib/z\xff', 'latin1')],
    ['a file that is UTF-8 cut short', Buffer.from('src/fmt/z\xe2\x82.go', 'latin1')],
  ]
  for (const [what, name] of undecodable) {
    test(`a name that is not UTF-8, of ${what}, is refused: its content could not be found`, async () => {
      await withSmall(async ({system, goroot, store}) => {
        writeFiles(goroot, {'lib/time/x': ''})
        writeFileSync(Buffer.concat([Buffer.from(`${goroot}/`), name]), 'ONE')
        await identify(system, goroot, store).then(
          () => assert.unreachable(),
          error => assert.match(error.message, /^GOROOT .* holds a name that is not UTF-8: /),
        )
      })
    })
  }

  test('a name of a program in bin that does not count is not asked about', async () => {
    await withSmall(async ({system, goroot, store}) => {
      const {hash} = await identify(system, goroot, store)
      writeFileSync(Buffer.concat([Buffer.from(`${goroot}/bin/z`), Buffer.from([0xff])]), '')
      assert.is((await identify(system, goroot, store)).hash, hash)
    })
  })

  const ofGopath: Record<string, string>[] = [
    {'pkg/mod/example.com/a@v1.0.0/a.go': 'package a\n'},
    {'pkg/mod/cache/download/sumdb/sum.golang.org/lookup/x': 'x'},
    {'pkg/sumdb/sum.golang.org/latest': 'x'},
    {'src/example.com/a/a.go': 'package a\n'},
    {'pkg/linux_amd64/example.com/a.a': '!<arch>\n'},
    {'bin/gopls': '#!/bin/sh\n'},
  ]
  for (const files of ofGopath) {
    const [name = ''] = Object.keys(files)
    test(`in a GOROOT that is GOPATH, ${name} does not count`, async () => {
      await withSmall(async ({system, goroot, store}) => {
        const own = {...system, env: {...system.env, GOPATH: goroot}}
        const {hash, overlaps} = await identify(own, goroot, store)
        assert.equal(overlaps, [{variable: 'GOPATH', path: goroot}])
        writeFiles(goroot, files)
        assert.is((await identify(own, goroot, store)).hash, hash)
        assert.is((await identify(system, goroot, join(store, '../other'))).hash, hash)
      })
    })
  }

  for (const path of ['src/a/a.go', 'pkg/linux_amd64/a.a', 'src/vendor/example.com/a.go', 'pkg/modx/a']) {
    test(`${path} counts, whatever GOPATH is`, async () => {
      await withSmall(async ({system, goroot, store}) => {
        const own = {...system, env: {...system.env, GOPATH: goroot}}
        const {hash} = await identify(own, goroot, store)
        writeFiles(goroot, {[path]: 'x'})
        assert.is.not((await identify(own, goroot, store)).hash, hash)
      })
    })
  }

  const below: [variable: 'GOPATH' | 'GOMODCACHE' | 'GOCACHE', path: string, isExcused: boolean][] = [
    ['GOPATH', 'gopath', true],
    ['GOMODCACHE', 'pkg/modules', true],
    ['GOCACHE', 'cache/go-build', true],
    ['GOMODCACHE', 'src', false],
    ['GOMODCACHE', 'src/runtime', false],
    ['GOCACHE', 'pkg/tool/linux_amd64', false],
    ['GOPATH', 'pkg', false],
    ['GOCACHE', 'pkg/include', false],
    ['GOCACHE', 'lib/time', false],
    ['GOPATH', 'bin', false],
  ]
  for (const [variable, path, isExcused] of below) {
    test(`${variable}=GOROOT/${path} ${isExcused ? 'does not count' : 'excuses nothing that builds read'}`, async () => {
      await withSmall(async ({system, goroot, store}) => {
        writeFiles(goroot, {[`${path}/go`]: ''})
        const value = join(goroot, path)
        const own = variable === 'GOPATH' ? {...system, env: {...system.env, GOPATH: value}} : system
        const env = variable === 'GOPATH' ? {} : {[variable]: value}
        const {hash, overlaps} = await identify(own, goroot, store, env)
        assert.equal(overlaps, [{variable, path: value}])
        writeFiles(goroot, {[`${path}/go`]: 'another', [`${path}/deep/er`]: 'another'})
        const after = await identify(own, goroot, store, env)
        assert.is(after.hash === hash, isExcused)
        // Where the variable names it no more, it counts.
        assert.is.not((await identify(system, goroot, store)).hash, isExcused ? hash : '')
      })
    })
  }
})
