/** Each sentence that `gowarden why` knows, printed by a real go, and the cause that it names; and what it does not know. */
import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, unlinkSync} from 'node:fs'
import {createServer, type ServerOptions} from 'node:https'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {known} from '../../src/why/sentences.ts'
import {explain} from '../../src/why/why.ts'
import {certificates, key} from '../support/certificates.ts'
import {noMounts} from '../support/mounts.ts'
import {type Ended, machine, type Rig, root, runProgram, tiny} from '../support/rig.ts'
import {nobody, noNobody, onPath, withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin} from '../support/twin.ts'

type Env = Record<string, string | undefined>
type Case = {
  id: string
  env?: Env
  files?: Record<string, string>
  words?: string[]
  /** What the answer says: a code of doctor, or words. */
  says: string
}

const newer = {...tiny, 'go.mod': 'module tiny\n\ngo 1.99\n'}
const needs = (name: string) => ({
  'go.mod': 'module m\n\ngo 1.21\n\nrequire github.com/dustin/go-humanize v1.0.1\n',
  'm.go': `package m\n\nimport _ "${name}"\n`,
})

const cases: Case[] = [
  {id: 'goflags', env: {GOFLAGS: '-ldflags="-s -w"'}, says: `export GOFLAGS='"-ldflags=-s -w"'`},
  {id: 'goexperiment', env: {GOEXPERIMENT: 'olympics'}, says: 'unset GOEXPERIMENT'},
  {id: 'goroot-gone', env: {GOROOT: '/opt/go1.19'}, says: 'unset GOROOT'},
  {id: 'gotoolchain-invalid', env: {GOTOOLCHAIN: 'latest'}, says: 'unset GOTOOLCHAIN'},
  {
    id: 'toolchain-not-available',
    env: {GOTOOLCHAIN: 'auto', GOPROXY: 'off'},
    files: newer,
    says: 'GO_TOO_OLD',
  },
  {id: 'toolchain-not-on-path', env: {GOTOOLCHAIN: 'path'}, files: newer, says: 'GO_TOO_OLD'},
  {id: 'requires-go', files: newer, says: 'export GOTOOLCHAIN=auto'},
  {
    id: 'not-in-std',
    env: {GOROOT: '/tmp'},
    files: {...tiny, 'main.go': 'package main\n\nimport _ "fmt"\n\nfunc main() {}\n'},
    says: 'GOROOT_NO_TOOLCHAIN',
  },
  {
    id: 'cannot-find-in-any',
    env: {GO111MODULE: 'off'},
    files: {
      ...tiny,
      'main.go': 'package main\n\nimport _ "tiny/x"\n\nfunc main() {}\n',
      'x/x.go': 'package x\n',
    },
    says: 'unset GO111MODULE',
  },
  {id: 'go111module', env: {GO111MODULE: 'yes'}, says: 'unset GO111MODULE'},
  {id: 'gopath-relative', env: {GOPATH: 'go'}, says: 'unset GOPATH'},
  {id: 'platform', env: {GOARCH: 'x86_64'}, says: 'unset GOARCH'},
  {
    id: 'checksum-mismatch',
    files: {
      ...needs('github.com/dustin/go-humanize'),
      'go.sum':
        'github.com/dustin/go-humanize v1.0.1 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n' +
        'github.com/dustin/go-humanize v1.0.1/go.mod h1:Mu1zIs6XwVuF/gI1OepvI0qD18qycQx+mFykh5fBlto=\n',
    },
    says: 'the module that go has is not the one in go.sum',
  },
  {
    id: 'relocation',
    files: {
      'go.mod': 'module m\n\ngo 1.21\n',
      'm.go': 'package main\n\nfunc gone()\n\nfunc main() { gone() }\n',
      'm.s': '',
    },
    says: 'gowarden doctor --abi',
  },
  {
    id: 'undefined-runtime',
    files: {
      'go.mod': 'module m\n\ngo 1.21\n',
      'm.go': 'package m\n\nimport "runtime"\n\nvar X = runtime.OfTomorrow\n',
    },
    says: 'the runtime of this Go has no such name',
  },
  {id: 'exec-format', env: {GOARCH: 'arm64'}, words: ['run', '.'], says: 'TARGET_OTHER'},
  {id: 'work-dir', env: {TMPDIR: '/tmp/gowarden-nosuch'}, says: 'TEMP_UNUSABLE'},
  {id: 'cache-off', env: {GOCACHE: 'off'}, says: 'CACHE_UNUSABLE'},
  {
    id: 'c-compiler',
    env: {CC: '/nosuch/cc', CGO_ENABLED: '1'},
    files: {'go.mod': 'module c\n\ngo 1.21\n', 'c.go': 'package c\n\nimport "C"\n'},
    says: 'CC_UNUSABLE',
  },
  {
    id: 'constraints-exclude',
    env: {CGO_ENABLED: '0'},
    files: {
      'go.mod': 'module c\n\ngo 1.21\n',
      'c.go': 'package c\n\nimport _ "c/x"\n',
      'x/x.go': 'package x\n\nimport "C"\n',
    },
    says: 'CGO_OFF',
  },
  {
    id: 'undefined-cgo',
    env: {CGO_ENABLED: '0'},
    files: {
      'go.mod': 'module c\n\ngo 1.21\n',
      'c.go': 'package c\n\nimport "c/x"\n\nvar F = x.F\n',
      'x/x.go': 'package x\n\nimport "C"\n\nfunc F() {}\n',
      'x/y.go': 'package x\n',
    },
    says: 'CGO_OFF',
  },
  {id: 'no-such-tool', words: ['tool', 'nosuch'], says: 'two commands narrow it down'},
  {id: 'missing-go-sum', files: needs('github.com/dustin/go-humanize'), says: 'what ends it: go mod tidy'},
  {
    id: 'inconsistent-vendoring',
    files: {...needs('github.com/dustin/go-humanize'), 'vendor/x': ''},
    says: 'what ends it: go mod vendor',
  },
  {
    id: 'updates-needed',
    files: {
      'go.mod':
        'module m\n\ngo 1.21\n\nrequire a.b/a v0.0.0\n\nreplace a.b/a => ./a\n\nreplace a.b/b => ./b\n',
      'm.go': 'package m\n\nimport _ "a.b/a"\n',
      'a/go.mod': 'module a.b/a\n\ngo 1.21\n\nrequire a.b/b v0.0.0\n',
      'a/a.go': 'package a\n\nimport _ "a.b/b"\n',
      'b/go.mod': 'module a.b/b\n\ngo 1.21\n',
      'b/b.go': 'package b\n',
    },
    says: 'what ends it: go mod tidy',
  },
  {
    id: 'no-required-module',
    files: {'go.mod': 'module m\n\ngo 1.21\n', 'm.go': 'package m\n\nimport _ "example.com/x"\n'},
    says: 'what ends it: go get example.com/x',
  },
  {
    id: 'goproxy-off',
    env: {GOPROXY: 'off'},
    words: ['mod', 'download', 'example.com/x@v1.0.0'],
    says: 'GOPROXY=off forbids every download',
  },
]

