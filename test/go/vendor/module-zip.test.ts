import {createHash} from 'node:crypto'
import * as assert from 'uvu/assert'
import {blobId} from '../../../src/git/object-id.ts'
import {type PathBytes, pathFromUtf8, pathToUtf8} from '../../../src/git/path-bytes.ts'
import {formatManifest, type Manifest, parseManifest} from '../../../src/go/vendor/manifest.ts'
import {readModuleZip} from '../../../src/go/vendor/module-zip.ts'
import {addVendoredFiles, type VendoredFile} from '../../../src/go/vendor/vendored-files.ts'
import {suite} from '../../support/suite.ts'
import {type Entry, inMemory, zipOf} from '../../support/zip.ts'

const prefix = 'example.com/m@v1.0.0/'

suite('module zip: what is read', test => {
  const files: Record<string, string> = {
    'go.mod': 'module example.com/m\n\ngo 1.21\n',
    LICENSE: 'licence\n',
    README: 'read me\n',
    'inner/LICENSE.txt': 'inner licence\n',
    'inner/notes': 'not vendored\n',
    'inner/p/p.go':
      'package p\n\nimport (\n\t_ "embed"\n\n\t"example.com/x"\n)\n\n//go:embed files/* all:more\nvar s string\n',
    'inner/p/p_test.go':
      'package p\n\nimport _ "embed"\n\n//go:embed golden/*.txt p_test.go\nvar t string\n',
    'inner/p/crlf.txt': 'a\r\nb\r\n',
    'inner/p/files/a.txt': 'a',
    'inner/p/files/deep/b.txt': 'b',
    'inner/p/files/.hidden': 'h',
    'inner/p/more/.hidden': 'h',
    'inner/p/golden/g.txt': 'g',
    'inner/p/golden/g.bin': 'g',
    'inner/p/other/o.go': 'package other\n\nimport _ "example.com/unasked"\n',
    'inner/p/other/COPYING': 'not above a package',
    'q/q.go': '//go:build ignore\n\npackage q\n',
    'tests/only_test.go': 'package tests\n',
  }
  const names = Object.keys(files)
  const zip = zipOf(Object.entries(files).map(([name, content]) => ({name: prefix + name, content})))
  const every = [...new Set(names.map(name => name.split('/').slice(0, -1).join('/')))]

  test('h1 covers every file, whatever is asked for', async () => {
    const lines = names
      .sort()
      .map(
        name => `${createHash('sha256').update(Buffer.from(files[name] ?? '')).digest('hex')}  ${prefix}${name}\n`,
      )
    const h1 = `h1:${createHash('sha256').update(lines.join('')).digest('base64')}`
    for (const packages of [[], ['inner/p'], every]) assert.is((await read(zip, packages)).h1, h1)
  })

  test('an entry that says another CRC-32, or none: h1 and manifest are made of what it holds', async () => {
    const right = await read(zip, every)
    for (const crc32 of [0, 1]) {
      const lying = zipOf(
        Object.entries(files).map(([name, content], index) => ({
          name: prefix + name,
          content,
          ...(index === 9 ? {lie: {crc32}} : {}),
        })),
      )
      const {h1, manifest} = await read(lying, every)
      assert.is(h1, right.h1)
      assert.is(formatManifest(manifest), formatManifest(right.manifest))
    }
  })

  test('of a directory that is asked for everything but tests; of those above it licences; of others what is embedded', async () => {
    const {manifest} = await read(zip, ['inner/p', 'gone', 'tests'])
    assert.equal(listed(manifest), [
      'LICENSE',
      'inner/LICENSE.txt',
      'inner/p/crlf.txt',
      'inner/p/files/.hidden',
      'inner/p/files/a.txt',
      'inner/p/files/deep/b.txt',
      'inner/p/golden/g.txt',
      'inner/p/more/.hidden',
      'inner/p/p.go',
      'inner/p/p_test.go',
    ])
    assert.is(manifest.goVersion, '1.21')
    const package_ = manifest.directory('inner/p')
    assert.is(package_?.files.get('p.go'), blobId(Buffer.from(files['inner/p/p.go'] ?? ''), 'sha1'))
    assert.is(package_?.normalized.get('crlf.txt'), blobId(Buffer.from('a\nb\n'), 'sha1'))
    assert.equal([...(package_?.imports ?? [])], ['embed', 'example.com/x'])
    assert.is(manifest.directory('gone'), undefined)
    assert.is(manifest.directory('q'), undefined)
    // A package of tests alone is there, and nothing of it is vendored.
    assert.is(manifest.directory('tests')?.files.size, 0)
  })

  test('the manifest says what it covers, and so does its text', async () => {
    const {manifest} = await read(zip, ['inner/p', 'gone'])
    for (const known of [manifest, parseManifest(formatManifest(manifest))]) {
      assert.equal(
        ['inner/p', 'gone', '', 'inner', 'q', 'inner/p/files'].filter(known.covers),
        ['inner/p', 'gone'],
      )
      assert.equal(known.absent, ['gone'])
      assert.equal(listed(known), listed(manifest))
    }
  })

  test('what vendoring takes is the same from a manifest of what is asked for as from one of everything', async () => {
    const whole = (await read(zip, every)).manifest
    for (const goVersion of ['1.16', '1.20', '1.22']) {
      for (const packages of [['inner/p'], ['inner/p/other'], ['q'], ['', 'inner/p'], ['tests'], every]) {
        const part = (await read(zip, packages)).manifest
        assert.equal(vendored(part, packages, goVersion), vendored(whole, packages, goVersion), packages.join())
      }
    }
  })

  test('a nested module that an old zip may hold bounds what is embedded', async () => {
    const nested = zipOf([
      {name: `${prefix}p/p.go`, content: 'package p\n\nimport _ "embed"\n\n//go:embed files\nvar s string\n'},
      {name: `${prefix}p/files/a`, content: 'a'},
      {name: `${prefix}p/files/mod/go.mod`, content: 'module x\n'},
      {name: `${prefix}p/files/mod/b`, content: 'b'},
    ])
    const {manifest} = await read(nested, ['p'])
    assert.equal(
      vendored(manifest, ['p'], '1.22').map(([path]) => path),
      ['vendor/example.com/m/p/files/a', 'vendor/example.com/m/p/p.go'],
    )
  })

  test('stored and deflated entries, in any order in the file', async () => {
    const contents = ['', 'x', 'y'.repeat(300_000), 'z'.repeat(70_000)]
    const entries = contents.map((content, index): Entry => ({
      name: `${prefix}${index}`,
      content,
      ...(index % 2 === 0 ? {stored: true} : {}),
    }))
    const {h1} = await read(zipOf(entries), [])
    assert.is((await read(zipOf(entries.toReversed()), [])).h1, h1)
  })
})

