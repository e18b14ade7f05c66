/**
 * gowarden among the other programs that stand in front of go, or call it: docs/company.md tells what each row means for a
 * user. Real programs where they are on PATH. asdf, goenv and Nix's wrappers are not to be had as packages of a registry:
 * there the fixture does what their sources say, and its comment tells which.
 */
import {execFileSync} from 'node:child_process'
import {cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync} from 'node:fs'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import {makeGo} from '../support/fake-go.ts'
import {type Ended, machine, type Rig, root, runProgram, tiny} from '../support/rig.ts'
import {onPath, withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {writeProgram} from '../support/twin.ts'
import {gitAuthor} from '../support/vendored.ts'

const gowarden = `${root}/bin`
const realGo = `${machine.goroot}/bin`
const system = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`

/** Runs a program of PATH there, with that PATH; one line of ours is no finding: reading a GOROOT for the first time. */
async function run(
  rig: Rig,
  path: readonly string[],
  words: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<Ended> {
  const [program = '', ...rest] = words
  const ended = await runProgram(program, rest, {
    cwd: rig.work,
    env: {...rig.env, ...env, PATH: [...path, system].join(':')},
  })
  return {...ended, stderr: ended.stderr.replace(/^gowarden: reading GOROOT .*, this once, .*\n/gm, '')}
}

/** Every stamp that a binary of the work folder carries; none when it is not there. */
async function stampsOf(rig: Rig, file: string): Promise<string[]> {
  const {stdout} = await rig.bareGo(['version', '-m', file])
  return [...stdout.matchAll(/ToolchainHash=([^\s"]+)/g)].map(([, hash = '']) => hash)
}

/** The stamp of the machine's toolchain: what the launcher alone gives. */
async function rightStamp(rig: Rig): Promise<string> {
  const ended = await rig.go(['build', '-o', 'alone', '.'])
  assert.equal([ended.code, ended.stderr], [0, ''])
  const [stamp = ''] = await stampsOf(rig, 'alone')
  assert.match(stamp, /^go\S+@h1:/)
  return stamp
}

/** Builds by `words` and asserts: no output, exit status 0, and one stamp, the right one; or none where nothing of ours can run. */
async function assertBuilt(
  rig: Rig,
  path: readonly string[],
  isGuarded: boolean,
  words: readonly string[] = ['go', 'build', '-o', 'out', '.'],
  env: Record<string, string | undefined> = {},
): Promise<void> {
  const right = await rightStamp(rig)
  rmSync(join(rig.work, 'out'), {force: true})
  const ended = await run(rig, path, words, env)
  assert.equal([ended.code, ended.stdout, ended.stderr], [0, '', ''])
  assert.equal(await stampsOf(rig, 'out'), isGuarded ? [right] : [])
}

/**
 * A version manager with shims: `shims/go` hands over to `NAME exec go`, which runs the chosen go by its path, or for the
 * version "system" the first on PATH that is no shim. Returns the folders for PATH: shims, and the manager's own.
 */
function makeShims(rig: Rig, name: string, exports: string): [shims: string, own: string] {
  const shims = join(rig.folder, name, 'shims')
  const own = join(rig.folder, name, 'bin')
  mkdirSync(shims, {recursive: true})
  mkdirSync(own)
  writeProgram(join(shims, 'go'), `#!/usr/bin/env bash\nexec ${name} exec go "$@"\n`)
  writeProgram(
    join(own, name),
    `#!/usr/bin/env bash
program=$2
shift 2
if [ "\${VERSION-}" = system ]; then
  rest=$(tr : '\\n' <<<"$PATH" | grep -vxF '${shims}' | paste -sd:)
  found=$(PATH=$rest type -P "$program")
  exec -a "$program" "$found" "$@"
fi
${exports}
exec -a "$program" '${realGo}'/"$program" "$@"
`,
  )
  return [shims, own]
}

