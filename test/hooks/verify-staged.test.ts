/** hooks/verify-staged as Git, pre-commit and lint-staged run it. */
import {spawn, spawnSync} from 'node:child_process'
import {appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import * as assert from 'uvu/assert'
import {contentOf, type Hooked, vendoredFile, withHooked, writeHook} from '../support/hooked.ts'
import {randomFrom} from '../support/random.ts'
import {root, writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {writeProgram} from '../support/twin.ts'

const noPreCommit =
  spawnSync('pre-commit', ['--version']).error === undefined ? undefined : 'pre-commit is not on PATH'

/** More of them: `KILLS=500 npm test -- hooks/verify-staged`. */
const kills = Number(process.env['KILLS'] ?? 100)

/** The hook with a gowarden that only says that it was called: whether it is called is the question. */
async function withTold(body: (hooked: Hooked, isCalledBy: (...words: string[]) => boolean) => void) {
  await withHooked({}, hooked => {
    writeProgram(join(hooked.directory, '../programs/gowarden'), '#!/bin/sh\necho "called: $*"\n')
    writeHook(
      hooked.directory,
      '.git/hooks/pre-commit',
      readFileSync(join(root, 'hooks/verify-staged'), 'utf8'),
    )
    body(hooked, (...words) => {
      const {code, output} = hooked.run('git', ...words)
      assert.is(code, 0, output)
      return output.includes('called: verify --staged')
    })
  })
}

suite('hooks/verify-staged', test => {
  const touching: [name: string, (hooked: Hooked) => void, commit?: string[]][] = [
    ['go.sum is edited', ({directory, git}) => change(directory, git, 'go.sum', '\n')],
    [
      'a nested go.mod is added',
      ({directory, git}) => change(directory, git, 'tools/go.mod', 'module tools\n'),
    ],
    ['go.work is added', ({directory, git}) => change(directory, git, 'go.work', 'go 1.21\n')],
    ['go.work.sum is added', ({directory, git}) => change(directory, git, 'go.work.sum', '')],
    ['the policy is added', ({directory, git}) => change(directory, git, '.gowardenrc.json', '{}\n')],
    [
      'a vendored file with a line break in its name is added',
      ({directory, git}) => change(directory, git, 'vendor/a\nb', ''),
    ],
    ['a vendored file is removed', ({git}) => git('rm', '--quiet', vendoredFile)],
    ['a vendored file is renamed', ({git}) => git('mv', vendoredFile, 'moved.go')],
    [
      'git commit --all takes it',
      ({directory}) => appendFileSync(join(directory, vendoredFile), '//\n'),
      ['--all'],
    ],
    [
      'git commit PATH takes it',
      ({directory}) => appendFileSync(join(directory, vendoredFile), '//\n'),
      ['--', vendoredFile],
    ],
  ]
  for (const [name, stage, commit = []] of touching) {
    test(`${name}: gowarden verify --staged`, async () => {
      await withTold((hooked, isCalledBy) => {
        stage(hooked)
        assert.ok(isCalledBy('commit', '--message=x', ...commit))
      })
    })
  }

  test('pathspecs are literal for the whole command: gowarden verify --staged all the same', async () => {
    await withTold(({directory, git}, isCalledBy) => {
      change(directory, git, 'go.sum', '\n')
      assert.ok(isCalledBy('--literal-pathspecs', 'commit', '--message=x'))
    })
  })

  test('the first commit of a repository: gowarden verify --staged', async () => {
    await withTold(({git}, isCalledBy) => {
      git('update-ref', '-d', 'HEAD')
      assert.ok(isCalledBy('commit', '--message=x'))
    })
  })

  const passing: [name: string, (hooked: Hooked) => void, commit?: string[]][] = [
    ['other files', ({directory, git}) => change(directory, git, 'main.go', '//\n')],
    ['a name that only resembles', ({directory, git}) => change(directory, git, 'docs/vendor.md', '')],
    [
      'git commit PATH leaves go.sum staged for later',
      ({directory, git}) => {
        change(directory, git, 'go.sum', '\n')
        appendFileSync(join(directory, 'main.go'), '//\n')
      },
      ['--', 'main.go'],
    ],
    ['--no-verify', ({directory, git}) => change(directory, git, 'go.sum', '\n'), ['--no-verify']],
  ]
  for (const [name, stage, commit = []] of passing) {
    test(`${name}: silent`, async () => {
      await withTold((hooked, isCalledBy) => {
        stage(hooked)
        assert.not(isCalledBy('commit', '--message=x', ...commit))
      })
    })
  }

  test.unless(
    noPreCommit,
    'pre-commit: the hook that .pre-commit-hooks.yaml names refuses an edit',
    async () => {
      await withHooked({}, ({directory, env, run, git}) => {
        const source = join(directory, '../source')
        mkdirSync(source)
        for (const path of ['.pre-commit-hooks.yaml', 'hooks/verify-staged']) {
          cpSync(join(root, path), join(source, path), {recursive: true})
        }
        const inSource = (...words: string[]) =>
          spawnSync('git', words, {cwd: source, env, encoding: 'utf8'}).stdout
        inSource('init', '--quiet')
        inSource('add', '--all')
        inSource('commit', '--quiet', '--message=x')
        const rev = inSource('rev-parse', 'HEAD').trim()
        writeFiles(directory, {
          '.pre-commit-config.yaml': `repos:\n- repo: "${source}"\n  rev: ${rev}\n  hooks:\n  - id: gowarden-verify\n`,
        })
        assert.is(run('pre-commit', 'install').code, 0)
        git('add', '--all')
        const clean = run('git', 'commit', '--message=x')
        assert.is(clean.code, 0, clean.output)
        change(directory, git, vendoredFile, '// edited\n')
        const {code, output} = run('git', 'commit', '--message=x')
        assert.is(code, 1)
        assert.match(output, `${vendoredFile}: differs from the module it comes from [VENDOR_EDITED]`)
      })
    },
  )

  test('lint-staged: gowarden/lint-staged refuses an edit', async () => {
    await withHooked(
      {'package.json': '{"type": "module"}\n', '.gitignore': '/node_modules\n'},
      ({directory, run, git}) => {
        mkdirSync(join(directory, 'node_modules'))
        symlinkSync(root, join(directory, 'node_modules/gowarden'))
        writeFiles(directory, {
          'lint-staged.config.js':
            "import gowarden from 'gowarden/lint-staged'\n\nexport default {...gowarden}\n",
        })
        const lintStaged = [
          process.execPath,
          join(root, 'node_modules/lint-staged/bin/lint-staged.js'),
        ] as const
        change(directory, git, 'main.go', '//\n')
        const clean = run(...lintStaged)
        assert.is(clean.code, 0, clean.output)
        change(directory, git, vendoredFile, '// edited\n')
        const {code, output} = run(...lintStaged)
        assert.is(code, 1)
        assert.match(output, 'VENDOR_EDITED')
      },
    )
  })

  test(`${kills} commits killed at random moments: staged, unstaged and untracked work is as it was`, async () => {
    const halves = [1, 2].map(seed =>
      withHooked({}, hooked => killCommits(hooked, kills / 2, randomFrom(seed))),
    )
    await Promise.all(halves)
  })
})

function change(directory: string, git: Hooked['git'], path: string, text: string): void {
  mkdirSync(join(directory, path, '..'), {recursive: true})
  appendFileSync(join(directory, path), text)
  git('add', '--', path)
}

async function killCommits(hooked: Hooked, times: number, random: (below: number) => number): Promise<void> {
  const {directory, env, run, git} = hooked
  assert.is(run('gowarden', 'init').code, 0)
  change(directory, git, vendoredFile, '// staged\n')
  appendFileSync(join(directory, vendoredFile), '// not staged\n')
  writeFileSync(join(directory, 'main.go'), 'package main // not staged\n')
  writeFiles(directory, {'vendor/untracked.go': 'package untracked\n', 'untracked \n': '\0'})
  const content = contentOf(directory)
  const state = stateOf(git)
  let killed = 0
  for (let i = 0; i < times; i++) {
    // A group of its own: Git, the hook and gowarden end at the same moment.
    const commit = spawn('git', ['commit', '--message=x'], {
      cwd: directory,
      env,
      detached: true,
      stdio: 'ignore',
    })
    const ended = new Promise<NodeJS.Signals | null>(resolve =>
      commit.on('close', (_, signal) => resolve(signal)),
    )
    await Promise.race([setTimeout(random(220)), ended])
    if (commit.exitCode === null && commit.pid !== undefined) process.kill(-commit.pid, 'SIGKILL')
    if ((await ended) === 'SIGKILL') killed++
    // Git's own lock, as it asks for after a crash.
    rmSync(join(directory, '.git/index.lock'), {force: true})
    assert.is(contentOf(directory), content)
    assert.is(stateOf(git), state)
  }
  assert.ok(killed > times / 4, `${killed} of ${times} were killed before they ended`)
  const refused = run('git', 'commit', '--message=x')
  assert.is(refused.code, 1)
  assert.match(refused.output, `${vendoredFile}: differs`)
  assert.is(contentOf(directory), content)
}

/** What is staged, committed and stashed. */
function stateOf(git: Hooked['git']): string {
  return git('ls-files', '--stage') + git('for-each-ref') + git('stash', 'list')
}
