/** Each trouble with a real go: go fails or misleads as it does, doctor names it, and the line of its hint ends it. */
import {execFileSync} from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {codesOf, type Diagnosis, diagnose, type Env, gorootOf, hintsOf} from '../support/diagnose.ts'
import {makeGo} from '../support/fake-go.ts'
import {noMounts} from '../support/mounts.ts'
import {machine, type Rig, root, runProgram, tiny, withRig, writeFiles} from '../support/rig.ts'
import {nobody, noNobody, onPath, withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin, writeProgram} from '../support/twin.ts'

const withC = {
  'go.mod': 'module c\n\ngo 1.21\n',
  'x/x.go': 'package x\n\nimport "C"\n\nfunc F() {}\n',
  'x/y.go': 'package x\n',
  'main.go': 'package main\n\nimport "c/x"\n\nfunc main() { x.F() }\n',
}

/** A trouble that the environment makes. `go` is what the real go says of `go build`, undefined where that is not tried: it would compile for long. */
type Row = {
  name: string
  env: Env
  files?: Record<string, string>
  codes: string[]
  go: RegExp | undefined
  /** A command of a hint that ends it, run by sh in front of doctor. */
  fix: string
}

const rows: Row[] = [
  {
    name: 'a GOARCH left over',
    env: {GOARCH: 'arm64'},
    codes: ['warn TARGET_OTHER'],
    go: undefined,
    fix: 'unset GOARCH',
  },
  {
    name: 'GOOS and GOARCH of a cross-build',
    env: {GOOS: 'windows', GOARCH: '386'},
    codes: ['warn TARGET_OTHER'],
    go: undefined,
    fix: 'unset GOOS; unset GOARCH',
  },
  {
    name: 'CGO_ENABLED=0 that leaves a file out',
    env: {CGO_ENABLED: '0'},
    files: withC,
    codes: ['warn CGO_OFF'],
    go: /undefined: x\.F/,
    fix: 'unset CGO_ENABLED',
  },
  {
    name: 'a CC that is not there',
    env: {CC: '/nosuch/zig cc', CGO_ENABLED: '1'},
    files: withC,
    codes: ['error CC_UNUSABLE'],
    go: /C compiler "\/nosuch\/zig" not found/,
    fix: 'unset CC',
  },
  {
    name: 'a C compiler for another machine',
    env: {GOARCH: 'arm64', CGO_ENABLED: '1'},
    files: withC,
    codes: ['warn TARGET_OTHER', 'error CC_UNUSABLE'],
    go: undefined,
    fix: 'unset GOARCH',
  },
  {
    name: 'GOFLAGS with a quote as a shell would have it',
    env: {GOFLAGS: '-ldflags="-s -w" -trimpath'},
    codes: ['error GOFLAGS_BROKEN'],
    go: /parsing \$GOFLAGS/,
    fix: `export GOFLAGS='"-ldflags=-s -w" -trimpath'`,
  },
  {
    name: 'GOFLAGS with a word that is no flag',
    env: {GOFLAGS: 'trimpath'},
    codes: ['error GOFLAGS_BROKEN'],
    go: /parsing \$GOFLAGS: non-flag "trimpath"/,
    fix: 'unset GOFLAGS',
  },
  {
    name: 'an unknown GOEXPERIMENT',
    env: {GOEXPERIMENT: 'olympics'},
    codes: ['error GO_REFUSES'],
    go: /unknown GOEXPERIMENT olympics/,
    fix: 'unset GOEXPERIMENT',
  },
  {
    name: 'a GOROOT that is gone',
    env: {GOROOT: '/opt/go1.19'},
    codes: ['error GO_REFUSES'],
    go: /cannot find GOROOT directory: \/opt\/go1\.19/,
    fix: 'unset GOROOT',
  },
  {
    name: 'a GOTOOLCHAIN that is no toolchain',
    env: {GOTOOLCHAIN: 'latest'},
    codes: ['error GO_REFUSES'],
    go: /invalid GOTOOLCHAIN "latest"/,
    fix: 'unset GOTOOLCHAIN',
  },
  {
    name: 'GO111MODULE left over',
    env: {GO111MODULE: 'off'},
    files: {
      ...tiny,
      'main.go': 'package main\n\nimport "tiny/x"\n\nfunc main() { x.F() }\n',
      'x/x.go': 'package x\n\nfunc F() {}\n',
    },
    codes: ['warn MODULES_OFF'],
    go: /cannot find package "tiny\/x"/,
    fix: 'unset GO111MODULE',
  },
  {
    name: 'a GO111MODULE that go does not know',
    env: {GO111MODULE: 'yes'},
    codes: ['error GO_REFUSES'],
    go: /unknown environment setting GO111MODULE=yes/,
    fix: 'unset GO111MODULE',
  },
  {
    name: 'a relative GOPATH',
    env: {GOPATH: 'go'},
    codes: ['error GO_REFUSES'],
    go: /GOPATH entry is relative/,
    fix: 'unset GOPATH',
  },
  {
    name: 'a platform that Go does not know',
    env: {GOARCH: 'x86_64'},
    codes: ['error GO_REFUSES', 'warn TARGET_OTHER'],
    go: /unsupported GOOS\/GOARCH pair/,
    fix: 'unset GOARCH',
  },
  {
    name: 'a TMPDIR that is gone',
    env: {TMPDIR: '/tmp/gowarden-nosuch'},
    codes: ['error TEMP_UNUSABLE'],
    go: /creating work dir: stat \/tmp\/gowarden-nosuch/,
    fix: 'mkdir -p "$HOME/.cache/go-tmp" && export GOTMPDIR="$HOME/.cache/go-tmp"',
  },
  {
    name: 'a GOTMPDIR that is gone',
    env: {GOTMPDIR: '/tmp/gowarden-nosuch'},
    codes: ['error TEMP_UNUSABLE'],
    go: /creating work dir: stat \/tmp\/gowarden-nosuch/,
    fix: 'mkdir -p "$HOME/.cache/go-tmp" && export GOTMPDIR="$HOME/.cache/go-tmp"',
  },
  {
    name: 'GOCACHE=off',
    env: {GOCACHE: 'off'},
    codes: ['error CACHE_UNUSABLE'],
    go: /build cache is disabled by GOCACHE=off/,
    fix: 'export GOCACHE="$HOME/.cache/own-gocache"',
  },
  {
    name: 'a relative GOCACHE',
    env: {GOCACHE: 'cache'},
    codes: ['error CACHE_UNUSABLE'],
    go: /GOCACHE is not an absolute path/,
    fix: 'export GOCACHE="$HOME/.cache/own-gocache"',
  },
  {
    name: 'a module for a Go to come, and no switch allowed',
    env: {},
    files: {...tiny, 'go.mod': 'module tiny\n\ngo 1.99\n'},
    codes: ['error GO_TOO_OLD'],
    go: /go\.mod requires go >= 1\.99/,
    fix: '',
  },
  {
    name: 'a module for a Go to come, which cannot be had',
    env: {GOTOOLCHAIN: 'auto', GOPROXY: 'off'},
    files: {...tiny, 'go.mod': 'module tiny\n\ngo 1.99\n'},
    codes: ['error GO_TOO_OLD'],
    go: /toolchain not available/,
    fix: '',
  },
  {
    name: 'a GOAMD64 that is no level',
    env: {GOAMD64: 'v9'},
    codes: ['warn TARGET_OTHER'],
    go: undefined,
    fix: 'unset GOAMD64',
  },
  {
    name: 'a GOWORK that is gone',
    env: {GOWORK: '/nosuch/go.work'},
    codes: ['error GO_REFUSES'],
    go: /reading go\.work: open \/nosuch\/go\.work/,
    fix: 'unset GOWORK',
  },
]

