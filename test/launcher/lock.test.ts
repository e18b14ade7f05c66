/** gowarden.lock at every build, and toolchains that gowarden installed as the go that runs. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import {moduleCacheWithToolchains, publish} from '../support/own-proxy.ts'
import {machine, type Rig, root, tiny, withRig, writeFiles} from '../support/rig.ts'
import {shells, withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin} from '../support/twin.ts'

/** The ToolchainHash of the go that runs in the rig. */
async function hashHere(rig: Rig, env: Record<string, string> = {}): Promise<string> {
  const ended = await rig.go(['list', '-f', '{{.ToolchainHash}}', '.'], {env})
  assert.is(ended.code, 0, ended.stderr)
  return ended.stdout.trim()
}

const lockOf = (...hashes: string[]) =>
  `gowarden lock 1\n${hashes.map(hash => `${hash} sum.golang.org\n`).join('')}`

const other = (hash: string) => hash.replace(/@h1:.{10}/, '@h1:AAAAAAAAAA')

/** Builds until a stored plan is followed; what it says of that. */
async function settle(rig: Rig): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    const ended = await rig.go(['list', '.'], {env: {GOWARDEN_DEBUG: '1'}})
    assert.is(ended.code, 0, ended.stderr)
    if (ended.stderr.includes(' is fresh\n')) return
    await new Promise(resolve => setTimeout(resolve, 30))
  }
  throw new Error('no plan is ever kept')
}

