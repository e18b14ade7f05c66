/** Hints where the person stands: each mode, below the top, a commit that is HEAD and one that is not, a bare repository. */
import {spawnSync} from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {root, writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {commitAll, edit, put, stageAll} from '../support/tampers.ts'
import {git, makeTrees, treeEnv, withTree} from '../support/vendored.ts'
import {storeIn} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced'])
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

const changes: [name: string, change: (directory: string) => void][] = [
  ['an edited file', directory => edit(directory, `${units}/duration.go`, text => `${text}// x\n`)],
  ['an added file', directory => put(directory, `${units}/evil.go`, 'package units\n')],
  [
    'a directory of files, and a file',
    directory => {
      writeFiles(directory, {
        'vendor/example.com/ghost/a.go': 'package ghost\n',
        'vendor/example.com/ghost/LICENSE': '',
      })
      put(directory, `${units}/evil b'.txt`, '')
    },
  ],
  [
    'twenty added files',
    directory => {
      for (let i = 0; i < 20; i++) put(directory, `${units}/x${i}.txt`, '')
    },
  ],
  ['an executable file', directory => chmodSync(join(directory, units, 'duration.go'), 0o755)],
  [
    'many executable files',
    directory => {
      const folder = 'vendor/golang.org/x/text/width'
      for (const at of [units, ...(existsSync(join(directory, folder)) ? [folder] : [])])
        for (const name of readdirSync(join(directory, at))) chmodSync(join(directory, at, name), 0o755)
    },
  ],
  [
    'a vendored directory that is a link',
    directory => {
      rmSync(join(directory, units), {recursive: true})
      symlinkSync('../../../lib', join(directory, units))
    },
  ],
  [
    'vendor is a link',
    directory => {
      rmSync(join(directory, 'vendor'), {recursive: true})
      symlinkSync('lib', join(directory, 'vendor'))
    },
  ],
  [
    'a link and an executable file that nobody knows',
    directory => {
      symlinkSync('/etc/passwd', join(directory, units, 'BUILD'))
      put(directory, `${units}/x y.sh`, '')
      chmodSync(join(directory, units, 'x y.sh'), 0o755)
    },
  ],
  [
    'a file in the place of a directory, and a directory in the place of a file',
    directory => {
      rmSync(join(directory, 'vendor/example.com'), {recursive: true})
      put(directory, 'vendor/example.com', '')
      rmSync(join(directory, units, 'duration.go'))
      writeFiles(directory, {[`${units}/duration.go/x.go`]: 'package x\n'})
    },
  ],
  [
    'a changed hash and an edited file',
    directory => {
      edit(directory, 'go.sum', text => text.replace(/^(\S*docker\/go-units v\S+ h1:)./m, '$1A'))
      edit(directory, 'vendor/example.com/lib/lib.go', text => `${text}// x\n`)
    },
  ],
  [
    'a missing line and a package that is not vendored',
    directory => {
      edit(directory, 'go.sum', text => text.replace(/^\S*docker\/go-units v\S+\/go\.mod .*\n/m, ''))
      edit(directory, 'main.go', text => text.replace('"fmt"', '"fmt"\n\n\t_ "golang.org/x/text/width"'))
    },
  ],
]

suite('verify: hints in their place', test => {
  for (const [name, change] of changes) {
    test.unless(unavailable, `${name}: every hint works, in the work tree, the index, HEAD and a range`, () =>
      withTree(base, 'replaced', async directory => {
        const start = git(directory, 'rev-parse', 'HEAD').trim()
        const modes: [words: string[], prepare: () => void][] = [
          [[], () => {}],
          [['--staged'], () => stageAll(directory)],
          [['--commit', 'HEAD'], () => commitAll(directory)],
          [['--range', `${start}..HEAD`], () => commitAll(directory)],
        ]
        for (const [words, prepare] of modes) {
          change(directory)
          prepare()
          const hints = followAll(directory, ...words)
          assert.ok(hints.length <= 4, hints.join('\n'))
          git(directory, 'reset', '--quiet', '--hard', start)
          git(directory, 'clean', '--quiet', '-fd')
        }
      }),
    )
  }

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
          assert.is(hints[0], 'git rm -r --quiet vendor && go mod vendor && git add vendor', words.join(' '))
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
