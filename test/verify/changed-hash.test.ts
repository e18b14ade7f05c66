/** A hash in go.sum that another commit has otherwise: where the module itself has the new one, the change is right. */
import {execFileSync, spawnSync} from 'node:child_process'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {describe} from '../../src/findings/describe.ts'
import {root} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {commitAll, edit, stageAll} from '../support/tampers.ts'
import {git, makeTrees, treeEnv, withTree} from '../support/vendored.ts'
import {found, storeIn, verifyTree} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced'])
const wrong = `h1:${'A'.repeat(42)}E=`

/** Lines of go.sum that are vouched for by different things: the zip of a vendored module, a go.mod. */
const lines: [what: string, line: RegExp][] = [
  ['a vendored module', /^(\S*docker\/go-units v\S+ )h1:.*$/m],
  ['a go.mod', /^(\S*docker\/go-units v\S+\/go\.mod )h1:.*$/m],
]

function gowarden(directory: string, ...words: string[]) {
  return spawnSync(join(root, 'bin/gowarden'), ['verify', '--offline', ...words], {
    cwd: directory,
    env: {...treeEnv({XDG_CACHE_HOME: storeIn(base, 'changed')}), FORCE_COLOR: undefined},
    encoding: 'utf8',
  })
}

suite('verify: a changed hash', test => {
  for (const [what, line] of lines) {
    test.unless(
      unavailable,
      `${what}, wrong in HEAD: the commit that puts it right passes, and its range`,
      () =>
        withTree(base, 'replaced', async directory => {
          const store = storeIn(base, 'changed')
          edit(directory, 'go.sum', text => text.replace(line, `$1${wrong}`))
          commitAll(directory)
          git(directory, 'revert', '--no-commit', 'HEAD')
          const staged = await verifyTree(directory, {store})
          assert.equal(found(staged), ['SUM_CHANGED go.sum'])
          const [finding] = staged.findings
          assert.is(finding?.level, 'warn')
          const told = finding && describe(finding)
          assert.match(told?.headline ?? '', 'the new one is right')
          assert.equal(told?.hints, [])
          assert.equal(told?.details.find(([label]) => label === 'before')?.[1], wrong)
          // The zip is known from the run before.
          assert.equal(found(await verifyTree(directory, {store})), ['SUM_CHANGED go.sum'])
          git(directory, 'commit', '--quiet', '--message=right')
          const range = gowarden(directory, '--range', 'HEAD~1..HEAD')
          assert.is(range.status, 0, range.stderr)
          assert.is(gowarden(directory, '--commit', 'HEAD').status, 0)
          assert.is(gowarden(directory, '--commit', 'HEAD~1').status, 1)
        }),
    )
  }

  test.unless(unavailable, 'a policy may raise it to an error', () =>
    withTree(base, 'replaced', async directory => {
      edit(directory, 'go.sum', text => text.replace(lines[0]?.[1] ?? '', `$1${wrong}`))
      commitAll(directory)
      git(directory, 'revert', '--no-commit', 'HEAD')
      const policy = {value: 'error' as const, origin: {kind: 'default' as const}}
      const {findings} = await verifyTree(directory, {
        store: storeIn(base, 'changed'),
        policy: {levels: {SUM_CHANGED: {policy}}},
      })
      assert.is(findings[0]?.level, 'error')
    }),
  )

  test.unless(unavailable, 'wrong before and wrong now: no hint puts the wrong one back', () =>
    withTree(base, 'replaced', async directory => {
      const store = storeIn(base, 'changed')
      const right = git(directory, 'show', 'HEAD:go.sum')
      for (const hash of [wrong, wrong.replace('A', 'B')]) {
        edit(directory, 'go.sum', text => text.replace(lines[0]?.[1] ?? '', `$1${hash}`))
        if (hash === wrong) commitAll(directory)
        else stageAll(directory)
      }
      const first = await verifyTree(directory, {store})
      assert.equal(found(first), ['SUM_CHANGED go.sum', 'SUM_MISMATCH go.sum'])
      for (const hint of new Set(first.findings.flatMap(finding => describe(finding).hints)))
        execFileSync('sh', ['-c', hint], {cwd: directory, env: treeEnv({GOSUMDB: 'off'}), stdio: 'pipe'})
      assert.is(git(directory, 'show', ':go.sum'), right)
      const {findings} = await verifyTree(directory, {store})
      assert.equal(
        findings.map(({code, level}) => `${code} ${level}`),
        ['SUM_CHANGED warn'],
      )
    }),
  )

  test.unless(unavailable, 'an unproven one: the hint puts this hash back, and other new lines stay', () =>
    withTree(base, 'replaced', async directory => {
      const far = `example.org/far v1.0.0 h1:${'A'.repeat(43)}=\n`
      edit(directory, 'go.sum', text => `${text}${far}`)
      commitAll(directory)
      edit(
        directory,
        'go.sum',
        text => `${text.replace('v1.0.0 h1:AAAA', 'v1.0.0 h1:BAAA')}${far.replace('far', 'new')}`,
      )
      stageAll(directory)
      const first = await verifyTree(directory, {store: storeIn(base, 'changed')})
      const changed = first.findings.find(({code}) => code === 'SUM_CHANGED')
      assert.is(changed?.level, 'error')
      const [hint = ''] = changed === undefined ? [] : describe(changed).hints
      execFileSync('sh', ['-c', hint], {cwd: directory, env: treeEnv(), stdio: 'pipe'})
      assert.ok(git(directory, 'show', ':go.sum').endsWith(`${far}${far.replace('far', 'new')}`))
    }),
  )
})
