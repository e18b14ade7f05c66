/** The gowarden command as a user types it. */
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, root, tiny, withRig} from './support/rig.ts'
import {withFilledRig, withKnownRig} from './support/shells.ts'
import {suite} from './support/suite.ts'
import {makeTwin, writeProgram} from './support/twin.ts'

const verbs = [
  'enable',
  'disable',
  'inspect',
  'doctor',
  'cache',
  'cache status',
  'cache adopt',
  'policy',
  'explain',
]

suite('cli', test => {
  for (const verb of verbs) {
    test(`${verb} --help`, async () => {
      await withRig(async rig => {
        const {code, stdout, stderr} = await rig.gowarden([...verb.split(' '), '--help'])
        assert.equal([code, stderr], [0, ''])
        assert.match(stdout, new RegExp(`^Usage: gowarden ${verb}`))
      })
    })
  }

  test('version prints what --version does, and which commit, engine and folder that is', async () => {
    await withRig(async rig => {
      const flag = await rig.gowarden(['--version'])
      assert.match(flag.stdout, /^\d+\.\d+\.\d+\S*\n$/)
      const {stdout} = await rig.gowarden(['version'])
      const [version, commit = '', engine, folder] = stdout.split('\n')
      assert.is(`${version}\n`, flag.stdout)
      assert.match(commit, /^commit {2}([0-9a-f]{40}(-dirty)?|unknown)$/)
      assert.is(engine, `engine  Node ${process.versions.node}, ${process.platform}-${process.arch}`)
      assert.is(folder, `folder  ${root}`)
      const json = JSON.parse((await rig.gowarden(['version', '--json'])).stdout)
      assert.equal([`${json.version}\n`, json.standalone, json.folder], [flag.stdout, false, root])
    })
  })

  test('a wrong call is one clear sentence and exit 2', async () => {
    await withRig(async rig => {
      const wrong: [words: string[], text: RegExp][] = [
        [['nosuch'], /gowarden: error: unknown command 'nosuch'/],
        [['inspect'], /no file is named/],
        [['doctor', '--nosuch'], /unknown option '--nosuch'/],
        [['explain', 'CACHE_FORIEGN'], /did you mean gowarden explain CACHE_FOREIGN\?/],
      ]
      for (const [words, text] of wrong) {
        const {code, stdout, stderr} = await rig.gowarden(words)
        assert.equal([code, stdout], [2, ''], words.join(' '))
        assert.match(stderr, text)
      }
    })
  })

  test('doctor shows what would be refused, and exits 1', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      assert.is((await rig.go(['list', '.'])).code, 0)
      const twin = makeTwin(join(rig.folder, 'twin'))
      const env = {PATH: `${root}/bin:${twin}/bin:${rig.env['PATH']}`}
      const {code, stdout} = await rig.gowarden(['doctor'], {env})
      assert.is(code, 1)
      assert.match(stdout, /\[CACHE_FOREIGN\]/)
      assert.match(stdout, /go build here is guarded, and would be refused or fail \(CACHE_FOREIGN\)/)
    })
  })

  test('a GOROOT of another go is refused before the compiler is', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const other = (await rig.bareGo(['env', 'GOROOT'], {env: {GOTOOLCHAIN: 'go1.25.3'}})).stdout.trim()
      const {code, stderr} = await rig.go(['build', '.'], {env: {GOROOT: other}})
      assert.is(code, 1)
      assert.match(stderr, /\[GOROOT_MISMATCH\]/)
      assert.match(stderr, /hint: let go find its own: unset GOROOT/)
      // the same version in another place, with another go command
      const twin = makeTwin(join(rig.folder, 'twin'))
      assert.is(
        (await rig.go(['list', '.'], {env: {GOROOT: twin}})).code,
        0,
        'the same go command may run it',
      )
      writeProgram(join(twin, 'bin/go'), '#!/bin/sh\n')
      const mixed = await rig.go(['list', '.'], {env: {GOROOT: twin, GOWARDEN_CACHE: 'isolate'}})
      assert.is(mixed.code, 1)
      assert.match(mixed.stderr, /\[GOROOT_MISMATCH\]/)
    })
  })

  test('cache status, in an empty cache, a shared one and a foreign one', async () => {
    await withFilledRig(async rig => {
      rig.write(tiny)
      const empty = await rig.gowarden(['cache', 'status'], {env: {GOCACHE: join(rig.folder, 'empty')}})
      assert.equal([empty.code, empty.stderr], [0, ''])
      assert.match(empty.stdout, /^owner +none recorded$/m)
      assert.is((await rig.go(['build', '.'])).code, 0)
      const ours = await rig.gowarden(['cache', 'status'])
      assert.match(ours.stdout, new RegExp(`^owner +${machine.version}\\S+@h1:\\S+ +${machine.goroot}$`, 'm'))
      assert.match(ours.stdout, new RegExp(`^holds +[1-9]\\d* package objects of ${machine.version}$`, 'm'))
      const foreign = await rig.gowarden(['cache', 'status', '--json'], {env: {GOTOOLCHAIN: 'go1.25.3'}})
      assert.is(foreign.code, 1)
      assert.is(JSON.parse(foreign.stdout).findings[0].code, 'CACHE_FOREIGN')
    })
  })

  test('a corrupt owner record is refused with its name, and adopt mends it', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const record = join(rig.cache, '00/gowarden-owner.json')
      for (const text of [
        '',
        '{',
        '[]',
        '{"format": 2}',
        '{"format": 1, "owners": []}',
        '{"format": 1, "owners": [{"hash": 1}]}',
        '\0\xff',
      ]) {
        mkdirSync(join(rig.cache, '00'), {recursive: true})
        writeFileSync(record, text)
        const refused = await rig.go(['list', '.'])
        assert.equal([refused.code, refused.stdout], [1, ''], text)
        assert.ok(refused.stderr.includes(`cannot read ${record}, so it is not known`), refused.stderr)
        assert.is((await rig.gowarden(['cache', 'adopt'])).code, 0)
        assert.is((await rig.go(['list', '.'])).code, 0)
        rmSync(record)
      }
    })
  })

  test('explain prints the page of a code', async () => {
    await withRig(async rig => {
      const {code, stdout} = await rig.gowarden(['explain', 'cache_foreign'])
      assert.is(code, 0)
      assert.match(stdout, /^## CACHE_FOREIGN\n/)
      assert.not.match(stdout, /CACHE_UNMARKED_FOREIGN\n/)
    })
  })

  test('without a go on PATH everything says so, and exits 127', async () => {
    await withRig(async rig => {
      for (const words of [['doctor'], ['cache', 'status']]) {
        const {code, stderr} = await rig.gowarden(words, {env: {PATH: '/nowhere'}})
        assert.is(code, 127)
        assert.match(
          stderr,
          /no go on PATH[\s\S]*hint: (put the one that is there on PATH: export PATH=|install one without root: gowarden lock)/,
        )
      }
      // Where a lock names one, the command that brings it is all that is said.
      const h1 = `h1:${'A'.repeat(43)}=`
      rig.write({'gowarden.lock': `gowarden lock 1\ngo1.26.8.linux-amd64@${h1} sum.golang.org\n`})
      const locked = await rig.gowarden(['doctor'], {env: {PATH: '/nowhere'}})
      assert.is(
        locked.stderr,
        'gowarden: error: no go on PATH, and the toolchain of gowarden.lock is not installed\ngowarden: hint: gowarden install\n',
      )
    })
  })
})
