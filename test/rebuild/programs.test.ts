/**
 * Programs of others, installed from the module proxy as their users do, and rebuilt: two small ones always, all with
 * REBUILDS=all, each then with a build cache of its own.
 */
import {mkdirSync, readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {hereWith} from '../../src/lock/here.ts'
import {rebuild} from '../../src/rebuild/rebuild.ts'
import {commandSystem} from '../../src/system/node.ts'
import {machine, runProgram} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {directoryOfProcess} from '../support/temporary.ts'

type Program = {name: string; go?: string; env?: Record<string, string>; flags?: string[]; guessed?: string[]}

const small: Program[] = [
  {name: 'golang.org/x/example/hello@v0.0.0-20250915201037-7f05d217867b'},
  {
    name: 'github.com/BurntSushi/toml/cmd/tomlv@v1.5.0',
    env: {GOOS: 'windows', GOARCH: 'arm64'},
    flags: ['-ldflags=-s -w'],
    guessed: ['-ldflags=-s -w'],
  },
]

const large: Program[] = [
  {name: 'golang.org/x/tools/cmd/stringer@v0.36.0'},
  {name: 'github.com/google/gops@v0.3.28', flags: ['-buildmode=pie']},
  {name: 'mvdan.cc/sh/v3/cmd/shfmt@v3.12.0', env: {GOOS: 'darwin', GOARCH: 'arm64'}},
  {name: 'github.com/jstemmer/go-junit-report/v2@v2.1.0', go: 'go1.25.3', flags: ['-buildmode=exe']},
  {name: 'github.com/rakyll/hey@v0.1.4', go: 'go1.25.3'},
  {
    name: 'mvdan.cc/gofumpt@v0.8.0',
    go: 'go1.25.3',
    env: {GOAMD64: 'v3'},
    flags: ['-ldflags=-s -w -buildid='],
  },
  {name: 'honnef.co/go/tools/cmd/staticcheck@v0.6.1', go: 'go1.25.3'},
]

const isAll = process.env['REBUILDS'] === 'all'
const folder = directoryOfProcess('gowarden test ')
const cache = join(folder, 'shared')

suite(isAll ? 'rebuild: programs of others, REBUILDS=all' : 'rebuild: programs of others', test => {
  for (const program of isAll ? [...small, ...large] : small) {
    test(`${program.name} is equal to the byte`, async () => {
      const file = await install(program)
      const system = {...commandSystem(), cwd: folder}
      const found = await rebuild(
        system,
        hereWith(system, `${machine.goroot}/bin/go`),
        file,
        isAll ? {} : {cache},
      )
      assert.is(found.kind, 'equal', JSON.stringify(found, null, 2))
      if (found.kind !== 'equal') return
      assert.is(found.rebuilder.version, program.go ?? machine.version)
      if (program.guessed !== undefined) assert.equal(found.guessed, program.guessed)
      console.log(`${statSync(file).size} bytes, ${found.rebuilder.hash}, ${found.rebuilder.proof.kind}`)
    })
  }
})

let count = 0

/** As `go install -trimpath` leaves it, in folders that the rebuild does not know. */
async function install({name, go, env = {}, flags = []}: Program): Promise<string> {
  const gopath = join(folder, `gopath ${++count}`)
  mkdirSync(gopath, {recursive: true})
  const words = ['install', '-trimpath', ...flags, name]
  const {code, stderr} = await runProgram(`${machine.goroot}/bin/go`, words, {
    cwd: gopath,
    env: {
      ...process.env,
      ...env,
      GOPATH: gopath,
      GOCACHE: cache,
      CGO_ENABLED: '0',
      GOWARDEN: 'off',
      GOTOOLCHAIN: go ?? 'local',
    },
  })
  assert.is(code, 0, stderr)
  return onlyFile(join(gopath, 'bin'))
}

function onlyFile(path: string): string {
  if (!statSync(path).isDirectory()) return path
  const [first = ''] = readdirSync(path)
  return onlyFile(join(path, first))
}
