import * as assert from 'uvu/assert'
import {type Action, actionReader} from '../../../src/go/command/action-inputs.ts'
import {type Rig, withRig} from '../../support/rig.ts'
import {suite} from '../../support/suite.ts'

/** A package that needs no other one, so that nothing else is compiled; with assembly. */
const bare = {
  'go.mod': 'module example.com/m\n\ngo 1.21\n',
  'lib/lib.go': 'package lib\n\nfunc F() int\n',
  'lib/lib_amd64.s': '#include "textflag.h"\n\nTEXT ·F(SB), NOSPLIT, $0-8\n\tMOVQ $1, ret+0(FP)\n\tRET\n',
  'lib/é 1.go': 'package lib\n',
}

/** What go prints of building ./lib, and its build ID. */
async function build(rig: Rig, words: string[], env: Record<string, string>) {
  const more = {GOARCH: 'amd64', CGO_ENABLED: '0', ...env}
  const built = await rig.bareGo(['build', ...words, './lib'], {env: {...more, GODEBUG: 'gocachehash=1'}})
  assert.is(built.code, 0, built.stderr)
  const reader = actionReader()
  const rest = built.stderr.split('\n').filter(line => !reader.line(line))
  assert.equal(rest, [''])
  const asked = await rig.bareGo(['list', '-export', '-f', '{{.BuildID}}', ...words, './lib'], {env: more})
  const action = reader.actions.get('build example.com/m/lib')
  assert.ok(action, built.stderr)
  return {action: action as Action, buildId: asked.stdout.trim()}
}

const inputOf = (action: Action, name: string) => action.inputs.find(input => input.name === name)?.value

suite('go/command/action-inputs', test => {
  for (const version of ['go1.21.13', 'go1.24.4', 'go1.27.4', 'local']) {
    test(`every input of a package that ${version} compiles`, async () => {
      await withRig(async rig => {
        rig.write(bare)
        const {action, buildId} = await build(rig, [], {GOTOOLCHAIN: version})
        assert.ok(action.isComplete)
        assert.is(action.id, buildId.split('/')[0])
        assert.equal(
          action.inputs.map(({name}) => name),
          [
            ...['go command', 'folder', 'go line of its go.mod', 'GOOS', 'GOARCH', 'compiler', '-gcflags'],
            ...['assembler', '-asmflags', 'GOAMD64', 'file lib.go', 'file é 1.go', 'file lib_amd64.s'],
          ],
        )
        assert.is(inputOf(action, 'folder'), `${rig.work}/lib`)
        assert.match(inputOf(action, 'compiler') ?? '', /^compile version go1\./)

        const words = ['-gcflags=-N -l', '-asmflags=-D=x -D=y', '-trimpath']
        const changed = await build(rig, words, {GOTOOLCHAIN: version, GOAMD64: 'v3', GOSSADIR: '/x'})
        assert.ok(changed.action.isComplete)
        assert.is(changed.action.id, changed.buildId.split('/')[0])
        const [, ...names] = ['-gcflags', '-asmflags', '-trimpath', 'GOAMD64', 'GOSSADIR', 'module', 'folder']
        assert.equal(
          ['-gcflags', ...names].map(name => inputOf(changed.action, name)),
          ['-N -l', '-D=x -D=y', 'true', 'v3', '/x', 'example.com/m', undefined],
        )
      })
    })
  }

  test('lines of several actions between one another, and texts that are no UTF-8', () => {
    const reader = actionReader()
    const lines = [
      'HASH[build a]',
      'HASH[build b [b.test]]',
      'HASH[build a]: "go1.26.8"',
      'HASH[build b [b.test]]: "go1.26.8"',
      'HASH[build a]: "file \\xff]: \\u202e.go x\\n"',
      'HASH[build a]: e7e0f7b1d2d0fd0e8a41ae9d2e5c9f5a2a9ecb2c8fd0d4c8bca9f5d6b1e0c7aa',
      'HASH[build b [b.test]]: 6bf30c7b6bd4b4bf1c2d09b15ee0aeb4ba2ed77a5b2f8c0b4a3dff4c3f6c9a11',
      'HASH /x/y.go: 00',
      'HASH subkey 00 "stdout" = 01',
      'HASH[moduleIndex]: "x"',
    ]
    assert.ok(lines.every(line => reader.line(line)))
    assert.not(reader.line('# example.com/m'))
    assert.not(reader.line('HASHES'))
    assert.equal([...reader.actions.keys()], ['build a', 'build b [b.test]'])
    assert.equal(reader.actions.get('build a')?.inputs.at(-1), {name: 'file \ufffd]: \u202e.go', value: 'x'})
    assert.is(reader.actions.get('build a')?.isComplete, false)
  })
})
