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
    ['a Go file is edited', ({directory, git}) => change(directory, git, 'main.go', '//\n')],
    [
      'a vendored file is edited that is no Go, its folder named with a quote and an accent',
      ({directory, git}) => {
        change(directory, git, 'é "x"/vendor/modules.txt', '')
        git('commit', '--quiet', '--no-verify', '--message=before')
        change(directory, git, 'é "x"/vendor/corp/data\n.json', '{}')
      },
    ],
    [
      'a link named vendor is put beside go.mod',
      ({directory, git}) => {
        git('rm', '-r', '--quiet', 'vendor')
        git('commit', '--quiet', '--no-verify', '--message=before')
        symlinkSync('elsewhere', join(directory, 'vendor'))
        git('add', 'vendor')
      },
    ],
    ['a vendored file is removed', ({git}) => git('rm', '--quiet', vendoredFile)],
    ['a vendored file is renamed', ({git}) => git('mv', vendoredFile, 'moved.go')],
    [
      'git commit --all takes it',
      ({directory}) => appendFileSync(join(directory, vendoredFile), '//\n'),
      ['--all'],
    ],
    [
      'git replace shows it as part of HEAD',
      ({directory, git}) => {
        change(directory, git, vendoredFile, '//\n')
        const replaced = git('commit-tree', '-m', 'x', git('write-tree').trim()).trim()
        git('replace', 'HEAD', replaced)
        // Without it Git itself sees nothing to commit.
        change(directory, git, 'README', 'x\n')
      },
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
    ['other files', ({directory, git}) => change(directory, git, 'README', 'x\n')],
    [
      'vendor folders of other languages, beside a vendor of Go',
      ({directory, git}) => {
        change(directory, git, 'web/vendor/jquery.ui/j.js', '//\n')
        change(directory, git, 'php/vendor/symfony/x.php', '<?php\n')
      },
    ],
    ['nothing at all', () => {}, ['--allow-empty']],
    ['a name that only resembles', ({directory, git}) => change(directory, git, 'docs/vendor.md', '')],
    [
      'git commit PATH leaves go.sum staged for later',
      ({directory, git}) => {
        change(directory, git, 'go.sum', '\n')
        change(directory, git, 'README', 'x\n')
      },
      ['--', 'README'],
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

  for (const shell of ['dash', 'bash', 'zsh', 'busybox']) {
    const missing = spawnSync(shell, ['-c', 'true']).error && `${shell} is not on PATH`
    const words = shell === 'busybox' ? ['sh'] : []

    test.unless(
      missing,
      `${shell}: outside of a commit HEAD is judged, or the refs that are named`,
      async () => {
        await withTold(({directory, git, run}) => {
          const hook = (...env: string[]) =>
            run('env', ...env, shell, ...words, '-eu', join(root, 'hooks/verify-staged')).output.trim()
          assert.is(hook('PRE_COMMIT=1'), 'called: verify --commit HEAD')
          assert.is(hook('A=1'), 'called: verify --commit HEAD')
          const refs = ['PRE_COMMIT=1', 'PRE_COMMIT_FROM_REF=HEAD~1', 'PRE_COMMIT_TO_REF=HEAD']
          assert.is(hook(...refs), 'called: verify --range HEAD~1..HEAD')
          // A branch that the other side does not have, and one that is removed.
          const none = '0'.repeat(40)
          const made = [`PRE_COMMIT_FROM_REF=${none}`, 'PRE_COMMIT_TO_REF=side']
          assert.is(hook('PRE_COMMIT=1', ...made), 'called: verify --commit side')
          assert.is(hook('PRE_COMMIT=1', 'PRE_COMMIT_FROM_REF=HEAD', `PRE_COMMIT_TO_REF=${none}`), '')
          // A commit with nothing staged, also one of a program that speaks Git without Git.
          assert.is(hook('GIT_INDEX_FILE=.git/index'), '')
          assert.is(hook('PRE_COMMIT=1', 'GIT_INDEX_FILE=.git/index'), '')
          assert.is(hook('GIT_DIR=.git'), '')
          change(directory, git, 'main.go', '//\n')
          assert.is(hook('GIT_INDEX_FILE=.git/index'), 'called: verify --staged --quiet')
          change(directory, git, 'go.mod', '//\n')
          assert.is(hook('PRE_COMMIT=1'), 'called: verify --staged')
          git('reset', '--quiet', '--hard')
          change(directory, git, 'web/vendor/x/y.js', '')
          assert.is(hook('GIT_INDEX_FILE=.git/index'), '')
          git('update-ref', '-d', 'HEAD')
          git('rm', '-r', '-q', '--cached', '.')
          assert.is(hook('PRE_COMMIT=1'), '')
        })
      },
    )

    test.unless(missing, `${shell}: without gowarden, what is staged decides`, async () => {
      await withHooked({}, ({directory, git, run}) => {
        rmSync(join(directory, '../programs/gowarden'))
        const hook = (...env: string[]) =>
          run('env', ...env, shell, ...words, '-eu', join(root, 'hooks/verify-staged'))
        const inGit = 'GIT_INDEX_FILE=.git/index'
        change(directory, git, 'web/vendor/x/y.js', '')
        assert.equal(hook(inGit), {code: 0, output: ''})
        change(directory, git, 'main.go', '//\n')
        const warned = hook(inGit)
        assert.is(warned.code, 0)
        assert.match(
          warned.output,
          'gowarden: warning: Go files are staged and not checked, and gowarden is not installed',
        )
        change(directory, git, vendoredFile, '//\n')
        const refused = hook(inGit)
        assert.is(refused.code, 1)
        assert.match(refused.output, 'gowarden is a Git hook that checks go.sum, vendor/ and imports')
        assert.match(
          refused.output,
          'hint: to install it, in the folder of a release: sh install.sh --from .',
        )
        assert.equal(hook(inGit, 'GOWARDEN=off'), {code: 0, output: ''})
        assert.is(hook('PRE_COMMIT=1', 'PRE_COMMIT_FROM_REF=a', 'PRE_COMMIT_TO_REF=b').code, 1)
      })
    })
  }

  test('nothing of Go is staged: one question to Git, and no other program', async () => {
    await withHooked({}, ({directory, git, run}) => {
      const asked = join(directory, '../asked')
      writeProgram(
        join(directory, '../programs/git'),
        `#!/bin/sh\necho "$1" >>'${asked.replaceAll("'", "'\\''")}'\nPATH=\${PATH#*:}\nexec git "$@"\n`,
      )
      change(directory, git, 'README', 'x\n')
      rmSync(asked, {force: true})
      const hook = run('env', 'GIT_INDEX_FILE=.git/index', 'sh', join(root, 'hooks/verify-staged'))
      assert.equal(hook, {code: 0, output: ''})
      assert.is(readFileSync(asked, 'utf8'), 'diff\n')
    })
  })

  test('a new import that nobody vendored, and one that go.mod does not require, are refused', async () => {
    await withHooked({}, ({directory, git, run}) => {
      assert.is(run('gowarden', 'init').code, 0)
      writeFiles(directory, {'new.go': 'package main\n\nimport _ "example.com/nowhere/x"\n'})
      git('add', 'new.go')
      const refused = run('git', 'commit', '--message=x')
      assert.is(refused.code, 1, refused.output)
      assert.match(refused.output, 'example.com/nowhere/x is imported but not vendored')
    })
  })

  test('a commit of Go files in order says nothing', async () => {
    await withHooked({}, ({directory, git, run}) => {
      assert.is(run('gowarden', 'init').code, 0)
      change(directory, git, 'main.go', '//\n')
      assert.equal(run('git', 'commit', '--quiet', '--message=x'), {code: 0, output: ''})
    })
  })

  const runners: [name: string, files: Record<string, string>, allFiles: string[], range?: string[]][] = [
    [
      'lefthook',
      {'lefthook.yml': 'pre-commit:\n  parallel: true\n'},
      ['lefthook', 'run', 'pre-commit', '--all-files'],
    ],
    [
      'pre-commit',
      {
        '.pre-commit-config.yaml':
          'repos:\n- repo: local\n  hooks:\n  - {id: e, name: e, language: system, entry: echo}\n',
      },
      ['pre-commit', 'run', '--all-files'],
      ['pre-commit', 'run', '--from-ref', 'HEAD~1', '--to-ref', 'HEAD'],
    ],
  ]
  for (const [name, files, allFiles, range] of runners) {
    const missing = spawnSync(name, ['--version']).error && `${name} is not on PATH`

    test.unless(
      missing,
      `${name}, as CI calls it: a tampered HEAD does not pass, one in order does`,
      async () => {
        await withHooked(files, ({directory, git, run}) => {
          assert.is(run('gowarden', 'init').code, 0)
          git('add', '--all')
          git('commit', '--quiet', '--message=gowarden')
          for (const words of [allFiles, ...(range ? [range] : [])]) {
            const [file = '', ...rest] = words
            const passed = run(file, ...rest)
            assert.is(passed.code, 0, passed.output)
          }
          change(directory, git, vendoredFile, '// tampered\n')
          git('commit', '--quiet', '--no-verify', '--message=tamper')
          for (const words of [allFiles, ...(range ? [range] : [])]) {
            const [file = '', ...rest] = words
            const refused = run(file, ...rest)
            assert.is.not(refused.code, 0, refused.output)
            assert.match(refused.output, 'VENDOR_EDITED')
          }
        })
      },
    )
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