/** What `NAME exec` exports for an installed version. */
const managers = {
  // asdf 0.16 and newer (internal/shims, internal/execenv) with asdf-golang's exec-env
  asdf: `export ASDF_INSTALL_TYPE=version ASDF_INSTALL_VERSION=1 GOROOT='${machine.goroot}' PATH='${realGo}':"$PATH"`,
  // goenv 2 (libexec/goenv-exec); goenv 3 (internal/shims) writes the same kind of shim
  goenv: `export GOENV_VERSION=1 GOROOT='${machine.goroot}' PATH='${realGo}:${realGo}':"$PATH"`,
}

suite('launcher/company: shims', test => {
  for (const [name, exports] of Object.entries(managers)) {
    test(`${name}: gowarden in front is guarded`, async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        await assertBuilt(rig, [gowarden, ...makeShims(rig, name, exports)], true)
      })
    })

    test(`${name}: shims in front choose a go by its path, and enable --check says so`, async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const [shims, own] = makeShims(rig, name, exports)
        const path = [shims, own, gowarden]
        await assertBuilt(rig, path, false)
        const checked = await run(rig, path, ['gowarden', 'enable', '--check'])
        assert.is(checked.code, 1)
        assert.ok(checked.stdout.includes(`${shims}/go`), checked.stdout)
      })
    })

    for (const order of ['gowarden first', 'shims first']) {
      test(`${name}, version system, ${order}: guarded`, async () => {
        await withWarmRig(async rig => {
          rig.write(tiny)
          const shims = makeShims(rig, name, exports)
          const path = order === 'shims first' ? [...shims, gowarden] : [gowarden, ...shims]
          await assertBuilt(rig, [...path, realGo], true, undefined, {VERSION: 'system'})
        })
      })
    }
  }

  test('a Nix-style wrapper behind gowarden is guarded', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      // as makeWrapper writes it: variables, then a path in the store
      const wrapper = dirname(
        makeGo(
          join(rig.folder, 'profile/bin'),
          `export GOROOT='${machine.goroot}'\nexec '${realGo}/go' "$@"`,
        ),
      )
      await assertBuilt(rig, [gowarden, wrapper], true)
      await assertBuilt(rig, [wrapper, gowarden], false)
    })
  })

  for (const order of ['before', 'behind']) {
    test(`a second gowarden ${order} this one stamps once`, async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const other = join(rig.folder, 'other')
        for (const name of ['bin', 'dist']) cpSync(join(root, name), join(other, name), {recursive: true})
        const both = order === 'before' ? [`${other}/bin`, gowarden] : [gowarden, `${other}/bin`]
        await assertBuilt(rig, [...both, realGo], true)
        // and with a shim between them that finds the second by name
        const shim = dirname(makeGo(join(rig.folder, 'shim'), 'exec go "$@"'))
        const [first = '', second = ''] = both
        await assertBuilt(rig, [first, shim, second, realGo], true)
      })
    })
  }
})

const mise = onPath('mise')
const noMise = mise === undefined ? 'mise is not on PATH: npm install --global mise' : undefined

/** The machine's GOROOT as mise's go of its version. Returns mise's folders and variables. */
async function linkMise(rig: Rig) {
  const own = dirname(mise ?? '')
  const env = {MISE_OFFLINE: '1', MISE_YES: '1', MISE_TRUSTED_CONFIG_PATHS: rig.folder}
  const version = machine.version.slice('go'.length)
  for (const words of [
    ['link', `go@${version}`, machine.goroot],
    ['use', '--global', `go@${version}`],
    ['reshim'],
  ]) {
    const ended = await run(rig, [own], ['mise', ...words], env)
    assert.is(ended.code, 0, ended.stderr)
  }
  return {own, env, version, shims: join(rig.folder, 'home/.local/share/mise/shims')}
}

