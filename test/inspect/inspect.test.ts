import {spawnSync} from 'node:child_process'
import {chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Inspection, inspect} from '../../src/inspect/inspect.ts'
import {toText} from '../../src/inspect/text.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const hash = 'go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM='
const otherHash = 'go1.26.8.linux-amd64@h1:THKeCuuOK6mnQhbTbvvH9CKU3D4lwUERQax+yRXCVJk='

suite('inspect', test => {
  test('tells binaries apart by their stamps', () =>
    withTemporary(async directory => {
      const stamped = buildStamped(directory)
      const write = (name: string, from: string, to: string) => {
        writeFileSync(join(directory, name), replaceAll(stamped, from, to))
      }
      write('other', hash, otherHash)
      write('malformed', hash, hash.replace('@', '#'))
      write('unstamped', '-env=ToolchainHash', '-env=Toolchain.ash')

      const files = ['stamped', 'other', 'malformed', 'unstamped'].map(name =>
        name === 'stamped' ? 'app/stamped' : name,
      )
      const found = await inspect(at(directory), files)
      assert.equal(
        found.map(({file}) => file),
        files,
      )
      assert.equal(found.map(stampText), [hash, otherHash, 'malformed', 'none'])

      const [first] = found
      assert.is(first?.kind === 'go' && first.path, 'example.com/app')
      assert.is(first?.kind === 'go' && first.buildId.kind, 'executable')
      assert.match(toText(found), 'not built by the same toolchain')
      assert.not.match(toText(found.slice(0, 1)), 'not built by the same toolchain')

      const universal = join(directory, 'universal')
      writeFileSync(universal, universalHeader(stamped))
      const images = await inspect(at('/'), [universal])
      assert.equal(
        images.map(({image, kind}) => [image, kind]),
        [
          ['amd64', 'go'],
          ['arm64', 'unsupported'],
        ],
      )
    }))

  test('finds what lies below a directory, follows no link, and leaves out what Go did not build', () =>
    withTemporary(async directory => {
      const stamped = buildStamped(directory)
      mkdirSync(join(directory, 'tree/sub dir'), {recursive: true})
      writeFileSync(join(directory, 'tree/sub dir/app'), stamped)
      writeFileSync(join(directory, 'tree/b'), stamped)
      writeFileSync(join(directory, 'tree/cut'), stamped.subarray(0, stamped.length / 2))
      writeFileSync(join(directory, 'tree/archive.a'), '!<arch>\n')
      writeFileSync(join(directory, 'tree/text'), 'text')
      symlinkSync('../app/stamped', join(directory, 'tree/link'))
      symlinkSync('..', join(directory, 'tree/up'))
      for (const [named, shown] of [
        ['tree', 'tree'],
        ['tree/', 'tree'],
        [join(directory, 'tree'), join(directory, 'tree')],
      ]) {
        const found = await inspect(at(directory), [named ?? ''])
        assert.equal(
          found.map(({file, kind}) => [file, kind]),
          [
            [`${shown}/b`, 'go'],
            [`${shown}/cut`, 'corrupt'],
            [`${shown}/sub dir/app`, 'go'],
          ],
        )
      }
    }))

  test('answers for what it cannot read', () =>
    withTemporary(async directory => {
      mkdirSync(join(directory, 'nothing'))
      writeFileSync(join(directory, 'nothing/text'), 'text')
      writeFileSync(join(directory, 'file'), 'text')
      writeFileSync(join(directory, 'empty'), '')
      symlinkSync('loop', join(directory, 'loop'))
      spawnSync('mkfifo', [join(directory, 'pipe')])
      const rows: [file: string, kind: Inspection['kind'], reason: string][] = [
        ['missing', 'unreadable', 'no such file'],
        ['file/below', 'unreadable', 'no such file'],
        ['nothing', 'not-go', 'a directory without Go binaries'],
        ['pipe', 'unreadable', 'it is not a regular file'],
        ['loop', 'unreadable', 'too many symbolic links'],
        ['x'.repeat(300), 'unreadable', 'its name is too long'],
        ['file', 'not-go', 'it is not an ELF, Mach-O or PE file'],
        ['empty', 'not-go', 'the file is empty'],
      ]
      const expected = rows.map(([file, kind, reason]) => ({file, kind, reason}))
      assert.equal(
        await inspect(
          at(directory),
          rows.map(([file]) => file),
        ),
        expected,
      )
    }))

  const isRoot = process.geteuid?.() === 0
  test.unless(isRoot ? 'root may read every file' : undefined, 'answers for a file it may not read', () =>
    withTemporary(async directory => {
      writeFileSync(join(directory, 'secret'), '')
      chmodSync(join(directory, 'secret'), 0)
      const expected = [{file: 'secret', kind: 'unreadable', reason: 'permission denied'}]
      assert.equal(await inspect(at(directory), ['secret']), expected)
    }),
  )
})

function at(cwd: string) {
  return {cwd, files: nodeSystem().files}
}

function stampText(inspection: Inspection): string {
  if (inspection.kind !== 'go') return inspection.kind
  return inspection.stamp.kind === 'stamped' ? inspection.stamp.hash : inspection.stamp.kind
}

/** Builds, once, `app/stamped` for linux/amd64 below the directory and returns its bytes. */
function buildStamped(directory: string): Buffer {
  const cwd = join(directory, 'app')
  mkdirSync(cwd)
  if (built !== undefined) {
    writeFileSync(join(cwd, 'stamped'), built)
    return built
  }
  writeFileSync(join(cwd, 'go.mod'), 'module example.com/app\n\ngo 1.20\n')
  writeFileSync(join(cwd, 'main.go'), 'package main\n\nfunc main() { println("x") }\n')
  const env = {
    PATH: process.env['PATH'],
    HOME: directory,
    GOCACHE: join(directory, 'cache'),
    GOPATH: join(directory, 'gopath'),
    GOENV: 'off',
    GOFLAGS: '',
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    GOOS: 'linux',
    GOARCH: 'amd64',
    CGO_ENABLED: '0',
  }
  const words = ['build', `-gcflags=all=-env=ToolchainHash=${hash}`, '-o', 'stamped', '.']
  const child = spawnSync('go', words, {cwd, env, encoding: 'utf8'})
  assert.is(child.status, 0, child.stderr)
  built = readFileSync(join(cwd, 'stamped'))
  return built
}

let built: Buffer | undefined

function replaceAll(bytes: Buffer, from: string, to: string): Buffer {
  assert.is(from.length, to.length)
  const copy = Buffer.from(bytes)
  for (let at = copy.indexOf(from); at >= 0; at = copy.indexOf(from, at + 1)) copy.write(to, at)
  return copy
}

/** A universal file of one executable, which need not be Mach-O to be told apart, and one archive. */
function universalHeader(image: Buffer): Buffer {
  const archive = Buffer.from('!<arch>\n')
  const header = Buffer.alloc(48)
  const words = [
    0xcafebabe,
    2,
    0x1000007,
    0,
    48,
    image.length,
    0,
    0x100000c,
    0,
    48 + image.length,
    archive.length,
    0,
  ]
  for (const [index, word] of words.entries()) header.writeUInt32BE(word, index * 4)
  return Buffer.concat([header, image, archive])
}
