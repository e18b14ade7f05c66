/** Merges that Git could not end: a hint never stages a conflict, and what go writes is written anew. */
import {spawnSync} from 'node:child_process'
import {readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {describe} from '../../src/findings/describe.ts'
import {withOwnLevels} from '../../src/policy/levels.ts'
import {suite} from '../support/suite.ts'
import {edit, put} from '../support/tampers.ts'
import {git, makeTrees, treeEnv, withTree} from '../support/vendored.ts'
import {storeIn, verifyTree} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced'])
const store = storeIn(base, 'unmerged')
const units = 'vendor/github.com/docker/go-units/duration.go'

/** Two branches that change the same lines, merged; `style` as merge.conflictStyle has it. */
function conflict(
  directory: string,
  changes: Record<string, (text: string, side: string) => string>,
  style = 'merge',
) {
  for (const side of ['theirs', 'ours']) {
    git(directory, 'checkout', '--quiet', '-B', side, 'pristine')
    for (const [path, change] of Object.entries(changes)) edit(directory, path, text => change(text, side))
    git(directory, 'commit', '--quiet', '--all', '--message', side)
  }
  const words = ['-c', `merge.conflictStyle=${style}`, 'merge', '--quiet', 'theirs']
  assert.is(spawnSync('git', words, {cwd: directory, env: treeEnv()}).status, 1)
}

async function unmergedIn(directory: string) {
  const {findings} = await verifyTree(directory, {store})
  return findings.flatMap(finding =>
    finding.code === 'INDEX_UNMERGED'
      ? [{file: finding.facts.file, line: finding.facts.line, hint: describe(finding).hints[0]}]
      : [],
  )
}

function paste(directory: string, hint: string | undefined): void {
  const {status, stderr} = spawnSync('sh', ['-c', hint ?? 'false'], {
    cwd: directory,
    env: treeEnv({GOSUMDB: 'off'}),
    encoding: 'utf8',
  })
  assert.is(status, 0, `${hint}: ${stderr}`)
}

const lastLine = (text: string, side: string) => text.replace(/^(\S+ \S+ )\S+\n$(?![\s\S])/m, `$1${side}\n`)

suite('verify: unmerged paths', test => {
  for (const style of ['merge', 'diff3', 'zdiff3']) {
    test.unless(
      unavailable,
      `go.sum, ${style}: the hint takes the markers out and lets go write it`,
      async () => {
        await withTree(base, 'replaced', async directory => {
          const right = git(directory, 'show', 'HEAD:go.sum')
          conflict(
            directory,
            {'go.sum': (text, side) => `${text}example.com/${side} v1.0.0 h1:${'A'.repeat(43)}=\n`},
            style,
          )
          const [found, ...more] = await unmergedIn(directory)
          assert.equal(more, [])
          assert.is(found?.file, 'go.sum')
          assert.is(found?.line, right.split('\n').length)
          assert.match(found?.hint ?? '', /^awk .*go mod tidy && git add go\.mod go\.sum$/)
          paste(directory, found?.hint)
          assert.is(git(directory, 'show', ':go.sum'), right)
          assert.equal((await verifyTree(directory, {store})).findings, [])
        })
      },
    )
  }

  test.unless(unavailable, 'a vendored file and modules.txt: vendor is written anew', async () => {
    await withTree(base, 'replaced', async directory => {
      conflict(directory, {[units]: (text, side) => `// ${side}\n${text}`})
      const [found] = await unmergedIn(directory)
      assert.equal(found, {file: units, line: 1, hint: 'go mod vendor && git add vendor'})
      paste(directory, found?.hint)
      assert.equal((await verifyTree(directory, {store})).findings, [])
    })
  })

  test.unless(
    unavailable,
    'go.mod: nothing is offered, nor for go.sum and vendor, which go writes from it',
    async () => {
      await withTree(base, 'replaced', async directory => {
        conflict(directory, {
          'go.mod': (text, side) => text.replace('go 1.23', side === 'ours' ? 'go 1.23.1' : 'go 1.23.2'),
          'go.sum': lastLine,
          [units]: (text, side) => `// ${side}\n${text}`,
        })
        const found = (await unmergedIn(directory)).sort((a, b) => (a.file < b.file ? -1 : 1))
        assert.equal(
          found.map(({file, hint}) => [file, hint]),
          [
            ['go.mod', undefined],
            ['go.sum', undefined],
            [units, undefined],
          ],
        )
      })
    },
  )

  test.unless(unavailable, 'resolved and not staged: git add; until then it is not remembered', async () => {
    await withTree(base, 'replaced', async directory => {
      conflict(directory, {
        'go.mod': (text, side) => text.replace('go 1.23', side === 'ours' ? 'go 1.23.1' : 'go 1.23.2'),
      })
      const policy = {levels: withOwnLevels({}, 'INDEX_UNMERGED=warn')}
      await verifyTree(directory, {store, policy})
      put(directory, 'go.mod', git(directory, 'show', 'pristine:go.mod'))
      const {findings, remembered} = await verifyTree(directory, {store, policy})
      assert.is(remembered, false)
      assert.equal(
        findings.flatMap(finding => describe(finding).hints),
        ['git add go.mod'],
      )
      paste(directory, 'git add go.mod')
      assert.equal((await verifyTree(directory, {store})).findings, [])
    })
  })

  test.unless(
    unavailable,
    'a heading that is underlined is no conflict; a file that is gone has no hint',
    async () => {
      await withTree(base, 'replaced', async directory => {
        conflict(directory, {
          'go.mod': (text, side) => text.replace('go 1.23', side === 'ours' ? 'go 1.23.1' : 'go 1.23.2'),
        })
        put(
          directory,
          'go.mod',
          `// Title\n// =====\n/*\n=======\n*/\n${git(directory, 'show', 'pristine:go.mod')}`,
        )
        assert.is((await unmergedIn(directory))[0]?.hint, 'git add go.mod')
        rmSync(join(directory, 'go.mod'))
        assert.equal(await unmergedIn(directory), [{file: 'go.mod', line: undefined, hint: undefined}])
        assert.match(readFileSync(join(directory, 'go.sum'), 'utf8'), 'h1:')
      })
    },
  )
})
