/** Attributes and settings by which Git stores another content than vendored files have: they are named, and the hint mends. */
import {execFileSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import {findAttributeLine} from '../../src/git/attributes.ts'
import {type Repository, unavailableModules, withRepository} from '../support/repository.ts'
import {suite} from '../support/suite.ts'
import {treeEnv} from '../support/vendored.ts'

const unavailable = unavailableModules([
  'github.com/pkg/errors@v0.9.1',
  'github.com/sercand/kuberesolver/v6@v6.0.0',
])

function moduleOf(path: string, version: string): Record<string, string> {
  return {
    'go.mod': `module example.com/app\n\ngo 1.24\n\nrequire ${path} ${version}\n`,
    'main.go': `package main\n\nimport _ "${path}"\n\nfunc main() {}\n`,
  }
}

/** What is named and where, of every finding; each hint once. */
async function told({judge}: Repository) {
  const {findings} = await judge()
  const facts = findings.flatMap(({facts}) => ('found' in facts && 'by' in facts ? [facts] : []))
  return {
    codes: [...new Set(findings.map(({code}) => code))],
    by: [...new Set(facts.map(({by, where}) => `${by} ${where}`))],
    mends: [...new Set(facts.flatMap(({mend}) => mend ?? []))],
  }
}

/** Runs the one hint, as a person pastes it, and asks again. */
async function mends({directory, found}: Repository, hints: readonly string[]): Promise<void> {
  assert.is(hints.length, 1)
  execFileSync('sh', ['-c', hints[0] ?? ''], {cwd: directory, env: treeEnv(), stdio: 'pipe'})
  assert.equal(await found({staged: true}), [])
}

const filters: [place: string, where: (git: string) => string][] = [
  ['.gitattributes', () => '.gitattributes:2'],
  ['.git/info/attributes', git => `${git}/info/attributes:2`],
  ['vendor/github.com/pkg/.gitattributes', () => 'vendor/github.com/pkg/.gitattributes:2'],
]

suite('verify: attributes', test => {
  for (const [place, where] of filters) {
    test.unless(unavailable, `a filter in ${place} is named, and the hint mends`, () =>
      withRepository(moduleOf('github.com/pkg/errors', 'v0.9.1'), async repository => {
        const {directory, go, git} = repository
        go('.', ['mod', 'tidy'])
        go('.', ['mod', 'vendor'])
        git('config', 'filter.x.clean', "sed 's/^/pointer /'")
        git('config', 'filter.x.smudge', "sed 's/^pointer //'")
        mkdirSync(dirname(join(directory, place)), {recursive: true})
        writeFileSync(join(directory, place), '# pictures\n*.md filter=x -text\n')
        const first = await told(repository)
        assert.equal(first.by, [`filter=x ${where(git('rev-parse', '--absolute-git-dir').trim())}`])
        if (place.startsWith('vendor/')) return
        assert.equal(first.codes, ['VENDOR_EDITED'])
        await mends(repository, first.mends)
      }),
    )
  }

  test.unless(
    unavailable,
    'CRLF files under core.autocrlf=input: the setting is named, and the hint mends',
    () =>
      withRepository(moduleOf('github.com/sercand/kuberesolver/v6', 'v6.0.0'), async repository => {
        const {go, git} = repository
        go('.', ['mod', 'tidy'])
        go('.', ['mod', 'vendor'])
        git('config', 'core.autocrlf', 'input')
        const first = await told(repository)
        assert.equal(first.codes, ['VENDOR_EOL'])
        assert.equal(first.by, ['core.autocrlf=input undefined'])
        await mends(repository, first.mends)
      }),
  )

  for (const [content, path, line] of [
    ['*.md filter=x\n', 'a/b.md', 1],
    ['*.md filter=x\n*.md -filter\n', 'b.md', 2],
    ['/vendor/** filter=x\n', 'vendor/a/b', 1],
    ['/a/*.md filter=x\n', 'a/b/c.md', undefined],
    ['*.md text\n', 'b.md', undefined],
    ['# *.md filter=x\n', 'b.md', undefined],
    ['"a b.md" filter=x\n', 'c/a b.md', 1],
    ['*.md text filter=x eol=lf', '.hidden.md', 1],
  ] as const) {
    test(`${JSON.stringify(content)} for ${path}: line ${line}`, () => {
      assert.is(findAttributeLine(content, path, 'filter'), line)
    })
  }
})
