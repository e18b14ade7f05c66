/**
 * gowarden inspect on programs that others build, in every way that go build knows: what it prints of each, compared with what go says,
 * or one clear line; and of files that are damaged at random. `OTHERS=all` builds them for other systems too, and damages each 2000 times.
 */
import {execFileSync, spawnSync} from 'node:child_process'
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import * as assert from 'uvu/assert'
import {readBinary} from '../../src/go/binary/executable.ts'
import {type Inspection, inspect} from '../../src/inspect/inspect.ts'
import {toText} from '../../src/inspect/text.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {damage, randomFrom} from '../support/random.ts'
import {machine, type Rig, tiny} from '../support/rig.ts'
import {withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

const isAll = process.env['OTHERS'] === 'all'
const noCompiler = spawnSync('gcc', ['--version']).status === 0 ? undefined : 'no C compiler'

const program = {
  ...tiny,
  'c/c.go': 'package main\n\nimport "C"\n\n//export F\nfunc F() int { return 1 }\n\nfunc main() {}\n',
}

/** How a program is built, and lines that inspect prints of it. */
type Row = [name: string, words: string[], env: Record<string, string>, lines: RegExp[], isOther?: true]

const rows: Row[] = [
  [
    'plain',
    ['.'],
    {},
    [/^ {2}go {8}go1\S+ linux\/amd64 GOAMD64=v1$/m, /^ {2}format {4}ELF 64-bit, static$/m],
  ],
  [
    'stripped',
    ['-ldflags=-s -w', '.'],
    {},
    [/ELF 64-bit, static, stripped$/m, /^ {2}flags {5}-ldflags="-s -w"$/m],
  ],
  ['no DWARF', ['-ldflags=-w', '.'], {}, [/ELF 64-bit, static, no DWARF$/m]],
  ['PIE', ['-buildmode=pie', '.'], {}, [/-buildmode=pie$/m]],
  ['tags', ['-tags=a,b', '.'], {}, [/-tags=a,b$/m]],
  [
    'hidden by -trimpath',
    ['-trimpath', '-ldflags=-X=main.secret=x', '.'],
    {CGO_ENABLED: '1', CGO_CFLAGS: '-DSECRET'},
    [/^ {2}hidden {4}by -trimpath, if given: -ldflags, CGO_CFLAGS/m, /^(?![\s\S]*secret)/i],
  ],
  [
    'cgo',
    ['./c'],
    {CGO_ENABLED: '1'},
    [/libc {6}glibc 2\.\d+ or newer$/m, /^ {2}needs {5}libc\.so\.6 GLIBC_2/m],
  ],
  ['c-shared', ['-buildmode=c-shared', './c'], {CGO_ENABLED: '1'}, [/-buildmode=c-shared$/m]],
  [
    'c-archive',
    ['-buildmode=c-archive', './c'],
    {CGO_ENABLED: '1'},
    [/format not supported: an archive \(\.a\)/],
  ],
  ['race', ['-race', '.'], {CGO_ENABLED: '1'}, [/-race$/m, /built for tests: -race$/m], true],
  ['plugin', ['-buildmode=plugin', './c'], {CGO_ENABLED: '1'}, [/-buildmode=plugin$/m], true],
  ['Windows', ['.'], {GOOS: 'windows'}, [/windows\/amd64/, /PE 64-bit/, /kernel32\.dll/], true],
  ['macOS', ['.'], {GOOS: 'darwin', GOARCH: 'arm64'}, [/darwin\/arm64/, /Mach-O 64-bit/, /libSystem/], true],
  ['FreeBSD', ['.'], {GOOS: 'freebsd', GOARCH: 'riscv64'}, [/freebsd\/riscv64/, /ELF 64-bit/], true],
  [
    'mips',
    ['.'],
    {GOARCH: 'mips', GOMIPS: 'softfloat'},
    [/linux\/mips GOMIPS=softfloat/, /ELF 32-bit/],
    true,
  ],
  ['js', ['.'], {GOOS: 'js', GOARCH: 'wasm'}, [/js\/wasm/, /WebAssembly 32-bit/], true],
  ['WASI', ['.'], {GOOS: 'wasip1', GOARCH: 'wasm'}, [/wasip1\/wasm/, /WebAssembly 32-bit/], true],
  [
    'AIX',
    ['.'],
    {GOOS: 'aix', GOARCH: 'ppc64'},
    [/format not supported: XCOFF \(AIX\); try go version -m/],
    true,
  ],
  ['Plan 9', ['.'], {GOOS: 'plan9'}, [/format not supported: Plan 9 a\.out; try go version -m/], true],
]

const here = (cwd: string) => ({cwd, files: nodeSystem().files})

async function build(rig: Rig, [, words, env]: Row): Promise<string> {
  const more = {GOOS: 'linux', GOARCH: 'amd64', CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', ...env}
  const built = await rig.bareGo(['build', '-o', 'out/app', ...words], {env: more})
  assert.is(built.code, 0, built.stderr)
  return join(rig.work, 'out/app')
}

/** Whatever a file is made to say: an answer of one line, or one in lines of ours, without control characters. */
function isClear(text: string, what: string): void {
  assert.match(text, /^app\n( {2}.*\n)+$/, what)
  assert.not.match(text, /[\x00-\x09\x0b-\x1f\x7f]/, what)
}

function answerOf(bytes: Buffer): Inspection[] {
  const read = (offset: number, length: number) => {
    const from = Math.min(offset, bytes.length)
    return Buffer.from(bytes.subarray(from, Math.min(from + Math.max(0, length), bytes.length)))
  }
  const binary = readBinary({size: bytes.length, read})
  if (binary.kind === 'fat') return []
  if (binary.kind !== 'go') return [{file: 'app', ...binary}]
  const {buildInfo, kind, format, bits} = binary
  const none = {stamp: {kind: 'none'}, buildId: {kind: 'none'}} as const
  return [{file: 'app', kind, format, bits, ...buildInfo, ...none}]
}

suite('inspect of what others build', test => {
  test('programs of every kind', async () => {
    await withWarmRig(async rig => {
      rig.write(program)
      mkdirSync(join(rig.work, 'out'))
      const random = randomFrom(20261127)
      for (const row of rows) {
        const [name, , env, lines, isOther] = row
        if (isOther && !isAll) continue
        if (env['CGO_ENABLED'] === '1' && noCompiler !== undefined) continue
        const file = await build(rig, row)
        const [found] = await inspect(here(rig.work), [file])
        assert.ok(found)
        const text = toText([{...found, file: 'app'}])
        for (const line of lines) assert.match(text, line, name)
        isClear(text, name)
        if (found.kind === 'go')
          for (const line of text.split('\n')) assert.ok(line.length <= 80, `${name}: ${line}`)
        if (found.kind === 'go' && found.format !== 'WebAssembly') {
          const said = (await rig.bareGo(['version', '-m', file])).stdout
          const settings = [...said.matchAll(/^\tbuild\t([^=]+)=/gm)].map(([, key]) => key)
          assert.equal(
            found.settings.map(({key}) => key),
            settings,
            name,
          )
        }
        const bytes = readFileSync(file)
        for (let round = 0; round < (isAll ? 2000 : 40); round++) {
          const head = damage(bytes.subarray(0, 8192), random)
          const damaged =
            random(3) === 0
              ? bytes.subarray(0, random(bytes.length))
              : Buffer.concat([head, bytes.subarray(8192, random(4) === 0 ? 12_000 : undefined)])
          for (const answer of answerOf(damaged)) isClear(toText([answer]), `${name}, round ${round}`)
        }
      }
    })
  })

  test('the programs of GOROOT, with what go version -m says of them', async () => {
    await withWarmRig(async rig => {
      const folder = join(machine.goroot, 'bin')
      const found = await inspect(here('/'), [folder])
      assert.equal(
        found.map(({file, kind}) => `${kind} ${file}`),
        readdirSync(folder)
          .sort()
          .map(name => `go ${folder}/${name}`),
      )
      const said = (await rig.bareGo(['version', '-m', folder])).stdout
      for (const inspection of found) {
        if (inspection.kind !== 'go') continue
        assert.match(said, `${inspection.file}: ${inspection.goVersion}\n\tpath\t${inspection.path}\n`)
      }
    })
  })

  test('an image of ten programs, as docker save and as an OCI layout write it', async () => {
    await withWarmRig(async rig => {
      rig.write(program)
      mkdirSync(join(rig.work, 'out'))
      const file = await build(rig, rows[1] as Row)
      const layer = join(rig.work, 'layer')
      mkdirSync(join(layer, 'usr/bin'), {recursive: true})
      for (let index = 0; index < 10; index++)
        writeFileSync(join(layer, `usr/bin/app${index}`), readFileSync(file))
      writeFileSync(join(layer, 'usr/bin/sh'), '#!/bin/sh\n')
      const tar = (folder: string, name: string) => {
        execFileSync('tar', ['-C', folder, '-cf', join(rig.work, name), '.'])
        return readFileSync(join(rig.work, name))
      }
      const plain = tar(layer, 'layer.tar')
      const zstd = spawnSync('zstd', ['-q', '-c', join(rig.work, 'layer.tar')], {maxBuffer: 1 << 28})
      const layers: [name: string, bytes: Buffer][] = [
        ['tar', plain],
        ['tar+gzip', gzipSync(plain)],
        ...(zstd.status === 0 ? [['tar+zstd', zstd.stdout] as [string, Buffer]] : []),
      ]
      for (const [kind, bytes] of layers) {
        const saved = join(rig.work, `saved ${kind}`)
        const oci = join(rig.work, `oci ${kind}`)
        rig.write({
          [`saved ${kind}/manifest.json`]: '[{"RepoTags":["x:1"],"Layers":["blobs/sha256/l"]}]',
          [`oci ${kind}/oci-layout`]: '{"imageLayoutVersion":"1.0.0"}',
          [`oci ${kind}/index.json`]: '{"manifests":[{"digest":"sha256:m"}]}',
          [`oci ${kind}/blobs/sha256/m`]: `{"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.${kind}","digest":"sha256:l"}]}`,
        })
        mkdirSync(join(saved, 'blobs/sha256'), {recursive: true})
        for (const folder of [saved, oci]) {
          writeFileSync(join(folder, 'blobs/sha256/l'), bytes)
          tar(folder, 'image.tar')
          const {code, stdout, stderr} = await rig.gowarden(['inspect', '--json', 'image.tar'])
          const found: Inspection[] = JSON.parse(stdout)
          assert.is(stderr, '')
          const [first] = found
          if (kind === 'tar+zstd' && first?.kind === 'unreadable') {
            // Node before 22.15 has no zstd.
            assert.match(first.reason, /packed by zstd, which needs Node 22\.15: unpack it first \(zstd -d\)/)
            continue
          }
          assert.equal([code, found.length], [0, 10], `${kind} ${stdout.slice(0, 500)}`)
          assert.is(first?.file, 'image.tar:/usr/bin/app0')
        }
      }
      // What is cut off or flipped in an archive.
      const random = randomFrom(14)
      const small = join(rig.work, 'small')
      mkdirSync(small)
      writeFileSync(join(small, 'a'), 'x')
      writeFileSync(join(small, 'b'), readFileSync(file).subarray(0, 3000))
      const archive = tar(small, 'small.tar')
      for (let round = 0; round < (isAll ? 2000 : 200); round++) {
        const damaged = damage(archive, random)
        writeFileSync(join(rig.work, 'app'), random(2) === 0 ? damaged : damage(gzipSync(archive), random))
        for (const found of await inspect(here(rig.work), ['app']))
          isClear(toText([{...found, file: 'app'}]), `archive, round ${round}`)
      }
    })
  })
})
