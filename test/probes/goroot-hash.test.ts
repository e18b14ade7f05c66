import {execFileSync} from 'node:child_process'
import {appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {hashGoroot, readTree} from '../../src/probes/goroot-hash.ts'
import {nodeFiles} from '../../src/system.ts'
import {writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const files = nodeFiles()
const name = {version: 'go1.26.8', os: 'linux', arch: 'amd64'}
const world = {files, nowMs: Date.now}
const hashOf = (goroot: string) => hashGoroot(world, goroot, name, () => undefined).h1

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

async function withGoroot(body: (goroot: string) => void): Promise<void> {
  await withTemporary(folder => {
    writeFiles(folder, small)
    body(folder)
  })
}

const untold = () => undefined

suite('probes/goroot-hash', test => {
  for (const version of ['go1.21.13', 'go1.24.4', 'go1.25.3']) {
    test(`${version} has the hash that go downloads and verifies`, () => {
      const {folder, sum} = download(version)
      assert.match(sum, /^h1:.{43}=$/)
      assert.is(hashGoroot(world, folder, {...name, version, ...platform()}, () => undefined).h1, sum)
    })
  }

  test('what the module form leaves out does not count', async () => {
    await withGoroot(goroot => {
      const before = hashOf(goroot)
      rmSync(join(goroot, 'api'), {recursive: true})
      appendFileSync(join(goroot, 'test/x.go'), '// changed')
      writeFiles(goroot, {'doc/a': '', 'misc/b': '', '.git/HEAD': 'ref', 'src/.DS_Store': 'x'})
      assert.is(hashOf(goroot), before)
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
      await withGoroot(goroot => {
        const before = hashOf(goroot)
        change(goroot)
        assert.is.not(hashOf(goroot), before)
      })
    })
  }

  test('the copy that go makes of _go.mod does not count', async () => {
    await withGoroot(goroot => {
      const before = hashOf(goroot)
      cpSync(join(goroot, 'src/go.mod'), join(goroot, 'src/_go.mod'))
      assert.is(hashOf(goroot), before)
    })
  })

  test('where to download from does not count', async () => {
    await withGoroot(goroot => {
      const before = hashOf(goroot)
      writeFileSync(join(goroot, 'go.env'), small['go.env'].replace('auto', 'local'))
      assert.is(hashOf(goroot), before)
    })
  })

  test('a tree of links has the hash of what they lead to, and a link in a circle ends', async () => {
    await withGoroot(goroot => {
      const linked = join(goroot, 'linked')
      mkdirSync(linked)
      for (const entry of ['VERSION', 'go.env', 'bin', 'pkg', 'src'])
        symlinkSync(join(goroot, entry), join(linked, entry))
      const before = hashOf(linked)
      assert.is(before, hashGorootAlone(goroot))
      symlinkSync(linked, join(linked, 'circle'))
      assert.is(hashOf(linked), before)
      symlinkSync('/nowhere/at/all', join(linked, 'dangling'))
      assert.is(hashOf(linked), before)
    })
  })

  test('a tree is known again by its stat, and every write shows', async () => {
    await withGoroot(goroot => {
      const before = readTree(world, goroot, untold)
      assert.equal(readTree({files, nowMs: () => Date.now() + 60_000}, goroot, untold), {
        ...before,
        isSettled: true,
      })
      assert.is(before.isSettled, false, 'what was written a moment ago may be written again unseen')
      appendFileSync(join(goroot, 'src/fmt/print.go'), ' ')
      const written = readTree(world, goroot, untold)
      assert.is.not(written.filesDigest, before.filesDigest)
      assert.is(written.directoriesState, before.directoriesState)
      mkdirSync(join(goroot, 'src/fmt/testdata'))
      const unread = readTree(world, goroot, untold)
      writeFileSync(join(goroot, 'src/fmt/testdata/new'), '')
      assert.is(readTree(world, goroot, untold).directoriesState, unread.directoriesState)
      assert.is.not(
        readTree(world, goroot, untold).filesDigest,
        unread.filesDigest,
        'once a day every file counts',
      )
      writeFileSync(join(goroot, 'src/fmt/new.go'), '')
      assert.is.not(readTree(world, goroot, untold).directoriesState, before.directoriesState)
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
function hashGorootAlone(goroot: string): string {
  const alone = {
    ...files,
    list: (path: string) => files.list(path)?.filter(entry => path !== goroot || entry.name !== 'linked'),
  }
  // The miniature holds api and test too, which never count.
  return hashGoroot({...world, files: alone}, goroot, name, () => undefined).h1
}