suite('launcher/lock', test => {
  test('the locked toolchain builds, by a stored plan; another lock is refused by the very next build, and so is damage', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const hash = await hashHere(rig)
      await settle(rig)
      rig.write({'gowarden.lock': lockOf(hash)})
      await settle(rig)

      rig.write({'gowarden.lock': lockOf(other(hash))})
      const refused = await rig.go(['build', '-o', 'x', '.'])
      assert.is(refused.code, 1)
      assert.match(
        refused.stderr,
        `${rig.work}/gowarden.lock locks another toolchain than this build would use [LOCK_MISMATCH]`,
      )
      assert.match(refused.stderr, `locked     ${other(hash)}\n`)
      assert.match(refused.stderr, `this       ${hash}  ${machine.goroot}\n`)
      assert.match(refused.stderr, `chosen by  the go command ${machine.goroot}/bin/go\n`)
      assert.match(refused.stderr, 'hint: gowarden install && export GOWARDEN_GO=installed\n')
      assert.not.ok(existsSync(join(rig.work, 'x')))

      rig.write({'gowarden.lock': '<<<<<<< HEAD\n'})
      const damaged = await rig.go(['vet', '.'])
      assert.is(damaged.code, 1)
      assert.match(damaged.stderr, /gowarden\.lock:1: a conflict marker \(<{7}\) \[LOCK_DAMAGED\]/)

      rmSync(join(rig.work, 'gowarden.lock'))
      symlinkSync('nothing', join(rig.work, 'gowarden.lock'))
      assert.match((await rig.go(['build', '.'])).stderr, /a link to nothing \[LOCK_DAMAGED\]/)
      rmSync(join(rig.work, 'gowarden.lock'))
      assert.is((await rig.go(['list', '.'])).code, 0)
    })
  })

  test('a lock without this platform is refused, with the command that adds it', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      rig.write({
        'gowarden.lock': lockOf((await hashHere(rig)).replace(/\.\w+-\w+@/, '.plan9-386@')),
      })
      const refused = await rig.go(['build', '.'])
      assert.is(refused.code, 1)
      assert.match(refused.stderr, /locks no toolchain for \S+ \[LOCK_PLATFORM\]\n.*--platform \S*plan9\/386/)
    })
  })

  test('a twin that says the same version is refused, and the locked GOROOT builds', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      rig.write({'gowarden.lock': lockOf(await hashHere(rig))})
      const twin = makeTwin(join(rig.folder, 'twin'))
      const refused = await rig.go(['build', '.'], {
        env: {PATH: `${root}/bin:${twin}/bin:${rig.env['PATH']}`, GOWARDEN_CACHE: 'isolate'},
      })
      assert.is(refused.code, 1)
      assert.match(refused.stderr, /LOCK_MISMATCH/)
      assert.match(refused.stderr, `  ${twin}\n`)
    })
  })

  test('what is no toolchain of Go compiles nothing where one is locked', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      rig.write({'gowarden.lock': lockOf(await hashHere(rig))})
      for (const [words, env] of [
        [['build', '-compiler=gccgo', '.'], {}],
        [['vet', '.'], {GOFLAGS: '-compiler=gccgo'}],
      ] as const) {
        const refused = await rig.go(words, {env})
        assert.is(refused.code, 1)
        assert.match(
          refused.stderr,
          /this +gccgo {2}not Go's own compiler\n.*chosen by {2}-compiler=gccgo (on|in)/,
        )
        assert.match(refused.stderr, `hint: go ${words[0]} -compiler=gc\n`)
      }
      // As gccgo's GOROOT=/usr is: go says what is missing, and would compile with another compiler.
      const GOROOT = join(rig.folder, 'usr')
      writeFiles(GOROOT, {'src/x': ''})
      const none = await rig.go(['build', '.'], {env: {GOROOT}})
      assert.is(none.code, 1)
      assert.match(none.stderr, /LOCK_MISMATCH[\s\S]*holds no toolchain of Go's\n[\s\S]*hint: unset GOROOT\n/)

      // A GOROOT without a compiler builds with the one that -toolexec starts in its place.
      const twin = makeTwin(join(rig.folder, 'twin'))
      const [platform = ''] = readdirSync(join(twin, 'pkg/tool'))
      rmSync(join(twin, 'pkg/tool', platform, 'compile'))
      const start = join(rig.folder, 'start')
      writeFileSync(
        start,
        `#!/bin/sh\ncase $1 in */compile) shift; exec "${machine.goroot}/pkg/tool/${platform}/compile" "$@" ;; esac\nexec "$@"\n`,
      )
      chmodSync(start, 0o755)
      const env = {PATH: `${root}/bin:${twin}/bin:${rig.env['PATH']}`, GOWARDEN_CACHE: 'isolate'}
      const started = await rig.go(['build', `-toolexec='${start}'`, '.'], {env})
      assert.is(started.code, 1)
      assert.match(started.stderr, /LOCK_MISMATCH/)
    })
  })

  test('what go switches to is what the lock is held against', async () => {
    await withRig(async rig => {
      const older = {GOTOOLCHAIN: 'go1.25.3', GOWARDEN_CACHE: 'isolate'}
      rig.write(tiny)
      const [own, switched] = [await hashHere(rig), await hashHere(rig, older)]
      assert.match(switched, /^go1\.25\.3\./)
      rig.write({'gowarden.lock': lockOf(switched)})
      assert.is((await rig.go(['list', '.'], {env: older})).code, 0)
      const refused = await rig.go(['list', '.'], {env: {GOWARDEN_CACHE: 'isolate'}})
      assert.match(refused.stderr, /LOCK_MISMATCH[\s\S]*hint: export GOTOOLCHAIN=go1\.25\.3\n/)
      rig.write({'gowarden.lock': lockOf(own)})
      const other = await rig.go(['list', '.'], {env: older})
      assert.match(other.stderr, /LOCK_MISMATCH[\s\S]*chosen by {2}GOTOOLCHAIN=go1\.25\.3 in the environment/)
    })
  })

  test('for pkg@version a newer toolchain than the locked one compiles only where go switches from the locked one to it', async () => {
    await withRig(async rig => {
      const proxy = await publish(rig, {
        'plain@v1.0.0': {'go.mod': 'module example.com/plain\n\ngo 1.21\n', 'main.go': tiny['main.go']},
        'newer@v1.0.0': {'go.mod': 'module example.com/newer\n\ngo 1.27.4\n', 'main.go': tiny['main.go']},
      })
      const env = {
        GOTOOLCHAIN: 'auto',
        GOWARDEN_CACHE: 'isolate',
        GOPROXY: `file://${proxy.replaceAll(' ', '%20')},${process.env['GOPROXY'] ?? 'https://proxy.golang.org'}`,
        GONOSUMDB: 'example.com',
        GOMODCACHE: await moduleCacheWithToolchains(rig),
        GOFLAGS: '-modcacherw',
      }
      rig.write(tiny)
      const own = await hashHere(rig, env)
      const older = own.replace(/^go[\d.]+\d/, 'go1.25.3')
      const rows: [gotoolchain: string, target: string, locked: string, code: number][] = [
        ['auto', 'plain', own, 0],
        ['auto', 'newer', own, 0],
        [`${machine.version}+auto`, 'newer', own, 0],
        ['auto', 'plain', older, 1],
        ['auto', 'newer', older, 1],
        ['path', 'plain', older, 1],
        ['go1.27.4+auto', 'plain', own, 1],
      ]
      for (const [GOTOOLCHAIN, target, locked, code] of rows) {
        rig.write({'gowarden.lock': lockOf(locked)})
        const words = ['install', '-n', `example.com/${target}@v1.0.0`]
        const ended = await rig.go(words, {env: {...env, GOTOOLCHAIN}})
        assert.is(ended.code, code, `${GOTOOLCHAIN} ${target} ${ended.stderr}`)
        if (code === 0) continue
        const [version] = locked.match(/^go[\d.]+\d/) ?? []
        assert.match(ended.stderr, /LOCK_MISMATCH/)
        assert.match(ended.stderr, `hint: export GOTOOLCHAIN=${version}+auto\n`)
      }
    })
  })

  test('what compiles nothing runs under any toolchain, and GOWARDEN=off is a way out', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      rig.write({'gowarden.lock': lockOf(other(await hashHere(rig)))})
      for (const words of [['version'], ['env', 'GOROOT'], ['mod', 'edit', '-json'], ['fmt', '.']])
        assert.is((await rig.go(words)).code, 0, words.join(' '))
      assert.is((await rig.go(['list', '.'], {env: {GOWARDEN: 'off'}})).code, 0)
      const lowered = await rig.go(['list', '.'], {env: {GOWARDEN_LEVELS: 'LOCK_MISMATCH=warn'}})
      assert.is(lowered.code, 0)
      assert.match(lowered.stderr, /warning: .*LOCK_MISMATCH/)
      const silent = await rig.go(['list', '.'], {env: {GOWARDEN_LEVELS: 'LOCK_MISMATCH=off'}})
      assert.is(silent.code, 2)
    })
  })

  for (const {name, words: shell, missing} of shells) {
    test.unless(
      missing,
      `the go that runs is the one of the nearest lock, else the default, under ${name}`,
      async () => {
        await withRig(async rig => {
          const toolchains = join(rig.folder, 'data/gowarden/go')
          const names = ['go1.26.8-AbC_Ef+GhIjK', 'go1.26.9-bbbbbbbbbbbb']
          for (const at of names) {
            writeFiles(join(toolchains, at), {'bin/go': `#!/bin/sh\necho ${at}\n`, 'pkg/tool/x': ''})
            chmodSync(join(toolchains, at, 'bin/go'), 0o755)
          }
          writeFileSync(join(toolchains, 'default'), 'go1.26.9-bbbbbbbbbbbb\n')
          const bin = join(rig.folder, 'bin')
          mkdirSync(bin)
          const env = {XDG_DATA_HOME: join(rig.folder, 'data'), PATH: `${root}/bin:${bin}`}
          const version = async (more: Record<string, string> = {}, cwd = rig.work) =>
            (await rig.go(['version'], {shell, env: {...env, ...more}, cwd})).stdout.trim()
          assert.is(await version(), names[1])
          const tail = 'x'.repeat(31)
          rig.write({
            'a/b/x': '',
            // Its last line need not end with a newline.
            'gowarden.lock': lockOf(
              `go1.26.8.plan9-386@h1:ZZZZ${'z'.repeat(39)}=`,
              `go1.26.8.linux-amd64@h1:AbC/Ef+GhIjK${tail}=`,
            ).trimEnd(),
          })
          assert.is(await version({}, join(rig.work, 'a/b')), names[0])
          // A go on PATH runs, unless the person says otherwise.
          writeFileSync(join(bin, 'go'), '#!/bin/sh\necho of PATH\n')
          chmodSync(join(bin, 'go'), 0o755)
          assert.is(await version(), 'of PATH')
          assert.is(await version({GOWARDEN_GO: 'installed'}), names[0])
          rig.write({'gowarden.lock': lockOf(`go1.26.7.linux-amd64@h1:${'c'.repeat(43)}=`)})
          const none = await rig.go(['version'], {shell, env: {...env, GOWARDEN_GO: 'installed'}})
          assert.is(none.code, 127)
          assert.match(none.stderr, /is not installed\n.*hint: gowarden install\n/)
          const odd = await rig.go(['version'], {shell, env: {...env, GOWARDEN_GO: 'instaled'}})
          assert.is(odd.code, 2)
          rmSync(join(bin, 'go'))
          const missing = await rig.go(['version'], {shell, env})
          assert.is(missing.code, 127)
          assert.match(missing.stderr, /or install one without root: gowarden install/)
        })
      },
    )
  }

  test('a lock names no program but an installed one', async () => {
    await withRig(async rig => {
      const env = {XDG_DATA_HOME: join(rig.folder, 'data'), PATH: `${root}/bin`, GOWARDEN_GO: 'installed'}
      writeFiles(join(rig.folder, 'data/gowarden'), {'x/bin/go': '#!/bin/sh\necho evil\n'})
      chmodSync(join(rig.folder, 'data/gowarden/x/bin/go'), 0o755)
      for (const line of [
        'go1/../../x/../../@h1:aaaaaaaaaaaa',
        'go1.26.8.linux-amd64@h1:../../../../x',
        '../x',
        '',
      ]) {
        rig.write({'gowarden.lock': `gowarden lock 1\n${line}\n`})
        const ended = await rig.go(['version'], {env})
        assert.is(ended.code, 127, line)
      }
    })
  })

  test('a real toolchain, installed without a go, builds what its lock locks; a flipped byte is found', async () => {
    await withRig(async rig => {
      const bin = join(rig.folder, 'no-go')
      mkdirSync(bin)
      symlinkSync(process.execPath, join(bin, 'node'))
      Object.assign(rig.env, {
        PATH: `${root}/bin:${bin}:/usr/bin:/bin`,
        XDG_DATA_HOME: join(rig.folder, 'data'),
        GOPROXY: `${rig.env['GOPROXY'] ?? 'https://proxy.golang.org'}`,
      })
      rig.write({...tiny, 'go.mod': 'module tiny\n\ngo 1.25.3\n'})
      const locked = await rig.gowarden(['lock', '--platform', 'linux/amd64'])
      assert.is(locked.code, 0, locked.stderr)
      const installed = await rig.gowarden(['install', '--goroot'])
      assert.is(installed.code, 0, installed.stderr)
      const goroot = installed.stdout.trim()
      // From here on without a network.
      Object.assign(rig.env, {GOPROXY: 'off'})
      const built = await rig.go(['build', '-o', 'x', '.'])
      assert.is(built.code, 0, built.stderr)
      const stamp = (await rig.gowarden(['inspect', '--json', 'x'])).stdout
      const [line = ''] = readFileSync(join(rig.work, 'gowarden.lock'), 'utf8').match(/^go1\S+/m) ?? []
      assert.ok(stamp.includes(line), stamp)
      assert.is((await rig.gowarden(['lock', '--check'])).code, 0)
      assert.match((await rig.gowarden(['doctor'])).stdout, /^real go .*\(installed by gowarden\)$/m)

      // In a tool: the next build.
      const tool = join(goroot, 'pkg/tool/linux_amd64/asm')
      chmodSync(tool, 0o755)
      const bytes = readFileSync(tool)
      bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1
      writeFileSync(tool, bytes)
      const refused = await rig.go(['build', '-o', 'x', '.'])
      assert.is(refused.code, 1)
      assert.match(refused.stderr, /LOCK_MISMATCH/)
      assert.match(refused.stderr, /is not what gowarden installed there \[GOROOT_CHANGED\]/)
      const repaired = await rig.gowarden(['install', '--repair'])
      assert.match(repaired.stdout, `differs: ${tool}\n`)
      assert.is((await rig.go(['build', '-o', 'x', '.'])).code, 0)

      // A name more: the next build.
      const errors = join(goroot, 'src/errors')
      chmodSync(errors, 0o755)
      copyFileSync(join(errors, 'errors.go'), join(errors, 'zz_test.go'))
      assert.match((await rig.go(['build', '-o', 'x', '.'])).stderr, /GOROOT_CHANGED/)
      await rig.gowarden(['install', '--repair'])

      // In a source: doctor.
      const source = join(errors, 'errors.go')
      chmodSync(source, 0o644)
      const text = readFileSync(source)
      text[10] = (text[10] ?? 0) ^ 1
      writeFileSync(source, text)
      const sick = await rig.gowarden(['doctor'])
      assert.is(sick.code, 1)
      assert.match(sick.stdout + sick.stderr, /GOROOT_CHANGED/)
      await rig.gowarden(['install', '--repair'])
      // What was compiled within a minute of the tool's return may still be the other's: a person says that nothing ran then.
      assert.is((await rig.gowarden(['cache', 'adopt'])).code, 0)
      const well = await rig.gowarden(['doctor'])
      assert.is(well.code, 0, well.stdout + well.stderr)
      makeRemovable(goroot)
    })
  })
})

/** Its folders are read-only. */
function makeRemovable(folder: string): void {
  for (const entry of readdirSync(folder, {recursive: true, withFileTypes: true}))
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755)
  chmodSync(folder, 0o755)
  chmodSync(dirname(folder), 0o755)
}
