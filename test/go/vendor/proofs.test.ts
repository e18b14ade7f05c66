import {createHash} from 'node:crypto'
import * as assert from 'uvu/assert'
import type {H1} from '../../../src/go/module/h1.ts'
import {goModHash1, hash1} from '../../../src/go/module/hash1.ts'
import {formatProofs, parseProofs} from '../../../src/go/vendor/proofs.ts'
import {h1From} from '../../support/hashes.ts'
import {suite} from '../../support/suite.ts'

const a = {path: 'example.com/a', version: 'v1.0.0'}
const b = {path: 'example.com/b', version: 'v2.0.0+incompatible'}

suite('proofs', test => {
  const files = [
    {path: 'x/y.go', sha256: sum('y')},
    {path: 'LICENSE', sha256: sum('licence')},
    {path: 'with space \xe9', sha256: sum('é')},
  ]
  const h1 = h1Of('example.com/a@v1.0.0', files)
  const goMod = 'module example.com/a\n\ngo 1.20\n'
  const text = formatProofs({
    modules: [
      {module: b, h1: h1Of('example.com/b@v2.0.0+incompatible', files), files},
      {module: a, h1, files},
    ],
    goMods: [{module: a, h1: hashOf(goMod), content: goMod}],
  })

  test('a text that reads well: modules and files in order, each once', () => {
    assert.is(
      text,
      [
        'gowarden proofs 1',
        `go.mod example.com/a@v1.0.0 ${hashOf(goMod)}`,
        '\tmodule example.com/a',
        '\t',
        '\tgo 1.20',
        `module example.com/a@v1.0.0 ${h1}`,
        `${sum('licence')} LICENSE`,
        `${sum('é')} with space \xe9`,
        `${sum('y')} x/y.go`,
        `module example.com/b@v2.0.0+incompatible ${h1Of('example.com/b@v2.0.0+incompatible', files)}`,
        `${sum('licence')} LICENSE`,
        `${sum('é')} with space \xe9`,
        `${sum('y')} x/y.go`,
        '',
      ].join('\n'),
    )
    const same = {module: a, h1, files}
    assert.is(formatProofs({modules: [same, same], goMods: []}).match(/^module/gm)?.length, 1)
  })

  test('is read back, under its module and hash alone', () => {
    const read = parseProofs(text)
    assert.is(read.kind, 'read')
    if (read.kind !== 'read') return
    assert.equal([...(read.proofs.files(a, h1) ?? [])].sort(), files.map(({path, sha256}) => [path, sha256]).sort())
    assert.is(read.proofs.files(b, h1), undefined)
    assert.is(read.proofs.files(a, hashOf(goMod)), undefined)
    assert.is(read.proofs.goMod(a, hashOf(goMod)), goMod)
    assert.is(read.proofs.goMod(a, h1), undefined)
  })

  for (const content of ['', '\n', 'module x', 'module x\r\n', 'module x\r\n\tgo 1\n\n', '\tx\n\ty']) {
    test(`a go.mod of ${JSON.stringify(content)} comes back as it was`, () => {
      const module = {module: a, h1: hashOf(content), content}
      const read = parseProofs(formatProofs({modules: [], goMods: [module]}))
      assert.is(read.kind === 'read' && read.proofs.goMod(a, hashOf(content)), content)
    })
  }

  const own = `module example.com/a@v1.0.0 ${h1}\n`
  const line = (path: string) => `${sum('licence')} ${path}\n`
  const forged: [what: string, text: string, line: number, reason: RegExp][] = [
    ['nothing', '', 1, /begins with/],
    ['another file', 'module a\n', 1, /begins with/],
    ['a later version', text.replace('proofs 1', 'proofs 2'), 1, /begins with/],
    ['cut short', text.slice(0, -5), text.split('\n').length - 1, /cut short/],
    ['a file less', text.replace(/^.* LICENSE\n/m, ''), 6, /not the one/],
    ['a file more', text.replace(/^(.* LICENSE\n)/m, `$1${line('LICENSE2')}`), 6, /not the one/],
    ['another hash of a file', text.replace(sum('y'), sum('z')), 6, /not the one/],
    ['another name', text.replace('x/y.go', 'x/z.go'), 6, /not the one/],
    ['another module', text.replace('module example.com/b', 'module example.com/c'), 10, /not the one/],
    ['another h1', text.replace(h1, hashOf('x')), 6, /not the one/],
    ['an empty list', `gowarden proofs 1\n${own}`, 2, /not the one/],
    ['another go.mod', text.replace('go 1.20', 'go 1.21'), 2, /not the one/],
    ['a module twice', text + text.slice(text.indexOf('module example.com/b')), 14, /listed twice/],
    ['a file twice', text.replace(/^(.* LICENSE\n)/m, '$1$1'), 8, /listed twice/],
    ['a way out', `gowarden proofs 1\n${own}${line('../x')}`, 3, /no plain path/],
    ['a way out inside', `gowarden proofs 1\n${own}${line('a/../../x')}`, 3, /no plain path/],
    ['an absolute path', `gowarden proofs 1\n${own}${line('/etc/x')}`, 3, /no plain path/],
    ['a backslash', `gowarden proofs 1\n${own}${line('a\\b')}`, 3, /no plain path/],
    ['a NUL', `gowarden proofs 1\n${own}${line('a\0b')}`, 3, /no plain path/],
    ['a line of something else', text.replace('module example.com/b', 'modul example.com/b'), 10, /neither/],
    ['a conflict marker', text.replace(/^module/m, '<<<<<<< HEAD\nmodule'), 6, /neither/],
  ]
  for (const [what, forgery, at, reason] of forged) {
    test(`${what} is one sentence with its line`, () => {
      const read = parseProofs(forgery)
      assert.is(read.kind, 'malformed')
      if (read.kind !== 'malformed') return
      assert.match(read.reason, reason)
      assert.is(read.line, at)
      assert.not.match(read.reason, /\n/)
    })
  }
})

function sum(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function h1Of(name: string, files: {path: string; sha256: string}[]): H1 {
  return h1From(hash1(files.map(({path, sha256}) => ({name: `${name}/${path}`, sha256}))) ?? '')
}

function hashOf(goMod: string): H1 {
  return goModHash1(Buffer.from(goMod, 'latin1'))
}
