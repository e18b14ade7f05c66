import * as assert from 'uvu/assert'
import {readGoLine} from '../../../src/go/module/go-mod-lines.ts'
import {canEverBuild} from '../../../src/go/source/build-constraint.ts'
import {type EmbedDirectory, resolveEmbeds} from '../../../src/go/source/embed.ts'
import {readGoFile} from '../../../src/go/source/go-file.ts'
import {addToManifest, finishManifest, type ManifestDraft} from '../../../src/go/vendor/manifest.ts'
import {addVendoredFiles, type VendoredFile} from '../../../src/go/vendor/vendored-files.ts'
import {suite} from '../../support/suite.ts'

suite('vendored files: build constraints', test => {
  const cases: [header: string, canBuild: boolean][] = [
    ['package a\n', true],
    ['//go:build linux && !linux\n\npackage a\n', true],
    ['//go:build ignore\n\npackage a\n', false],
    ['//go:build !ignore\n\npackage a\n', true],
    ['//go:build ignore || linux\n\npackage a\n', true],
    ['//go:build (ignore && linux) || (ignore && amd64)\n\npackage a\n', false],
    ['//go:build !(ignore || linux)\n\npackage a\n', true],
    ['//go:build linux &&\n\npackage a\n', false],
    ['//go:build !!linux\n\npackage a\n', false],
    ['//go:build go1.18 && \u00e9t\u00e9\n\npackage a\n', true],
    ['//go:build linux\n//go:build windows\n\npackage a\n', false],
    ['/* licence\n */\n//go:build ignore\n\npackage a\n', false],
    ['//go:buildsomething ignore\n\npackage a\n', true],
    ['// +build ignore\n\npackage a\n', false],
    ['// +build ignore\npackage a\n', true],
    ['// +build linux,ignore windows\n\npackage a\n', true],
    ['// +build linux,ignore\n// +build windows\n\npackage a\n', false],
    ['// +build !ignore\n\npackage a\n', true],
    ['// +build !!linux\n\npackage a\n', false],
    ['// +build\n\npackage a\n', false],
    ['/* x */\n// +build ignore\n\npackage a\n', true],
    ['//go:build linux\n// +build ignore\n\npackage a\n', true],
    ['package a\n\n//go:build ignore\n', true],
  ]
  for (const [header, canBuild] of cases) {
    test(`${JSON.stringify(header)} ${canBuild ? 'can' : 'can never'} be built`, () => {
      assert.is(canEverBuild(Buffer.from(header).toString('latin1')), canBuild)
    })
  }

  test('parentheses without end are no constraint Go could parse, and no crash', () => {
    assert.is(canEverBuild(`//go:build ${'('.repeat(100_000)}\n\npackage a\n`), false)
    assert.is(canEverBuild(`//go:build ${'a||'.repeat(5000)}a\n\npackage a\n`), false)
  })
})

suite('vendored files: headers of .go files', test => {
  const read = (text: string) => readGoFile(Buffer.from(text))

  test('imports in every form', () => {
    const text =
      'package a // x\n\nimport "a.b/c"\nimport (\n\tx "d.e/f"; . "g.h/i"\n\t_ `j.k/l` /* y */\n)\nimport "C"\n\nvar x = "import \\"no.no/no\\""\n'
    assert.equal(read(text).imports, ['a.b/c', 'd.e/f', 'g.h/i', 'j.k/l'])
  })

  test('patterns of go:embed, outside strings and only with import "embed"', () => {
    const text =
      'package a\n\nimport _ "embed"\n\nvar s = `\n//go:embed no\n`\n\n/*\n//go:embed no\n*/\n\n//go:embed a.txt "b c.txt" `d e`\n//go:embed all:dir\n//go:embed "unclosed\nvar x string\n\nvar r = \'"\' //go:embed last\n'
    assert.equal(read(text).embeds, ['a.txt', 'b c.txt', 'd e', 'all:dir', 'last'])
    assert.equal(read(text.replace('_ "embed"', '_ "other.x/embed"')).embeds, [])
  })

  test('a header longer than what is read first', () => {
    const text = `package a\n\n// ${'x'.repeat(40_000)}\n\nimport "a.b/c"\n`
    assert.equal(read(text).imports, ['a.b/c'])
  })

  test('a byte order mark, no Go at all, nothing at all, and a NUL', () => {
    assert.equal(read('\ufeffpackage a\n\nimport "a.b/c"\n').imports, ['a.b/c'])
    assert.equal(read('this is not Go').imports, [])
    assert.is(read('').buildable, true)
    assert.is(read('//go:build ignore\n\x00\npackage a\n').buildable, true)
  })

  test('the go line of a go.mod, and none in a block or a comment', () => {
    assert.is(readGoLine('module a\n\ngo 1.21 // indirect\n'), '1.21')
    assert.is(readGoLine('module a\nrequire (\n\tgo 1.21\n)\n// go 1.20\n'), undefined)
  })
})

