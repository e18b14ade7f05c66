import * as assert from 'uvu/assert'
import {emptyTreeId} from '../../../src/git/object-id.ts'
import {pathFromUtf8, pathToUtf8, resolveInside} from '../../../src/git/path-bytes.ts'
import {parseGoSum} from '../../../src/go/module/go-sum.ts'
import {goModHash1, hash1} from '../../../src/go/module/hash1.ts'
import {cachePath} from '../../../src/go/module/module-path.ts'
import {compareSemver, goAtLeast, isSemver} from '../../../src/go/module/semver.ts'
import {suite} from '../../support/suite.ts'

const hash = `h1:${'A'.repeat(43)}=`

suite('go.sum', test => {
  test('reads zip and go.mod lines and skips blank ones', () => {
    const {lines, malformed} = parseGoSum(`a.b/c v1.0.0 ${hash}\n\n  a.b/c\tv1.0.0/go.mod ${hash}\r\n`)
    assert.equal(
      lines.map(({line, key, goMod}) => [line, key, goMod]),
      [
        [1, 'a.b/c v1.0.0', false],
        [3, 'a.b/c v1.0.0/go.mod', true],
      ],
    )
    assert.equal(malformed, [])
  })

  for (const text of [
    'a v1',
    `a v1 ${hash} x`,
    'a v1 h1:short=',
    `a v1 h1:${'A'.repeat(42)}B=`,
    'a v1 nohash',
  ]) {
    test(`malformed: ${text}`, () => {
      assert.is(parseGoSum(`${text}\n`).malformed.length, 1)
    })
  }

  test('conflict markers are told apart from other broken lines', () => {
    const {conflictMarkers, malformed} = parseGoSum('<<<<<<< HEAD\n||||||| base\n=======\n>>>>>>> theirs\n')
    assert.is(conflictMarkers.length, 4)
    assert.equal(malformed, [])
  })

  test('hashes as Go writes them', () => {
    // The hash of an empty go.mod, a constant of the go command.
    assert.is(goModHash1(Buffer.from('')), 'h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=')
    assert.is(hash1([{name: 'a\nb', sha256: ''}]), undefined)
  })
})

suite('names and versions', test => {
  test('upper case is escaped in the module cache, and no name leaves it', () => {
    const module = {path: 'github.com/BurntSushi/toml', version: 'v1.0.0-RC1+incompatible'}
    assert.is(cachePath(module, 'zip'), 'github.com/!burnt!sushi/toml/@v/v1.0.0-!r!c1+incompatible.zip')
    assert.is(cachePath({path: '../../etc', version: 'v1.0.0'}, 'zip'), undefined)
    assert.is(cachePath({path: 'a.b/c', version: '../v1'}, 'zip'), undefined)
  })

  test('versions are ordered as golang.org/x/mod/semver orders them', () => {
    const ordered = [
      'bad',
      'v1.0.0-alpha',
      'v1.0.0-alpha.1',
      'v1.0.0-alpha.beta',
      'v1.0.0-rc.2',
      'v1.0.0-rc.11',
      'v1.0.0',
      'v1.2.0',
      'v1.10.0',
      'v2.0.0+incompatible',
    ]
    assert.equal([...ordered].reverse().sort(compareSemver), ordered)
    assert.is(compareSemver('v1.0.0+a', 'v1.0.0+b'), 0)
    assert.equal(['v1', 'v1.2', 'v1.2.3', '1.2.3', 'v01.2.3', 'v1.2.3-01'].map(isSemver), [
      true,
      true,
      true,
      false,
      false,
      false,
    ])
  })

  test('Go versions are compared by language', () => {
    assert.equal(
      [
        goAtLeast('1.17', '1.17'),
        goAtLeast('1.9', '1.17'),
        goAtLeast('1.21rc2', '1.21'),
        goAtLeast('1.26.8', '1.22'),
      ],
      [true, false, true, true],
    )
  })

  test('paths keep their bytes and stay in the repository', () => {
    const bytes = pathFromUtf8
    assert.is(pathToUtf8(bytes('caf\u00e9')), 'caf\u00e9')
    assert.is(resolveInside(bytes('a/b'), bytes('../c/./d')), 'a/c/d')
    assert.is(resolveInside(bytes('a'), bytes('../..')), undefined)
    assert.is(resolveInside(bytes(''), bytes('/etc')), undefined)
  })

  test('the empty tree has the ID Git knows', () => {
    assert.is(emptyTreeId('sha1'), '4b825dc642cb6eb9a060e54bf8d69288fbee4904')
  })
})
