/** Workspaces: members that the repository does not hold, members in odd places, and what one lends another. */

import {rmSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Repository, unavailableModules, withRepository} from '../support/repository.ts'
import {suite} from '../support/suite.ts'
import {edit} from '../support/tampers.ts'
import {writeFiles} from '../support/vendored.ts'
import {found} from '../support/verify.ts'

const unavailable = unavailableModules([
  'github.com/pkg/errors@v0.9.0',
  'github.com/pkg/errors@v0.9.1',
  'github.com/google/uuid@v1.6.0',
])

const errors = (name: string, version: string) => ({
  [`${name}/go.mod`]: `module example.com/${name}\n\ngo 1.24\n\nrequire github.com/pkg/errors ${version}\n`,
  [`${name}/${name}.go`]: `package ${name}\n\nimport _ "github.com/pkg/errors"\n`,
})
const alone = {GOWORK: 'off'}
const workOf = (...members: string[]) => `go 1.24\n\nuse (\n${members.map(m => `\t${m}\n`).join('')})\n`

/** Replaces a directory of the repository by a submodule with the same content. */
function makeSubmodule({directory, git}: Repository, name: string, files: Record<string, string>): void {
  const library = join(directory, '..', name)
  writeFiles(library, files)
  const run = (...words: string[]) => git('-C', library, ...words)
  run('init', '--quiet')
  run('add', '--all')
  run('commit', '--quiet', '--message=x')
  git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, name)
}

const library = {'go.mod': 'module example.com/lib\n\ngo 1.24\n', 'l.go': 'package lib\n'}
const app = {
  'go.mod': 'module example.com/app\n\ngo 1.24\n\nrequire example.com/lib v0.0.0\n',
  'main.go': 'package main\n\nimport _ "example.com/lib"\n\nfunc main() {}\n',
}

