/** Hints where the person stands: below the top, a commit that is not HEAD, a bare repository; and work that a hint must not lose. */
import {execFileSync, spawnSync} from 'node:child_process'
import {cpSync, existsSync, mkdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {describe} from '../../src/findings/describe.ts'
import {root, writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {commitAll, edit, put} from '../support/tampers.ts'
import {git, makeTrees, treeEnv, withTree} from '../support/vendored.ts'
import {found, storeIn, verifyTree} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced', 'vendor.mod'])
const units = 'vendor/github.com/docker/go-units'

function gowarden(directory: string, ...words: string[]) {
  return spawnSync(join(root, 'bin/gowarden'), ['verify', '--offline', ...words], {
    cwd: directory,
    env: {...treeEnv({XDG_CACHE_HOME: storeIn(base, 'place')}), FORCE_COLOR: undefined},
    encoding: 'utf8',
  })
}

function hintsOf(directory: string, ...words: string[]): string[] {
  return [...gowarden(directory, ...words).stderr.matchAll(/^gowarden: hint: (.*)$/gm)].map(
    ([, hint = '']) => hint,
  )
}

/** Runs every hint in its order, as it stands; none may fail, and then all is in order. */
function followAll(directory: string, ...words: string[]): string[] {
  const hints = hintsOf(directory, ...words)
  assert.ok(hints.length > 0)
  for (const hint of hints) {
    const ended = spawnSync('sh', ['-c', hint], {
      cwd: directory,
      env: treeEnv({GOSUMDB: 'off'}),
      encoding: 'utf8',
    })
    assert.is(ended.status, 0, `${hint}: ${ended.stderr}`)
  }
  const after = gowarden(directory, ...words)
  assert.is(after.status, 0, after.stderr)
  return hints
}

suite('verify: hints in their place', test => {
  test.unless(unavailable, 'an added file leaves the work tree as well, one that a rule hides stays', () =>
    withTree(base, 'replaced', async directory => {
      for (const words of [[], ['--staged']]) {
        put(directory, 'vendor/example.com/ghost/a.go', 'package ghost\n')
        put(directory, 'vendor/example.com/ghost/.env', 'mine\n')
        writeFiles(directory, {'.git/info/exclude': '.env\n'})
        if (words.length > 0) git(directory, 'add', '--all')
        followAll(directory, ...words)
        assert.not(existsSync(join(directory, 'vendor/example.com/ghost/a.go')))
        assert.ok(existsSync(join(directory, 'vendor/example.com/ghost/.env')))
      }
    }),
  )

  test.unless(unavailable, 'below the top: the hint works there', () =>
    withTree(base, 'replaced', async directory => {
      edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
      mkdirSync(join(directory, 'a b/c'), {recursive: true})
      const [hint] = followAll(join(directory, 'a b/c'))
      assert.is(hint, '(cd ../.. && go mod vendor && git add vendor)')
    }),
  )

  test.unless(
    unavailable,
    'a commit that is not HEAD, and a bare repository: no command, what to do is said',
    () =>
      withTree(base, 'replaced', async directory => {
        edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
        commitAll(directory)
        const bad = git(directory, 'rev-parse', '--short=12', 'HEAD').trim()
        git(directory, 'revert', '--no-edit', 'HEAD')
        assert.equal(hintsOf(directory, '--range', 'HEAD~2..HEAD'), [
          `commit ${bad} stays as it is: fix it in the next commit, or before it is pushed with git rebase --interactive ${bad}^`,
        ])
        git(directory, 'clone', '--quiet', '--bare', '.', '../bare')
        const bare = join(directory, '../bare')
        git(bare, 'update-ref', 'HEAD', bad)
        assert.equal(hintsOf(bare, '--commit', 'HEAD'), [])
      }),
  )

  test.unless(
    unavailable,
    'what is only to be downloaded leaves nothing to commit, and works before any commit',
    () =>
      withTree(base, 'replaced', async directory => {
        git(directory, 'commit', '--quiet', '--allow-empty', '--message=later')
        const env = treeEnv({
          GOMODCACHE: join(base, 'no modules'),
          XDG_CACHE_HOME: storeIn(base, 'no modules'),
        })
        const told = (...words: string[]) =>
          spawnSync(join(root, 'bin/gowarden'), ['verify', '--offline', ...words], {
            cwd: directory,
            env,
            encoding: 'utf8',
          }).stderr.match(/^gowarden: hint: .*$/gm)
        for (const words of [[], ['--staged'], ['--commit', 'HEAD'], ['--commit', 'HEAD~1']]) {
          const hints = told(...words) ?? []
          assert.ok(hints.length > 0, words.join(' '))
          for (const hint of hints)
            assert.match(hint, /^gowarden: hint: go( -C tools)? mod download /, words.join(' '))
        }
      }),
  )

  test.unless(
    unavailable,
    'vendor is a submodule: the hint turns it into files, and loses no work in it',
    () =>
      withTree(base, 'replaced', async directory => {
        const vendorAnew =
          'git diff --exit-code --ignore-submodules=none -- vendor && git rm -r -f --quiet --ignore-unmatch vendor && go mod vendor && git add vendor'
        const other = join(base, 'vendor as a repository')
        cpSync(join(directory, 'vendor'), other, {recursive: true})
        git(other, 'init', '--quiet', '--initial-branch=main')
        git(other, 'add', '--all', '--force')
        git(other, 'commit', '--quiet', '--message=vendor')
        git(directory, 'rm', '-r', '--quiet', 'vendor')
        git(directory, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other, 'vendor')
        git(directory, 'commit', '--quiet', '--message=submodule')
        for (const words of [[], ['--staged'], ['--commit', 'HEAD']]) {
          const hints = hintsOf(directory, ...words)
          assert.is(hints[0], vendorAnew, words.join(' '))
        }
        put(directory, `${units}/duration.go`, '// work\n')
        const [hint = ''] = hintsOf(directory, '--staged')
        assert.is.not(spawnSync('sh', ['-c', hint], {cwd: directory, env: treeEnv()}).status, 0)
        assert.is(readFileSync(join(directory, units, 'duration.go'), 'utf8'), '// work\n')
        git(join(directory, 'vendor'), 'checkout', '--quiet', '.')
        followAll(directory)
        assert.not(git(directory, 'ls-files', '-s').includes('160000'))
      }),
  )

  test.unless(
    unavailable,
    'a submodule within vendor, staged and not in HEAD: no hint loses work in it, and without any the hint takes it out',
    () =>
      withTree(base, 'replaced', async directory => {
        const other = join(base, 'a repository in vendor')
        writeFiles(other, {'a.go': 'package a\n', '.gitignore': '*.o\n'})
        git(other, 'init', '--quiet', '--initial-branch=main')
        commitAll(other)
        const at = 'vendor/example.com/deep'
        git(
          directory,
          '-c',
          'protocol.file.allow=always',
          'submodule',
          '--quiet',
          'add',
          '--name',
          'deep',
          other,
          at,
        )
        edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
        // What Git sees, it refuses to take out.
        put(directory, `${at}/work.go`, 'package a\n')
        for (const hint of hintsOf(directory, '--staged')) {
          const ended = spawnSync('sh', ['-c', hint], {cwd: directory, env: treeEnv()})
          assert.is.not(ended.status, 0, hint)
        }
        assert.is(readFileSync(join(directory, at, 'work.go'), 'utf8'), 'package a\n')
        rmSync(join(directory, at, 'work.go'))
        // What a rule of the submodule hides, Git would lose.
        put(directory, `${at}/a.o`, 'built\n')
        const told = gowarden(directory).stderr
        assert.not(told.includes('hint:'), told)
        assert.match(told, /files +.*vendor\/example\.com\/deep/)
        rmSync(join(directory, at, 'a.o'))
        followAll(directory)
        assert.not(existsSync(join(directory, at)))
        // A clone of its own, with its commits in it.
        execFileSync('git', ['clone', '--quiet', other, join(directory, at)], {env: treeEnv(), stdio: 'pipe'})
        edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
        for (const words of [[], ['--staged']]) {
          assert.not(gowarden(directory, ...words).stderr.includes('hint:'), words.join())
          git(directory, '-c', 'advice.addEmbeddedRepo=false', 'add', '--all')
        }
      }),
  )

  test.unless(unavailable, 'what a rule hides among the files of a module is not deleted by a hint', () =>
    withTree(base, 'replaced', async directory => {
      edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
      writeFiles(directory, {'.git/info/exclude': '*.swp\n', [`${units}/.duration.go.swp`]: 'work\n'})
      for (const words of [[], ['--staged']]) {
        const told = gowarden(directory, ...words).stderr
        assert.not(told.includes('hint:'), told)
        assert.match(told, 'duration.go.swp')
        git(directory, 'add', '--all')
      }
    }),
  )

  test.unless(
    unavailable,
    'what Git is told to overlook in vendor is judged as go would build it; a sparse checkout is in order',
    () =>
      withTree(base, 'replaced', async directory => {
        const worktree = {store: storeIn(base, 'overlooked'), judged: {kind: 'worktree'}} as const
        const named = async () => found(await verifyTree(directory, worktree))
        assert.equal(await named(), [])
        const before = readFileSync(join(directory, `${units}/duration.go`), 'utf8')
        for (const flag of ['skip-worktree', 'assume-unchanged']) {
          edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
          git(directory, 'update-index', `--${flag}`, `${units}/duration.go`)
          assert.equal(await named(), [`VENDOR_EDITED ${units}/duration.go`], flag)
          put(directory, `${units}/duration.go`, before)
          assert.equal(await named(), [], flag)
          git(directory, 'update-index', `--no-${flag}`, `${units}/duration.go`)
        }
        const hides = {'.git/info/exclude': 'z*\n.z*\n', [`${units}/zap.txt`]: '', [`${units}/.z.go`]: ''}
        writeFiles(directory, {...hides, 'vendor/example.com/ghost/z.go': 'package ghost\n'})
        assert.equal(await named(), [])
        put(directory, `${units}/z.go`, 'package units\n')
        const {findings} = await verifyTree(directory, worktree)
        assert.equal(found({findings} as never), [`VENDOR_ADDED ${units}/z.go`])
        assert.equal(
          findings.flatMap(finding => describe(finding).hints),
          [],
        )
        assert.match(findings.map(finding => describe(finding).headline).join(), 'Git ignores')
        rmSync(join(directory, `${units}/z.go`))
        git(directory, 'sparse-checkout', 'set', '--no-cone', '/*', '!/vendor/')
        assert.not(existsSync(join(directory, 'vendor/modules.txt')))
        assert.equal(await named(), [])
        git(directory, 'sparse-checkout', 'disable')
      }),
  )

  test.unless(unavailable, 'GIT_DIR that is relative to where the person stands: the hint works there', () =>
    withTree(base, 'replaced', async directory => {
      edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
      const cwd = join(directory, 'lib')
      const env = {
        ...treeEnv({XDG_CACHE_HOME: storeIn(base, 'place')}),
        GIT_DIR: '../.git',
        GIT_WORK_TREE: '..',
      }
      const words = ['verify', '--offline']
      const told = () => spawnSync(join(root, 'bin/gowarden'), words, {cwd, env, encoding: 'utf8'})
      const hint = /^gowarden: hint: (.*)$/m.exec(told().stderr)?.[1] ?? ''
      assert.match(hint, '(cd .. && export GIT_DIR=')
      assert.is(spawnSync('sh', ['-c', hint], {cwd, env, encoding: 'utf8'}).stderr, '')
      assert.is(told().status, 0)
      edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
      git(directory, 'add', '--all')
      const fixed = spawnSync(join(root, 'bin/gowarden'), [...words, '--fix', '--yes'], {
        cwd,
        env,
        encoding: 'utf8',
      })
      assert.is(fixed.status, 0, fixed.stderr)
    }),
  )

  test.unless(unavailable, 'in the Git directory, and in one that names its work tree: said as it is', () =>
    withTree(base, 'replaced', async directory => {
      const inGit = join(directory, '.git')
      assert.match(gowarden(inGit).stderr, 'this is the Git directory, and not the work tree')
      assert.match(gowarden(inGit, '--fix').stderr, '--fix: this is the Git directory, and not the work tree')
      git(directory, 'config', 'core.worktree', directory)
      edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
      followAll(inGit)
      git(directory, 'config', '--unset', 'core.worktree')
      const env = treeEnv({GIT_DIR: inGit, GIT_WORK_TREE: '/nowhere', XDG_CACHE_HOME: storeIn(base, 'place')})
      const told = spawnSync(join(root, 'bin/gowarden'), ['verify'], {cwd: directory, env, encoding: 'utf8'})
      assert.match(told.stderr, 'its work tree /nowhere is not there')
    }),
  )

  test.unless(unavailable, 'vendor.mod beside a go.mod that a rule hides: it stays as it is', () =>
    withTree(base, 'vendor.mod', async directory => {
      writeFiles(directory, {'.git/info/exclude': '/go.mod\n', 'go.mod': 'module mine\n'})
      edit(directory, 'vendor/github.com/pkg/errors/errors.go', text => `${text}// x\n`)
      assert.equal(followAll(directory), ['go mod vendor -modfile=vendor.mod && git add vendor'])
      assert.is(readFileSync(join(directory, 'go.mod'), 'utf8'), 'module mine\n')
      rmSync(join(directory, 'go.mod'))
      edit(directory, 'vendor/github.com/pkg/errors/errors.go', text => `${text}// x\n`)
      git(directory, 'add', '--all')
      const fixed = gowarden(directory, '--fix', '--yes')
      assert.is(fixed.status, 0, fixed.stderr)
      assert.not(existsSync(join(directory, 'go.mod')))
    }),
  )

  test.unless(unavailable, 'a file of somebody else in vendor: no hint deletes it, and it is named', () =>
    withTree(base, 'replaced', async directory => {
      writeFiles(directory, {'.git/info/exclude': 'local.rb\n', 'vendor/bundle/local.rb': 'mine\n'})
      edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
      const told = gowarden(directory)
      assert.is(told.status, 1)
      assert.match(told.stderr, 'vendor/bundle/local.rb')
      assert.match(told.stderr, '[VENDOR_NOT_GO]')
      assert.not(told.stderr.includes('hint:'), told.stderr)
      git(directory, 'add', '--all')
      assert.not(gowarden(directory, '--staged').stderr.includes('hint:'))
      // What a Mac leaves behind is nobody's.
      rmSync(join(directory, 'vendor/bundle'), {recursive: true})
      writeFiles(directory, {'vendor/.DS_Store': '', '.git/info/exclude': '.DS_Store\n'})
      assert.ok(gowarden(directory, '--staged').stderr.includes('hint: go mod vendor'))
    }),
  )

  test.unless(unavailable, 'Go files are named before others', () =>
    withTree(base, 'replaced', async directory => {
      for (const name of ['LICENSE', 'README.md', 'duration.go', 'size.go', 'ulimit.go'])
        edit(directory, `${units}/${name}`, text => `${text}\n`)
      const named = [...gowarden(directory).stderr.matchAll(/error: \S+\/(\S+): differs/g)].map(
        ([, name]) => name,
      )
      assert.equal(named.slice(0, 3), ['duration.go', 'size.go', 'ulimit.go'])
    }),
  )

  test.unless(unavailable, 'of a range, result lines and annotations name the commit', () =>
    withTree(base, 'replaced', async directory => {
      edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
      commitAll(directory)
      const id = git(directory, 'rev-parse', 'HEAD').trim()
      const text = gowarden(directory, '--range', 'HEAD~1..HEAD').stderr
      assert.match(text, new RegExp(`^gowarden: commit ${id.slice(0, 12)}: .*: 1 error$`, 'm'))
      const annotations = gowarden(directory, '--range', 'HEAD~1..HEAD', '--format', 'github')
      assert.match(annotations.stdout, `title=VENDOR_EDITED in ${id.slice(0, 12)}::`)
      assert.match(annotations.stdout, `commit: ${id}`)
      assert.match(annotations.stderr, `gowarden: commit ${id.slice(0, 12)}: `)
    }),
  )
})
