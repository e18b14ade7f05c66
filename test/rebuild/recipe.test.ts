/** What becomes of what a binary says: a recipe, or a reason; and that no flag gets through that writes a file or runs a program. */
import * as assert from 'uvu/assert'
import type {BuildInfo} from '../../src/go/binary/build-info.ts'
import {type FlagKind, refusedFlag} from '../../src/rebuild/allowed-flags.ts'
import {type RecipeOrNot, recipeOf, type Wishes} from '../../src/rebuild/recipe.ts'
import {suite} from '../support/suite.ts'

const hash = 'go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM='
const sum = 'h1:Khu2En+0gcYPZ2kuIihfswbzxv/mIHXgzPZ018Oty48='
const revision = '2a1bb6127fb481c60f67692e22285fb306f3c6ff'
const proxied = {path: 'example.com/app', version: 'v1.0.0', sum}
const local = {path: 'example.com/app', version: '(devel)'}

type Settings = Record<string, string>

function info(settings: Settings, main: BuildInfo['main'] = proxied): BuildInfo {
  const all = {CGO_ENABLED: '0', GOARCH: 'amd64', GOOS: 'linux', ...settings}
  return {
    goVersion: 'go1.26.8',
    path: 'example.com/app/cmd/x',
    ...(main === undefined ? {} : {main}),
    deps: [],
    settings: Object.entries(all).map(([key, value]) => ({key, value})),
  }
}

suite('recipe', test => {
  test('of a module of the proxy', () => {
    const settings = {
      '-buildmode': 'exe',
      '-compiler': 'gc',
      '-gcflags': `all=-env=ToolchainHash=${hash}`,
      '-tags': 'a,b',
      '-trimpath': 'true',
      DefaultGODEBUG: 'x=1',
      GOAMD64: 'v3',
      GOEXPERIMENT: 'nodwarf5',
    }
    assert.equal(recipeOf(info(settings), {}), {
      kind: 'recipe',
      recipe: {
        origin: {kind: 'module', path: 'example.com/app', version: 'v1.0.0'},
        package: 'example.com/app/cmd/x',
        goVersion: 'go1.26.8',
        stamp: hash,
        env: {
          CGO_ENABLED: '0',
          GOARCH: 'amd64',
          GOOS: 'linux',
          GOAMD64: 'v3',
          GOEXPERIMENT: 'nodwarf5',
        },
        flags: [
          `-gcflags=all=-env=ToolchainHash=${hash}`,
          '-tags=a,b',
          '-trimpath',
          '-pgo=off',
          '-buildvcs=false',
        ],
        hidesLinkFlags: true,
        isPlainExe: true,
        hasCgo: false,
      },
    })
  })

  const flags: [name: string, settings: Settings, wishes: Wishes, flags: string[]][] = [
    ['recorded link flags', {'-ldflags': '-s -w'}, {}, ['-ldflags=-s -w', '-pgo=off', '-buildvcs=false']],
    [
      'link flags of a person',
      {'-ldflags': '-s'},
      {ldflags: '-w'},
      ['-ldflags=-w', '-pgo=off', '-buildvcs=false'],
    ],
    ['another mode', {'-buildmode': 'pie'}, {}, ['-buildmode=pie', '-pgo=off', '-buildvcs=false']],
    ['a profile', {'-pgo': 'default.pgo'}, {}, ['-buildvcs=false']],
    ['switches', {'-race': 'true', '-cover': 'true'}, {}, ['-race', '-cover', '-pgo=off', '-buildvcs=false']],
  ]
  for (const [name, settings, wishes, expected] of flags) {
    test(`passes on: ${name}`, () => {
      const found = recipeOf(info(settings), wishes)
      assert.equal(found.kind === 'recipe' && found.recipe.flags, expected)
    })
  }

  test('of a repository', () => {
    const vcs = {vcs: 'git', 'vcs.revision': revision, 'vcs.modified': 'false'}
    const found = recipeOf(info(vcs, local), {source: '.'})
    assert.equal(found.kind === 'recipe' && found.recipe.origin, {
      kind: 'source',
      module: 'example.com/app',
      revision,
    })
    assert.equal(found.kind === 'recipe' && found.recipe.flags, ['-pgo=off', '-buildvcs=true'])
  })

  const not: [found: RecipeOrNot, reason: RegExp][] = [
    [recipeOf({goVersion: 'go1.17', deps: [], settings: []}, {}), /no build settings/],
    [recipeOf({...info({}), path: 'command-line-arguments'}, {}), /files named on the command line/],
    [recipeOf({...info({}), path: 'example.com/app.test'}, {}), /test binary/],
    [recipeOf({...info({}), path: '-toolexec=/tmp/x'}, {}), /none that go writes/],
    [recipeOf({...info({}), path: 'example.com/a b'}, {}), /none that go writes/],
    [recipeOf(info({}, {...proxied, version: 'v1 -x'}), {}), /none that go writes/],
    [recipeOf(info({'-compiler': 'gccgo'}), {}), /compiled by gccgo/],
    [
      recipeOf(info({'-ldflags': '-extld=/tmp/x'}), {}),
      /-ldflags -extld=\/tmp\/x: a flag that a binary does not get/,
    ],
    [recipeOf(info({GOEXPERIMENT: 'x\ny'}), {}), /its GOEXPERIMENT is none/],
    [recipeOf(info({GOOS: '../x'}), {}), /its GOOS is none/],
    [
      recipeOf(info({'-gcflags': `all=-env=ToolchainHash=${hash}+toolexec=sha256:${'a'.repeat(64)}`}), {}),
      /-toolexec stood in/,
    ],
    [recipeOf(info({}, local), {}), /names no revision/],
    [recipeOf(info({vcs: 'git', 'vcs.revision': revision}, local), {}), /revision 2a1bb6/],
    [recipeOf(info({vcs: 'hg', 'vcs.revision': revision}, local), {source: '.'}), /in hg, not Git/],
    [recipeOf(info({vcs: 'git', 'vcs.revision': '--upload-pack=x'}, local), {source: '.'}), /none of Git/],
    [recipeOf(info({}), {source: '.'}), /which the proxy has/],
  ]
  for (const [found, reason] of not) {
    test(`none: ${reason.source}`, () => {
      assert.is.not(found.kind, 'recipe')
      assert.match('reason' in found ? found.reason : '', reason)
    })
  }
})