suite('verify: workspaces', test => {
  test('a member that is a submodule: nothing is missing, and it is said', () =>
    withRepository({...app, 'go.work': workOf('.', './lib')}, async repository => {
      makeSubmodule(repository, 'lib', library)
      const {findings, unjudged} = await repository.judge()
      assert.equal(findings, [])
      assert.equal(unjudged, [{kind: 'member', file: 'go.work', directory: './lib'}])
    }))

  test('an import of a member that is a submodule needs no requirement', () =>
    withRepository(
      {...app, 'go.mod': 'module example.com/app\n\ngo 1.24\n', 'go.work': workOf('.', './lib')},
      async repository => {
        makeSubmodule(repository, 'lib', library)
        assert.equal(await repository.found(), [])
      },
    ))

  test.unless(
    unavailable,
    'packages of a submodule: what they may import is not unused, and it is said',
    () =>
      withRepository(
        {
          'go.mod': 'module example.com/app\n\ngo 1.24\n\nrequire github.com/pkg/errors v0.9.1\n',
          'main.go': 'package main\n\nimport _ "example.com/app/router"\n\nfunc main() {}\n',
        },
        async repository => {
          makeSubmodule(repository, 'router', {
            'r.go': 'package router\n\nimport _ "github.com/pkg/errors"\n',
          })
          repository.go('.', ['mod', 'tidy'])
          repository.go('.', ['mod', 'vendor'])
          const first = await repository.judge()
          assert.equal(found(first), [])
          const said = [{kind: 'imports', file: 'go.mod', directory: 'router', more: 0}]
          assert.equal(first.unjudged, said)
          // The same without vendor; and a submodule that hides nothing is not spoken of.
          repository.git('rm', '-r', '-f', '--quiet', 'vendor')
          assert.equal((await repository.judge()).unjudged, said)
          repository.write({'use.go': 'package main\n\nimport _ "github.com/pkg/errors"\n'})
          const used = await repository.judge()
          assert.equal([found(used), used.unjudged], [[], []])
          // Nor is one that is no package's directory.
          rmSync(join(repository.directory, 'use.go'))
          repository.git('mv', 'router', '_router')
          assert.ok(found(await repository.judge()).includes('MOD_UNTIDY go.mod'))
        },
      ),
  )

  test('a member outside of the repository, or of which nothing is tracked, is a warning', async () => {
    for (const use of ['../lib', './gen/lib', '/srv/lib']) {
      await withRepository(
        {...app, '.gitignore': '/gen/\n', 'go.work': workOf('.', use)},
        async repository => {
          repository.write({'gen/lib/go.mod': library['go.mod'], 'gen/lib/l.go': library['l.go']})
          const {findings, unjudged} = await repository.judge()
          assert.equal(
            findings.map(({code, level}) => `${code} ${level}`),
            ['WORK_MEMBER_ABSENT warn'],
            use,
          )
          assert.equal(unjudged, [])
        },
      )
    }
  })

  test('with GOWORK=off, of the environment or of go env -w, go reads no go.work: nothing is said of its members', async () => {
    await withRepository({...app, 'go.work': workOf('.', './gone', '../lib')}, async repository => {
      const told = ['WORK_MEMBER_ABSENT go.work']
      repository.write({'.git/goenv': 'GOWORK=off\n', '.git/empty': ''})
      const file = (name: string) => join(repository.directory, '.git', name)
      const rows: [env: Record<string, string>, expected: string[]][] = [
        [{}, told],
        [{GOWORK: 'off'}, []],
        [{GOENV: file('goenv')}, []],
        [{GOENV: file('empty')}, told],
        [{GOENV: file('goenv'), GOWORK: file('go.work')}, told],
        [{GOWORK: ''}, told],
      ]
      // One store for all: what was remembered of one is not believed of another.
      for (const [env, expected] of [...rows, ...rows])
        assert.equal(await repository.found({env}), expected, JSON.stringify(env))
    })
  })

  for (const place of ['_tools', '.tools', 'testdata/tools', 'internal/testdata/x/_y']) {
    test.unless(unavailable, `a use line outranks the fixture rule: ${place}`, () =>
      withRepository({}, async ({write, go, found, directory}) => {
        write({
          'go.mod': 'module example.com/app\n\ngo 1.24\n',
          'main.go': 'package main\n\nimport _ "example.com/tools"\n\nfunc main() {}\n',
          [`${place}/go.mod`]:
            'module example.com/tools\n\ngo 1.24\n\nrequire github.com/pkg/errors v0.9.1\n',
          [`${place}/t.go`]: 'package tools\n\nimport _ "github.com/pkg/errors"\n',
          'go.work': workOf('.', `./${place}`),
        })
        go(place, ['mod', 'tidy'], alone)
        assert.equal(await found(), [])
        go('.', ['work', 'vendor'])
        assert.equal(await found(), [])
        edit(directory, `${place}/go.sum`, text => text.replace(/h1:./, 'h1:B').replace('h1:BB', 'h1:AB'))
        assert.ok((await found()).includes(`SUM_MISMATCH ${place}/go.sum`))
      }),
    )
  }

  test.unless(unavailable, 'without a use line they are fixtures', () =>
    withRepository(
      {'go.mod': 'module example.com/app\n', 'testdata/x/go.mod': 'broken\n', '_x/go.mod': 'broken\n'},
      async ({found}) => assert.equal(await found(), []),
    ),
  )

  test.unless(
    unavailable,
    'a vendored workspace with a submodule as member: what it requires is not told',
    () =>
      withRepository({...errors('a', 'v0.9.1'), 'go.work': workOf('./a', './lib')}, async repository => {
        const {go, found, directory} = repository
        const uuid = 'require github.com/google/uuid v1.6.0\n'
        makeSubmodule(repository, 'lib', {
          'go.mod': `${library['go.mod']}\n${uuid}`,
          'l.go': 'package lib\n\nimport _ "github.com/google/uuid"\n',
        })
        go('a', ['mod', 'tidy'], alone)
        go('lib', ['mod', 'tidy'], alone)
        go('.', ['work', 'vendor'])
        assert.equal(await found(), ['VENDOR_OUTSIDE vendor/modules.txt'])
        edit(directory, 'vendor/github.com/pkg/errors/errors.go', text => `${text}// edited\n`)
        assert.equal(await found(), [
          'VENDOR_EDITED vendor/github.com/pkg/errors/errors.go',
          'VENDOR_OUTSIDE vendor/modules.txt',
        ])
      }),
  )

  test.unless(unavailable, 'with --module the other members are known all the same', () =>
    withRepository(
      {...errors('a', 'v0.9.1'), ...errors('b', 'v0.9.1'), 'go.work': workOf('./a', './b')},
      async ({go, found, write}) => {
        write({
          'a/a.go': 'package a\n\nimport (\n\t_ "example.com/b"\n\t_ "github.com/pkg/errors"\n)\n',
          'a/go.mod':
            'module example.com/a\n\ngo 1.24\n\nrequire (\n\texample.com/b v0.0.0\n\tgithub.com/pkg/errors v0.9.1\n)\n\nreplace example.com/b v0.0.0 => ../b\n',
        })
        for (const member of ['a', 'b']) go(member, ['mod', 'tidy'], alone)
        go('.', ['work', 'vendor'])
        for (const module of ['a', 'b', '.']) assert.equal(await found({modules: [module]}), [], module)
      },
    ),
  )

  const replaced = {
    'another member replaces': [{}, '\nreplace github.com/pkg/errors => github.com/pkg/errors v0.9.1\n', ''],
    'go.work replaces': [{}, '', '\nreplace github.com/pkg/errors => github.com/pkg/errors v0.9.1\n'],
    'go.work replaces by a directory': [
      {'fork/go.mod': 'module github.com/pkg/errors\n', 'fork/e.go': 'package errors\n'},
      '',
      '\nreplace github.com/pkg/errors => ./fork\n',
    ],
  } as const
  for (const [name, [files, inMember, inWork]] of Object.entries(replaced)) {
    test.unless(unavailable, `what ${name} says nothing of a member that is complete alone`, () =>
      withRepository(
        {...errors('a', 'v0.9.0'), ...errors('b', 'v0.9.0'), ...files},
        async ({go, found, write, directory}) => {
          if (inMember !== '') edit(directory, 'b/go.mod', text => text + inMember)
          for (const member of ['a', 'b']) go(member, ['mod', 'tidy'], alone)
          write({'go.work': workOf('./a', './b') + inWork})
          go('.', ['work', 'vendor'])
          assert.equal(await found(), [])
        },
      ),
    )
  }

  test.unless(
    unavailable,
    'a member that only go.work makes whole is not told to lack what go.work replaces',
    () =>
      withRepository(
        {
          ...errors('b', 'v0.9.1'),
          'a/go.mod': 'module example.com/a\n\ngo 1.24\n\nrequire example.com/far v0.0.0\n',
          'a/a.go': 'package a\n\nimport _ "example.com/far"\n',
          'far/go.mod': 'module example.com/far\n\ngo 1.24\n',
          'far/f.go': 'package far\n',
          'go.work': `${workOf('./a', './b')}\nreplace example.com/far => ./far\n`,
        },
        async ({go, found}) => {
          go('b', ['mod', 'tidy'], alone)
          go('.', ['build', './a', './b'])
          assert.equal(await found(), [])
        },
      ),
  )

  test.unless(unavailable, 'no member is its own lender', () =>
    withRepository(
      {...errors('a', 'v0.9.0'), ...errors('b', 'v0.9.1')},
      async ({go, found, write, directory}) => {
        for (const member of ['a', 'b']) go(member, ['mod', 'tidy'], alone)
        write({'go.work': workOf('./a', './b')})
        // a's go.sum has the line of the version that the workspace selects, and no longer that of its own.
        edit(directory, 'a/go.sum', text => text.replaceAll('v0.9.0 ', 'v0.9.1 '))
        const {findings} = {findings: await found()}
        assert.not.ok(findings.includes('SUM_BORROWED a/go.sum'), findings.join())
      },
    ),
  )

  test.unless(unavailable, 'a line that was dropped is missing from the file that had it', () =>
    withRepository(
      {...errors('a', 'v0.9.1'), ...errors('b', 'v0.9.1')},
      async ({go, judge, write, commit, directory, git}) => {
        for (const member of ['a', 'b']) go(member, ['mod', 'tidy'], alone)
        write({'go.work': workOf('./a', './b')})
        go('.', ['work', 'vendor'])
        commit()
        const drop = (file: string) =>
          edit(directory, file, text => text.replace(/^.* v0\.9\.1 h1:.*\n/m, ''))
        const told = async () =>
          (await judge()).findings.map(
            ({code, level, facts}) => `${code} ${level} ${'file' in facts && facts.file}`,
          )
        drop('b/go.sum')
        assert.equal(await told(), ['SUM_BORROWED warn b/go.sum'])
        // Also of a member that cannot stand alone, for it requires another.
        edit(directory, 'b/go.mod', text =>
          text.replace(
            '\nrequire ',
            '\nrequire example.com/a v0.0.0\n\nreplace example.com/a v0.0.0 => ../a\n\nrequire ',
          ),
        )
        edit(directory, 'b/b.go', text => `${text}\nimport _ "example.com/a"\n`)
        go('.', ['work', 'vendor'])
        assert.equal(await told(), ['SUM_BORROWED warn b/go.sum'])
        drop('a/go.sum')
        assert.equal((await told()).sort(), ['SUM_MISSING error a/go.sum', 'SUM_MISSING error b/go.sum'])
        git('checkout', '--quiet', 'HEAD', '--', 'a/go.sum', 'b/go.sum')
        assert.equal(await told(), [])
      },
    ),
  )
})
