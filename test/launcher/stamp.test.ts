/** Every way to a binary carries the stamp, and no -gcflags of the user's takes it from a package. */
import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {moduleCacheWithToolchains, publish} from '../support/own-proxy.ts'
import {machine, type Rig, root, tiny, withRig} from '../support/rig.ts'
import {warmFolder} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin} from '../support/twin.ts'

const hasCompiler = (() => {
  try {
    execFileSync('cc', ['--version'], {stdio: 'ignore'})
    return undefined
  } catch {
    return 'no C compiler is installed'
  }
})()

const cgo = {
  'go.mod': 'module withcgo\n\ngo 1.21\n',
  'main.go':
    'package main\n\n// static int two(void) { return 2; }\nimport "C"\n\n//export Two\nfunc Two() int { return int(C.two()) }\n\nfunc main() { println(C.two()) }\n',
}
const plugin = {
  'go.mod': 'module aplugin\n\ngo 1.21\n',
  'main.go': 'package main\n\nvar Answer = 42\n\nfunc main() {}\n',
}
const tested = {
  ...tiny,
  'main_test.go': 'package main\n\nimport "testing"\n\nfunc TestNothing(*testing.T) {}\n',
}

/** A command that leaves the file `out`. */
const ways: [
  name: string,
  files: Record<string, string>,
  words: string[],
  env: Record<string, string>,
  needsCompiler: boolean,
][] = [
  ['build', tiny, ['build', '-o', 'out', '.'], {}, false],
  ['build of a file', tiny, ['build', '-o', 'out', 'main.go'], {}, false],
  ['build -trimpath', tiny, ['build', '-trimpath', '-o', 'out', '.'], {}, false],
  ['build -ldflags', tiny, ['build', '-ldflags=-s -w', '-o', 'out', '.'], {}, false],
  [
    'build from above with -C',
    {'m/go.mod': tiny['go.mod'], 'm/main.go': tiny['main.go']},
    ['-C', 'm', 'build', '-o', '../out', '.'],
    {},
    false,
  ],
  ['test -c', tested, ['test', '-c', '-o', 'out', '.'], {}, false],
  [
    'build for another platform',
    tiny,
    ['build', '-o', 'out', '.'],
    {GOOS: 'windows', GOARCH: 'arm64', CGO_ENABLED: '0'},
    false,
  ],
  [
    'build for darwin',
    tiny,
    ['build', '-o', 'out', '.'],
    {GOOS: 'darwin', GOARCH: 'arm64', CGO_ENABLED: '0'},
    false,
  ],
  ['build with cgo', cgo, ['build', '-o', 'out', '.'], {CGO_ENABLED: '1'}, true],
  ['build -race', tiny, ['build', '-race', '-o', 'out', '.'], {CGO_ENABLED: '1'}, true],
  [
    'build -buildmode=c-shared',
    cgo,
    ['build', '-buildmode=c-shared', '-o', 'out', '.'],
    {CGO_ENABLED: '1'},
    true,
  ],
  [
    'build -buildmode=plugin',
    plugin,
    ['build', '-buildmode=plugin', '-o', 'out', '.'],
    {CGO_ENABLED: '1'},
    true,
  ],
  ['build -cover', tiny, ['build', '-cover', '-o', 'out', '.'], {}, false],
]