suite('doctor', test => {
  test('on a sound machine: its table, one line, status 0, and nothing that is as go ships it', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      const {code, stdout, stderr} = await rig.gowarden(['doctor'], {env: {GOFLAGS: undefined}})
      assert.equal([code, stderr], [0, ''], stdout)
      assert.not.match(stdout, /gowarden: (error|warning|hint)/)
      const lines = stdout.trimEnd().split('\n')
      assert.is(lines.at(-1), 'go build here is guarded')
      const names = lines.slice(0, -1).map(line => line.split(/ {2,}/)[0])
      for (const name of [
        'GOPROXY',
        'GOSUMDB',
        'CC',
        'GOOS',
        'GOARCH',
        'CGO_ENABLED',
        'GOENV',
        'policy cache',
        'GOFLAGS',
      ])
        assert.not(names.includes(name), name)
      for (const name of ['go', 'real go', 'GOROOT', 'GOVERSION', 'ToolchainHash', 'GOCACHE', 'GOMOD'])
        assert.ok(names.includes(name), name)
      assert.not(existsSync(rig.cache), 'no cache is claimed')

      const all = await rig.gowarden(['doctor', '--all'], {env: {GOFLAGS: undefined}})
      for (const name of ['GOPROXY', 'CC', 'GOOS', 'GOARCH', 'CGO_ENABLED', 'GOENV', 'GODEBUG', 'TMPDIR'])
        assert.match(all.stdout, new RegExp(`^${name} `, 'm'))
    })
  })

  test('each value with the source that set it', async () => {
    await withWarmRig(async rig => {
      rig.write({
        ...tiny,
        '.gowardenrc.yaml': 'stamp: required\n',
        'go.mod': 'module tiny\n\ngo 1.21\n\ntoolchain go1.25.3\n',
      })
      writeFiles(rig.folder, {'home/.config/go/env': 'GOPRIVATE=a.b\nGOFLAGS=-trimpath\n'})
      const env = {
        GOFLAGS: undefined,
        GOTOOLCHAIN: 'auto',
        PATH: `${root}/bin:${(await olderGo(rig)).replace(/\/go$/, '')}:${rig.env['PATH']}`,
      }
      const {values, guard} = await diagnose(rig, env)
      const origin = (name: string) => values.find(value => value.name === name)?.origin ?? ''
      assert.match(origin('GOFLAGS'), /\/home\/\.config\/go\/env:2$/)
      assert.match(origin('GOPRIVATE'), /\/home\/\.config\/go\/env:1$/)
      assert.is(origin('GOCACHE'), 'the environment')
      assert.is(origin('GOVERSION'), `switched by ${rig.work}/go.mod:5`)
      assert.match(origin('policy stamp'), /\.gowardenrc\.yaml:1$/)
      assert.is(guard.kind, 'guarded')
    })
  })

  test('secrets in URLs are hidden', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const env = {
        GOPROXY: 'https://me:hunter2@proxy.example,direct',
        GONOSUMDB: 'x',
        GOSUMDB: 'sum https://tok@sum.example/x',
      }
      for (const words of [['doctor'], ['doctor', '--all'], ['doctor', '--json']]) {
        const {stdout} = await rig.gowarden(words, {env})
        assert.not.match(stdout, /hunter2|tok@/)
        assert.match(stdout, /https:\/\/\*\*\*@proxy\.example,direct/)
      }
    })
  })

  for (const {name, env, files, codes, go, fix} of rows) {
    test(name, async () => {
      await withWarmRig(async rig => {
        rig.write(files ?? tiny)
        if (go !== undefined) {
          const built = await rig.bareGo(['build', '-o', 'out', '.'], {env})
          assert.is.not(built.code, 0)
          assert.match(built.stderr + built.stdout, go)
        }
        const diagnosis = await diagnose(rig, env)
        assert.equal(codesOf(diagnosis).sort(), [...codes].sort(), JSON.stringify(diagnosis.findings))
        assert.is(diagnosis.canBuild, !codes.some(code => code.startsWith('error')))
        if (fix === '') return
        const hints = hintsOf(diagnosis)
        for (const command of fix.split('; '))
          assert.ok(
            hints.some(hint => hint.endsWith(command)),
            `${command} in ${hints.join(' | ')}`,
          )
        const fixed = await runProgram('sh', ['-c', `${fix.replaceAll('; ', '\n')}\nexec go list .`], {
          cwd: rig.work,
          env: {...rig.env, ...env, GOWARDEN: 'off'},
        })
        assert.equal([fixed.code, fixed.stderr], [0, ''])
      })
    })
  }

  test('what go env -w wrote is taken back by the hint, which go accepts', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const bad: [name: string, value: string, code: string][] = [
        ['GOEXPERIMENT', 'olympics', 'GO_REFUSES'],
        ['GOTOOLCHAIN', 'latest', 'GO_REFUSES'],
        ['GOFLAGS', 'trimpath', 'GOFLAGS_BROKEN'],
        ['GO111MODULE', 'yes', 'GO_REFUSES'],
        ['GOARCH', 'x86_64', 'GO_REFUSES'],
      ]
      for (const [name, value, code] of bad) {
        writeFiles(rig.folder, {'home/.config/go/env': `GOPRIVATE=a.b\n${name}=${value}\n`})
        const env = {[name]: undefined}
        const diagnosis = await diagnose(rig, env)
        const {findings} = diagnosis
        const found = findings.find(finding => finding.code === code)
        assert.ok(found, JSON.stringify(findings))
        const facts = (found.facts['variable'] ?? found.facts) as {source: string}
        assert.match(facts.source, /\/home\/\.config\/go\/env:2$/)
        const hint = hintsOf(diagnosis).find(hint => hint.endsWith(`go env -u ${name}`)) ?? ''
        const command = hint.replace(/^.*?: (?=[A-Z]|go )/, '')
        const ended = await runProgram('sh', ['-c', command], {cwd: rig.work, env: {...rig.env, ...env}})
        assert.is(ended.code, 0, `${command}: ${ended.stderr}`)
        assert.is((await rig.bareGo(['list', '.'], {env})).code, 0, name)
      }
    })
  })

  test('no C compiler on PATH, and a file that needs one', async () => {
    await withWarmRig(async rig => {
      rig.write(withC)
      const PATH = `${root}/bin:${await bareTools(rig)}`
      const built = await rig.bareGo(['build', '.'], {env: {PATH}})
      assert.match(built.stderr, /undefined: x\.F/)
      const {findings} = await diagnose(rig, {PATH})
      assert.equal(
        findings.map(({code}) => code),
        ['CGO_OFF'],
      )
      assert.equal(findings[0]?.facts['packages'], [{path: 'c/x', files: ['x.go']}])
      assert.match(String(findings[0]?.facts['why']), /there is no C compiler: gcc is not on PATH/)
    })
  })

  test('cgo off says nothing where no package here has a file that needs it', async () => {
    await withWarmRig(async rig => {
      rig.write({...tiny, 'main.go': 'package main\n\nimport _ "net"\n\nfunc main() {}\n'})
      assert.equal((await diagnose(rig, {CGO_ENABLED: '0'})).findings, [])
    })
  })

  test('a workspace above that does not use this module', async () => {
    await withWarmRig(async rig => {
      rig.write({
        'go.work': 'go 1.21\n\nuse ./in\n',
        'in/go.mod': 'module in\n\ngo 1.21\n',
        'in/in.go': 'package in\n',
        'out/go.mod': 'module out\n\ngo 1.21\n',
        'out/out.go': 'package out\n',
      })
      const cwd = join(rig.work, 'out')
      assert.match(
        (await rig.bareGo(['build', './...'], {cwd})).stderr,
        /does not contain modules listed in go\.work/,
      )
      const diagnosis = await diagnose(rig, {}, cwd)
      assert.equal(codesOf(diagnosis), ['error WORKSPACE_OTHER'])
      assert.equal((await diagnose(rig, {}, join(rig.work, 'in'))).findings, [])
      assert.equal((await diagnose(rig, {GOWORK: 'off'}, cwd)).findings, [])
      const hint = hintsOf(diagnosis).find(hint => hint.includes('go work use')) ?? ''
      const added = await rig.bareGo(
        ['work', 'use', hint.split('go work use ')[1]?.replaceAll("'", '') ?? ''],
        {cwd},
      )
      assert.is(added.code, 0, added.stderr)
      assert.equal((await diagnose(rig, {}, cwd)).findings, [])
    })
  })

  test.unless(noNobody, 'a repository of another user, and Git that does not trust it', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const git = (...words: string[]) =>
        execFileSync('git', words, {cwd: rig.work, env: {...process.env, HOME: rig.env['HOME']}})
      git('init', '-q')
      execFileSync('chown', ['-R', String(nobody), rig.work])
      const env = {GOFLAGS: undefined}
      assert.match(
        (await rig.bareGo(['build', '.'], {env})).stderr,
        /error obtaining VCS status: exit status 128/,
      )
      const diagnosis = await diagnose(rig, env)
      assert.equal(codesOf(diagnosis), ['error VCS_REFUSED'])
      assert.equal((await diagnose(rig, {GOFLAGS: '-buildvcs=false'})).findings, [])
      const hint = hintsOf(diagnosis).find(hint => hint.includes('safe.directory')) ?? ''
      await runProgram('sh', ['-c', hint.replace(/^.*?: /, '')], {cwd: rig.work, env: rig.env})
      assert.equal((await diagnose(rig, env)).findings, [])
    })
  })

  test.unless(noNobody, 'a cache that root left behind, and one of another user', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      mkdirSync(rig.cache)
      execFileSync('chown', ['-R', String(nobody), rig.folder])
      mkdirSync(join(rig.cache, '00'), {mode: 0o755})
      const asNobody = async (words: string[]) => {
        const done = execFileSync(
          'setpriv',
          [
            `--reuid=${nobody}`,
            `--regid=${nobody}`,
            '--clear-groups',
            process.execPath,
            join(root, 'bin/gowarden'),
            ...words,
          ],
          {cwd: rig.work, env: {...rig.env, PWD: rig.work}, stdio: ['ignore', 'pipe', 'ignore']},
        )
        return done.toString()
      }
      const diagnosis = await asNobody(['doctor', '--json']).catch((error: {stdout: Buffer}) =>
        error.stdout.toString(),
      )
      const {findings}: Diagnosis = JSON.parse(diagnosis)
      const found = findings.find(({code}) => code === 'CACHE_UNUSABLE')
      assert.is(found?.facts['owner'], 0, JSON.stringify(findings))
      assert.match(String(found?.facts['reason']), /1 of its folders is not writable/)
    })
  })

  test.unless(noMounts(), 'a temporary folder that is noexec, and a full disk', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const at = join(rig.folder, 'mounted')
      mkdirSync(at)
      const inMount = (options: string, env: Env, words: string[]) =>
        runProgram(
          'unshare',
          ['-m', 'sh', '-c', `mount -t tmpfs -o ${options} none "$0" && exec "$@"`, at, ...words],
          {cwd: rig.work, env: {...rig.env, ...env}},
        )
      const doctorWords = [process.execPath, join(root, 'bin/gowarden'), 'doctor', '--json']
      const go = `${machine.goroot}/bin/go`
      const ran = await inMount('noexec', {TMPDIR: at}, [go, 'run', '.'])
      assert.match(ran.stderr, /permission denied/)
      const noexec: Diagnosis = JSON.parse((await inMount('noexec', {TMPDIR: at}, doctorWords)).stdout)
      assert.equal(codesOf(noexec), ['warn TEMP_UNUSABLE'])
      const built = await inMount('size=64k', {TMPDIR: at}, [go, 'build', '.'])
      assert.match(built.stderr, /no space left on device/)
      const full: Diagnosis = JSON.parse((await inMount('size=64k', {TMPDIR: at}, doctorWords)).stdout)
      assert.equal(codesOf(full), ['error DISK_FULL'])
    })
  })

  test('a GOROOT that is not whole: no compiler, no exec bit, an empty folder', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const breaks: [string, (goroot: string, tools: string) => void, RegExp][] = [
        ['no compiler', (_, tools) => unlinkSync(join(tools, 'compile')), /\/compile$/],
        [
          'no exec bit',
          (_, tools) => {
            unlinkSync(join(tools, 'link'))
            copyFileSync(
              join(machine.goroot, 'pkg/tool', `${process.platform}_amd64`, 'link'),
              join(tools, 'link'),
            )
            chmodSync(join(tools, 'link'), 0o644)
          },
          /link \(not executable\)$/,
        ],
        [
          'an empty folder',
          goroot => {
            unlinkSync(join(goroot, 'src'))
            cpSync(join(machine.goroot, 'src'), join(goroot, 'src'), {
              recursive: true,
              filter: name => !name.includes('/src/unicode/'),
            })
            mkdirSync(join(goroot, 'src/unicode/utf8'), {recursive: true})
          },
          /^src\/unicode\/utf8 \(empty\)$/,
        ],
      ]
      for (const [name, breakIt, missing] of breaks) {
        const goroot = makeTwin(join(rig.folder, name), {
          compiler: original => `#!/bin/sh\nexec '${original}' "$@"\n`,
        })
        const tools = join(goroot, 'pkg/tool', readdirSync(join(goroot, 'pkg/tool'))[0] ?? '')
        breakIt(goroot, tools)
        const env = {PATH: `${root}/bin:${goroot}/bin:${rig.env['PATH']}`, GOWARDEN_CACHE: 'isolate'}
        const {findings} = await diagnose(rig, env)
        const found = findings.find(({code}) => code === 'GOROOT_INCOMPLETE')
        assert.ok(found, `${name}: ${JSON.stringify(findings)}`)
        assert.match((found.facts['missing'] as string[])[0] ?? '', missing)
      }
    })
  })

  test('a go that names no GOROOT: nothing is looked for in the folder that holds everything', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      const folder = join(rig.folder, 'silent')
      makeGo(folder, `echo '{"GOVERSION":"go1.26.8","GOROOT":"","GOENV":"off"}'`)
      const {findings} = await diagnose(rig, {PATH: `${root}/bin:${folder}:${rig.env['PATH']}`})
      const found = findings.find(({code}) => code === 'GOROOT_INCOMPLETE')
      assert.equal(found?.facts['missing'], [], JSON.stringify(findings))
    })
  })

  test('a GOROOT with the linker of another release', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const other = (await rig.bareGo(['env', 'GOTOOLDIR'], {env: {GOTOOLCHAIN: 'go1.25.3'}})).stdout.trim()
      const goroot = makeTwin(join(rig.folder, 'mixed'), {
        compiler: original => `#!/bin/sh\nexec '${original}' "$@"\n`,
      })
      const tools = join(goroot, 'pkg/tool', readdirSync(join(goroot, 'pkg/tool'))[0] ?? '')
      unlinkSync(join(tools, 'link'))
      symlinkSync(join(other, 'link'), join(tools, 'link'))
      const {findings} = await diagnose(rig, {PATH: `${root}/bin:${goroot}/bin:${rig.env['PATH']}`})
      const found = findings.find(({code}) => code === 'GOROOT_MIXED')
      assert.equal(found?.facts['tools'], [{tool: 'link', version: 'go1.25.3'}], JSON.stringify(findings))
    })
  })

  test('a tool that an older Go built, for a module that asks for a newer one', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const tools = join(rig.folder, 'tools')
      mkdirSync(tools)
      // A program that Go 1.21 built, under another name.
      copyFileSync(join(await gorootOf(rig, 'go1.21.13'), 'bin/gofmt'), join(tools, 'gopls'))
      const env = {PATH: `${rig.env['PATH']}:${tools}`}
      assert.equal((await diagnose(rig, env)).findings, [], 'go 1.21 it can read')
      rig.write({'go.mod': 'module tiny\n\ngo 1.24\n'})
      const {findings} = await diagnose(rig, env)
      assert.equal(
        findings.map(({code}) => code),
        ['TOOL_OLDER'],
      )
      assert.is(findings[0]?.facts['version'], 'go1.21.13')
    })
  })

  test('Go 1.20 and what it cannot read in go.mod', async () => {
    await withWarmRig(async rig => {
      rig.write({...tiny, 'go.mod': 'module tiny\n\ngo 1.23.4\n'})
      const old = await gorootOf(rig, 'go1.20.14')
      const env = {PATH: `${root}/bin:${old}/bin:${rig.env['PATH']}`, GOWARDEN_CACHE: 'isolate'}
      const built = await runProgram(`${old}/bin/go`, ['build', '.'], {cwd: rig.work, env: rig.env})
      assert.match(built.stderr, /invalid go version '1\.23\.4': must match format 1\.23/)
      assert.equal(codesOf(await diagnose(rig, env)), ['error GO_TOO_OLD'])
      rig.write({...tiny, 'go.mod': 'module tiny\n\ngo 1.20\n\ntoolchain go1.24.4\n'})
      assert.equal(codesOf(await diagnose(rig, env)), ['error GO_TOO_OLD'])
      rig.write({...tiny, 'go.mod': 'module tiny\n\ngo 1.22\n'})
      assert.equal(codesOf(await diagnose(rig, env)), ['warn GO_TOO_OLD'])
    })
  })

  test('the launcher that a person enabled, after gowarden was updated', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const folder = join(rig.folder, 'enabled')
      assert.is((await rig.gowarden(['enable', folder])).code, 0)
      const env = {PATH: `${folder}:${machine.goroot}/bin:/usr/bin:/bin`}
      assert.equal((await diagnose(rig, env)).findings, [])
      writeFileSync(join(folder, 'go'), '#!/bin/sh\n# gowarden launcher: an old one\n')
      const diagnosis = await diagnose(rig, env)
      assert.equal(codesOf(diagnosis), ['warn LAUNCHER_STALE'])
      assert.ok(hintsOf(diagnosis).some(hint => hint.endsWith(`gowarden enable '${folder}'`)))
    })
  })

  test('what a URL says of a person is hidden in findings too', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const {stdout} = await rig.gowarden(['doctor', '--json'], {
        env: {GOFLAGS: '-x=https://me:hunter2@h/ "'},
      })
      assert.match(stdout, /GOFLAGS_BROKEN/)
      assert.not.match(stdout, /hunter2/)
    })
  })
})

