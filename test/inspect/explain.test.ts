/** gowarden inspect --explain with real toolchains, and caches that go filled. */
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import type {Explanation} from '../../src/inspect/explain.ts'
import {machine, type Rig, runProgram} from '../support/rig.ts'
import {withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin} from '../support/twin.ts'

/** lib needs no other package, so that whatever is changed, little is compiled. */
const files = {
  'go.mod': 'module example.com/m\n\ngo 1.21\n',
  'main.go': 'package main\n\nimport "example.com/m/lib"\n\nfunc main() { println(lib.Name) }\n',
  'lib/lib.go': 'package lib\n\nconst Name = "unset"\n',
  'user/user.go': 'package user\n\nimport "example.com/m/lib"\n\nvar Name = lib.Name\n',
  'lib/more.go': '//go:build more\n\npackage lib\n',
}

async function explain(rig: Rig, name: string, against: string[], env: Record<string, string> = {}) {
  const words = ['inspect', '--explain', name, ...against.flatMap(word => ['--against', word])]
  const asked = await rig.gowarden([...words, '--json'], {env})
  assert.is(asked.code, 0, asked.stderr)
  const explanation: Explanation = JSON.parse(asked.stdout)
  const shown = await rig.gowarden(words, {env})
  assert.is(shown.code, 0, shown.stderr)
  return {explanation, text: shown.stdout}
}

const named = ({against}: Explanation) =>
  against?.differences.map(({name, here, there}) => `${name}: ${here ?? '-'} | ${there ?? '-'}`)

type Row = [name: string, against: string[], differs: string[], steps?: string[]]

const rows: Row[] = [
  ['./lib', ['-trimpath'], ['-trimpath: - | true']],
  ['./lib', ['-gcflags=-N -l'], ['-gcflags:  | -N -l']],
  ['./lib', ['GOFLAGS=-gcflags=-N'], ['-gcflags:  | -N']],
  ['./lib', ['GOAMD64=v3', 'GOARCH=amd64'], ['GOAMD64: v1 | v3']],
  [
    './lib',
    ['GOEXPERIMENT=nogreenteagc', '-tags=more'],
    ['compiler: ', 'GOEXPERIMENT', 'file more.go: - | '],
  ],
  ['./lib', ['GOARCH=386', 'CGO_ENABLED=0'], ['GOARCH: amd64 | 386', 'GOAMD64', 'GO386']],
  ['./lib', ['-ldflags=-s'], []],
  ['.', ['-ldflags=-s -w'], ['-ldflags:  | -s -w'], ['link example.com/m', 'build example.com/m']],
  ['.', ['CGO_ENABLED=0'], ['build info: CGO_ENABLED: 1 | 0'], ['build example.com/m']],
  // lib has a file more and comes to the same object, so the program does not notice.
  ['.', ['-tags=more'], ['build info: -tags']],
]