suite('allowed flags', test => {
  const rows: [kind: FlagKind, value: string, refused: string | undefined, hasCgo?: true][] = [
    ['-gcflags', '', undefined],
    ['-gcflags', 'all=-N -l', undefined],
    ['-gcflags', '-N -l=4 -d=checkptr -lang=go1.20', undefined],
    ['-gcflags', 'all=-N -o /home/u/.profile', '-o'],
    ['-gcflags', '-o=/x', '-o=/x'],
    ['-gcflags', '--o=/x', '--o=/x'],
    ['-gcflags', 'all=-cpuprofile=/x', '-cpuprofile=/x'],
    ['-gcflags', '-d "-o" ', '-d -o'],
    ['-gcflags', '-d=checkptr=0,loopvar:2,ssa/prove/debug=1,ssa/check_bce/debug', undefined],
    ['-gcflags', '-d dumpinlfuncprops=/x', '-d dumpinlfuncprops=/x'],
    ['-gcflags', 'all=-d=checkptr,dumpinlfuncprops:/x', '-d=checkptr,dumpinlfuncprops:/x'],
    ['-gcflags', '-d=ssa/prove/dump=main', '-d=ssa/prove/dump=main'],
    ['-gcflags', '-d=nosuch=/x', '-d=nosuch=/x'],
    ['-asmflags', '-d=pctab=/x', '-d=pctab=/x'],
    ['-gcflags', "'-o=/x y'", '-o=/x y'],
    ['-gcflags', '-env=X=y', '-env=X=y'],
    ['-gcflags', '-I /x', '-I'],
    ['-gcflags', '-env ToolchainHash=x', undefined],
    ['-gcflags', 'all=-I=ToolchainHash=x', undefined],
    ['-gcflags', 'x.go', 'x.go'],
    ['-gcflags', '"unclosed', '"unclosed'],
    ['-asmflags', 'all=-D X=1', undefined],
    ['-asmflags', '-I/x', '-I/x'],
    ['-asmflags', '-o x', '-o'],
    ['-ldflags', '-s -w -X main.version=1.0 -X "main.date=a b" -buildid=', undefined],
    ['-ldflags', '-extld=/x', '-extld=/x'],
    ['-ldflags', '-s -extldflags=-static', '-extldflags=-static'],
    ['-ldflags', '-linkmode=internal', undefined],
    ['-ldflags', '-linkmode=external', '-linkmode=external'],
    ['-ldflags', '-linkmode external', '-linkmode=external'],
    ['-ldflags', '--linkmode=external', '-linkmode=external'],
    ['-ldflags', '-linkmode external', undefined, true],
    ['-ldflags', '-o /x', '-o'],
    ['-ldflags', '-tmpdir=/x', '-tmpdir=/x'],
    ['-ldflags', '-X main.a=b -cpuprofile /x', '-cpuprofile'],
  ]
  for (const [kind, value, refused, hasCgo] of rows) {
    test(`${kind}=${value}${hasCgo ? ' with cgo' : ''}`, () => {
      assert.is(refusedFlag(kind, value, hasCgo === true), refused)
    })
  }
})
