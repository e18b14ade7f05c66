/** verify.exclude and verify.vendorExtra: what a repository declares as none of its modules, and what never passes. */
import * as assert from 'uvu/assert'
import {pathFromUtf8} from '../../src/git/path-bytes.ts'
import type {Setting} from '../../src/policy/policy.ts'
import {readGlobs} from '../../src/verify/globs.ts'
import {unavailableModules, withRepository} from '../support/repository.ts'
import {suite} from '../support/suite.ts'

const unavailable = unavailableModules(['github.com/pkg/errors@v0.9.1'])

function rules(...globs: string[]): Setting<string>[] {
  return globs.map((value, at) => ({value, origin: {kind: 'file', path: '.gowardenrc.yaml', line: at + 3}}))
}

const scaffold = {
  'go.mod': 'module example.com/app\n\ngo 1.24\n',
  'main.go': 'package main\n\nfunc main() {}\n',
  'tmpl/{{name}}/go.mod': 'module {{ .Module }}\n',
  'a/fixtures/bad/go.mod': 'module fixture\n\ngo 1.20\n\nrequire github.com/pkg/errors v0.9.1\n',
  'a/fixtures/bad/go.sum': 'not a line\n',
}

const vendoring = {
  'go.mod':
    'module example.com/app\n\ngo 1.24\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./lib\n',
  'main.go': 'package main\n\nimport _ "example.com/lib"\n\nfunc main() {}\n',
  'lib/go.mod': 'module example.com/lib\n\ngo 1.24\n',
  'lib/l.go': 'package lib\n\nimport "embed"\n\n//go:embed pages\nvar Pages embed.FS\n',
  'lib/pages/a.html': 'a\n',
  'lib/BUILD.bazel': 'upstream\n',
  'lib/sub/s.go': 'package sub\n',
  'lib/LICENSE': 'theirs\n',
}

suite('verify: what is not judged', test => {
  test('excluded directories are counted by rule and line; a directory above counts', () =>
    withRepository(scaffold, async ({judge, found}) => {
      assert.ok((await found()).length > 0)
      const policy = {levels: {}, exclude: rules('tmpl/', '**/fixtures', 'nowhere')}
      const {findings, unjudged} = await judge({policy})
      assert.equal(findings, [])
      assert.equal(unjudged, [
        {kind: 'exclude', rule: 'tmpl/', origin: '.gowardenrc.yaml:3', directories: 1},
        {kind: 'exclude', rule: '**/fixtures', origin: '.gowardenrc.yaml:4', directories: 1},
      ])
      // Remembered runs say it too.
      const again = await judge({policy})
      assert.ok(again.remembered)
      assert.equal(again.unjudged, unjudged)
    }))

  test('the top is never excluded, nor what a go.work uses', () =>
    withRepository({...scaffold, 'go.mod': 'broken\n'}, async ({found, write}) => {
      const policy = {levels: {}, exclude: rules('**', '*', '.')}
      assert.equal(await found({policy}), ['MOD_MALFORMED go.mod'])
      write({'go.mod': scaffold['go.mod'], 'go.work': 'go 1.24\n\nuse ./a/fixtures/bad\n'})
      assert.ok((await found({policy})).includes('SUM_MALFORMED a/fixtures/bad/go.sum'))
    }))

  test('an excluded module still ends the one above it', () =>
    withRepository(
      {
        ...scaffold,
        'tmpl/{{name}}/go.mod': 'module x\n',
        'tmpl/{{name}}/x.go': 'package x\n\nimport _ "far.example.com/x"\n',
      },
      async ({found}) => {
        assert.equal(await found({policy: {levels: {}, exclude: rules('tmpl', 'a')}}), [])
      },
    ))

  const extras: [path: string, content: string, passes: boolean][] = [
    ['vendor/example.com/lib/BUILD', 'go_library()\n', true],
    ['vendor/BUILD.bazel', '', true],
    ['vendor/example.com/OWNERS', 'me\n', true],
    ['vendor/example.com/lib/.hidden', '', true],
    ['vendor/example.com/lib/evil.go', 'package lib\n', false],
    ['vendor/example.com/lib/a.c', '', false],
    ['vendor/example.com/lib/a.h', '', false],
    ['vendor/example.com/lib/a.s', '', false],
    ['vendor/example.com/lib/a.S', '', false],
    ['vendor/example.com/lib/a.cc', '', false],
    ['vendor/example.com/lib/a.syso', '', false],
    ['vendor/example.com/lib/pages/b.html', 'embedded\n', false],
    ['vendor/example.com/ghost/g.go', 'package ghost\n', false],
  ]
  test('extra files pass, but never what is compiled or embedded', () =>
    withRepository(vendoring, async ({go, judge, write, git}) => {
      go('.', ['mod', 'vendor'])
      const policy = {levels: {}, vendorExtra: rules('vendor/**')}
      for (const [path, content, passes] of extras) {
        write({[path]: content})
        const {findings, unjudged} = await judge({policy})
        assert.is(findings.length, passes ? 0 : 1, path)
        assert.equal(
          unjudged.map(one => ('files' in one ? one.files : one)),
          passes ? [1] : [],
          path,
        )
        git('rm', '--quiet', '--force', '-r', path)
      }
      assert.is((await judge({policy})).findings.length, 0)
    }))

  test("a link or a submodule is no extra file, and a licence and what is embedded stay the module's", () =>
    withRepository(vendoring, async ({go, found, write, git}) => {
      go('.', ['mod', 'vendor'])
      git('add', '--all')
      const policy = {levels: {}, vendorExtra: rules('**')}
      write({'vendor/example.com/lib/BUILD.bazel': 'written by gazelle\n'})
      assert.equal(await found({policy}), [])
      assert.equal(await found(), ['VENDOR_EDITED vendor/example.com/lib/BUILD.bazel'])
      write({'vendor/example.com/lib/LICENSE': 'mine\n'})
      assert.equal(await found({policy}), ['VENDOR_EDITED vendor/example.com/lib/LICENSE'])
      write({'vendor/example.com/lib/LICENSE': 'theirs\n'})
      write({'vendor/example.com/lib/pages/a.html': 'edited\n'})
      assert.equal(await found({policy}), ['VENDOR_EDITED vendor/example.com/lib/pages/a.html'])
      git('add', '--all')
      const link = git('hash-object', '-w', 'go.mod').trim()
      git('update-index', '--add', '--cacheinfo', `120000,${link},vendor/example.com/lib/link`)
      assert.ok((await found({policy, staged: true})).includes('VENDOR_MODE vendor/example.com/lib/link'))
    }))

  test.unless(unavailable, 'JSON names what was not judged', () =>
    withRepository(scaffold, async ({judge}) => {
      const {unjudged} = await judge({policy: {levels: {}, exclude: rules('{tmpl,a}')}})
      assert.equal(JSON.parse(JSON.stringify(unjudged))[0].directories, 2)
    }),
  )

  for (const [glob, path, matches] of [
    ['tmpl', 'tmpl/a/b', true],
    ['./tmpl/', 'tmpl', true],
    ['tmpl', 'a/tmpl', false],
    ['**/tmpl', 'a/tmpl/b', true],
    ['a/*', 'a/.b', true],
    ['a/*', 'ab', false],
    ['!a', 'b', false],
  ] as const) {
    test(`exclude ${glob}: ${path} ${matches ? 'is' : 'is not'} excluded`, () => {
      assert.is(readGlobs(rules(glob), undefined).directory(pathFromUtf8(path)) !== undefined, matches)
    })
  }
})