suite('module zip: what is rejected', test => {
  const a: Entry = {name: `${prefix}a`, content: 'a'.repeat(100)}
  const cases: [what: string, entries: Entry[], reason: RegExp][] = [
    ['a file of another module', [{name: 'example.com/n@v1.0.0/a'}], /lies outside/],
    ['an absolute name', [{name: '/a'}], /lies outside/],
    ['a way out', [{name: `${prefix}../x`}], /no plain path/],
    ['a way out at the end', [{name: `${prefix}x/..`}], /no plain path/],
    ['a dot', [{name: `${prefix}./x`}], /no plain path/],
    ['an empty element', [{name: `${prefix}x//y`}], /no plain path/],
    ['a newline', [{name: `${prefix}a\nb`}], /no plain path/],
    ['a backslash', [{name: `${prefix}a\\b`}], /no plain path/],
    ['a NUL', [{name: `${prefix}a\0b`}], /no plain path/],
    ['a name twice', [a, a], /two entries are named/],
    ['a size that is too small', [{...a, lie: {size: 99}}], /holds more than the 99 bytes/],
    ['a size that is too large', [{...a, lie: {size: 101}}], /holds 100 bytes and declares 101/],
    ['a size that nothing so small unpacks to', [{...a, lie: {size: 400_000_000}}], /more than it can hold/],
    ['a size of zero', [{...a, lie: {size: 0}}], /holds \d+ bytes and declares 0|holds more than the 0 bytes/],
    ['more than a module may hold', [{...a, lie: {size: 0xfffffffe}}], /more than a module may hold/],
    [
      'more than a module may hold, altogether',
      [1, 2, 3].map(n => ({name: `${prefix}${n}`, content: 'x', lie: {size: 200_000_000}})),
      /more than a module may hold/,
    ],
    ['a compressed size beyond the file', [{...a, lie: {compressed: 1_000_000}}], /larger than the zip/],
    ['a place beyond the file', [{...a, lie: {start: 1_000_000}}], /cut short/],
    ['a place without an entry', [{...a, lie: {start: 5}}], /no local header/],
    ['encryption', [{...a, lie: {flags: 1}}], /encrypted/],
    ['another compression', [{...a, lie: {method: 12}}], /compression method 12/],
    ['bytes that are not deflated', [{...a, stored: true, lie: {method: 8}}], /invalid|unexpected|incorrect/],
  ]
  for (const [what, entries, reason] of cases) {
    test(what, async () => {
      const result = await readModuleZip(inMemory(zipOf(entries)), {prefix, format: 'sha1', packages: ['']})
      assert.is(result.kind, 'rejected')
      assert.match(result.kind === 'rejected' ? result.reason : '', reason)
    })
  }

  test('entries that share their bytes are not read again for each', async () => {
    const reads = {bytes: 0}
    const large: Entry = {name: `${prefix}large`, content: Buffer.alloc(1_000_000, 'x'), stored: true}
    const shared = Array.from({length: 2000}, (_, n): Entry => ({
      name: `${prefix}${n}`,
      lie: {compressed: 1_000_000, size: 1, start: 0},
    }))
    const zip = zipOf([large, ...shared])
    const result = await readModuleZip(inMemory(zip, reads), {prefix, format: 'sha1', packages: ['']})
    assert.match(result.kind === 'rejected' ? result.reason : '', /larger than the zip/)
    assert.ok(reads.bytes < 3 * zip.length, `${reads.bytes} bytes of ${zip.length}`)
  })

  test('a directory in another order than the file does not make it be read again and again', async () => {
    const reads = {bytes: 0}
    const entries = Array.from({length: 400}, (_, n): Entry => ({
      name: `${prefix}${n}`,
      content: Buffer.alloc(10_000, n % 251),
      stored: true,
    }))
    const zip = zipOf(entries)
    const at = zip.indexOf('PK\x01\x02', 0, 'latin1')
    const listed = zip.subarray(at, zip.length - 22)
    const records = listed.toString('latin1').split(/(?=PK\x01\x02)/)
    // From both ends in turn, so that each is far from the one before it.
    const mixed = records.map((_, n) => records[n % 2 === 0 ? n / 2 : records.length - (n + 1) / 2] ?? '')
    const shuffled = Buffer.concat([
      zip.subarray(0, at),
      Buffer.from(mixed.join(''), 'latin1'),
      zip.subarray(zip.length - 22),
    ])
    const result = await readModuleZip(inMemory(shuffled, reads), {prefix, format: 'sha1', packages: []})
    assert.is(result.kind, 'read')
    assert.ok(reads.bytes < 3 * zip.length, `${reads.bytes} bytes of ${zip.length}`)
  })

  test('a file that cannot be read says nothing of the zip', async () => {
    const failing = {
      size: 1000,
      fill: () => {
        throw new Error('EIO')
      },
    }
    await readModuleZip(failing, {prefix, format: 'sha1', packages: []}).then(
      () => assert.unreachable(),
      (error: Error) => assert.is(error.message, 'EIO'),
    )
  })
})

async function read(zip: Buffer, packages: string[]): Promise<{h1: string; manifest: Manifest}> {
  const result = await readModuleZip(inMemory(zip), {prefix, format: 'sha1', packages})
  if (result.kind === 'rejected') throw new Error(result.reason)
  return result
}

function listed(manifest: Manifest): string[] {
  return [...manifest.directories()]
    .flatMap(path =>
      [...(manifest.directory(path)?.files.keys() ?? [])].map(name => (path === '' ? name : `${path}/${name}`)),
    )
    .sort()
}

function vendored(manifest: Manifest, packages: string[], goVersion: string): [string, VendoredFile][] {
  const files = new Map<PathBytes, VendoredFile>()
  const module = {path: 'example.com/m', version: 'v1.0.0'}
  const paths = packages.map(path => (path === '' ? module.path : `${module.path}/${path}`))
  addVendoredFiles(files, pathFromUtf8('vendor'), {module, manifest, packages: paths}, goVersion)
  return [...files].map(([path, file]): [string, VendoredFile] => [pathToUtf8(path), file]).sort(([x], [y]) => (x < y ? -1 : 1))
}