suite('vendored files: embeds', test => {
  const tree = directory({
    'a.txt': '',
    '.hidden': '',
    'dir/b.txt': '',
    'dir/_c.txt': '',
    'dir/inner/d.txt': '',
    'other/go.mod': '',
    'other/e.txt': '',
    'we[ird]/f.txt': '',
  })
  const cases: [patterns: string[], files: string[] | undefined][] = [
    [['a.txt'], ['a.txt']],
    [['*.txt'], ['a.txt']],
    [['dir'], ['dir/b.txt', 'dir/inner/d.txt']],
    [['all:dir'], ['dir/_c.txt', 'dir/b.txt', 'dir/inner/d.txt']],
    [['dir/_c.txt'], ['dir/_c.txt']],
    [['.hidden'], ['.hidden']],
    [['*/b.txt'], ['dir/b.txt']],
    [['[a-b].txt'], ['a.txt']],
    [['[^b-z].txt'], ['a.txt']],
    [['we\\[ird\\]/*'], ['we[ird]/f.txt']],
    [
      ['?.txt', 'dir'],
      ['a.txt', 'dir/b.txt', 'dir/inner/d.txt'],
    ],
    [['other'], undefined],
    [['missing'], undefined],
    [['../a.txt'], undefined],
    [['[a'], undefined],
    [['.'], undefined],
  ]
  for (const [patterns, files] of cases) {
    test(`${patterns.join(' ')} embeds ${files?.join(', ') ?? 'nothing: an error'}`, () => {
      assert.equal(resolveEmbeds(tree, patterns)?.sort(), files)
    })
  }
})

suite('vendored files: what go mod vendor copies', test => {
  const module = {path: 'a.b/m', version: 'v1.0.0'}
  const draft: ManifestDraft = new Map()
  for (const path of [
    'LICENSE',
    'NOTICE.go',
    'README',
    'go.mod',
    'p/LICENSE.md',
    'p/q/x.go',
    'p/q/x_test.go',
    'p/q/x.s',
  ]) {
    addToManifest(draft, {path, id: path})
  }
  addToManifest(draft, {path: 'p/q/gen.go', id: 'gen', facts: {buildable: false, imports: [], embeds: []}})
  addToManifest(draft, {path: 'r/r.go', id: 'r', facts: {buildable: true, imports: [], embeds: ['files/*']}})
  addToManifest(draft, {
    path: 'r/r_test.go',
    id: 'rt',
    facts: {buildable: true, imports: [], embeds: ['golden']},
  })
  addToManifest(draft, {path: 'r/files/f', id: 'f'})
  addToManifest(draft, {path: 'r/golden', id: 'g'})
  addToManifest(draft, {path: 'r/go.mod', id: 'rm'})
  const copied = (packages: string[], goVersion: string) => {
    const files = new Map<string, VendoredFile>()
    const source = {module, manifest: finishManifest(draft, undefined), packages}
    const absent = addVendoredFiles(files, 'vendor', source, goVersion)
    return {files: [...files.keys()].sort(), absent}
  }

  test('a package, the licences above it, and no tests or files that are never built', () => {
    assert.equal(copied(['a.b/m/p/q'], '1.24').files, [
      'vendor/a.b/m/LICENSE',
      'vendor/a.b/m/NOTICE.go',
      'vendor/a.b/m/p/LICENSE.md',
      'vendor/a.b/m/p/q/x.go',
      'vendor/a.b/m/p/q/x.s',
    ])
  })

  test('embedded files; before 1.22 those of tests too, before 1.17 go.mod', () => {
    const rest = ['vendor/a.b/m/LICENSE', 'vendor/a.b/m/NOTICE.go', 'vendor/a.b/m/r/files/f']
    assert.equal(copied(['a.b/m/r'], '1.22').files, [...rest, 'vendor/a.b/m/r/golden', 'vendor/a.b/m/r/r.go'])
    assert.ok(copied(['a.b/m/r'], '1.16').files.includes('vendor/a.b/m/r/go.mod'))
    assert.not(copied(['a.b/m/r'], '1.17').files.includes('vendor/a.b/m/r/go.mod'))
  })

  test('a package the module does not have', () => {
    assert.equal(copied(['a.b/m/none', 'other.x/y'], '1.24').absent, ['a.b/m/none', 'other.x/y'])
  })
})

/** A directory tree from paths. */
function directory(files: Record<string, string>): EmbedDirectory {
  type Tree = {files: Set<string>; directories: Map<string, Tree>}
  const root: Tree = {files: new Set(), directories: new Map()}
  for (const path of Object.keys(files)) {
    const elements = path.split('/')
    let at = root
    for (const element of elements.slice(0, -1)) {
      const next = at.directories.get(element) ?? {files: new Set(), directories: new Map()}
      at.directories.set(element, next)
      at = next
    }
    at.files.add(elements.at(-1) ?? '')
  }
  return root
}
