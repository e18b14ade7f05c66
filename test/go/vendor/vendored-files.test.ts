import * as assert from 'uvu/assert'
import {type PathBytes, pathFromUtf8, pathToUtf8} from '../../../src/git/path-bytes.ts'
import {readGoLine} from '../../../src/go/module/go-mod-lines.ts'
import {canEverBuild} from '../../../src/go/source/build-constraint.ts'
import {type EmbedDirectory, resolveEmbeds} from '../../../src/go/source/embed.ts'
import {readGoFile} from '../../../src/go/source/go-file.ts'
import {addFile, addGoFacts, finishManifest, newDraft} from '../../../src/go/vendor/manifest-draft.ts'
import {addVendoredFiles, type VendoredFile} from '../../../src/go/vendor/vendored-files.ts'
import {suite} from '../../support/suite.ts'

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
  const draft = newDraft('all')
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
    addFile(draft, path, path)
  }
  addFile(draft, 'p/q/gen.go', 'gen')
  addGoFacts(draft, 'p/q/gen.go', {buildable: false, imports: [], embeds: []})
  addFile(draft, 'r/r.go', 'r')
  addGoFacts(draft, 'r/r.go', {buildable: true, imports: [], embeds: ['files/*']})
  addFile(draft, 'r/r_test.go', 'rt')
  addGoFacts(draft, 'r/r_test.go', {buildable: true, imports: [], embeds: ['golden']})
  addFile(draft, 'r/files/f', 'f')
  addFile(draft, 'r/golden', 'g')
  addFile(draft, 'r/go.mod', 'rm')
  const copied = (packages: string[], goVersion: string) => {
    const files = new Map<PathBytes, VendoredFile>()
    const source = {module, manifest: finishManifest(draft, undefined), packages}
    const absent = addVendoredFiles(files, pathFromUtf8('vendor'), source, goVersion)
    return {files: [...files.keys()].map(pathToUtf8).sort(), absent}
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
