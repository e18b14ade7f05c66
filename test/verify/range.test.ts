/** `gowarden verify --range`: what a hook let through, found in the commits afterwards. */
import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {root} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {commitAll, edit} from '../support/tampers.ts'
import {git, makeTrees, treeEnv, withTree} from '../support/vendored.ts'
import {storeIn} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['attributes'])
const tampered = 'vendor/go.yaml.in/yaml/v4/LICENSE'

function verify(directory: string, ...words: string[]) {
  return spawnSync(join(root, 'bin/gowarden'), ['verify', '--offline', ...words], {
    cwd: directory,
    // Node warns on stderr where both this one and NO_COLOR are set, as they are under npm test.
    env: {...treeEnv({XDG_CACHE_HOME: storeIn(base, 'range')}), FORCE_COLOR: undefined},
    encoding: 'utf8',
  })
}

suite('verify: ranges', test => {
  test.unless(unavailable, 'a tamper that a later commit takes back is found in its commit', () =>
    withTree(base, 'attributes', directory => {
      edit(directory, tampered, text => `${text}x`)
      commitAll(directory)
      const bad = git(directory, 'rev-parse', 'HEAD').trim()
      git(directory, 'revert', '--no-edit', 'HEAD')
      assert.is(verify(directory, '--commit', 'HEAD').status, 0)
      const range = verify(directory, '--range', 'pristine..HEAD')
      assert.is(range.status, 1, range.stderr)
      assert.ok(
        range.stderr.startsWith(`gowarden: commit ${bad}\ngowarden: error: ${tampered}: `),
        range.stderr,
      )
      const summary = verify(directory, '--range', 'pristine..HEAD', '--format', 'markdown')
      assert.is(summary.status, 1)
      assert.match(summary.stdout, `### gowarden: commit \`${bad}\`: 1 error`)
      assert.match(summary.stdout, '| error | VENDOR_EDITED |')
      assert.match(summary.stdout, /: in order\n/)
      const annotations = verify(directory, '--range', 'pristine..HEAD', '--format', 'github')
      assert.match(annotations.stdout, `::error file=${tampered}`)
    }),
  )

  test.unless(
    unavailable,
    'a range without commits is in order and says so; a broken one is a wrong call',
    () =>
      withTree(base, 'attributes', directory => {
        const none = verify(directory, '--range', 'HEAD..HEAD')
        assert.is(none.status, 0)
        assert.is(none.stderr, 'gowarden: HEAD..HEAD: no commits\n')
        const zeros = '0'.repeat(40)
        const wrong: [words: string[], says: string][] = [
          [['--range', 'nowhere..HEAD'], 'hint: name commits that git log shows: git log --oneline --all\n'],
          [
            ['--range', `${zeros}..HEAD`],
            `--range ${zeros}..HEAD: zeros stand for a new branch\n` +
              'gowarden: hint: judge its tip: gowarden verify --commit HEAD\n',
          ],
          [['--range', `HEAD..${zeros}`], 'zeros stand for a removed branch: there is nothing to judge'],
          [['--range', 'HEAD'], '--range HEAD: not a range'],
          [['--range', 'nowhere..HEAD'], '--range nowhere..HEAD: an end of it is unknown here'],
          [['--range', '--all..HEAD'], '--range --all..HEAD: an end of it is unknown here'],
          [['--range', 'HEAD..HEAD', '--staged'], '--range excludes --staged'],
          [['--range', 'HEAD..HEAD', '--format', 'sarif'], 'sarif is a report of one commit'],
        ]
        for (const [words, says] of wrong) {
          const ended = verify(directory, ...words)
          assert.is(ended.status, 2, words.join(' '))
          assert.match(ended.stderr, says)
        }
        const shallow = join(base, 'shallow')
        git(base, 'clone', '--quiet', '--depth=1', `file://${directory}`, shallow)
        assert.match(verify(shallow, '--range', 'HEAD~1..HEAD').stderr, ': git fetch --unshallow\n')
      }),
  )
})