/** Whether go build, typed here, is guarded: the last line, and the status. */
suite('doctor: guarded or not', test => {
  const behind = `${machine.goroot}/bin:/usr/bin:/bin`
  const cases: [name: string, path: (rig: Rig) => string, more: Env, last: RegExp, fix: RegExp][] = [
    [
      'no launcher on PATH',
      () => behind,
      {},
      /^go build here is NOT guarded: .*\/bin\/go runs, which is not gowarden$/,
      /gowarden enable$/,
    ],
    [
      'a bare go in front',
      () => `${machine.goroot}/bin:${root}/bin:${behind}`,
      {},
      /NOT guarded: .*\/go comes before .*\/bin\/go on PATH$/,
      /export PATH=/,
    ],
    [
      'GOWARDEN=off',
      () => `${root}/bin:${behind}`,
      {GOWARDEN: 'off'},
      /NOT guarded: GOWARDEN=off is set$/,
      /unset GOWARDEN$/,
    ],
    [
      'a link to a launcher that is gone',
      rig => `${goneLink(rig)}:${behind}`,
      {},
      /NOT guarded: .*\/go is a link to a launcher that is gone/,
      /gowarden enable$/,
    ],
    [
      'a launcher without an engine',
      rig => `${alone(rig)}:${behind}`,
      {},
      /^go build here is refused: the launcher .*\/go was enabled from .*, and its planner is no longer there$/,
      /gowarden enable$/,
    ],
  ]
  for (const [name, path, more, last, fix] of cases) {
    test(name, async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const {code, stdout, stderr} = await rig.gowarden(['doctor'], {env: {PATH: path(rig), ...more}})
        assert.is(code, 1, stderr)
        assert.match(stdout.trimEnd().split('\n').at(-1) ?? '', last)
        assert.match(stdout.match(/^gowarden: hint: to guard it: (.*)$/m)?.[1] ?? '', fix)
        assert.match(stdout, new RegExp(`^GOROOT +${machine.goroot} `, 'm'))
      })
    })
  }

  test('a repository that lowers cache and stamp is named with its lines, and a person who insists wins', async () => {
    await withWarmRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'cache: share\nstamp: off\n'})
      const settings = async (env: Env) =>
        Object.fromEntries(
          (await diagnose(rig, env)).values.map(({name, value, origin}) => [name, `${value} (${origin})`]),
        )
      const lowered = await settings({GOWARDEN_STAMP: undefined, GOWARDEN_CACHE: undefined})
      assert.match(
        lowered['policy cache'] ?? '',
        /^share \(.*\.gowardenrc\.yaml:1, which lowers the default\)$/,
      )
      assert.match(
        lowered['policy stamp'] ?? '',
        /^off \(.*\.gowardenrc\.yaml:2, which lowers the default\)$/,
      )
      const insisted = await settings({GOWARDEN_STAMP: 'required', GOWARDEN_CACHE: 'isolate'})
      assert.is(insisted['policy cache'], 'isolate (GOWARDEN_CACHE)')
      assert.is(insisted['policy stamp'], 'required (GOWARDEN_STAMP)')
      const shown = await rig.gowarden(['doctor'])
      assert.match(shown.stdout, /^policy stamp +off +\(.*which lowers the default\)$/m)
    })
  })

  test('the go that runs is the one that is judged, not the one behind a launcher further back', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const other = await gorootOf(rig, 'go1.25.3')
      const front = join(rig.folder, 'front')
      mkdirSync(front)
      writeProgram(join(front, 'go'), `#!/bin/sh\nexec '${other}/bin/go' "$@"\n`)
      const {values} = await diagnose(rig, {PATH: `${front}:${root}/bin:${behind}`})
      assert.is(values.find(({name}) => name === 'GOROOT')?.value, other)
      const reverse = await diagnose(rig, {PATH: `${machine.goroot}/bin:${root}/bin:${front}`})
      assert.is(reverse.values.find(({name}) => name === 'GOROOT')?.value, machine.goroot)
    })
  })
})

function goneLink(rig: Rig): string {
  const folder = join(rig.folder, 'linked')
  mkdirSync(folder)
  symlinkSync('/nosuch/gowarden/bin/go', join(folder, 'go'))
  return folder
}

function alone(rig: Rig): string {
  const folder = join(rig.folder, 'alone')
  mkdirSync(folder)
  copyFileSync(join(root, 'bin/go'), join(folder, 'go'))
  symlinkSync('/nosuch/gowarden', join(folder, 'gowarden-engine'))
  return folder
}

/** A go that switches for a toolchain line: an older one, by its own path. */
async function olderGo(rig: Rig): Promise<string> {
  return `${await gorootOf(rig, 'go1.24.4')}/bin/go`
}

/** A PATH with the programs that doctor and go need, and no C compiler. */
async function bareTools(rig: Rig): Promise<string> {
  const folder = join(rig.folder, 'bare')
  mkdirSync(folder)
  for (const name of ['sh', 'git', 'stat', 'readlink', 'node']) {
    const path = name === 'node' ? process.execPath : onPath(name)
    if (path !== undefined) symlinkSync(path, join(folder, name))
  }
  return `${machine.goroot}/bin:${folder}`
}
