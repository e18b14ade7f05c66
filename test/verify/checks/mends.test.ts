/** The hints of `gowarden verify`, run as they stand and in their order: nothing is found any more. */
import {spawnSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {describe} from '../../../src/findings/describe.ts'
import {suite} from '../../support/suite.ts'
import {commitAll, edit, put, stageAll, tampers, targets} from '../../support/tampers.ts'
import {git, makeTrees, treeEnv, withTree} from '../../support/vendored.ts'
import {found, storeIn, verifyTree} from '../../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced', 'workspace'])

/** Tampers by tree: several hints that must not undo each other. One by one they are in test/verify/hints.test.ts. */
const hinted: Record<'replaced' | 'workspace', string[]> = {
  replaced: [
    'ghost-listed',
    'modtxt-drop-pkg',
    'sum-swap',
    'mod-drop',
    'pkg-untracked',
    'pkg-ignored',
    'gitlink',
  ],
  workspace: ['modtxt-delete', 'vendor-link', 'sum-drop', 'new-import'],
}

/** Runs the hints until nothing is found, but what mending a commit is itself, and says what is found first. */
async function followHints(
  tree: keyof typeof hinted,
  directory: string,
  remains: string[] = [],
): Promise<string[]> {
  const store = storeIn(base, tree)
  const first = await verifyTree(directory, {store})
  const hints = new Set(first.findings.flatMap(finding => describe(finding).hints))
  assert.ok(hints.size > 0)
  let left = found(first)
  for (const hint of hints) {
    if (left.length === remains.length) break
    const {status, stderr} = spawnSync('sh', ['-c', hint], {
      cwd: directory,
      env: treeEnv({GOSUMDB: 'off'}),
      encoding: 'utf8',
    })
    assert.is(status, 0, `${hint}: ${stderr}`)
    left = found(await verifyTree(directory, {store}))
  }
  assert.equal(left, remains, [...hints].join('\n'))
  return found(first)
}

suite('verify: hints', test => {
  for (const tree of ['replaced', 'workspace'] as const) {
    const target = targets.find(target => target.tree === tree)
    for (const name of hinted[tree]) {
      test.unless(unavailable, `mend ${name} in tree ${tree}`, async () => {
        const tamper = tampers.find(tamper => tamper.name === name)
        assert.ok(target && tamper, name)
        await withTree(base, tree, async directory => {
          tamper.apply(directory, target)
          await followHints(tree, directory)
        })
      })
    }
  }

  const wrong = `${'A'.repeat(42)}E=`
  const rows: [what: string, edit: (lines: string[]) => string[], codes: string[]][] = [
    ['a line twice', ([first = '', ...rest]) => [first, ...rest, first], ['SUM_DUPLICATE']],
    [
      'a line of two fields',
      ([first = '', ...rest]) => [first, 'example.com/a v1.0.0', ...rest],
      ['SUM_MALFORMED'],
    ],
    [
      'a conflict, and a line of one field below it',
      lines => [
        '<<<<<<< ours',
        ...lines.slice(0, 2),
        '=======',
        ...lines.slice(0, 2),
        '>>>>>>> theirs',
        ...lines,
        'x',
      ],
      ['SUM_CONFLICT', 'SUM_MALFORMED'],
    ],
    [
      'more malformed lines than a command could name',
      lines => [...Array.from({length: 20}, (_, index) => `x${index}`), ...lines],
      ['SUM_MALFORMED'],
    ],
  ]
  for (const [what, change, codes] of rows) {
    test.unless(unavailable, `mend ${what} in go.sum`, async () => {
      await withTree(base, 'replaced', async directory => {
        const right = git(directory, 'show', 'HEAD:go.sum')
        edit(directory, 'go.sum', text => `${change(text.trimEnd().split('\n')).join('\n')}\n`)
        stageAll(directory)
        const first = await followHints('replaced', directory)
        for (const code of codes) assert.ok(first.includes(`${code} go.sum`), first.join(', '))
        assert.equal(linesOf(git(directory, 'show', ':go.sum')), linesOf(right))
      })
    })
  }

  test.unless(unavailable, 'mend a second hash that was committed, the wrong one first', async () => {
    await withTree(base, 'replaced', async directory => {
      const right = git(directory, 'show', 'HEAD:go.sum')
      edit(directory, 'go.sum', text => text.replace(/^(\S+ \S+ h1:).*\n/, `$1${wrong}\n$&`))
      commitAll(directory)
      assert.ok((await followHints('replaced', directory)).includes('SUM_TWO_HASHES go.sum'))
      assert.is(git(directory, 'show', ':go.sum'), right)
    })
  })

  test.unless(unavailable, 'mend members that contradict each other', async () => {
    await withTree(base, 'workspace', async directory => {
      edit(directory, 'b/go.sum', text =>
        text.replace(/^(github\.com\/google\/uuid v1\.6\.0 h1:).*$/m, `$1${wrong}`),
      )
      commitAll(directory)
      const first = await followHints('workspace', directory, ['SUM_CHANGED b/go.sum'])
      assert.ok(first.includes('SUM_DISAGREE b/go.sum'), first.join(', '))
    })
  })

  test.unless(unavailable, 'mend a package not vendored where .gitignore has vendor/', async () => {
    await withTree(base, 'replaced', async directory => {
      put(directory, '.gitignore', 'vendor/\n')
      edit(directory, 'main.go', text => text.replace('"fmt"', '"fmt"\n\n\t_ "golang.org/x/text/width"'))
      git(directory, 'add', '.gitignore', 'main.go')
      const first = await followHints('replaced', directory)
      assert.ok(first.includes('VENDOR_PACKAGE_MISSING vendor/modules.txt'), first.join(', '))
    })
  })

  test.unless(unavailable, 'mend a file that .gitignore hides and the clone lacks', async () => {
    await withTree(base, 'replaced', async directory => {
      const file = 'vendor/github.com/docker/go-units/duration.go'
      put(directory, '.gitignore', 'duration.go\n')
      git(directory, 'rm', '--quiet', file)
      git(directory, 'add', '.gitignore')
      assert.equal(await followHints('replaced', directory), [`VENDOR_MISSING ${file}`])
    })
  })

  test.unless(unavailable, 'mend a vendor directory below the top that lost its modules.txt', async () => {
    await withTree(base, 'replaced', async directory => {
      rmSync(join(directory, 'tools/vendor/modules.txt'))
      stageAll(directory)
      assert.equal(await followHints('replaced', directory), ['VENDOR_UNLISTED tools/vendor'])
    })
  })
})

function linesOf(text: string): string[] {
  return text.trimEnd().split('\n').sort()
}
