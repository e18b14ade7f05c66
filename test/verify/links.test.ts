/** go.mod, go.sum and Go files as symbolic links; objects that are lost; files with conflicts. */
import {rmSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {followLinks} from '../../src/git/links.ts'
import {pathFromUtf8 as at} from '../../src/git/path-bytes.ts'
import {isWorldError} from '../../src/system/errors.ts'
import {type Repository, unavailableModules, withRepository} from '../support/repository.ts'
import {suite} from '../support/suite.ts'
import {edit} from '../support/tampers.ts'

const unavailable = unavailableModules(['github.com/pkg/errors@v0.9.1'])

const module = {
  'go.mod': 'module example.com/app\n\ngo 1.24\n\nrequire github.com/pkg/errors v0.9.1\n',
  'main.go': 'package main\n\nimport _ "github.com/pkg/errors"\n\nfunc main() {}\n',
}

function link({directory}: Repository, target: string, path: string): void {
  symlinkSync(target, join(directory, path))
}

async function reasons({judge}: Repository): Promise<string[]> {
  return (await judge()).findings.flatMap(({facts}) => ('reason' in facts ? [String(facts.reason)] : []))
}

suite('verify: links', test => {
  test.unless(unavailable, 'go.mod and go.sum that lead to others of the repository', () =>
    withRepository({...module, 'sub/main.go': module['main.go']}, async repository => {
      repository.go('.', ['mod', 'tidy'])
      for (const name of ['go.mod', 'go.sum']) link(repository, `../${name}`, `sub/${name}`)
      assert.equal(await repository.found(), [])
      // A link to a link, and to another name.
      rmSync(join(repository.directory, 'sub/go.sum'))
      link(repository, 'go.sum', 'sums')
      link(repository, '../sums', 'sub/go.sum')
      assert.equal(await repository.found(), [])
      repository.commit()
      edit(repository.directory, 'go.sum', text =>
        text.replace(/ h1:./, found => (found === ' h1:A' ? ' h1:B' : ' h1:A')),
      )
      assert.ok((await repository.found()).every(line => line.endsWith(' go.sum')))
    }),
  )

  for (const [name, target, reason] of [
    ['out of the repository', '../../elsewhere/go.mod', /outside of the repository/],
    ['to an absolute path', '/etc/go.mod', /outside of the repository/],
    ['to nothing', '../nothing.mod', /no such file in the index/],
    ['to itself', 'go.mod', /leads back to itself/],
  ] as const) {
    test(`a go.mod that leads ${name} is told as that, once`, () =>
      withRepository({'go.mod': 'module m\n', 'sub/a.go': 'package a\n'}, async repository => {
        link(repository, target, 'sub/go.mod')
        assert.equal(await repository.found(), ['MOD_MALFORMED sub/go.mod'])
        assert.match((await reasons(repository))[0] ?? '', reason)
      }))
  }

  test.unless(unavailable, 'a Go file that is a link imports what it imports', () =>
    withRepository({...module, 'shared/main.txt': module['main.go']}, async repository => {
      repository.go('.', ['mod', 'tidy'])
      rmSync(join(repository.directory, 'main.go'))
      link(repository, 'shared/main.txt', 'main.go')
      assert.equal(await repository.found(), [])
    }),
  )

  test.unless(unavailable, 'an object that git replace hides is judged, not what it shows', () =>
    withRepository(module, async repository => {
      const {git, go, write, commit, found} = repository
      go('.', ['mod', 'tidy'])
      commit()
      const right = git('show', 'HEAD:go.sum')
      write({'go.sum': right.replace(/h1:./, 'h1:A')})
      commit()
      git('replace', git('rev-parse', 'HEAD:go.sum').trim(), git('rev-parse', 'HEAD~1:go.sum').trim())
      assert.is(git('show', 'HEAD:go.sum'), right)
      assert.ok((await found({staged: true})).includes('SUM_MISMATCH go.sum'))
      const judged = {kind: 'commit', revision: 'HEAD'} as const
      assert.ok((await found({staged: true, judged})).includes('SUM_MISMATCH go.sum'))
    }),
  )

  test.unless(
    unavailable,
    'a vendored directory that is a link is one finding, for all that is missing behind it',
    () =>
      withRepository(module, async repository => {
        repository.go('.', ['mod', 'tidy'])
        repository.go('.', ['mod', 'vendor'])
        repository.git('mv', '-k', 'vendor', 'elsewhere')
        repository.git('add', '--all')
        repository.git('mv', 'vendor/github.com/pkg/errors', 'errors')
        link(repository, '../../../errors', 'vendor/github.com/pkg/errors')
        const {findings} = await repository.judge()
        assert.equal(
          findings.map(({code, facts}) => `${code} ${'module' in facts && facts.module}`),
          ['VENDOR_MODE github.com/pkg/errors@v0.9.1'],
        )
      }),
  )

  for (const path of ['go.mod', 'go.sum', 'main.go', 'vendor/modules.txt']) {
    test.unless(unavailable, `an object that is lost names ${path}, and is no absent file`, () =>
      withRepository(module, async repository => {
        const {go, git, commit, judge, directory} = repository
        go('.', ['mod', 'tidy'])
        go('.', ['mod', 'vendor'])
        commit()
        const id = git('rev-parse', `HEAD:${path}`).trim()
        rmSync(join(directory, '.git', 'objects', id.slice(0, 2), id.slice(2)), {force: true})
        for (const options of [
          {staged: true, judged: {kind: 'staged'}},
          {staged: true, judged: {kind: 'commit', revision: 'HEAD'}},
        ] as const) {
          try {
            await judge(options)
            assert.unreachable('no error')
          } catch (error) {
            assert.ok(isWorldError(error), String(error))
            assert.match(error instanceof Error ? error.message : '', path)
            assert.match(error instanceof Error ? error.message : '', id)
          }
        }
      }),
    )
  }

  test.unless(unavailable, 'a lost go.sum of the commit before is an error too', () =>
    withRepository(module, async ({go, git, commit, judge, directory, write}) => {
      go('.', ['mod', 'tidy'])
      commit()
      const id = git('rev-parse', 'HEAD:go.sum').trim()
      write({'go.sum': '\n'})
      git('add', '--all')
      rmSync(join(directory, '.git', 'objects', id.slice(0, 2), id.slice(2)), {force: true})
      let message = ''
      await judge({staged: true}).catch((error: Error) => {
        message = error.message
      })
      assert.match(message, 'go.sum: its content')
    }),
  )

  const conflict = '<<<<<<< HEAD\n=======\n>>>>>>> theirs\n'
  test.unless(
    unavailable,
    'conflict markers in go.mod: one finding, with its line, and none that follows',
    () =>
      withRepository(module, async repository => {
        const {go, commit, judge, directory} = repository
        go('.', ['mod', 'tidy'])
        go('.', ['mod', 'vendor'])
        commit()
        edit(directory, 'go.mod', text => text + conflict)
        const {findings} = await judge()
        assert.equal(
          findings.map(
            ({code, facts}) => `${code} ${'file' in facts && facts.file}:${'line' in facts && facts.line}`,
          ),
          ['MOD_MALFORMED go.mod:6'],
        )
        assert.not.match((await reasons(repository)).join(), /[0-9a-f]{40}|\n/)
      }),
  )

  test('conflict markers in a go.work: one finding, with its line, by the name of the file', () =>
    withRepository(
      {'sub dir/a/go.mod': 'module example.com/a\n\ngo 1.24\n', 'sub dir/go.work': `go 1.24\n${conflict}`},
      async repository => {
        const {findings} = await repository.judge()
        assert.equal(
          findings.map(({code, facts}) => [
            code,
            'file' in facts && facts.file,
            'line' in facts && facts.line,
          ]),
          [['MOD_MALFORMED', 'sub dir/go.work', 2]],
        )
        assert.equal(await reasons(repository), ['unknown directive: <<<<<<<, and 2 more'])
      },
    ))

  for (const path of ['go.mod', 'go.sum', 'vendor/modules.txt', 'go.work']) {
    test.unless(unavailable, `an unmerged ${path}: one finding`, () =>
      withRepository(
        {...module, 'go.work': 'go 1.24\n\nuse .\n'},
        async ({go, git, commit, found, write, directory}) => {
          go('.', ['mod', 'tidy'], {GOWORK: 'off'})
          if (path === 'go.work') go('.', ['work', 'vendor'])
          else {
            rmSync(join(directory, 'go.work'))
            go('.', ['mod', 'vendor'])
          }
          commit()
          const id = git('rev-parse', `HEAD:${path}`).trim()
          write({'.git/info-lines': [1, 2, 3].map(stage => `100644 ${id} ${stage}\t${path}\n`).join('')})
          git('update-index', '--force-remove', path)
          git('-c', 'alias.feed=!git update-index --index-info <', 'feed', '.git/info-lines')
          assert.equal(await found({staged: true}), [`INDEX_UNMERGED ${path}`])
        },
      ),
    )
  }

  for (const [links, path, leadsTo] of [
    [{}, 'a/b', 'a/b'],
    [{a: 'c'}, 'a/b', 'c/b'],
    [{'a/b': '../c'}, 'a/b', 'c'],
    [{a: 'b', b: 'c'}, 'a/x', 'c/x'],
    [{a: './b/'}, 'a', 'b'],
    [{a: '.'}, 'a/x', 'x'],
  ] as const) {
    test(`${JSON.stringify(links)}: ${path} is ${leadsTo}`, () => {
      const targets = Object.entries(links).map(([link, target]) => [at(link), at(target)] as const)
      assert.equal(followLinks(new Map(targets), at(path)), {kind: 'inside', path: leadsTo})
    })
  }
})
