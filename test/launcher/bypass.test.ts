/** GOWARDEN=off and lowered levels where policy asks for a reason, on the real go and git. */
import {execFileSync} from 'node:child_process'
import {chmodSync, existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, type Rig, root, runProgram, tiny} from '../support/rig.ts'
import {noNode, withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {writeProgram} from '../support/twin.ts'
import {gitAuthor} from '../support/vendored.ts'

const off = {GOWARDEN: 'off'}
const withReason = {...off, GOWARDEN_REASON: 'the proxy is down'}

type Recorded = {what: string; command: string[]; directory: string; reason: string; policy: string}

async function recorded(rig: Rig): Promise<Recorded[]> {
  const {stdout} = await rig.gowarden(['policy', '--bypasses', '--json'])
  return JSON.parse(stdout)
}

suite('launcher/bypass', test => {
  test('GOWARDEN=asks, which gowarden says to a go that may be a launcher, lets questions through and nothing else', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'bypass: reason\nflags: {deny: [-trimpath]}\n'})
      const env = {GOWARDEN: 'asks', GOFLAGS: '-trimpath'}
      const builds = [
        ['build', '.'],
        ['list', '.'],
        ['list', '-m', '-m=false', '.'],
        ['list', '-export', '-m'],
        ['install', '-a', '-n', '--n=false', '.'],
        ['install', '-n', '-a', '.'],
        ['-C', '.', 'run', '.'],
        ['run', '-C', '.', '.'],
        ['mod', 'tidy'],
        ['mod', 'edit', '-go=1.22', '-json'],
        ['get', 'a.b/c'],
      ]
      for (const words of builds) {
        const refused = await rig.go(words, {env})
        assert.is(refused.code, 1, words.join(' '))
        assert.match(refused.stderr, /FLAG_DENIED/, words.join(' '))
      }
      for (const words of [
        ['env', '-json', 'GOROOT'],
        ['-C', '.', 'env', 'GOROOT'],
        ['list', '-m', 'tiny'],
        ['mod', 'edit', '-json'],
        ['install', '-C=.', '-a', '-n', '.'],
      ])
        assert.is((await rig.go(words, {env})).code, 0, words.join(' '))
    })
  })

  test('a machine may ask for the reason, in a folder without any policy', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, 'machine/policy.yaml': 'bypass: reason\n'})
      const env = {...off, GOWARDEN_POLICY: join(rig.work, 'machine/policy.yaml')}
      const refused = await rig.go(['list', '.'], {env})
      assert.equal([refused.code, refused.stdout], [2, ''])
      assert.match(refused.stderr, /needs a reason here, as .*machine\/policy\.yaml:1 requires\n/)
    })
  })

  test('where policy asks for a reason, GOWARDEN=off needs one, and is recorded', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'bypass: reason\n'})
      for (const env of [off, {...off, GOWARDEN_REASON: ' '}]) {
        const refused = await rig.go(['list', '.'], {env})
        assert.equal([refused.code, refused.stdout], [2, ''])
        assert.match(
          refused.stderr,
          /^gowarden: error: GOWARDEN=off needs a reason here, as .*\.gowardenrc\.yaml:1 requires\n/,
        )
        assert.match(
          refused.stderr,
          /hint: give one for this command: GOWARDEN_REASON='why' GOWARDEN=off go list\n$/,
        )
      }
      assert.equal(await recorded(rig), [])

      const passed = await rig.go(['list', '.'], {env: withReason})
      assert.equal([passed.code, passed.stdout, passed.stderr], [0, 'tiny\n', ''])
      const [event, ...others] = await recorded(rig)
      assert.equal(others, [])
      assert.equal(event && [event.what, event.command, event.directory, event.reason], [
        'GOWARDEN=off',
        ['go', 'list', '.'],
        rig.work,
        'the proxy is down',
      ])
      const {stdout} = await rig.gowarden(['policy', '--bypasses'])
      assert.match(stdout, /GOWARDEN=off +go list \. +.* the proxy is down\n$/)

      // What gowarden would let through anyway asks nobody.
      for (const words of [['version'], ['env', 'GOOS'], ['help']]) {
        assert.is((await rig.go(words, {env: off})).code, 0)
      }
      // Behind -C the policy there counts.
      assert.is((await rig.go(['-C', rig.work, 'list', '.'], {cwd: '/', env: off})).code, 2)
      assert.is((await recorded(rig)).length, 1)
      // A guarded command asks for none: what gowarden asks of go itself is no bypass.
      assert.is((await rig.go(['list', '.'])).code, 0)
      assert.is((await recorded(rig)).length, 1)
    })
  })

  test('a shim between two launchers is no bypass', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'bypass: reason\n'})
      const shims = join(rig.folder, 'shims')
      rig.write({'../shims/empty': ''})
      writeProgram(join(shims, 'go'), '#!/bin/sh\nexec go "$@"\n')
      const env = {PATH: `${root}/bin:${shims}:${rig.env['PATH']}`}
      const ended = await rig.go(['list', '.'], {env})
      assert.equal([ended.code, ended.stdout], [0, 'tiny\n'], ended.stderr)
      assert.equal(await recorded(rig), [])
    })
  })

  test('a policy that another extends asks, too; one that does not ask starts nothing', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'extends: ./base.json\n', 'base.json': '{"bypass": "reason"}'})
      assert.is((await rig.go(['list', '.'], {env: off})).code, 2)
      // Without Node on PATH a warning would tell that something was to be started.
      const env = {...off, PATH: `${root}/bin:${machine.goroot}/bin`}
      for (const files of [
        {'.gowardenrc.yaml': 'cache: refuse\n'},
        {'.gowardenrc.yaml': '', 'package.json': '{"name": "x"}'},
      ]) {
        rig.write(files)
        const ended = await rig.go(['list', '.'], {env})
        assert.equal([ended.code, ended.stdout, ended.stderr], [0, 'tiny\n', ''])
      }
    })
  })

  test.unless(noNode, 'GOWARDEN=off remains a way out: without Node', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'bypass: reason\n'})
      const ended = await rig.go(['list', '.'], {env: {...off, PATH: `${root}/bin:${machine.goroot}/bin`}})
      assert.equal([ended.code, ended.stdout], [0, 'tiny\n'])
      assert.match(ended.stderr, /^gowarden: warning: policy may ask for a record of GOWARDEN=off.*Node/)
    })
  })

  test('GOWARDEN=off remains a way out: with a broken policy, without a store', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'bypass: reason\n'})
      const noStore = await rig.go(['list', '.'], {env: {...withReason, XDG_CACHE_HOME: '/proc/none'}})
      assert.equal([noStore.code, noStore.stdout], [0, 'tiny\n'])
      assert.match(noStore.stderr, /^gowarden: warning: GOWARDEN=off was not recorded: /)

      rig.write({'.gowardenrc.yaml': 'bypass: reason\ncahce: 1\n'})
      const broken = await rig.go(['list', '.'], {env: off})
      assert.equal([broken.code, broken.stdout], [0, 'tiny\n'])
      assert.match(broken.stderr, /^gowarden: warning: GOWARDEN=off is not recorded: .*unknown key "cahce"/)
    })
  })

  test('a level that a person lowers needs a reason, for a guarded command and for verify', async () => {
    await withKnownRig(async rig => {
      rig.write({
        ...tiny,
        '.gowardenrc.yaml': 'bypass: reason\nflags: {deny: [-mod=mod]}\nlevels: {SUM_SURPLUS: error}\n',
      })
      const env = {GOWARDEN_LEVELS: 'FLAG_DENIED=warn'}
      const words = ['list', '-mod=mod', '.']
      const refused = await rig.go(words, {env})
      assert.equal([refused.code, refused.stdout], [2, ''])
      assert.match(refused.stderr, /error: GOWARDEN_LEVELS=FLAG_DENIED=warn needs a reason here/)
      assert.is((await rig.go(['list', '.'], {env})).code, 0, 'nothing is lowered here')
      const passed = await rig.go(words, {env: {...env, GOWARDEN_REASON: 'once'}})
      assert.equal([passed.code, passed.stdout], [0, 'tiny\n'])
      assert.match(passed.stderr, /^gowarden: warning: policy denies the flag -mod=mod/m)

      execFileSync('git', ['init', '-q'], {cwd: rig.work, env: {...process.env, ...rig.env}})
      const lowered = {GOWARDEN_LEVELS: 'SUM_SURPLUS=warn'}
      assert.is((await rig.gowarden(['verify'], {env: lowered})).code, 2)
      assert.is((await rig.gowarden(['verify'], {env: {...lowered, GOWARDEN_REASON: 'twice'}})).code, 0)
      assert.equal(
        (await recorded(rig)).map(({what, reason}) => [what, reason]),
        [
          ['GOWARDEN_LEVELS=FLAG_DENIED=warn', 'once'],
          ['GOWARDEN_LEVELS=SUM_SURPLUS=warn', 'twice'],
        ],
      )
    })
  })

  test('GOWARDEN=off git commit passes the hook, with a reason where policy asks', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'bypass: reason\n', 'go.sum': 'nonsense\n'})
      const identity = {GIT_CONFIG_GLOBAL: '/dev/null', ...gitAuthor}
      const git = (words: string[], env: Record<string, string> = {}) =>
        runProgram('git', words, {cwd: rig.work, env: {...rig.env, ...identity, ...env}})
      await git(['init', '-q'])
      const hook = join(rig.work, '.git/hooks/pre-commit')
      writeFileSync(hook, `#!/bin/sh\nexec '${process.execPath}' '${root}/bin/gowarden' verify --staged\n`)
      chmodSync(hook, 0o755)
      await git(['add', '--all'])
      const refused = await git(['commit', '-qm', 'x'])
      assert.is(refused.code, 1)
      assert.match(refused.stderr, /SUM_MALFORMED/)
      const unexplained = await git(['commit', '-qm', 'x'], off)
      assert.is(unexplained.code, 1)
      assert.match(unexplained.stderr, /GOWARDEN=off needs a reason here/)
      const passed = await git(['commit', '-qm', 'x'], withReason)
      assert.is(passed.code, 0, passed.stderr)
      assert.match(passed.stderr, /^gowarden: GOWARDEN=off: nothing was verified$/m)
      assert.equal(
        (await recorded(rig)).map(({command}) => command.slice(0, 2)),
        [['gowarden', 'verify']],
      )
      assert.ok(existsSync(join(rig.store, 'events')))
      // A person who types the verb means it.
      assert.is((await rig.gowarden(['verify'], {env: off})).code, 1)
    })
  })
})