/** What `go version -m` and `gowarden inspect` read from a file: the same hash, or the test fails. */
async function stampOf(rig: Rig, file: string): Promise<string> {
  const {stdout} = await rig.bareGo(['version', '-m', file])
  const printed = stdout.match(/ToolchainHash=(\S+?)"?$/m)?.[1] ?? 'none'
  const inspected = JSON.parse((await rig.gowarden(['inspect', '--json', file])).stdout)
  assert.is(inspected[0].stamp.hash ?? inspected[0].stamp.kind, printed)
  return printed
}

const expected = new RegExp(`^${machine.version}\\.\\w+-\\w+@h1:.{43}=$`)

/** Each compile command of `go build -a -n`, as text. */
function compileLines(output: string): string[] {
  return output.split('\n').filter(line => /\/compile"? -o /.test(line))
}

suite('launcher/stamp', test => {
  for (const [name, files, words, env, needsCompiler] of ways) {
    test.unless(needsCompiler ? hasCompiler : undefined, name, async () => {
      await withSharedCache(async (rig, shared) => {
        rig.write(files)
        const ended = await rig.go(words, {env: {...shared, ...env}})
        assert.is(ended.code, 0, ended.stderr)
        assert.match(await stampOf(rig, join(rig.work, 'out')), expected)
      })
    })
  }

  test('a platform that the compiler does not know, when the toolchain is met for the first time', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      assert.is.not((await rig.go(['build', '.'], {env: {GOARCH: 'x86_64'}})).code, 0)
      const planned = await rig.go(['build', '-n', '.'])
      assert.is(planned.code, 0, planned.stderr)
      assert.match(planned.stderr, /=ToolchainHash=go/)
    })
  })

  test('install', async () => {
    await withSharedCache(async (rig, shared) => {
      rig.write(tiny)
      const ended = await rig.go(['install', '.'], {env: {...shared, GOBIN: join(rig.folder, 'bin')}})
      assert.is(ended.code, 0, ended.stderr)
      assert.match(await stampOf(rig, join(rig.folder, 'bin/tiny')), expected)
    })
  })

  test('run, and a test, know their own stamp', async () => {
    await withSharedCache(async (rig, shared) => {
      rig.write({
        'go.mod': 'module own\n\ngo 1.21\n',
        'main.go': `package main

import "runtime/debug"

func main() {
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "-gcflags" {
			println(s.Value)
		}
	}
}
`,
      })
      const ended = await rig.go(['run', '.'], {env: shared})
      assert.is(ended.code, 0, ended.stderr)
      assert.match(ended.stderr.trim().replace('all=-env=ToolchainHash=', ''), expected)
    })
  })

  /** A user's flags: on the command line, and in GOFLAGS. */
  const flags: [words: string[], goflags: string, kept: string][] = [
    [['-gcflags=-N'], '', ' -N '],
    [['-gcflags', '-N -l'], '', ' -N -l '],
    [['--gcflags=all=-N'], '', ' -N '],
    [['-gcflags=./...=-N', '-gcflags=runtime=-l'], '', ' -N '],
    [['-gcflags='], '', ''],
    [[], '-gcflags=-N', ' -N '],
    [[], "'-gcflags=all=-N -l' -v", ' -N -l '],
    [['-gcflags=-l'], '-gcflags=runtime=-N', ' -l '],
  ]
  for (const [words, goflags, kept] of flags) {
    test(`every package is stamped under ${words.join(' ')}${goflags && ` GOFLAGS=${goflags}`}`, async () => {
      await withSharedCache(async (rig, shared) => {
        rig.write(tiny)
        const ended = await rig.go(['build', '-a', '-n', ...words, '.'], {env: {...shared, GOFLAGS: goflags}})
        assert.is(ended.code, 0, ended.stderr)
        const lines = compileLines(ended.stderr)
        assert.ok(lines.length > 10, `${lines.length} compile commands`)
        assert.equal(
          lines.filter(line => !line.includes('-env=ToolchainHash=')),
          [],
        )
        assert.equal(
          lines.filter(line => line.split('-env=ToolchainHash=').length > 2),
          [],
        )
        assert.ok(
          lines.some(line => line.includes(kept)),
          'the flags of the user are lost',
        )
      })
    })
  }

  test('a compiler that knows no -env is stamped with -I', async () => {
    await withSharedCache(async (rig, shared) => {
      rig.write(tiny)
      const env = {...shared, GOTOOLCHAIN: 'go1.21.13', GOWARDEN_CACHE: 'isolate'}
      const ended = await rig.go(['build', '-o', 'out', '.'], {env})
      assert.equal([ended.code, ended.stdout], [0, ''])
      assert.match(
        await stampOf(rig, join(rig.work, 'out')),
        /^go1\.21\.13\.\w+-\w+@h1:THKeCuuOK6mnQhbTbvvH9CKU3D4lwUERQax\+yRXCVJk=$/,
      )
    })
  })

  test('a compiler that knows no flag for it builds unstamped, which is said once, or refused', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      const old = makeTwin(join(rig.folder, 'old'), {compiler: original => refusing(original)})
      const env = {PATH: `${root}/bin:${old}/bin:${rig.env['PATH']}`}
      const first = await rig.go(['build', '-o', 'out', '.'], {env})
      assert.is(first.code, 0, first.stderr)
      assert.match(first.stderr, /warning: the compiler of .* has no flag .*\[STAMP_UNSUPPORTED\]/)
      assert.is(await stampOf(rig, join(rig.work, 'out')), 'none')
      rig.write({'go.mod': 'module tiny\n\ngo 1.20\n'})
      assert.equal((await rig.go(['build', '-o', 'out', '.'], {env})).stderr, '')
      rig.write({'.gowardenrc.yaml': 'stamp: required\n'})
      const refused = await rig.go(['build', '-o', 'other', '.'], {env})
      assert.is(refused.code, 1)
      assert.match(refused.stderr, /error: .*\[STAMP_UNSUPPORTED\]/)
      assert.not(existsSync(join(rig.work, 'other')))
    })
  })

  test('it is reported once, too, where go tool meets that compiler first', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      const old = makeTwin(join(rig.folder, 'old'), {compiler: original => refusing(original)})
      const env = {PATH: `${root}/bin:${old}/bin:${rig.env['PATH']}`}
      const first = await rig.go(['tool', '-n', 'compile'], {env})
      assert.is(first.code, 0, first.stderr)
      assert.match(first.stderr, /warning: the compiler of .* has no flag .*\[STAMP_UNSUPPORTED\]/)
      assert.not((await rig.go(['build', '-n', '.'], {env})).stderr.includes('gowarden:'))
    })
  })

  test('a broken policy builds nothing, and exits 2', async () => {
    await withRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'stamp: on\nchache: refuse\n'})
      const refused = await rig.go(['build', '-o', 'out', '.'])
      assert.equal([refused.code, refused.stdout], [2, ''])
      assert.ok(
        refused.stderr.includes(`${rig.work}/.gowardenrc.yaml:2: unknown key "chache"`),
        refused.stderr,
      )
      assert.match(refused.stderr, /hint: did you mean cache\?/)
      assert.not(existsSync(join(rig.work, 'out')))
      assert.not(existsSync(rig.cache))
    })
  })

  test('the stamp names the toolchain of a toolchain line, not the go that was found', async () => {
    await withSharedCache(async (rig, shared) => {
      rig.write({...tiny, 'go.mod': 'module tiny\n\ngo 1.21\n\ntoolchain go1.27.4\n'})
      const env = {...shared, GOTOOLCHAIN: 'auto', GOWARDEN_CACHE: 'isolate'}
      assert.is((await rig.go(['build', '-o', 'out', '.'], {env})).code, 0)
      assert.match(await stampOf(rig, join(rig.work, 'out')), /^go1\.27\.4\./)
    })
  })

  test('a go command that a generator starts under another toolchain line carries no wrong stamp', async () => {
    await withSharedCache(async (rig, shared) => {
      rig.write({
        'go.mod': 'module outer\n\ngo 1.21\n',
        'main.go':
          'package main\n\n//go:generate sh -c "cd inner && go build -o ../out ."\n\nfunc main() {}\n',
        'inner/go.mod': 'module inner\n\ngo 1.21\n\ntoolchain go1.27.4\n',
        'inner/main.go': tiny['main.go'],
      })
      const ended = await rig.go(['generate', './...'], {env: {...shared, GOTOOLCHAIN: 'auto'}})
      assert.is(ended.code, 0, ended.stderr)
      const {stdout} = await rig.bareGo(['version', '-m', 'out'])
      assert.match(stdout, /^out: go1\.27\.4$/m)
      assert.not.match(stdout, new RegExp(`ToolchainHash=${machine.version}`))
    })
  })

  test('pkg@version is stamped with the toolchain that its go line asks for', async () => {
    await withSharedCache(async (rig, shared) => {
      const proxy = await publish(rig, {
        'plain@v1.0.0': {'go.mod': 'module example.com/plain\n\ngo 1.21\n', 'main.go': tiny['main.go']},
        'newer@v1.0.0': {'go.mod': 'module example.com/newer\n\ngo 1.27.4\n', 'main.go': tiny['main.go']},
      })
      const bin = join(rig.folder, 'bin')
      const env = {
        ...shared,
        GOTOOLCHAIN: 'auto',
        GOWARDEN_CACHE: 'isolate',
        GOBIN: bin,
        GOPROXY: `file://${proxy.replaceAll(' ', '%20')},${process.env['GOPROXY'] ?? 'https://proxy.golang.org'}`,
        GONOSUMDB: 'example.com',
        GOMODCACHE: await moduleCacheWithToolchains(rig),
        GOFLAGS: '-modcacherw',
      }
      for (const [target, version] of [
        ['plain@v1.0.0', machine.version],
        ['plain@latest', machine.version],
        ['newer@v1.0.0', 'go1.27.'],
        ['newer@latest', 'go1.27.'],
      ] as const) {
        const ended = await rig.go(['install', `example.com/${target}`], {env})
        assert.is(ended.code, 0, ended.stderr)
        assert.not.match(ended.stderr, /gowarden/)
        const file = join(bin, target.split('@')[0] ?? '')
        assert.ok((await stampOf(rig, file)).startsWith(version), target)
        const compiled = (await rig.bareGo(['version', file])).stdout.trim().split(': ')[1]
        assert.ok((await stampOf(rig, file)).startsWith(`${compiled}.`), target)
      }
      // Everything is downloaded by now, so both have the same to say.
      for (const words of [
        ['install', 'example.com/newer@v1.0.0'],
        ['install', 'example.com/newer@latest'],
        ['run', 'example.com/newer@v1.0.0'],
        ['install', 'example.com/nosuch@latest'],
        ['run', 'example.com/plain@v9.9.9'],
        ['install', 'example.com/newer/nosuch@latest'],
        ['install', '-nosuch', 'example.com/plain@v1.0.0'],
      ]) {
        const bare = await rig.bareGo(words, {env: {...env, GOCACHE: join(rig.folder, 'bare')}})
        const ended = await rig.go(words, {env})
        assert.equal(ended, bare, words.join(' '))
      }
      const query = await rig.go(['run', 'example.com/newer@latest'], {env})
      assert.is(query.code, 0, query.stderr)
      assert.match(query.stderr, /warning: example\.com\/newer@latest .*\[STAMP_SWITCH_UNKNOWN\]/)
      assert.match(query.stderr, /\ntiny\n$/)
    })
  })

  test('stamp: off, and stamp: required', async () => {
    await withSharedCache(async (rig, shared) => {
      rig.write({...tiny, '.gowardenrc.yaml': 'stamp: off\n'})
      assert.is(
        (await rig.go(['build', '-o', 'out', '.'], {env: {...shared, GOWARDEN_CACHE: 'isolate'}})).code,
        0,
      )
      assert.is(await stampOf(rig, join(rig.work, 'out')), 'none')

      rig.write({'.gowardenrc.yaml': 'stamp: required\n'})
      const refused = await rig.go(['build', '-compiler=gccgo', '.'], {env: shared})
      assert.equal([refused.code, refused.stdout], [1, ''])
      assert.match(refused.stderr, /error: .*\[STAMP_COMPILER\]/)
    })
  })
})

/** A compiler that refuses the flags a stamp is given with, as one of the future might. */
function refusing(original: string): string {
  return `#!/bin/sh
for word; do
  case $word in -env=* | -I=*) echo "flag provided but not defined: $word" >&2; exit 2 ;; esac
done
exec '${original}' "$@"
`
}

/** A rig that builds into one cache for the whole file: these cases are about binaries, not about caches. */
async function withSharedCache(
  body: (rig: Rig, shared: Record<string, string>) => Promise<void>,
): Promise<void> {
  const shared = await warmFolder()
  await withRig(rig => body(rig, {GOCACHE: join(shared, 'go-build'), XDG_CACHE_HOME: join(shared, 'cache')}))
}