suite('launcher/company: mise', test => {
  test.unless(noMise, 'shims behind gowarden are guarded; in front they are not', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const {own, env, shims} = await linkMise(rig)
      await assertBuilt(rig, [gowarden, shims, own], true, undefined, env)
      await assertBuilt(rig, [shims, gowarden, own], false, undefined, env)
    })
  })

  test.unless(noMise, 'a mise that leaves go to the system is guarded in both orders', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const {own, env, shims} = await linkMise(rig)
      const without = {...env, MISE_DISABLE_TOOLS: 'go'}
      await assertBuilt(rig, [gowarden, shims, realGo, own], true, undefined, without)
      await assertBuilt(rig, [shims, gowarden, realGo, own], true, undefined, without)
    })
  })

  test.unless(noMise, 'mise activate is guarded when the line of gowarden stands behind it', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const {own, env} = await linkMise(rig)
      const line = `export PATH='${gowarden}':"$PATH"`
      for (const [lines, isGuarded] of [
        [['eval "$(mise activate bash)"', line], true],
        [[line, 'eval "$(mise activate bash)"'], false],
      ] as const) {
        // what an interactive bash does before its second prompt
        const script = [...lines, '_mise_hook', 'cd /', '_mise_hook', `cd '${rig.work}'`, '_mise_hook']
        await assertBuilt(
          rig,
          [own],
          isGuarded,
          ['bash', '-c', [...script, 'go build -o out .'].join('\n')],
          env,
        )
      }
    })
  })

  test.unless(noMise, '_.path in mise.toml puts gowarden in front for mise exec and tasks', async () => {
    await withWarmRig(async rig => {
      rig.write({
        ...tiny,
        'mise.toml': `[env]\n_.path = [${JSON.stringify(gowarden)}]\n\n[tasks]\nbuild = "go build -o out ."\n`,
      })
      const {own, env} = await linkMise(rig)
      await assertBuilt(rig, [own], true, ['mise', 'exec', '--', 'go', 'build', '-o', 'out', '.'], env)
      await assertBuilt(rig, [own], true, ['mise', 'run', '--quiet', 'build'], env)
    })
  })

  test.unless(
    noMise,
    'what go install puts into GOROOT/bin, as with the GOBIN of mise, changes no stamp',
    async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const right = await rightStamp(rig)
        const goroot = join(rig.folder, 'goroot')
        mkdirSync(join(goroot, 'bin'), {recursive: true})
        for (const name of ['VERSION', 'go.env', 'src', 'pkg', 'lib'])
          if (existsSync(join(machine.goroot, name)))
            symlinkSync(join(machine.goroot, name), join(goroot, name))
        for (const name of ['go', 'gofmt']) cpSync(join(realGo, name), join(goroot, 'bin', name))
        const env = {GOBIN: join(goroot, 'bin'), GOCACHE: join(rig.folder, 'its-cache')}
        const path = [gowarden, `${goroot}/bin`]
        for (const words of [
          ['install', '.'],
          ['build', '-o', 'out', '.'],
        ]) {
          const ended = await run(rig, path, ['go', ...words], env)
          assert.equal([ended.code, ended.stderr], [0, ''])
        }
        assert.ok(existsSync(join(goroot, 'bin/tiny')))
        const [before = 'none'] = await stampsOf(rig, join(goroot, 'bin/tiny'))
        assert.equal(await stampsOf(rig, 'out'), [before])
        assert.is(before.split('@')[0], right.split('@')[0])
      })
    },
  )
})

const noDirenv = onPath('direnv') === undefined ? 'direnv is not on PATH: apt-get install direnv' : undefined

suite('launcher/company: direnv', test => {
  for (const [what, lines, isGuarded] of [
    ['a .envrc that adds a GOROOT is in front', [realGo], false],
    ['a .envrc that adds gowarden last is guarded', [realGo, gowarden], true],
  ] as const) {
    test.unless(noDirenv, what, async () => {
      await withWarmRig(async rig => {
        rig.write({...tiny, '.envrc': lines.map(folder => `PATH_add '${folder}'\n`).join('')})
        const env = {XDG_DATA_HOME: join(rig.folder, 'share'), DIRENV_LOG_FORMAT: ''}
        const allowed = await run(rig, [], ['direnv', 'allow', '.'], env)
        assert.is(allowed.code, 0, allowed.stderr)
        const words = ['direnv', 'exec', '.', 'go', 'build', '-o', 'out', '.']
        await assertBuilt(rig, [gowarden, realGo], isGuarded, words, env)
      })
    })
  }
})