/** What go says of mistakes in the code, and of other programs. */
const ordinary: Record<string, string> = {
  'an undefined name': 'func F() int { return x }',
  'an unused variable': 'func F() { x := 1 }',
  'an unused import': 'import "unsafe"',
  'a wrong type': 'var X int = "a"',
  'a missing return': 'func F() int {}',
  'a syntax error': 'func F( {',
  'a redeclared name': 'var X, X int',
  'a wrong call': 'func F(int) {}\n\nvar _ = F()',
  'a missing method': 'type I interface{ M() }\n\ntype T int\n\nvar _ I = T(0)',
  'an import cycle': 'import _ "c/y"',
}

async function why(rig: Rig, {stderr, stdout}: Ended, env: Env = {}, cwd = rig.work): Promise<Ended> {
  return await rig.gowarden(['why'], {env, cwd, input: `${stderr}${stdout}`})
}

suite('why', test => {
  for (const {id, env = {}, files, words = ['build', '-o', 'out', '.'], says} of cases) {
    test(id, async () => {
      await withWarmRig(async rig => {
        rig.write(files ?? tiny)
        const said = await rig.bareGo(words, {env})
        assert.is.not(said.code, 0)
        const {code, stdout, stderr} = await why(rig, said, env)
        assert.equal([code, stderr], [0, ''], `${said.stderr}\n${stdout}`)
        assert.ok(stdout.includes(says), stdout)
        const explained = JSON.parse(
          (await rig.gowarden(['why', '--json'], {env, input: `${said.stderr}${said.stdout}`})).stdout,
        )
        assert.ok(
          explained.explanations.some((one: {id: string}) => one.id === id),
          JSON.stringify(explained.explanations),
        )
      })
    })
  }

  for (const [name, text] of Object.entries(ordinary)) {
    test(`not known: ${name}`, async () => {
      await withWarmRig(async rig => {
        rig.write({
          'go.mod': 'module c\n\ngo 1.21\n',
          'c.go': `package c\n\n${text}\n`,
          'y/y.go': 'package y\n\nimport _ "c"\n',
        })
        const said = await rig.bareGo(['build', '.'])
        assert.is.not(said.code, 0)
        const {code, stdout} = await why(rig, said)
        assert.is(code, 1)
        assert.match(stdout, /^not known to me.*\nto check this machine anyway: gowarden doctor\n$/)
      })
    })
  }

  test('arch-level, of Go 1.21; newer ones accept it silently', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const ask = {env: {GOTOOLCHAIN: 'go1.21.13'}, cwd: rig.folder}
      const old = (await rig.bareGo(['env', 'GOROOT'], ask)).stdout.trim()
      const env = {
        PATH: `${root}/bin:${old}/bin:${rig.env['PATH']}`,
        GOAMD64: 'v9',
        GOWARDEN_CACHE: 'isolate',
      }
      const said = await runProgram(`${old}/bin/go`, ['build', '.'], {
        cwd: rig.work,
        env: {...rig.env, ...env},
      })
      assert.match(said.stderr, /^go: invalid GOAMD64: must be v1, v2, v3, v4/)
      const {code, stdout} = await why(rig, said, env)
      assert.is(code, 0)
      assert.match(stdout, /unset GOAMD64/)
    })
  })

  test('newer-go-version, of a program that Go 1.21 built', async () => {
    await withWarmRig(async rig => {
      rig.write({'go.mod': 'module tiny\n\ngo 1.24\n', 'x.go': 'package x\n\nfunc F() {}\n'})
      const old = (await rig.bareGo(['env', 'GOTOOLDIR'], {env: {GOTOOLCHAIN: 'go1.21.13'}, cwd: rig.folder}))
        .stdout
      const said = await rig.bareGo(['vet', `-vettool=${old.trim()}/vet`, '.'])
      assert.match(said.stderr, /package requires newer Go version go1\.24/)
      const {code, stdout} = await why(rig, said)
      assert.is(code, 0)
      assert.match(stdout, /was built by an older Go than the code requires/)
    })
  })

  test('no-such-tool: covdata that go1.24.4 cannot build for go1.25.3', async () => {
    await withWarmRig(async rig => {
      rig.write({'go.mod': 'module c\n\ngo 1.25.3\n', 'b/b.go': 'package b\n'})
      const goroot = async (version: string) =>
        (await rig.bareGo(['env', 'GOROOT'], {env: {GOTOOLCHAIN: version}, cwd: rig.folder})).stdout.trim()
      await goroot('go1.25.3')
      const outer = await goroot('go1.24.4')
      const env = {
        PATH: `${root}/bin:${outer}/bin:${rig.env['PATH']}`,
        GOTOOLCHAIN: 'auto',
        GOWARDEN_CACHE: 'isolate',
      }
      // The sentence is go's: test/doctor/goroot has it printed.
      const said = {code: 1, signal: null, stdout: '', stderr: '# c/b\ngo: no such tool "covdata"\n'}
      assert.match((await why(rig, said, env)).stdout, /TOOL_ON_DEMAND/)
    })
  })

  test.unless(noV4(), 'amd64-level, on a processor that qemu makes', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const env = {GOAMD64: 'v3'}
      assert.is((await rig.bareGo(['build', '-o', 'out', '.'], {env})).code, 0)
      const said = await runProgram(emulator() ?? '', ['-cpu', 'qemu64', './out'], {
        cwd: rig.work,
        env: rig.env,
      })
      assert.match(said.stderr, /^This program can only be run on AMD64 processors with v3/)
      const {code, stdout} = await why(rig, said, env)
      assert.is(code, 0)
      assert.match(stdout, /GOAMD64 above what this processor can do|TARGET_OTHER/)
    })
  })

  test.unless(noNobody, 'open-denied: an error that outlives its cause', async () => {
    await withWarmRig(async rig => {
      rig.write({'go.mod': 'module m\n\ngo 1.21\n', 'p/a.go': 'package p\n', 'p/b.go': 'package p\n'})
      const file = join(rig.work, 'p/b.go')
      const env = {GOCACHE: join(rig.folder, 'own'), GOMODCACHE: join(rig.folder, 'modules')}
      execFileSync('sh', [
        '-c',
        'mkdir "$1" "$2" && touch -d "1 hour ago" "$3"/p/* && chmod 600 "$3/p/b.go" && chown "$5" "$1" "$2" "$4"',
        'sh',
        env.GOCACHE,
        env.GOMODCACHE,
        rig.work,
        rig.folder,
        String(nobody),
      ])
      const as = [
        `--reuid=${nobody}`,
        `--regid=${nobody}`,
        '--clear-groups',
        `${machine.goroot}/bin/go`,
        'list',
        './...',
      ]
      const list = () =>
        runProgram('setpriv', as, {cwd: rig.work, env: {...rig.env, ...env, HOME: rig.folder}})
      await list()
      chmodSync(file, 0o644)
      const said = await list()
      assert.match(said.stderr, /open .*b\.go: permission denied/)
      const {code, stdout} = await why(rig, said, env)
      assert.is(code, 0)
      assert.match(stdout, /INDEX_KEEPS_ERROR[\s\S]*touch /)
    })
  })

  test('invalid-go-version and unknown-directive, of Go 1.20', async () => {
    await withWarmRig(async rig => {
      const ask = {env: {GOTOOLCHAIN: 'go1.20.14'}, cwd: rig.folder}
      const old = (await rig.bareGo(['env', 'GOROOT'], ask)).stdout.trim()
      const env = {PATH: `${root}/bin:${old}/bin:${rig.env['PATH']}`, GOWARDEN_CACHE: 'isolate'}
      rig.write({...tiny, 'go.mod': 'module tiny\n\ngo 1.23.4\n\ntoolchain go1.24.4\n'})
      const said = await runProgram(`${old}/bin/go`, ['build', '.'], {cwd: rig.work, env: rig.env})
      assert.match(said.stderr, /invalid go version '1\.23\.4'[\s\S]*unknown directive: toolchain/)
      const {code, stdout} = await why(rig, said, env)
      assert.is(code, 0)
      assert.match(stdout, /GO_TOO_OLD/)
      assert.is(stdout.match(/^go says: /gm)?.length, 2, stdout)
    })
  })

  test('workspace', async () => {
    await withWarmRig(async rig => {
      rig.write({
        'go.work': 'go 1.21\n\nuse ./in\n',
        'in/go.mod': 'module in\n\ngo 1.21\n',
        'out/go.mod': 'module out\n\ngo 1.21\n',
        'out/out.go': 'package out\n',
      })
      const cwd = join(rig.work, 'out')
      for (const pattern of ['.', './...']) {
        const said = await rig.bareGo(['build', pattern], {cwd})
        const {code, stdout} = await why(rig, said, {}, cwd)
        assert.is(code, 0, said.stderr)
        assert.match(stdout, /WORKSPACE_OTHER/)
      }
    })
  })

  test('certificate-early, certificate-expired and certificate-unknown, of servers that have such a one', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const said: string[] = []
      for (const name of ['early', 'expired', 'unknown'] as const) {
        await withServer({key, cert: certificates[name]}, async port => {
          const env = {GOPROXY: `https://localhost:${port}`, GONOSUMDB: '*'}
          said.push((await rig.bareGo(['mod', 'download', 'example.com/x@v1.0.0'], {env})).stderr)
        })
      }
      const {code, stdout} = await why(rig, {code: 1, signal: null, stdout: '', stderr: said.join('')})
      assert.is(code, 0)
      assert.equal(
        stdout
          .match(/^which means: .*$/gm)
          ?.map(line => line.match(/clock is behind|has ended|ca-certificates/)?.[0]),
        ['clock is behind', 'has ended', 'ca-certificates'],
        said.join(''),
      )
    })
  })

  test('main-module', async () => {
    await withWarmRig(async rig => {
      const {code, stdout} = await why(rig, await rig.bareGo(['build', '.']))
      assert.is(code, 0)
      assert.match(stdout, /there is no go\.mod here or above/)
    })
  })

  test.unless(noNobody, 'vcs', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      execFileSync('git', ['init', '-q'], {cwd: rig.work})
      execFileSync('chown', ['-R', String(nobody), rig.work])
      const env = {GOFLAGS: undefined}
      const {code, stdout} = await why(rig, await rig.bareGo(['build', '.'], {env}), env)
      assert.is(code, 0)
      assert.match(stdout, /git config --global --add safe\.directory/)
    })
  })

  test('tool-version, and redeclared-in-goroot', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const ask = {env: {GOTOOLCHAIN: 'go1.25.3'}, cwd: rig.folder}
      const other = (await rig.bareGo(['env', 'GOTOOLDIR'], ask)).stdout.trim()
      const goroot = plainTwin(join(rig.folder, 'mixed'))
      const tools = join(goroot, 'pkg/tool', readdirSync(join(goroot, 'pkg/tool'))[0] ?? '')
      unlinkSync(join(tools, 'compile'))
      symlinkSync(join(other, 'compile'), join(tools, 'compile'))
      const env = {PATH: `${root}/bin:${goroot}/bin:${rig.env['PATH']}`, GOWARDEN_CACHE: 'isolate'}
      const said = await runProgram(`${goroot}/bin/go`, ['build', 'internal/goos'], {
        cwd: rig.work,
        env: rig.env,
      })
      assert.match(said.stderr, /does not match go tool version/)
      assert.match((await why(rig, said, env)).stdout, /GOROOT_MIXED/)

      const stomped = plainTwin(join(rig.folder, 'stomped'))
      unlinkSync(join(stomped, 'src'))
      mkdirSync(join(stomped, 'src'))
      for (const name of readdirSync(join(machine.goroot, 'src')))
        if (name !== 'cmp') symlinkSync(join(machine.goroot, 'src', name), join(stomped, 'src', name))
      cpSync(join(machine.goroot, 'src/cmp'), join(stomped, 'src/cmp'), {recursive: true})
      cpSync(join(stomped, 'src/cmp/cmp.go'), join(stomped, 'src/cmp/old.go'))
      const twice = await runProgram(`${stomped}/bin/go`, ['build', 'cmp'], {cwd: rig.work, env: rig.env})
      assert.match(twice.stderr, /redeclared in this block/)
      const stompedEnv = {...env, PATH: `${root}/bin:${stomped}/bin:${rig.env['PATH']}`}
      const explained = await why(rig, twice, stompedEnv)
      assert.match(explained.stdout, /GOROOT holds files of two releases|GOROOT_STOMPED/, twice.stderr)
    })
  })

  test('object-header, could-not-import and fingerprint: objects that were built by hand', async () => {
    await withWarmRig(async rig => {
      rig.write({
        'main.go': 'package main\n\nfunc main() {}\n',
        'a/a.go': 'package a\n\nfunc F() int { return 1 }\n',
      })
      const tool = async (name: string, words: string[], toolchain = 'local') =>
        await rig.bareGo(['tool', name, ...words], {env: {GOTOOLCHAIN: toolchain}})
      await tool('compile', ['-p', 'main', '-o', 'old.o', 'main.go'], 'go1.25.3')
      const header = await tool('link', ['-o', 'out', 'old.o'])
      assert.match(header.stderr + header.stdout, /linked object header mismatch/)
      assert.match((await why(rig, header)).stdout, /an object of another release is linked/)

      rig.write({
        cfg: 'packagefile a=a.a\n',
        'main.go': 'package main\n\nimport "a"\n\nfunc main() { println(a.F()) }\n',
      })
      const gone = await tool('compile', ['-p', 'main', '-importcfg', 'cfg', '-o', 'main.o', 'main.go'])
      assert.match(gone.stderr + gone.stdout, /could not import a \(open a\.a: no such file or directory\)/)
      assert.match((await why(rig, gone)).stdout, /the compiled form of an imported package is gone/)
      await tool('compile', ['-p', 'a', '-o', 'a.a', 'a/a.go'])
      await tool('compile', ['-p', 'main', '-importcfg', 'cfg', '-o', 'main.o', 'main.go'])
      rig.write({'a/a.go': 'package a\n\nvar X int\n\nfunc F() int { return 1 }\n'})
      await tool('compile', ['-p', 'a', '-o', 'a.a', 'a/a.go'])
      const fingerprint = await tool('link', ['-importcfg', 'cfg', '-o', 'out', 'main.o'])
      assert.match(fingerprint.stderr + fingerprint.stdout, /fingerprint mismatch/)
      assert.match((await why(rig, fingerprint)).stdout, /compiled against different versions of a third/)
    })
  })

  test.unless(noMounts(), 'exec-permission and no-space', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const at = join(rig.folder, 'mounted')
      mkdirSync(at)
      const env = {...rig.env, TMPDIR: at}
      const rows: [options: string, words: string, code: RegExp][] = [
        ['noexec', 'run .', /TEMP_UNUSABLE/],
        ['size=64k', 'build .', /DISK_FULL/],
      ]
      for (const [options, words, code] of rows) {
        const script = `mount -t tmpfs -o ${options} none "$0" && { '${machine.goroot}/bin/go' ${words} 2>&1 | "$@"; }`
        const gowarden = [process.execPath, join(root, 'bin/gowarden'), 'why']
        const ended = await runProgram('unshare', ['-m', 'sh', '-c', script, at, ...gowarden], {
          cwd: rig.work,
          env,
        })
        assert.match(ended.stdout, code, ended.stderr)
      }
    })
  })

  test('of a command that it runs, of a file, and of one that succeeds', async () => {
    await withWarmRig(async rig => {
      rig.write(newer)
      const ran = await rig.gowarden(['why', '--', 'go', 'list', './...'])
      assert.is(ran.code, (await rig.bareGo(['list', './...'])).code, 'the status of go')
      assert.match(ran.stderr, /go\.mod requires go >= 1\.99/)
      assert.match(ran.stdout, /GO_TOO_OLD/)
      rig.write({log: ran.stderr})
      assert.match((await rig.gowarden(['why', 'log'])).stdout, /GO_TOO_OLD/)
      const absent = await rig.gowarden(['why', 'nosuch'])
      assert.equal([absent.code, absent.stdout], [2, ''])
      assert.match(absent.stderr, /there is no file nosuch/)
      const fine = await rig.gowarden(['why', '--', 'go', 'version'])
      assert.is(fine.code, 0)
      assert.match(fine.stderr, /there is nothing to explain/)
      assert.match(fine.stdout, /^go version /)
      const json = await rig.gowarden(['why', '--json', '--', 'go', 'list', './...'])
      assert.is(JSON.parse(json.stdout).explanations.length, 1)
      const [none, killed] = [['/nosuch/go'], ['sh', '-c', 'kill -TERM $$']]
      assert.is((await rig.gowarden(['why', '--', ...none])).code, 127)
      assert.is((await rig.gowarden(['why', '--', ...killed])).code, 143)
      assert.is((await rig.gowarden(['why'])).code, 1)
    })
  })

  test('what a command prints goes on as it comes, byte for byte, and it reads what is typed', async () => {
    await withWarmRig(async rig => {
      // It waits for an answer that is given only when the question is seen.
      const script = String.raw`printf 'name?\n'; read name; printf '\377%s' "$name"; echo no >&2; exit 3`
      const child = spawn(join(root, 'bin/gowarden'), ['why', '--', 'sh', '-c', script], {
        cwd: rig.work,
        env: rig.env,
      })
      const [stdout, stderr]: Buffer[][] = [[], []]
      child.stderr.on('data', (bytes: Buffer) => stderr?.push(bytes))
      child.stdout.on('data', (bytes: Buffer) => {
        stdout?.push(bytes)
        if (bytes.includes('name?')) child.stdin.end('Ada\n')
      })
      const [code] = await once(child, 'close')
      assert.is(code, 3)
      assert.is(Buffer.concat(stderr ?? []).toString(), 'no\n')
      assert.is(
        Buffer.concat(stdout ?? []).toString('latin1'),
        'name?\n\xffAda\nnot known to me\nto check this machine anyway: gowarden doctor\n',
      )
    })
  })

  test('where nobody reads on, it ends as a program in a pipe does, and so does every other verb', async () => {
    await withWarmRig(async rig => {
      for (const words of ['why -- yes', 'explain', '--help']) {
        // true has ended long before.
        const piped = `{ sleep 0.3; "$0" ${words}; echo $? >&3; } 3>status | true`
        const {stderr} = await runProgram('sh', ['-c', piped, join(root, 'bin/gowarden')], {
          cwd: rig.work,
          env: rig.env,
        })
        assert.equal([stderr, readFileSync(join(rig.work, 'status'), 'utf8')], ['', '141\n'], words)
      }
    })
  })

  test('a line that only looks alike, in a file of a person, is not known', () => {
    const text = '/home/u/src/app/a.go:3:6: F redeclared in this block\n'
    const values = [{name: 'GOROOT', value: '/usr/local/go', origin: '', isUsual: false}]
    const guard = {kind: 'guarded' as const, reason: '', fix: ''}
    const {explanations, ofTheCode} = explain(
      text,
      {values, findings: [], guard, canBuild: true},
      '/home/u/src/app',
    )
    assert.equal([explanations.length, ofTheCode], [0, 1])
  })

  test('docs/errors.md has a row for each sentence, with a report or what was measured', () => {
    const rows = [
      ...readFileSync(join(root, 'docs/errors.md'), 'utf8').matchAll(/^\| ([a-z][\w-]*) \| `.*\| (.*) \|$/gm),
    ]
    assert.equal(
      rows.map(([, id]) => id),
      [...known.map(({id}) => id), 'undefined-cgo'],
    )
    for (const [line, , report = ''] of rows) assert.match(report, /^measured$|[\w.-]+\/[\w.-]+#\d+/, line)
  })
})

async function withServer(options: ServerOptions, body: (port: number) => Promise<void>): Promise<void> {
  const server = createServer(options).listen(0, 'localhost')
  await once(server, 'listening')
  try {
    await body((server.address() as AddressInfo).port)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

function plainTwin(folder: string): string {
  return makeTwin(folder, {compiler: original => `#!/bin/sh\nexec '${original}' "$@"\n`})
}

/** A program that runs another one on a processor of its making. */
function emulator(): string | undefined {
  return onPath('qemu-x86_64') ?? onPath('qemu-x86_64-static')
}

function noV4(): string | undefined {
  return process.arch === 'x64' && emulator() !== undefined ? undefined : 'there is no qemu-x86_64 on PATH'
}