suite('inspect/explain', test => {
  test('the inputs of a package, and of the program', async () => {
    await withWarmRig(async rig => {
      rig.write(files)
      const {explanation, text} = await explain(rig, '.', [])
      assert.equal(
        explanation.actions.map(({step, isComplete}) => [step, isComplete]),
        [
          ['build', true],
          ['link', true],
        ],
      )
      const exported = await rig.go(['list', '-export', '-f', '{{.BuildID}}', '.'])
      assert.is(`${explanation.actions[0]?.id}/${explanation.contentId}`, exported.stdout.trim())
      assert.match(text, /^ {2}import example\.com\/m\/lib +\S{20}$/m)
      assert.match(text, /^ {2}stamp +go1\S+@h1:/m)
      assert.match(text, /^linking example\.com\/m\n {2}action ID +\S{20}$/m)
      // The binary says the same of itself.
      assert.is((await rig.go(['build', '-o', 'app', '.'])).code, 0)
      const [binary] = JSON.parse((await rig.gowarden(['inspect', '--json', 'app'])).stdout)
      assert.equal(
        [binary.buildId.mainActionId, binary.buildId.mainContentId, binary.buildId.binActionId],
        [explanation.actions[0]?.id, explanation.contentId, explanation.actions[1]?.id],
      )
    })
  })

  test('what differs with other flags and variables', async () => {
    await withWarmRig(async rig => {
      rig.write(files)
      for (const [name, against, differs, steps] of rows) {
        const {explanation, text} = await explain(rig, name, against, {GOARCH: 'amd64'})
        const found = named(explanation) ?? []
        const message = `${against.join(' ')}: ${found.join('; ')}`
        assert.is(found.length, differs.length, message)
        for (const [index, start] of differs.entries()) assert.ok(found[index]?.startsWith(start), message)
        if (steps !== undefined) assert.equal(explanation.against?.differences[0]?.steps, steps)
        const isSame = explanation.actions[0]?.id === explanation.against?.actions[0]?.id
        assert.is(isSame, differs.length === 0, message)
        assert.match(text, differs.length === 0 ? 'nothing differs' : `${differs[0]?.split(':')[0]}`)
      }
    })
  })

  test('the cause is in a package that it needs', async () => {
    await withWarmRig(async rig => {
      rig.write({
        ...files,
        'lib/lib.go': 'package lib\n\nimport "example.com/m/deep"\n\nconst Name = deep.Name\n',
        'deep/deep.go': 'package deep\n\nconst Name = "unset"\n',
      })
      const {explanation, text} = await explain(rig, './lib', ['-gcflags=example.com/m/deep=-N'])
      assert.equal(explanation.against?.differences, [
        {kind: 'input', name: '-gcflags', here: '', there: '-N', steps: ['build example.com/m/deep']},
      ])
      assert.match(
        text,
        '  -gcflags differs\n    here   -\n    there  -N\n    in     compiling example.com/m/deep\n',
      )
    })
  })

  test('another toolchain: its version, and of a twin the stamp alone', async () => {
    await withWarmRig(async rig => {
      rig.write(files)
      const goroot = async (version: string) =>
        (await rig.bareGo(['env', 'GOROOT'], {env: {GOTOOLCHAIN: version}})).stdout.trim()
      for (const [against, there] of [
        [`go=${await goroot('go1.21.13')}`, 'go1.21.13'],
        [`go=${await goroot('go1.24.4')}/bin/go`, 'go1.24.4'],
        ['GOTOOLCHAIN=go1.27.4', 'go1.27.4'],
      ] as const) {
        const found = named((await explain(rig, './lib', [against])).explanation) ?? []
        assert.equal(found.slice(0, 2), [
          `go command: ${machine.version} | ${there}`,
          `compiler: compile version ${machine.version} | compile version ${there}`,
        ])
        assert.ok(found[2]?.startsWith(`stamp: ${machine.version}.`))
        assert.is(found.length, 3)
      }
      const twin = makeTwin(join(rig.folder, 'twin'))
      const {explanation, text} = await explain(rig, './lib', [`go=${twin}`])
      assert.equal(
        explanation.against?.differences.map(({name}) => name),
        ['stamp'],
      )
      assert.match(text, /only the stamp differs: go alone would take/)
    })
  })

  test('another cache: the same inputs, and an object that another compiler made', async () => {
    await withWarmRig(async rig => {
      rig.write(files)
      const other = join(rig.folder, 'other')
      mkdirSync(other)
      assert.match((await explain(rig, './lib', [`GOCACHE=${other}`])).text, 'nothing differs')
      // A compiler that prints the version of ours, under our stamp.
      const twin = makeTwin(join(rig.folder, 'twin'), {
        compiler: original =>
          `#!/bin/sh\ncase $1 in -V=full) exec ${original} "$@" ;; *) exec ${original} -N "$@" ;; esac\n`,
      })
      const {explanation} = await explain(rig, './lib', [])
      const stamp = explanation.actions[0]?.inputs.find(({name}) => name === 'stamp')?.value
      const foul = join(rig.folder, 'foul')
      const words = ['build', `-gcflags=all=-env=ToolchainHash=${stamp}`, './lib']
      rig.write({
        'lib/lib.go': 'package lib\n\nfunc F(x int) int {\n\ty := x\n\treturn y + x\n}\n\nconst Name = "x"\n',
      })
      const path = join(twin, 'bin/go')
      const again = await runProgram(path, words, {cwd: rig.work, env: {...rig.env, GOCACHE: foul}})
      assert.is(again.code, 0, again.stderr)
      const found = await explain(rig, './user', [`GOCACHE=${foul}`])
      assert.equal(
        found.explanation.against?.differences.map(({kind, name}) => `${kind} ${name}`),
        ['object example.com/m/lib'],
      )
      assert.match(found.text, 'the object of example.com/m/lib differs, made from the same inputs')
    })
  })

  test('what cannot be explained', async () => {
    await withWarmRig(async rig => {
      rig.write({...files, 'broken/x.go': 'package broken\n\nvar x = y\n'})
      const calls: [words: string[], code: number, stderr: RegExp][] = [
        [['--explain', './...'], 2, /--explain \.\/\.\.\.: 4 packages/],
        [
          ['--explain', 'nope'],
          1,
          /package nope is not in std[\s\S]*error: explaining nope: go does not build it/,
        ],
        [['--explain', './broken'], 1, /undefined: y\n[\s\S]*does not build it/],
        [['--explain', '.', '--against', 'x'], 2, /--against x: neither/],
        [['--explain', '.', '--against', 'go=nowhere'], 2, /no go command there/],
        [['--explain', '.', 'file'], 2, /takes no files/],
        [['--against', '-race', 'file'], 2, /--against is for --explain/],
        [['--explain', '.', '--against', 'GOFLAGS=-nope'], 1, /unknown flag -nope/],
      ]
      for (const [words, code, pattern] of calls) {
        const ended = await rig.gowarden(['inspect', ...words])
        assert.equal([words, ended.code, ended.stdout], [words, code, ''])
        assert.match(ended.stderr, pattern)
      }
    })
  })
})
