/** Names beyond ASCII: Git says them in bytes, go in text, and a person reads them as they are called. */
import * as assert from 'uvu/assert'
import {describe} from '../../src/findings/describe.ts'
import {jsonReport} from '../../src/verify/reports/json.ts'
import {withRepository} from '../support/repository.ts'
import {suite} from '../support/suite.ts'

const h1 = `h1:${'A'.repeat(43)}=`
const goMod = (...lines: string[]) =>
  ['module example.com/app', '', 'go 1.25', ...lines].map(line => `${line}\n`).join('')

/** A module beside the main one, vendored as go does it. */
const replaced = {
  'go.mod': goMod('', 'require dotless v0.0.0', '', 'replace dotless => ./b\u00fcro'),
  'main.go': 'package main\n\nimport _ "dotless/a"\n\nfunc main() {}\n',
  'b\u00fcro/go.mod': 'module dotless\n',
  'b\u00fcro/a/a.go': 'package a\n',
  'b\u00fcro/a/\u00e4rger.go': 'package a\n',
}

suite('verify: names beyond ASCII', test => {
  test('go.mod ignores a directory: its imports count for nothing', () =>
    withRepository(
      {
        'go.mod': goMod('', 'ignore ./b\u00fccher'),
        'main.go': 'package main\n\nfunc main() {}\n',
        'b\u00fccher/b.go': 'package b\n\nimport _ "example.org/elsewhere"\n',
      },
      async ({found, go}) => {
        go('.', ['mod', 'tidy', '-diff'], {GOPROXY: 'off'})
        assert.equal(await found(), [])
      },
    ))

  test('a file of another case is named where one is missing', () =>
    withRepository(replaced, async ({git, go, judge}) => {
      go('.', ['mod', 'vendor'])
      git('add', '--all')
      git('mv', 'vendor/dotless/a/\u00e4rger.go', 'vendor/dotless/a/\u00c4rger.go')
      const {findings} = await judge({staged: true})
      const twins = findings.flatMap(({facts}) => ('twin' in facts ? [facts.twin] : []))
      assert.equal(twins, ['vendor/dotless/a/\u00c4rger.go'])
    }))

  test('what a disk without case takes for the vendor directory is judged with it', () =>
    withRepository(
      {
        ...Object.fromEntries(Object.entries(replaced).map(([path, text]) => [`\u00e4mter/${path}`, text])),
        '\u00c4MTER/VENDOR/dotless/a/extra.go': 'package a\n',
      },
      async ({found, go}) => {
        go('\u00e4mter', ['mod', 'vendor'])
        assert.equal(await found(), ['VENDOR_ADDED \u00c4MTER/VENDOR/dotless/a/extra.go'])
      },
    ))

  for (const [what, files] of [
    [
      'a branch between the marks of a conflict',
      {'go.mod': goMod(), 'go.sum': `<<<<<<< b\u00fcro\n=======\n>>>>>>> b\u00fcro\n`},
    ],
    [
      'a module of go.sum that is listed twice',
      {
        'go.mod': goMod(),
        'go.sum': `example.com/b\u00fcro v1.0.0 ${h1}\n`.repeat(2),
      },
    ],
    ['a module that is required', {'go.mod': goMod('require example.com/b\u00fcro v1.0.0')}],
    [
      'an import that nothing provides, in vendor',
      {
        'go.mod': goMod(),
        'main.go': 'package main\n\nimport _ "example.com/b\u00fcro"\n\nfunc main() {}\n',
        'vendor/modules.txt': '',
      },
    ],
  ] as const) {
    test(`${what}: printed as it is called`, () =>
      withRepository(files, async ({judge}) => {
        const result = await judge()
        const told = `${jsonReport(result)}${JSON.stringify(result.findings.map(describe))}`
        assert.match(told, 'b\u00fcro')
        assert.not.match(told, '\u00c3')
        assert.not.match(told, '\ufffd')
      }))
  }
})
