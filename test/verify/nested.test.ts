/** Nested modules that replace their parent: stale exactly where `go build` says so. */
import {spawnSync} from 'node:child_process'
import * as assert from 'uvu/assert'
import {describe} from '../../src/findings/describe.ts'
import {writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'
import {git, treeEnv} from '../support/vendored.ts'
import {found, verifyTree} from '../support/verify.ts'

type Nested = {
  /** The parent's go line and requirements. */
  parent: string
  /** Those of the module in ex/. */
  nested: string
  /** What ex/main.go imports. */
  imports?: string[]
  files?: Record<string, string>
}

const app = 'example.com/app/lib'
const errors = (version: string) => `require github.com/pkg/errors ${version} // indirect`
const sum = `github.com/pkg/errors v0.9.1 h1:FEBLx1zS214owpjy7qsBeixbURkuhQAwrK5UwLGTwt4=
github.com/pkg/errors v0.9.1/go.mod h1:bwawxfHBFNV+L2hUp1rHADufV3IMtnDRdf1r5NINEl0=
github.com/pkg/errors v0.8.1 h1:iURUrRGxPUNPdy5/HRSm+Yj6okJ6UtLINN0Q9M4+h3I=
github.com/pkg/errors v0.8.1/go.mod h1:bwawxfHBFNV+L2hUp1rHADufV3IMtnDRdf1r5NINEl0=
`

const rows: [name: string, isStale: boolean, nested: Nested][] = [
  ['as high', false, {parent: `go 1.24\n${errors('v0.9.1')}`, nested: `go 1.24\n${errors('v0.9.1')}`}],
  ['a lower version', true, {parent: `go 1.24\n${errors('v0.9.1')}`, nested: `go 1.24\n${errors('v0.8.1')}`}],
  [
    'a lower version, before Go 1.17',
    true,
    {parent: `go 1.16\n${errors('v0.9.1')}`, nested: `go 1.16\n${errors('v0.8.1')}`},
  ],
  [
    'a higher version',
    false,
    {parent: `go 1.24\n${errors('v0.8.1')}`, nested: `go 1.24\n${errors('v0.9.1')}`},
  ],
  ['a lower go line', true, {parent: 'go 1.24', nested: 'go 1.22'}],
  ['a lower go line, before 1.21', false, {parent: 'go 1.20', nested: 'go 1.18'}],
  ['a go line of 1.21 over one of 1.20', true, {parent: 'go 1.21', nested: 'go 1.20'}],
  ['nothing of the parent is imported', false, {parent: 'go 1.24', nested: 'go 1.22', imports: ['fmt']}],
  [
    'a workspace with both',
    false,
    {parent: 'go 1.24', nested: 'go 1.22', files: {'go.work': 'go 1.24\n\nuse (\n\t.\n\t./ex\n)\n'}},
  ],
]

suite('verify: nested modules', test => {
  for (const [name, isStale, {parent, nested, imports = [app], files = {}}] of rows) {
    test(`${name}: ${isStale ? 'stale' : 'in order'}, as go build says`, () =>
      withTemporary(async directory => {
        const env = treeEnv({GOPROXY: 'off', GOFLAGS: '-mod=readonly'})
        writeFiles(directory, {
          'go.mod': `module example.com/app\n\n${parent}\n`,
          'go.sum': sum,
          'lib/lib.go': 'package lib\n',
          'ex/go.mod': `module example.com/ex\n\n${nested}\n\nrequire example.com/app v0.0.0\n\nreplace example.com/app => ..\n`,
          'ex/go.sum': sum,
          'ex/main.go': `package main\n\n${imports.map(path => `import _ "${path}"\n`).join('')}\nfunc main() {}\n`,
          ...files,
        })
        git(directory, 'init', '--quiet')
        git(directory, 'add', '--all')
        const build = spawnSync('go', ['build', '-o', '/dev/null', '.'], {
          cwd: `${directory}/ex`,
          env,
          encoding: 'utf8',
        })
        assert.is(build.status === 0, !isStale, build.stderr)
        const store = `${directory}/.git/store`
        const first = await verifyTree(directory, {store})
        const stale = first.findings.find(({code}) => code === 'MOD_STALE')
        assert.is(stale !== undefined, isStale, found(first).join())
        if (stale === undefined) return
        assert.is(stale.level, 'error')
        const [hint = ''] = describe(stale).hints
        const mended = spawnSync('sh', ['-c', hint], {cwd: directory, env: treeEnv(), encoding: 'utf8'})
        assert.is(mended.status, 0, mended.stderr)
        assert.not(found(await verifyTree(directory, {store})).some(line => line.startsWith('MOD_STALE')))
        const again = spawnSync('go', ['build', '-o', '/dev/null', '.'], {
          cwd: `${directory}/ex`,
          env,
          encoding: 'utf8',
        })
        assert.is(again.status, 0, again.stderr)
      }))
  }
})
