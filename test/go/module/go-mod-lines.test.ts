import {execFileSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {
  findVersionLine,
  readDirectRequires,
  readGoLine,
  readGoModLines,
} from '../../../src/go/module/go-mod-lines.ts'
import {parseGoMod} from '../../../src/go/module/mod-edit.ts'
import {suite} from '../../support/suite.ts'
import {withTemporary} from '../../support/temporary.ts'

suite('go/module/go-mod-lines', test => {
  test('the go and the toolchain line are found with their numbers', () => {
    const text =
      'module m // go 1.1\n\ngo 1.26 // go\ntoolchain\tgo1.26.8\r\n\nrequire (\n\tgo v1.0.0\n\ttoolchain v1.0.0\n)\n'
    assert.equal(findVersionLine(text, 'go'), {version: '1.26', line: 3})
    assert.equal(findVersionLine(text, 'toolchain'), {version: 'go1.26.8', line: 4})
    assert.is(readGoLine(text), '1.26')
  })

  test('a word of a block or of a comment is no such line', () => {
    const text = 'require (\n\tgo v1.0.0\n)\n// go 1.26\ntool go\n'
    assert.is(findVersionLine(text, 'go'), undefined)
    assert.is(findVersionLine(text, 'toolchain'), undefined)
  })

  for (const written of [
    'v1',
    'v1.2',
    'v1.2.3',
    'v1.2.3-rc.1',
    'v1.2.3-0.20200102030405-0123456789ab',
    'v2.0.0+incompatible',
    'v2.0.0-rc.1+incompatible',
    'v0.1.1+build.5',
    'v1.2.3-pre+meta',
    '"v1"',
  ]) {
    test(`a requirement at ${written} is read as go reads it`, async () => {
      const text = `module m\n\ngo 1.20\n\nrequire example.com/x ${written}\n`
      await withTemporary(directory => {
        writeFileSync(join(directory, 'go.mod'), text)
        const env = {...process.env, GOWARDEN: 'off', GOTOOLCHAIN: 'local', GOFLAGS: ''}
        const printed = execFileSync('go', ['mod', 'edit', '-json'], {cwd: directory, env, encoding: 'utf8'})
        assert.equal(
          readGoModLines(text)?.requires,
          parseGoMod(printed).requires.map(({module}) => module),
        )
      })
    })
  }

  for (const written of ['v1.x', 'latest', 'v01.2.3', 'v1.2.3-01', '1.2.3', 'v1.2.3+']) {
    test(`a requirement at ${written} is none that go takes`, () => {
      assert.is(readGoModLines(`require example.com/x ${written}\n`), undefined)
    })
  }

  test('requirements may be quoted, as modfile reads them', () => {
    const text = 'require "example.com/a" v1.0.0\nrequire (\n\t`example.com/b` "v1.\\x32.0" // indirect\n)\n'
    assert.equal(readGoModLines(text)?.requires, [
      {path: 'example.com/a', version: 'v1.0.0'},
      {path: 'example.com/b', version: 'v1.2.0'},
    ])
  })

  test('a requirement is direct where go says so', async () => {
    const comments = [
      '',
      '// indirect',
      '//indirect',
      '// indirect; by a tool',
      '// indirectly',
      '// no, indirect',
      '// x // indirect',
      '// indirect;x',
    ]
    const lines = comments.map((comment, index) => `\texample.com/x${index} v1.0.0 ${comment}\n`)
    const text = `module m\n\ngo 1.20\n\nrequire example.com/y v1.0.0 // indirect\n\nrequire (\n${lines.join('')})\n`
    await withTemporary(directory => {
      writeFileSync(join(directory, 'go.mod'), text)
      const env = {...process.env, GOWARDEN: 'off', GOTOOLCHAIN: 'local', GOFLAGS: ''}
      const printed = execFileSync('go', ['mod', 'edit', '-json'], {cwd: directory, env, encoding: 'utf8'})
      const direct = parseGoMod(printed).requires.filter(({indirect}) => !indirect)
      assert.equal(
        readDirectRequires(text),
        direct.map(({module}) => module),
      )
    })
  })

  test('the go line of a go.mod, and none in a block or a comment', () => {
    assert.is(readGoLine('module a\n\ngo 1.21 // indirect\n'), '1.21')
    assert.is(readGoLine('module a\nrequire (\n\tgo 1.21\n)\n// go 1.20\n'), undefined)
  })
})
