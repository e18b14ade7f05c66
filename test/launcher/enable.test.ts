/** What `gowarden enable` puts into a folder, and that builds through it are guarded or refused whatever becomes of the package. */
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, type Rig, root, runProgram, tiny, withRig} from '../support/rig.ts'
import {noNode, withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {writeProgram} from '../support/twin.ts'

const names = ['go', 'gowarden', 'gowarden-engine', 'gowarden-node']
const behind = `${machine.goroot}/bin:/usr/bin:/bin`

/** A package of its own, without what no launcher needs; returns its folder. */
function copyPackage(folder: string): string {
  mkdirSync(folder, {recursive: true})
  for (const name of ['bin', 'dist', 'config', 'docs', 'package.json'])
    cpSync(join(root, name), join(folder, name), {recursive: true})
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

async function enableFrom(rig: Rig, at: string, words: string[] = []) {
  return await runProgram(process.execPath, [join(at, 'bin/gowarden'), 'enable', ...words], {
    cwd: rig.work,
    env: rig.env,
  })
}

suite('enable', test => {
  test('the launcher is a copy, and says the line of each shell; disable removes it', async () => {
    await withKnownRig(async rig => {
      const folder = join(rig.folder, "my go's bin")
      const enabled = await rig.gowarden(['enable', folder], {env: {SHELL: undefined}})
      assert.is(enabled.code, 0, enabled.stderr)
      for (const shell of ['sh', 'bash', 'zsh', 'fish'])
        assert.match(enabled.stdout, new RegExp(`^  ${shell} +~/`, 'm'))
      assert.ok(lstatSync(join(folder, 'go')).isFile())
      assert.is(readFileSync(join(folder, 'go'), 'utf8'), readFileSync(join(root, 'bin/go'), 'utf8'))

      // from a PATH without Node
      rig.write(tiny)
      const env = {PATH: `${folder}:${behind}`}
      const checked = await rig.gowarden(['enable', '--check'], {env})
      assert.is(checked.code, 0, checked.stdout)
      assert.is(
        (await runProgram(join(folder, 'go'), ['list', '.'], {cwd: rig.work, env: {...rig.env, ...env}}))
          .stdout,
        'tiny\n',
      )

      const disabled = await rig.gowarden(['disable', folder])
      assert.is(disabled.code, 0)
      assert.match(disabled.stdout, /hash -r/)
      for (const name of names) assert.not(existsSync(join(folder, name)), name)
      assert.match((await rig.gowarden(['disable', folder])).stdout, /gowarden is not installed in /)
    })
  })

  for (const shell of ['sh', 'bash', 'zsh', 'fish'] as const) {
    const missing = ['/bin', '/usr/bin'].some(at => existsSync(`${at}/${shell}`))
      ? undefined
      : `${shell} is not installed`
    test.unless(missing, `the line for ${shell} puts the launcher first`, async () => {
      await withRig(async rig => {
        const folder = join(rig.folder, 'a $HOME "quoted" `b')
        const enabled = await rig.gowarden(['enable', '--all-shells', folder])
        const line = enabled.stdout.match(new RegExp(`^  ${shell} +\\S+  (.*)$`, 'm'))?.[1] ?? ''
        const asked = await runProgram(shell, ['-c', `${line}\ncommand -v go`], {
          cwd: rig.work,
          env: rig.env,
        })
        assert.is(asked.stdout.trim(), `${folder}/go`, asked.stderr)
      })
    })
  }

  test('the line of the shell in use is the only one', async () => {
    await withRig(async rig => {
      const rows: [shell: string, file: string][] = [
        ['/bin/dash', '~/.profile'],
        ['/bin/bash', '~/.bashrc'],
        ['/usr/bin/zsh', '~/.zshrc'],
        ['/opt/homebrew/bin/fish', '~/.config/fish/config.fish'],
      ]
      for (const [shell, file] of rows) {
        const {stdout} = await rig.gowarden(['enable'], {env: {SHELL: shell}})
        assert.match(stdout, `add this line to ${file}, and open a new shell\n`)
        assert.is(stdout.match(/share\/gowarden\/bin/g)?.length, 2, stdout)
        const all = await rig.gowarden(['enable', '--all-shells'], {env: {SHELL: shell}})
        assert.is(all.stdout.match(/share\/gowarden\/bin/g)?.length, 5, all.stdout)
      }
      const unknown = await rig.gowarden(['enable'], {env: {SHELL: '/bin/elvish'}})
      assert.is(unknown.stdout.match(/share\/gowarden\/bin/g)?.length, 5, unknown.stdout)
    })
  })

  test('the line is not asked for again where the file of the shell has it', async () => {
    await withRig(async rig => {
      const [home, folder] = [rig.env['HOME'] ?? '', join(rig.folder, 'my bin')]
      const rows: [shell: string, file: string, line: string][] = [
        ['dash', '.profile', `export PATH="${folder}":"$PATH"`],
        ['bash', '.bashrc', `export PATH="${folder}":"$PATH"`],
        ['zsh', '.zshrc', `export PATH="${folder}":"$PATH"`],
        ['fish', '.config/fish/config.fish', `fish_add_path --prepend --move '${folder}'`],
      ]
      for (const [shell, file, line] of rows) {
        const SHELL = `/bin/${shell}`
        mkdirSync(dirname(join(home, file)), {recursive: true})
        writeFileSync(join(home, file), `# ${line}\n`)
        const asked = await rig.gowarden(['enable', folder], {env: {SHELL}})
        assert.ok(
          asked.stdout.includes(`add this line to ~/${file}, and open a new shell\n  ${line}\n`),
          shell,
        )
        writeFileSync(join(home, file), `umask 022\n  ${line}\n`)
        const {stdout} = await rig.gowarden(['enable', folder], {env: {SHELL}})
        assert.match(
          stdout,
          `~/${file} has the line already that puts this folder first on PATH: open a new shell\n`,
        )
        assert.not.match(stdout, 'add ')
        const late = await rig.gowarden(['enable', folder], {
          env: {SHELL, PATH: `${machine.goroot}/bin:${folder}:/usr/bin:/bin`},
        })
        assert.match(late.stdout, /move the line to the end of the file/)
      }
      const all = await rig.gowarden(['enable', '--all-shells', folder])
      assert.is(all.stdout.match(/ \(has it\) /g)?.length, 4, all.stdout)
      const moved = await rig.gowarden(['enable', folder], {
        env: {SHELL: '/bin/zsh', ZDOTDIR: join(home, 'z')},
      })
      assert.match(moved.stdout, `add this line to ${home}/z/.zshrc, and`)
    })
  })

  test('where the folder is on PATH already, open shells are told to look again', async () => {
    await withRig(async rig => {
      const folder = join(rig.folder, 'bin')
      const {stdout} = await rig.gowarden(['enable', folder], {env: {PATH: `${folder}:${behind}`}})
      assert.match(stdout, /hash -r/)
    })
  })

  test('a machine without go: it is put there all the same, and that is said', async () => {
    await withRig(async rig => {
      const enabled = await rig.gowarden(['enable', join(rig.folder, 'bin')], {env: {PATH: rig.folder}})
      assert.is(enabled.code, 0, enabled.stderr)
      assert.is(enabled.stderr, '')
      assert.match(enabled.stdout, /\ngo resolves to nothing: no go is on PATH\n$/)
    })
  })

  test('a folder that cannot be is answered in a sentence', async () => {
    await withRig(async rig => {
      const file = join(rig.folder, 'file')
      writeFileSync(file, '')
      const rows: [folder: string, code: number, says: RegExp][] = [
        [file, 2, /file is no folder\n.*hint: .*gowarden enable\n$/],
        ['', 2, /the name of a folder is empty/],
        [
          '/proc/none/bin',
          1,
          /writing the launcher into \/proc\/none\/bin: no such file or directory\n.*hint: /,
        ],
      ]
      for (const [folder, code, says] of rows) {
        const ended = await rig.gowarden(['enable', folder])
        assert.is(ended.code, code, ended.stderr)
        assert.match(ended.stderr, says)
      }
      // The folder in use is named without a dot at its end.
      const here = await rig.gowarden(['enable', '.'])
      assert.ok(here.stdout.startsWith(`the launcher is in ${rig.work}\n`), here.stdout)
    })
  })

  test('a go that is not on PATH, in a usual place, is named by the hint, which works', async () => {
    await withRig(async rig => {
      const home = rig.env['HOME'] ?? ''
      for (const version of ['go1.9.7', 'go1.26.8', 'go1.26.10']) {
        mkdirSync(join(home, 'sdk', version, 'bin'), {recursive: true})
        writeProgram(join(home, 'sdk', version, 'bin/go'), '#!/bin/sh\necho it is\n')
      }
      const usual = ['/usr/local/go', '/usr/lib/go', '/snap', '/opt/homebrew'].find(at =>
        existsSync(`${at}/bin/go`),
      )
      const folder = `${usual ?? `${home}/sdk/go1.26.10`}/bin`
      await rig.gowarden(['enable'])
      const env = {PATH: `${home}/.local/share/gowarden/bin:/usr/bin:/bin`}
      for (const words of [['doctor'], ['enable', '--check']]) {
        const {stdout, stderr, code} = await rig.gowarden(words, {env})
        assert.is.not(code, 0)
        const hint = `${stdout}${stderr}`.match(/^gowarden: hint: .*(export PATH=.*)$/m)?.[1] ?? ''
        assert.is(hint, `export PATH="$PATH":${folder}`)
      }
      const refused = await runProgram(join(home, '.local/share/gowarden/bin/go'), ['build'], {
        cwd: rig.work,
        env: {...rig.env, ...env},
      })
      assert.is(refused.code, 127)
      assert.ok(refused.stderr.includes(`:${usual === undefined ? `${home}/sdk/` : folder}`), refused.stderr)
    })
  })

  test('nothing that is not ours is replaced', async () => {
    await withRig(async rig => {
      const rows: [name: string, file: string, put: (path: string) => void][] = [
        ['a file', 'go', path => writeFileSync(path, 'mine')],
        ['a link', 'go', path => symlinkSync(`${machine.goroot}/bin/go`, path)],
        ['a command', 'gowarden', path => writeFileSync(path, '#!/bin/sh\n# mine\n')],
        ['an engine', 'gowarden-engine', path => mkdirSync(path)],
      ]
      for (const [name, file, put] of rows) {
        const folder = join(rig.folder, name)
        mkdirSync(folder)
        put(join(folder, file))
        const refused = await rig.gowarden(['enable', folder])
        assert.equal([refused.code, refused.stdout], [2, ''], name)
        assert.match(refused.stderr, /is there already and is not gowarden's/)
        assert.is((await rig.gowarden(['disable', folder])).code, 0)
        assert.ok(existsSync(join(folder, file)), 'disable leaves it as well')
      }
    })
  })

  test('what an earlier version linked is replaced', async () => {
    await withRig(async rig => {
      const folder = join(rig.folder, 'bin')
      mkdirSync(folder)
      for (const name of ['go', 'gowarden']) symlinkSync(join(root, 'bin', name), join(folder, name))
      symlinkSync(process.execPath, join(folder, 'gowarden-node'))
      assert.is((await rig.gowarden(['enable', folder])).code, 0)
      assert.ok(lstatSync(join(folder, 'go')).isFile())
      assert.is(readlinkSync(join(folder, 'gowarden-engine')), root)
    })
  })

  test('a package that is gone is a refusal with the line that puts it back, and the off switch works', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const at = copyPackage(join(rig.folder, "the clone's folder"))
      const folder = join(rig.folder, 'enabled')
      assert.is((await enableFrom(rig, at, [folder])).code, 0)
      const env = {...rig.env, PATH: `${folder}:${behind}`}
      const run = (program: string, words: string[], more: Record<string, string> = {}) =>
        runProgram(join(folder, program), words, {cwd: rig.work, env: {...env, ...more}})

      const built = await run('go', ['list', '.'])
      assert.equal([built.code, built.stderr], [0, ''])

      renameSync(at, `${at} moved`)
      for (const words of [
        ['build', '.'],
        ['test', '.'],
        ['run', '-race', '.'],
      ]) {
        const refused = await run('go', words, {XDG_CACHE_HOME: join(rig.folder, 'no plan')})
        assert.equal([refused.code, refused.stdout], [127, ''], words.join(' '))
        assert.match(refused.stderr, `gowarden was enabled from ${at}, and is not there any more`)
        assert.match(refused.stderr, 'hint: enable it again, in the folder where gowarden is now: ')
        assert.not(existsSync(join(rig.work, 'tiny')))
      }
      const command = await run('gowarden', ['doctor'])
      assert.equal([command.code, command.stdout], [127, ''])
      assert.match(command.stderr, `gowarden was enabled from ${at}, and is not there any more`)
      assert.is((await run('go', ['list', '.'], {GOWARDEN: 'off'})).stdout, 'tiny\n')
      assert.match((await run('go', ['version'])).stdout, /^go version /)

      // the line of the hint, where it is now
      assert.is((await enableFrom(rig, `${at} moved`, [folder])).code, 0)
      assert.is((await run('go', ['list', '.'])).stdout, 'tiny\n')

      rmSync(join(`${at} moved`, 'dist'), {recursive: true})
      const unbuilt = await run('go', ['vet', '.'], {XDG_CACHE_HOME: join(rig.folder, 'no plan')})
      assert.is(unbuilt.code, 70)
      assert.match(unbuilt.stderr, /its planner, .*planner\.cjs, is missing/)
    })
  })

  test('the gowarden beside it runs from a PATH without Node, by a link as well', async () => {
    await withRig(async rig => {
      const folder = join(rig.folder, 'enabled')
      assert.is((await rig.gowarden(['enable', folder])).code, 0)
      const elsewhere = join(rig.folder, 'elsewhere')
      mkdirSync(elsewhere)
      symlinkSync('../enabled/gowarden', join(elsewhere, 'gowarden'))
      for (const at of [folder, elsewhere]) {
        const words = ['explain', 'CACHE_FOREIGN']
        const env = {HOME: rig.env['HOME'], PATH: '/usr/bin:/bin'}
        const {code, stdout, stderr} = await runProgram(join(at, 'gowarden'), words, {cwd: rig.work, env})
        assert.equal([code, stderr], [0, ''], at)
        assert.match(stdout, /^## CACHE_FOREIGN\n/)
      }
    })
  })

  test('caches of programs that are run once are refused', async () => {
    await withRig(async rig => {
      for (const cache of [
        '.npm/_npx/1a2b',
        '.cache/pnpm/dlx/1a2b',
        'xfs-1/dlx-123',
        'bunx-0-gowarden@latest',
      ]) {
        const at = copyPackage(join(rig.folder, cache, 'node_modules/gowarden'))
        const refused = await enableFrom(rig, at)
        assert.equal([refused.code, refused.stdout], [2, ''], cache)
        assert.match(
          refused.stderr,
          /hint: install gowarden first: npm install -g gowarden && gowarden enable/,
        )
      }
    })
  })

  test('objects of another Go version in GOCACHE: the line that keeps the versions apart, with its reason', async () => {
    await withKnownRig(async rig => {
      const folder = join(rig.folder, 'enabled')
      const line = /also holds objects of go1\.21\.13, .*\n.*\n {2}export GOWARDEN_CACHE=isolate\n/
      assert.not.match((await rig.gowarden(['enable', folder])).stdout, 'isolate')
      mkdirSync(join(rig.cache, '00'), {recursive: true})
      writeFileSync(
        join(rig.cache, `00/${'0'.repeat(64)}-d`),
        '!<arch>\n__.PKGDEF       0           0     0     644     100       `\ngo object linux amd64 go1.21.13 X:none\n',
      )
      assert.match((await rig.gowarden(['enable', folder])).stdout, line)
      const chosen = await rig.gowarden(['enable', folder], {env: {GOWARDEN_CACHE: 'share'}})
      assert.not.match(chosen.stdout, 'isolate')
    })
  })

  test('enable --check says so when go is not gowarden', async () => {
    await withRig(async rig => {
      const goFirst = `${machine.goroot}/bin:/usr/bin:/bin`
      const folder = join(rig.folder, 'my "bin')
      const check = async (env: Record<string, string>) => {
        const {code, stdout} = await rig.gowarden(['enable', '--check'], {env})
        return {code, stdout, hint: stdout.match(/^gowarden: hint: to guard it: (.*)$/m)?.[1] ?? ''}
      }
      const paste = async (hint: string) =>
        (
          await runProgram('sh', ['-c', `${hint} >/dev/null\ncommand -v go`], {
            cwd: rig.work,
            env: {...rig.env, PATH: goFirst},
          })
        ).stdout.trim()

      const bare = await check({PATH: goFirst})
      assert.is(bare.code, 1)
      assert.match(
        bare.stdout,
        `go build here is NOT guarded: ${machine.goroot}/bin/go runs, which is not gowarden\n`,
      )
      // No gowarden is on PATH: the command is named by its path, and works when pasted.
      assert.is(bare.hint, `${root}/bin/gowarden enable`)
      await paste(bare.hint)

      const enabled = await check({PATH: goFirst})
      assert.is(enabled.code, 1)
      assert.is(await paste(enabled.hint), `${rig.env['HOME']}/.local/share/gowarden/bin/go`)

      await rig.gowarden(['enable', folder])
      const behind = await check({PATH: `${goFirst}:${folder}`})
      assert.is(behind.code, 1)
      assert.ok(behind.stdout.includes(`comes before ${folder}/go on PATH`), behind.stdout)
      assert.is(await paste(behind.hint), `${folder}/go`)

      const off = await check({PATH: `${folder}:${goFirst}`, GOWARDEN: 'off'})
      assert.equal([off.code, off.hint], [1, 'unset GOWARDEN'])
    })
  })

  test.unless(
    noNode,
    'an old Node is named by the planner, by the record of GOWARDEN=off, and by the command',
    async () => {
      await withRig(async rig => {
        rig.write(tiny)
        const bin = join(rig.folder, 'old node')
        mkdirSync(bin)
        writeFileSync(
          join(bin, 'old.cjs'),
          `Object.defineProperty(process, 'version', {value: 'v18.20.8'})
Object.defineProperty(process.versions, 'node', {value: '18.20.8'})
delete require('node:crypto').hash
`,
        )
        writeProgram(join(bin, 'node'), `#!/bin/sh\nexec '${process.execPath}' -r '${bin}/old.cjs' "$@"\n`)
        const env = {...rig.env, PATH: `${root}/bin:${bin}:${behind}`}
        const sentence = 'gowarden: error: gowarden needs Node 20.17 or newer, this is v18.20.8\n'
        const run = (file: string, words: string[], more: Record<string, string> = {}) =>
          runProgram(file, words, {cwd: rig.work, env: {...env, ...more}})

        const built = await run(`${root}/bin/go`, ['build', '.'])
        assert.equal([built.code, built.stdout], [1, ''])
        assert.ok(built.stderr.startsWith(sentence), built.stderr)
        assert.not.match(built.stderr, /this is a bug|^ {4}at /m)

        const command = await run(`${root}/bin/gowarden`, ['doctor'])
        assert.equal([command.code, command.stdout], [1, ''])
        assert.ok(command.stderr.startsWith(sentence), command.stderr)
        assert.not.match(command.stderr, /GOWARDEN=off/)

        rig.write({'.gowardenrc.yaml': 'bypass: reason\n'})
        const off = await run(`${root}/bin/go`, ['list', '.'], {GOWARDEN: 'off'})
        assert.equal([off.code, off.stdout], [0, 'tiny\n'])
        assert.ok(off.stderr.startsWith(sentence), off.stderr)
        assert.match(off.stderr, /warning: GOWARDEN=off was not recorded/)
        unlinkSync(join(rig.work, '.gowardenrc.yaml'))
      })
    },
  )
})