suite('launcher/company: npm and husky', test => {
  test('npm scripts, with node_modules/.bin first', async () => {
    await withWarmRig(async rig => {
      rig.write({
        ...tiny,
        'package.json': JSON.stringify({name: 'p', version: '1.0.0', scripts: {build: 'go build -o out .'}}),
        'node_modules/.bin/eslint': '#!/bin/sh\n',
      })
      const words = ['npm', 'run', '--silent', 'build']
      const quiet = {npm_config_update_notifier: 'false'}
      await assertBuilt(rig, [gowarden, realGo], true, words, quiet)
      // a launcher that a package put there finds the other one behind it, and stamps once
      symlinkSync(join(root, 'bin/go'), join(rig.work, 'node_modules/.bin/go'))
      await assertBuilt(rig, [gowarden, realGo], true, words, quiet)
      await assertBuilt(rig, [realGo], true, words, quiet)
    })
  })

  test('a hook of husky', async () => {
    await withWarmRig(async rig => {
      rig.write({...tiny, '.husky/pre-commit': 'go build -o out .\n', '.gitignore': 'out\nalone\n'})
      const git = (...words: string[]) =>
        execFileSync('git', ['-c', 'user.name=u', '-c', 'user.email=u@h', ...words], {
          cwd: rig.work,
          env: {...rig.env, PATH: `${gowarden}:${realGo}:${system}`} as NodeJS.ProcessEnv,
          stdio: 'pipe',
        }).toString()
      git('init', '-q')
      execFileSync(process.execPath, [join(root, 'node_modules/husky/bin.js')], {
        cwd: rig.work,
        stdio: 'pipe',
      })
      git('add', '.')
      const right = await rightStamp(rig)
      git('commit', '-q', '-m', 'with a hook')
      assert.equal(await stampsOf(rig, 'out'), [right])
    })
  })
})

/** How editors and tools ask: the words, and the output of bare go that it is compared with. */
const questions: [who: string, words: string[]][] = [
  ['gopls and VS Code', ['version']],
  ['gopls', ['env', '-json', 'GOPATH', 'GOMOD', 'GOWORK', 'GOVERSION', 'GOROOT', 'GOFLAGS']],
  ['VS Code', ['env', '-json']],
  ['gopls', ['list', '-m', '-e', '-json', 'all']],
  [
    'x/tools/go/packages: gopls, golangci-lint, staticcheck',
    [
      'list',
      '-e',
      '-json=Name,ImportPath,Error,Dir,GoFiles,CompiledGoFiles,Imports,Deps,DepOnly,ForTest,Export,Module',
      '-compiled=true',
      '-test=true',
      '-export=true',
      '-deps=true',
      '-find=false',
      '-pgo=off',
      '--',
      './...',
    ],
  ],
  ['VS Code: tests', ['test', '-run', '^$', './...']],
]

