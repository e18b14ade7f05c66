import {execFileSync} from 'node:child_process'
import {appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {nodeFiles} from '../../src/system/node.ts'
import {hashGoroot, readTree} from '../../src/toolchain/goroot-hash.ts'
import {writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const files = nodeFiles()
const name = {version: 'go1.26.8', os: 'linux', arch: 'amd64'}
const world = {files, nowMs: Date.now}
const hashOf = async (goroot: string) => (await hashGoroot(world, goroot, name, untold)).h1

/** A toolchain as go itself fetched, verified and unpacked it: its folder, and the hash that the checksum database has. */
function download(version: string): {folder: string; sum: string} {
  const env = {...process.env, GOWARDEN: 'off', GOFLAGS: '', GO111MODULE: 'on', GOTOOLCHAIN: version}
  // Asking makes go switch, and a switch unpacks: only then are exec bits and go.mod files there.
  const folder = execFileSync('go', ['env', 'GOROOT'], {env}).toString().trim()
  const [os, arch] = execFileSync('go', ['env', 'GOHOSTOS', 'GOHOSTARCH'], {env})
    .toString()
    .trim()
    .split('\n')
  const module = `golang.org/toolchain@v0.0.1-${version}.${os}-${arch}`
  const answer = execFileSync('go', ['mod', 'download', '-json', module], {
    env: {...env, GOTOOLCHAIN: 'local'},
  })
  return {folder, sum: JSON.parse(answer.toString()).Sum}
}

/** A GOROOT in miniature. */
const small = {
  VERSION: 'go1.26.8\ntime 2026-08-28T16:20:06Z\n',
  'go.env': 'GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=auto\n',
  'bin/go': 'go',
  'pkg/tool/linux_amd64/compile': 'compile',
  'src/go.mod': 'module std\n',
  'src/fmt/print.go': 'package fmt\n',
  'api/go1.txt': 'pkg fmt',
  'test/x.go': 'package x',
}

async function withGoroot(body: (goroot: string) => Promise<void>): Promise<void> {
  await withTemporary(async folder => {
    writeFiles(folder, small)
    await body(folder)
  })
}

const untold = () => undefined

suite('toolchain/goroot-hash', test => {
  for (const version of ['go1.21.13', 'go1.24.4', 'go1.25.3']) {
    test(`${version} has the hash that go downloads and verifies`, async () => {
      const {folder, sum} = download(version)
      assert.match(sum, /^h1:.{43}=$/)
      const {h1} = await hashGoroot(world, folder, {...name, version, ...platform()}, untold)
      assert.is(h1, sum)
    })
  }

  test('what the module form leaves out does not count', async () => {
    await withGoroot(async goroot => {
      const before = await hashOf(goroot)
      rmSync(join(goroot, 'api'), {recursive: true})
      appendFileSync(join(goroot, 'test/x.go'), '// changed')
      writeFiles(goroot, {'doc/a': '', 'misc/b': '', '.git/HEAD': 'ref', 'src/.DS_Store': 'x'})
      assert.is(await hashOf(goroot), before)
    })
  })

  const changes: [name: string, change: (goroot: string) => void][] = [
    ['an edited source file', goroot => appendFileSync(join(goroot, 'src/fmt/print.go'), '\n')],
    ['an added file', goroot => writeFileSync(join(goroot, 'src/fmt/zz.go'), 'package fmt')],
    ['a removed file', goroot => rmSync(join(goroot, 'src/fmt/print.go'))],
    ['another compiler', goroot => writeFileSync(join(goroot, 'pkg/tool/linux_amd64/compile'), 'patched')],
    [
      'a go.env that says how to build',
      goroot => appendFileSync(join(goroot, 'go.env'), 'GOFLAGS=-trimpath\n'),
    ],
    [
      'a go.mod that differs from its _go.mod',
      goroot => writeFileSync(join(goroot, 'src/_go.mod'), 'module other\n'),
    ],
    ['a test folder further down', goroot => writeFiles(goroot, {'src/test/x': ''})],
  ]
  for (const [what, change] of changes) {
    test(`${what} counts`, async () => {
      await withGoroot(async goroot => {
        const before = await hashOf(goroot)
        change(goroot)
        assert.is.not(await hashOf(goroot), before)
      })
    })
  }

  test('the copy that go makes of _go.mod does not count', async () => {
    await withGoroot(async goroot => {
      const before = await hashOf(goroot)
      cpSync(join(goroot, 'src/go.mod'), join(goroot, 'src/_go.mod'))
      assert.is(await hashOf(goroot), before)
    })
  })

  test('where to download from does not count', async () => {
    await withGoroot(async goroot => {
      const before = await hashOf(goroot)
      writeFileSync(join(goroot, 'go.env'), small['go.env'].replace('auto', 'local'))
      assert.is(await hashOf(goroot), before)
    })
  })

  test('which of two folders a link in src leads to counts, also to one that was read before', async () => {
    await withGoroot(async goroot => {
      writeFiles(goroot, {'src/aa/a.go': 'package log\n', 'src/ab/a.go': 'package log // other\n'})
      const hashes: string[] = [await hashOf(goroot)]
      for (const target of ['aa', 'ab', '../src', '.']) {
        rmSync(join(goroot, 'src/log'), {force: true})
        symlinkSync(target, join(goroot, 'src/log'))
        hashes.push(await hashOf(goroot))
      }
      // The last two are one folder.
      assert.is(new Set(hashes).size, 4)
    })
  })

  test('a tree of links has the hash of what they lead to, and a link in a circle ends', async () => {
    await withGoroot(async goroot => {
      const linked = join(goroot, 'linked')
      mkdirSync(linked)
      for (const entry of ['VERSION', 'go.env', 'bin', 'pkg', 'src'])
        symlinkSync(join(goroot, entry), join(linked, entry))
      const before = await hashOf(linked)
      assert.is(before, await hashGorootAlone(goroot))
      symlinkSync(linked, join(linked, 'circle'))
      assert.is(await hashOf(linked), before)
      symlinkSync('/nowhere/at/all', join(linked, 'dangling'))
      assert.is(await hashOf(linked), before)
    })
  })

  test('a tree is known again by its stat, and every write shows', async () => {
    await withGoroot(async goroot => {
      const before = await readTree(world, goroot, untold)
      assert.equal(await readTree({files, nowMs: () => Date.now() + 60_000}, goroot, untold), {
        ...before,
        isSettled: true,
      })
      assert.is(before.isSettled, false, 'what was written a moment ago may be written again unseen')
      appendFileSync(join(goroot, 'src/fmt/print.go'), ' ')
      const written = await readTree(world, goroot, untold)
      assert.is.not(written.filesDigest, before.filesDigest)
      assert.is(written.directoriesState, before.directoriesState)
      mkdirSync(join(goroot, 'src/fmt/testdata'))
      const unread = await readTree(world, goroot, untold)
      writeFileSync(join(goroot, 'src/fmt/testdata/new'), '')
      assert.is((await readTree(world, goroot, untold)).directoriesState, unread.directoriesState)
      assert.is.not(
        (await readTree(world, goroot, untold)).filesDigest,
        unread.filesDigest,
        'once a day every file counts',
      )
      writeFileSync(join(goroot, 'src/fmt/new.go'), '')
      assert.is.not((await readTree(world, goroot, untold)).directoriesState, before.directoriesState)
    })
  })
})

function platform(): {os: string; arch: string} {
  const env = {...process.env, GOWARDEN: 'off', GOTOOLCHAIN: 'local'}
  const [os = '', arch = ''] = execFileSync('go', ['env', 'GOHOSTOS', 'GOHOSTARCH'], {env})
    .toString()
    .trim()
    .split('\n')
  return {os, arch}
}

/** The hash without the folder of links that the test puts beside. */
async function hashGorootAlone(goroot: string): Promise<string> {
  const alone = {
    ...files,
    list: (path: string) => files.list(path)?.filter(entry => path !== goroot || entry.name !== 'linked'),
  }
  // The miniature holds api and test too, which never count.
  return (await hashGoroot({...world, files: alone}, goroot, name, untold)).h1
}
