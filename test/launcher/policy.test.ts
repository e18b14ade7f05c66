/** What a policy makes of go commands, on the real go. */
import {mkdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, root, tiny} from '../support/rig.ts'
import {withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin, writeProgram} from '../support/twin.ts'

suite('launcher/policy', test => {
  test('levels: a warning that policy raises refuses the command, with its message', async () => {
    await withKnownRig(async rig => {
      rig.write({
        ...tiny,
        '.gowardenrc.yaml': 'levels:\n  STAMP_COMPILER: {level: error, message: "ask #build-infra"}\n',
      })
      const words = ['list', '-compiler=gccgo', '.']
      const refused = await rig.go(words)
      assert.is(refused.code, 1)
      assert.match(refused.stderr, /^gowarden: error: -compiler=gccgo .*\[STAMP_COMPILER\]$/m)
      assert.match(refused.stderr, /^gowarden: {3}policy {2}ask #build-infra$/m)
      // a person lowers it again
      const lowered = await rig.go(words, {env: {GOWARDEN_LEVELS: 'STAMP_COMPILER=warn'}})
      assert.match(lowered.stderr, /^gowarden: warning: -compiler=gccgo/m)
      rmSync(join(rig.work, '.gowardenrc.yaml'))
      assert.match((await rig.go(words)).stderr, /^gowarden: warning: -compiler=gccgo/m)
    })
  })

  test('levels: what keeps two toolchains apart is never lowered', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      assert.is((await rig.go(['list', '.'])).code, 0)
      const twin = makeTwin(join(rig.folder, 'twin'))
      const env = {PATH: `${root}/bin:${twin}/bin:${rig.env['PATH']}`, GOWARDEN_LEVELS: 'CACHE_FOREIGN=warn'}
      const refused = await rig.go(['list', '.'], {env})
      assert.is(refused.code, 2)
      assert.match(refused.stderr, /GOWARDEN_LEVELS: CACHE_FOREIGN is never lowered/)
      assert.match(refused.stderr, /hint: export GOWARDEN_CACHE=isolate/)
    })
  })

  test('levels: a raised warning of a toolchain that is known already is still an error', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'levels: {CACHE_PASSED: error}\n'})
      assert.is((await rig.go(['list', '.'])).code, 0)
      const record = join(rig.cache, '00/gowarden-owner.json')
      const before = await rig.gowarden(['cache', 'status', '--json'])
      const {self} = JSON.parse(before.stdout)
      const older = {
        hash: self.hash.replaceAll(self.version, 'go1.20.1'),
        goroot: self.goroot,
        version: 'go1.20.1',
      }
      rig.write({'../go-build/00/gowarden-owner.json': JSON.stringify({format: 1, owners: [older]})})
      for (let times = 0; times < 2; times += 1) {
        const refused = await rig.go(['list', '.'])
        assert.is(refused.code, 1, `nothing is claimed for what is refused: ${record}`)
        assert.match(refused.stderr, /error: .*\[CACHE_PASSED\]/)
      }
    })
  })

  test('gowarden policy shows each value with its line', async () => {
    await withKnownRig(async rig => {
      rig.write({
        '.gowardenrc.yaml': 'extends: ./base.json\nlevels: {SUM_SURPLUS: {level: error, message: ask us}}\n',
        'base.json': '{\n  "cache": "isolate"\n}\n',
        'go.mod': 'module m\n',
      })
      const {code, stdout} = await rig.gowarden(['policy'], {env: {GOWARDEN_LEVELS: 'MOD_UNTIDY=off'}})
      assert.is(code, 0)
      const shown = stdout.replaceAll(rig.work, 'WORK').replace(/ +/g, ' ')
      assert.match(shown, /^policy WORK\/\.gowardenrc\.yaml$/m)
      assert.match(shown, /^extends WORK\/base\.json$/m)
      assert.match(shown, /^cache isolate \(WORK\/base\.json:2\)$/m)
      assert.match(shown, /^stamp on \(the default\)$/m)
      assert.match(shown, /^levels\.SUM_SURPLUS error \(WORK\/\.gowardenrc\.yaml:2\)$/m)
      assert.match(shown, /^levels\.SUM_SURPLUS\.message ask us \(WORK\/\.gowardenrc\.yaml:2\)$/m)
      assert.match(shown, /^levels\.MOD_UNTIDY off \(GOWARDEN_LEVELS\)$/m)
      const read = JSON.parse((await rig.gowarden(['policy', '--json'])).stdout)
      assert.equal(read.files, [join(rig.work, '.gowardenrc.yaml'), join(rig.work, 'base.json')])
      const none = await rig.gowarden(['policy'], {cwd: rig.folder})
      assert.match(none.stdout, /^policy +no policy file counts in /)
      assert.is(JSON.parse((await rig.gowarden(['policy', '--schema'])).stdout).title, 'gowarden policy')
    })
  })

  const denying = `flags: {deny: [-mod=mod, -toolexec]}
env:
  deny:
    - GONOSUMDB
    - GOSUMDB=off
    - {name: GOFLAGS, from: go env -w}
`
  const denied: [words: string[], env: Record<string, string>, said: RegExp, source: RegExp][] = [
    [['list', '-mod=mod', '.'], {}, /error: policy denies the flag -mod=mod/, /given by +the command line\n/],
    [['list', '--mod', 'mod', '.'], {}, /error: policy denies the flag -mod=mod/, /the command line\n/],
    [['vet', '-toolexec', 'time', '.'], {}, /error: policy denies the flag -toolexec/, /the command line\n/],
    [
      ['list', '.'],
      {GOFLAGS: '-v -mod=mod'},
      /error: policy denies the flag -mod=mod/,
      /GOFLAGS in the environment\n/,
    ],
    [['mod', 'tidy'], {GOFLAGS: '-mod=mod'}, /\[FLAG_DENIED\]/, /GOFLAGS in the environment\n/],
    [['get', '.'], {GONOSUMDB: 'a.b'}, /error: policy denies GONOSUMDB/, /set by +the environment\n/],
    [
      ['mod', 'download'],
      {GOSUMDB: 'off'},
      /error: policy denies GOSUMDB=off/,
      /denied by +\S.*rc\.yaml:5\n/,
    ],
    [['list', '.'], {GOENV: 'FILE'}, /error: policy denies GOFLAGS/, /set by +\S.*\/own:2\n/],
    [['list', '.'], {GOENV: 'FILE'}, /hint: go env -u GOFLAGS/, /rc\.yaml:6\n/],
  ]
  const allowed: [words: string[], env: Record<string, string>][] = [
    [['list', '-mod=readonly', '.'], {}],
    [['list', '.', '-mod=mod'], {}],
    [['list', '.'], {GOFLAGS: '-v'}],
    [['env', 'GOFLAGS'], {GOFLAGS: '-mod=mod'}],
    [['mod', 'tidy'], {GONOSUMDB: ''}],
  ]

  test('flags and variables that policy denies are refused, each with its source, beside a stored plan too', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': denying, '../own': '# mine\nGOFLAGS=-v\n'})
      rig.env['GOSUMDB'] = 'sum.golang.org'
      rig.env['GONOSUMDB'] = ''
      delete rig.env['GOFLAGS']
      // A plan is there once nothing it rests on is fresh any more.
      let isStored = false
      for (let tries = 0; tries < 20 && !isStored; tries += 1) {
        const {stderr} = await rig.go(['list', '.'], {env: {GOWARDEN_DEBUG: '1'}})
        isStored = stderr.includes(' is fresh\n')
      }
      assert.ok(isStored)
      for (const [words, env, said, source] of denied) {
        const own = env['GOENV'] === undefined ? env : {GOENV: join(rig.folder, 'own')}
        const ended = await rig.go(words, {env: own})
        assert.equal([ended.code, ended.stdout], [1, ''], `${words.join(' ')} ${ended.stderr}`)
        assert.match(ended.stderr, said)
        assert.match(ended.stderr, source)
      }
      for (const [words, env] of allowed) {
        const ended = await rig.go(words, {env})
        assert.not.match(ended.stderr, /DENIED/, words.join(' '))
      }
      const {stderr} = await rig.go(['list', '.'], {env: {GOWARDEN_DEBUG: '1'}})
      assert.match(stderr, / is fresh\n/)
      // what stands behind -C is judged by the policy there
      const from = await rig.go(['-C', rig.work, 'mod', 'tidy'], {cwd: '/', env: {GOFLAGS: '-mod=mod'}})
      assert.match(from.stderr, /\[FLAG_DENIED\]/)
      // a person lowers it, and is told each time
      for (let times = 0; times < 2; times += 1) {
        const env = {GONOSUMDB: 'a.b', GOWARDEN_LEVELS: 'ENV_DENIED=warn'}
        const lowered = await rig.go(['list', '.'], {env})
        assert.equal([lowered.code, lowered.stdout], [0, 'tiny\n'])
        assert.match(lowered.stderr, /warning: policy denies GONOSUMDB/)
      }
    })
  })

  const versions: [rule: string, said: RegExp | undefined][] = [
    [`go${machine.version.slice(2)}`, undefined],
    ['go1.20.1', /policy requires go1\.20\.1, but this build would use \S+ \[TOOLCHAIN_VERSION\]/],
    ['">=go1.21 <go1.22"', /requires >=go1\.21 <go1\.22/],
    ['go.mod', /requires go1\.21\.x \(\S.*\/go\.mod:3\)/],
  ]
  test('toolchain.version: exact, a range, and as go.mod says', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      for (const [rule, said] of versions) {
        rig.write({'.gowardenrc.yaml': `toolchain:\n  version: ${rule}\n`})
        const ended = await rig.go(['list', '.'])
        if (said === undefined) {
          assert.equal([ended.code, ended.stdout], [0, 'tiny\n'], ended.stderr)
          continue
        }
        assert.is(ended.code, 1)
        assert.match(ended.stderr, said)
        assert.match(ended.stderr, /chosen by +the go command /)
        assert.match(ended.stderr, /required by +\S.*\.gowardenrc\.yaml:2\n/)
        assert.is((await rig.go(['mod', 'verify'])).code, 0, 'what compiles nothing runs')
      }
      // the toolchain that Go 1.21 is, chosen by GOTOOLCHAIN
      const env = {GOTOOLCHAIN: 'go1.21.13', GOWARDEN_CACHE: 'isolate'}
      assert.equal((await rig.go(['list', '.'], {env})).code, 0)
      rig.write({'.gowardenrc.yaml': 'toolchain: {version: go1.26.x}\n'})
      assert.match(
        (await rig.go(['list', '.'], {env})).stderr,
        /chosen by +GOTOOLCHAIN=go1\.21\.13 in the environment\n/,
      )
    })
  })

  test('toolchain.proven: the published toolchain, another under its version, and a go1.X.Y on PATH', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'toolchain: {proven: true}\n'})
      const env = {GOTOOLCHAIN: 'go1.25.3', GOWARDEN_CACHE: 'isolate'}
      const proven = await rig.go(['list', '.'], {env})
      assert.equal([proven.code, proven.stdout], [0, 'tiny\n'], proven.stderr)

      const goroot = (await rig.bareGo(['env', 'GOROOT'], {env: {GOTOOLCHAIN: 'go1.25.3'}})).stdout.trim()
      const twin = makeTwin(join(rig.folder, 'twin'), {from: goroot})
      const through = {PATH: `${root}/bin:${twin}/bin:${rig.env['PATH']}`, GOWARDEN_CACHE: 'isolate'}
      const other = await rig.go(['list', '.'], {env: through})
      assert.is(other.code, 1)
      assert.match(
        other.stderr,
        /go1\.25\.3\S* in .* is not the toolchain that go\.dev publishes under this version \[TOOLCHAIN_NOT_UPSTREAM\]/,
      )
      assert.match(other.stderr, /published +h1:OsvRiFtt0A9JsTaoQsnFK4wKOOAY2UtJvkOT\+Djl7tQ=\n/)

      const tools = join(rig.folder, 'tools')
      mkdirSync(tools)
      writeProgram(join(tools, 'go1.25.3'), `#!/bin/sh\nexec '${goroot}/bin/go' "$@"\n`)
      const found = await rig.go(['list', '.'], {env: {...env, PATH: `${rig.env['PATH']}:${tools}`}})
      assert.is(found.code, 1)
      assert.match(
        found.stderr,
        /nothing proves go1\.25\.3\S* .*: go runs .*\/tools\/go1\.25\.3, a program of its own that it found on PATH.* \[TOOLCHAIN_UNPROVEN\]/,
      )
    })
  })
})