suite('launcher/company: editors and tools that call go', test => {
  for (const [who, words] of questions) {
    test(`${who}: go ${words.slice(0, 3).join(' ')} answers what bare go answers`, async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const env = {GOCACHE: rig.cache}
        const bare = await run(rig, [realGo], ['go', ...words], env)
        const guarded = await run(rig, [gowarden, realGo], ['go', ...words], env)
        // objects with a stamp are other files of the cache, and how long a test took is nobody's promise
        const settle = (text: string) =>
          text
            .replace(/"Export": ".*\/[0-9a-f]{64}-d"/g, '"Export": "…-d"')
            .replace(/"PATH": .*/g, '')
            .replace(/GOGCCFLAGS.*/g, '')
        assert.equal(
          [guarded.code, settle(guarded.stdout), settle(guarded.stderr)],
          [bare.code, settle(bare.stdout), settle(bare.stderr)],
        )
        assert.is(bare.code, 0)
      })
    })
  }

  test('with stdin, stdout or stderr closed, and with next to no environment', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const path = [gowarden, realGo]
      for (const closed of ['<&-', '2>&-', '>&-', '<&- >&- 2>&-'])
        await assertBuilt(rig, path, true, ['sh', '-c', `go build -o out . ${closed}`])
      const {HOME = '', GOCACHE = '', GOMODCACHE = ''} = rig.env
      const sparse = `env -i PATH="$PATH" HOME='${HOME}' GOCACHE='${GOCACHE}' GOMODCACHE='${GOMODCACHE}' GOTOOLCHAIN=local`
      await assertBuilt(rig, path, true, ['sh', '-c', `${sparse} go build -o out .`])
    })
  })

  test('started from a desktop: no Node on PATH, the launcher from gowarden enable', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const right = await rightStamp(rig)
      const own = join(rig.folder, 'enabled')
      assert.is((await rig.gowarden(['enable', own])).code, 0)
      const ended = await runProgram('go', ['build', '-o', 'out', '.'], {
        cwd: rig.work,
        env: {...rig.env, PATH: `${own}:${realGo}`},
      })
      assert.equal([ended.code, ended.stdout, ended.stderr], [0, '', ''])
      assert.equal(await stampsOf(rig, 'out'), [right])
    })
  })

  test('dlv: -gcflags all=-N -l keeps both, and the stamp', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const words = ['go', 'build', '-o', 'out', '-gcflags', 'all=-N -l', '.']
      await assertBuilt(rig, [gowarden, realGo], true, words)
      const {stdout} = await rig.bareGo(['version', '-m', 'out'])
      assert.match(stdout, /-gcflags=.*all=-N -l.* -env=ToolchainHash=/)
    })
  })

  test('goreleaser: a build for each platform, by the name of go and by the path in gobinary', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const flags = ['-trimpath', '-ldflags', '-s -w -X main.version=1.0.0', '-o', 'out', '.']
      for (const program of ['go', `${gowarden}/go`]) {
        const words = [program, 'build', ...flags]
        await assertBuilt(rig, [gowarden, realGo], true, words, {CGO_ENABLED: '0', GOOS: 'linux'})
      }
    })
  })
})

const tools = {
  dlv: 'go install github.com/go-delve/delve/cmd/dlv@v1.27.2',
  air: 'go install github.com/air-verse/air@v1.67.4',
  gopls: 'go install golang.org/x/tools/gopls@v0.24.0',
  'golangci-lint': 'go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0',
  goreleaser: 'go install github.com/goreleaser/goreleaser/v2@v2.8.2',
} as const

function missing(name: keyof typeof tools): string | undefined {
  return onPath(name) === undefined ? `${name} is not on PATH: ${tools[name]}` : undefined
}

