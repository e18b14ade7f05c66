/** What builds here and in no clone, and vendor directories that are not Go's: compared with what go and Git do themselves. */
import {execFileSync, spawnSync} from 'node:child_process'
import {existsSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {describe} from '../../src/findings/describe.ts'
import {writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'
import {git, treeEnv} from '../support/vendored.ts'
import {found, verifyTree} from '../support/verify.ts'

type Files = Record<string, string>

const main = (...imports: string[]) =>
  `package main\n\n${imports.map(path => `import _ "${path}"\n`).join('')}\nfunc main() {}\n`
const goMod = (...lines: string[]) =>
  `module example.com/app\n\ngo 1.24\n${lines.map(line => `${line}\n`).join('')}`
const errors = 'require github.com/pkg/errors v0.9.1'
const sum = `github.com/pkg/errors v0.9.1 h1:FEBLx1zS214owpjy7qsBeixbURkuhQAwrK5UwLGTwt4=
github.com/pkg/errors v0.9.1/go.mod h1:bwawxfHBFNV+L2hUp1rHADufV3IMtnDRdf1r5NINEl0=
`

/** Runs `body` in a repository of these files, all that Git does not ignore committed. */
function withFiles(files: Files, body: (directory: string) => Promise<void>): Promise<void> {
  return withTemporary(async folder => {
    const directory = join(folder, "a 'clone'")
    mkdirSync(directory)
    writeFiles(directory, files)
    git(directory, 'init', '--quiet')
    git(directory, 'add', '--all')
    git(directory, 'commit', '--quiet', '--message=x')
    await body(directory)
  })
}

function verify(directory: string) {
  return verifyTree(directory, {store: join(directory, '.git/store'), judged: {kind: 'worktree'}})
}

function builds(directory: string): boolean {
  const words = ['build', '-o', '/dev/null', './...']
  const member = join(directory, 'b')
  return (
    spawnSync('go', words, {cwd: existsSync(member) ? member : directory, env: treeEnv({GOPROXY: 'off'})})
      .status === 0
  )
}

function buildsInClone(directory: string): boolean {
  execFileSync('git', ['clone', '--quiet', directory, `${directory} 2`], {env: treeEnv(), stdio: 'pipe'})
  return builds(`${directory} 2`)
}

/** Runs the hints of a code. */
async function follow(directory: string, code: string): Promise<void> {
  const {findings} = await verify(directory)
  const hints = findings.flatMap(finding => (finding.code === code ? describe(finding).hints : []))
  assert.ok(hints.length > 0)
  for (const hint of new Set(hints)) {
    const ended = spawnSync('sh', ['-c', hint], {cwd: directory, env: treeEnv(), encoding: 'utf8'})
    assert.is(ended.status, 0, ended.stderr)
  }
}

suite('verify: clones', test => {
  const sibling = {'../sib/go.mod': 'module example.com/sib\n\ngo 1.24\n', '../sib/a.go': 'package sib\n'}
  const outside: [name: string, files: Files, codes: string[]][] = [
    [
      'a replace to a directory outside',
      {
        'go.mod': goMod('require example.com/sib v0.0.0', 'replace example.com/sib => ../sib'),
        'main.go': main('example.com/sib'),
      },
      ['MOD_OUTSIDE go.mod'],
    ],
    [
      'a replace to an absolute one',
      {
        'go.mod': goMod('require example.com/sib v0.0.0', 'replace example.com/sib => /home/me/sib'),
        'main.go': main('example.com/sib'),
      },
      ['MOD_OUTSIDE go.mod'],
    ],
    [
      'a replace to a directory inside',
      {
        'go.mod': goMod('require example.com/sib v0.0.0', 'replace example.com/sib => ./x/../sib'),
        'main.go': main('example.com/sib'),
        'sib/go.mod': 'module example.com/sib\n\ngo 1.24\n',
        'sib/a.go': 'package sib\n',
      },
      [],
    ],
    [
      'a replace of a module that is not required',
      {'go.mod': goMod('replace example.com/sib => ../sib'), 'main.go': main()},
      [],
    ],
  ]
  for (const [name, files, codes] of outside) {
    test(`${name}: ${codes.length === 0 ? 'in order' : 'told, without a hint'}`, () =>
      withFiles({...sibling, ...files}, async directory => {
        const {findings} = await verify(directory)
        assert.equal(found({findings} as never), codes)
        for (const finding of findings) assert.equal(describe(finding).hints, [])
        assert.is(builds(directory), !name.includes('absolute'))
      }))
  }

  const ignored: [name: string, files: Files, rule: string][] = [
    ['a folder', {'.gitignore': '\napp\n', 'app/a.go': 'package app\n', 'app/junk': 'x'}, '.gitignore:2:app'],
    ['a file', {'.gitignore': '*.pb.go\n', 'app/a.pb.go': 'package app\n'}, '.gitignore:1:*.pb.go'],
    ['a rule below', {'app/.gitignore': '*\n', 'app/a.go': 'package app\n'}, 'app/.gitignore:1:*'],
  ]
  for (const [name, files, rule] of ignored) {
    test(`a package of its own that .gitignore eats, ${name}: told with the rule, and the hint mends`, () =>
      withFiles({'go.mod': goMod(), 'main.go': main('example.com/app/app'), ...files}, async directory => {
        const first = await verify(directory)
        assert.equal(found(first), ['PACKAGE_IGNORED main.go'])
        const [finding] = first.findings
        assert.equal(finding && describe(finding).details, [['rule', rule]])
        // Told again, for it is not remembered.
        assert.equal(found(await verify(directory)), ['PACKAGE_IGNORED main.go'])
        await follow(directory, 'PACKAGE_IGNORED')
        assert.equal(found(await verify(directory)), [])
        assert.not(git(directory, 'ls-files').includes('junk'))
        git(directory, 'commit', '--quiet', '--message=mended')
        assert.ok(buildsInClone(directory))
      }))
  }

  test('many hidden files of the package at the top are named: its directory holds everything', () => {
    const hidden = Array.from({length: 11}, (_, number) => [`a${number}.pb.go`, 'package app\n'])
    const files = {
      ...Object.fromEntries(hidden),
      '.gitignore': '*.pb.go\njunk\n',
      junk: 'x',
      'go.mod': goMod(),
      'cmd/main.go': main('example.com/app'),
    }
    return withFiles(files, async directory => {
      await follow(directory, 'PACKAGE_IGNORED')
      assert.equal(found(await verify(directory)), [])
      assert.not(git(directory, 'ls-files').includes('junk'))
    })
  })

  test('a package that is not there at all is not told: it may be generated', () =>
    withFiles(
      {'go.mod': goMod(), 'main.go': main('example.com/app/gen'), '.gitignore': 'gen\n'},
      async directory => {
        assert.equal(found(await verify(directory)), [])
        writeFiles(directory, {'gen/g.go': 'package gen\n'})
        assert.equal(found(await verify(directory)), ['PACKAGE_IGNORED main.go'])
      },
    ))

  test('go.sum that .gitignore hides: one finding with the rule, and the hint mends', () =>
    withFiles(
      {
        'go.mod': goMod(errors),
        'main.go': main('github.com/pkg/errors'),
        'go.sum': sum,
        '.gitignore': '*.sum\n',
      },
      async directory => {
        const first = await verify(directory)
        assert.equal(found(first), ['SUM_IGNORED go.sum'])
        assert.is(first.findings.length, 1)
        const [finding] = first.findings
        assert.equal(finding && describe(finding).details, [['rule', '.gitignore:1:*.sum']])
        await follow(directory, 'SUM_IGNORED')
        assert.equal(found(await verify(directory)), [])
        git(directory, 'commit', '--quiet', '--message=mended')
        assert.ok(buildsInClone(directory))
      },
    ))

  test('go.sum that is hidden and not needed is in order', () =>
    withFiles({'go.mod': goMod(), 'main.go': main(), '.gitignore': 'go.sum\n'}, async directory => {
      assert.equal(found(await verify(directory)), [])
    }))

  const composer = {'vendor/autoload.php': '<?php\n', 'vendor/composer/x.php': '<?php\n'}
  const bundler = {'vendor/bundle/gems/x/demo/a.go': 'package demo\n', 'vendor/bundle/x.rb': ''}
  const required = {'go.mod': goMod(errors), 'go.sum': sum, 'main.go': main('github.com/pkg/errors')}
  const plain = {'go.mod': goMod(), 'main.go': main()}
  const vendors: [
    name: string,
    files: Files,
    told: {level: string; headline: string} | undefined,
    works: boolean,
  ][] = [
    [
      "Composer's, and a requirement",
      {...required, ...composer},
      {level: 'error', headline: "it is Composer's"},
      false,
    ],
    [
      "Bundler's with a Go file, and a requirement",
      {...required, ...bundler},
      {level: 'error', headline: "it is Bundler's"},
      false,
    ],
    [
      "Bundler's with a Go file, without requirements",
      {...plain, ...bundler},
      {level: 'warn', headline: "it is Bundler's"},
      true,
    ],
    ["Composer's, without requirements", {...plain, ...composer}, undefined, true],
    [
      'an unknown one',
      {...required, 'vendor/x/y.js': ''},
      {level: 'error', headline: "not Go's vendor directory"},
      false,
    ],
    [
      'one beside an old go line',
      {...required, ...composer, 'go.mod': goMod(errors).replace('1.24', '1.13')},
      undefined,
      true,
    ],
    [
      'one beside a member of a workspace, where go does not look',
      {
        ...Object.fromEntries(
          Object.entries({...required, ...composer}).map(([path, text]) => [`b/${path}`, text]),
        ),
        'go.work': 'go 1.24\n\nuse ./b\n',
      },
      undefined,
      true,
    ],
    [
      'one beside a member of a workspace that go does not find from there',
      {
        ...required,
        ...composer,
        'w/go.work': 'go 1.24\n\nuse ..\n',
      },
      {level: 'error', headline: "it is Composer's"},
      false,
    ],
    ['one that is not beside go.mod', {...required, 'web/vendor/jq/j.js': ''}, undefined, true],
  ]
  for (const [name, files, told, works] of vendors) {
    test(`vendor of another tool, ${name}: ${told?.level ?? 'in order'}, no hint, as go build says`, () =>
      withFiles(files, async directory => {
        assert.is(builds(directory), works)
        const {findings} = await verify(directory)
        const others = findings.filter(({code}) => code.startsWith('VENDOR'))
        assert.equal(
          others.map(({code, level}) => `${code} ${level}`),
          told === undefined ? [] : [`VENDOR_NOT_GO ${told.level}`],
        )
        for (const finding of others) {
          assert.match(describe(finding).headline, told?.headline ?? '')
          assert.equal(describe(finding).hints, [])
        }
      }))
  }

  test('vendor of Go that lost its list is still told as that, with a hint', () =>
    withFiles(
      {...required, 'vendor/github.com/pkg/errors/errors.go': 'package errors\n'},
      async directory => {
        assert.equal(found(await verify(directory)), ['VENDOR_UNLISTED vendor'])
        await follow(directory, 'VENDOR_UNLISTED')
        assert.equal(found(await verify(directory)), [])
        assert.ok(existsSync(join(directory, 'vendor/modules.txt')))
      },
    ))

  test("a site's go.mod, requirements and no package: no hint empties it, and the hints mend", () =>
    withFiles({'go.mod': goMod(errors), 'content/x.md': '#'}, async directory => {
      const first = await verify(directory)
      assert.equal(found(first), ['SUM_MISSING go.sum'])
      await follow(directory, 'SUM_MISSING')
      assert.match(git(directory, 'show', ':go.mod'), errors)
      assert.equal(found(await verify(directory)), [])
      writeFiles(directory, {
        'go.sum': `${sum}github.com/pkg/errors v0.8.1 h1:iURUrRGxPUNPdy5/HRSm+Yj6okJ6UtLINN0Q9M4+h3I=\n`,
      })
      assert.equal(found(await verify(directory)), ['SUM_SURPLUS go.sum'])
      await follow(directory, 'SUM_SURPLUS')
      assert.equal(found(await verify(directory)), [])
      assert.match(git(directory, 'show', ':go.mod'), errors)
    }))
})