suite('launcher/company: the real programs', test => {
  test.unless(missing('dlv'), 'dlv builds what it debugs through the launcher', async () => {
    await withWarmRig(async rig => {
      rig.write({...tiny, commands: 'continue\nexit\n'})
      const right = await rightStamp(rig)
      const path = [gowarden, realGo, dirname(onPath('dlv') ?? '')]
      const words = [
        'dlv',
        'debug',
        '--init',
        'commands',
        '--output',
        'debugged',
        '--allow-non-terminal-interactive',
        '.',
      ]
      const keep = {GOWARDEN_DEBUG: join(rig.folder, 'trace')}
      const ended = await run(rig, path, words, keep)
      assert.is(ended.code, 0, ended.stderr)
      assert.match(ended.stdout + ended.stderr, /tiny/)
      assert.match(
        readFileSync(keep.GOWARDEN_DEBUG, 'utf8'),
        new RegExp(`-N -l.*${right.replace(/[+]/g, '\\+')}`),
      )
    })
  })

  for (const [name, words, told] of [
    [
      'gopls',
      ['check', 'main.go'],
      /main\.go:9:\d+-\d+: fmt\.Printf format %d has arg lib\.Word of wrong type string/,
    ],
    [
      'gopls',
      ['definition', 'main.go:9:39'],
      /lib\.go:3:7-11: defined here as const lib\.Word untyped string = "word"/,
    ],
    [
      'golangci-lint',
      ['run', '--show-stats=false', './...'],
      /main\.go:9:\d+: .*format %d has arg lib\.Word/,
    ],
  ] as const) {
    const what = `${name} ${words[0]} asks go through the launcher, and says what it says with bare go`
    test.unless(missing(name), what, async () => {
      await withWarmRig(async rig => {
        rig.write({
          'go.mod': 'module example.com/told\n\ngo 1.21\n',
          'main.go':
            'package main\n\nimport (\n\t"fmt"\n\n\t"example.com/told/lib"\n)\n\nfunc main() { fmt.Printf("%d\\n", lib.Word) }\n',
          'lib/lib.go': 'package lib\n\nconst Word = "word"\n',
        })
        const trace = join(rig.folder, 'trace')
        const path = [realGo, dirname(onPath(name) ?? '')]
        const guarded = await run(rig, [gowarden, ...path], [name, ...words], {GOWARDEN_DEBUG: trace})
        const bare = await run(rig, path, [name, ...words], {XDG_CACHE_HOME: join(rig.folder, 'other cache')})
        assert.equal(guarded, bare)
        assert.match(guarded.stdout + guarded.stderr, told)
        assert.match(readFileSync(trace, 'utf8'), /words: list -gcflags=all=-env=ToolchainHash=/)
      })
    })
  }

  test.unless(missing('goreleaser'), 'goreleaser builds through the launcher', async () => {
    await withWarmRig(async rig => {
      rig.write({
        ...tiny,
        '.goreleaser.yaml':
          'version: 2\nproject_name: tiny\nbuilds:\n  - goos: [linux]\n    goarch: [amd64, arm64]\n    env: [CGO_ENABLED=0]\n',
      })
      for (const words of [['init'], ['add', '.'], ['commit', '--message=first']]) {
        const options = {cwd: rig.work, env: {...rig.env, ...gitAuthor}}
        const git = await runProgram('git', words, options)
        assert.is(git.code, 0, git.stderr)
      }
      const right = await rightStamp(rig)
      const path = [gowarden, realGo, dirname(onPath('goreleaser') ?? '')]
      const ended = await run(rig, path, ['goreleaser', 'build', '--snapshot'], gitAuthor)
      assert.is(ended.code, 0, ended.stderr)
      const built = ['dist/tiny_linux_amd64_v1/tiny', 'dist/tiny_linux_arm64_v8.0/tiny']
      for (const file of built) assert.equal(await stampsOf(rig, file), [right])
    })
  })

  test.unless(missing('air'), 'air builds through the launcher', async () => {
    await withWarmRig(async rig => {
      const build = `[build]\ncmd = "go build -o out ."\nbin = "./out"\nstop_on_error = true\n`
      rig.write({...tiny, '.air.toml': `tmp_dir = "tmp"\n${build}`})
      const right = await rightStamp(rig)
      rmSync(join(rig.work, 'out'), {force: true})
      const path = [gowarden, realGo, dirname(onPath('air') ?? '')]
      const ended = await run(rig, path, [
        'timeout',
        '-s',
        'INT',
        '20',
        'sh',
        '-c',
        'air & while ! [ -x out ]; do sleep 0.1; done; sleep 1; kill -INT $!; wait',
      ])
      assert.equal(await stampsOf(rig, 'out'), [right], ended.stderr)
    })
  })
})
