/** What bin/go and the planner must say alike. */
import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {isPlainCommand, planPlaces, storedPlanText, sweepPlans} from '../../src/build/stored-plan.ts'
import {goEnvNames} from '../../src/go/command/go-env.ts'
import {subcommandKind} from '../../src/go/command/subcommand.ts'
import {nodeSystem} from '../../src/system/node.ts'
import type {System} from '../../src/system/system.ts'
import {gorootAt} from '../support/goroot-at.ts'
import {root, writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const launcher = readFileSync(join(root, 'bin/go'), 'utf8')

const grounds = {
  go: '/go/bin/go',
  goroot: gorootAt('/go'),
  tools: '1 755 …',
  directories: 'd',
  others: ['/env'],
  above: ['/m/go.mod'],
  condition: '',
  switched: undefined,
}
const text = {before: 'b', after: 'a', isSettled: true}
const key = Array.from({length: 21}, () => 'v').join('\n')

/** The launcher's own function, run alone. */
function isPlainInShell(words: readonly string[]): boolean {
  const body = launcher.match(/^gowarden_is_plain\(\) \{[\s\S]*?^\}$/m)?.[0] ?? ''
  const script = `${body}\ngowarden_sub=$1\nif gowarden_is_plain "$@"; then echo yes; else echo no; fi`
  return execFileSync('sh', ['-c', script, 'sh', ...words]).toString() === 'yes\n'
}

const commands: [words: string, isPlain: boolean][] = [
  ['build', true],
  ['build -v ./...', true],
  ['test -run a@b .', true],
  ['build -o a@b .', true],
  ['install a@latest', false],
  ['run . me@example.com', false],
  ['build -C d', false],
  ['build -C=d', false],
  ['build --C d', false],
  ['build --C=d', false],
  ['build -CD', true],
  ['build -gcflags=-N', false],
  ['build -gcflags -N', false],
  ['build --gcflags=', false],
  ['build -compiler=gccgo', false],
  ['build -toolexec=x', false],
  ['build --toolexec x', false],
  ['build -overlay o.json', false],
  ['build --overlay=o.json', false],
  ['list -f {{.ToolchainHash}}', false],
  ['list -json=ToolchainHash,Dir', false],
]

suite('build/stored-plan', test => {
  for (const [words, isPlain] of commands) {
    test(words, () => {
      assert.is(isPlainCommand(words.split(' ')), isPlain)
      assert.is(isPlainInShell(words.split(' ')), isPlain)
    })
  }

  test('the key has as many lines as the planner counts', () => {
    const written = launcher.match(/^gowarden_key="([\s\S]*?)"$/m)?.[1] ?? ''
    assert.is(written.split('\n').length, 21)
  })

  test('both ask go for the same values', () => {
    const asked = launcher.match(/env -json ([A-Z0-9 \\\n]+)</)?.[1] ?? ''
    assert.equal(asked.split(/[\s\\]+/).filter(Boolean), [...goEnvNames])
  })

  test('both sort subcommands alike', () => {
    const patterns = launcher.match(/^case \$gowarden_sub in\n([\s\S]*?)\nesac/m)?.[1] ?? ''
    const named = [...patterns.matchAll(/^ {2}([a-z| ]+)\)/gm)].flatMap(([, names = '']) =>
      names.split(' | '),
    )
    assert.ok(named.length > 8)
    for (const name of named) assert.is.not(subcommandKind(name), 'other', name)
    for (const name of ['version', 'telemetry', 'help', 'nosuch', '']) {
      assert.is(subcommandKind(name), 'other', name)
      assert.not(named.includes(name))
    }
  })

  test('a plan lies where the nearest file that counts is', () => {
    const place = (cwd: string, above: string[], directories: string[] = []) => {
      const files = {...nodeSystem().files, stat: (path: string) => directories.find(at => at === path)}
      return planPlaces(
        {...nodeSystem(), cwd, files} as unknown as System,
        `/s/plans${cwd === '/' ? '' : cwd}/=plan-9`,
        above,
      )
    }
    assert.equal(place('/m', ['/m/go.mod']), ['/s/plans/m/=plan-9'])
    assert.equal(place('/m/a/b', ['/m/go.mod']), [
      '/s/plans/m/a/b/=plan-9',
      '/s/plans/m/a/=plan-9',
      '/s/plans/m/=plan-9',
    ])
    assert.equal(place('/m/a', ['/m/a/go.mod', '/m/go.mod']), ['/s/plans/m/a/=plan-9'])
    assert.equal(place('/m/a', ['/m/go.mod'], ['/m/a/.git']), ['/s/plans/m/a/=plan-9'])
    assert.equal(place('/m/a', []), ['/s/plans/m/a/=plan-9', '/s/plans/m/=plan-9', '/s/plans/=plan-9'])
    assert.equal(place('/m/a', [], ['/m/.git']), ['/s/plans/m/a/=plan-9', '/s/plans/m/=plan-9'])
    assert.equal(place('/m', ['/go.mod']), ['/s/plans/m/=plan-9', '/s/plans/=plan-9'])
    assert.equal(place('/', ['/go.mod']), ['/s/plans/=plan-9'])
    const renamed = {...nodeSystem(), cwd: '/real'}
    assert.equal(planPlaces(renamed, '/s/plans/link/a/=plan-9', ['/real/go.mod']), [
      '/s/plans/link/a/=plan-9',
    ])
  })

  test('a value that breaks a line, or a byte that is lost, is never stored', () => {
    assert.type(storedPlanText(key, grounds, text, 'body', 0), 'string')
    assert.type(storedPlanText(`${key}\n#repository /m`, grounds, text, 'body', 0), 'string')
    assert.is(storedPlanText(`${key}\nmore`, grounds, text, 'body', 0), undefined)
    assert.is(storedPlanText(key.replace('v', '\uFFFD'), grounds, text, 'body', 0), undefined)
    assert.is(storedPlanText(key, {...grounds, goroot: gorootAt('/a\nb')}, text, 'body', 0), undefined)
    assert.is(storedPlanText(key, {...grounds, others: ['/a\nb']}, text, 'body', 0), undefined)
  })

  test('a stored plan gives sh its texts back, whatever they hold', () => {
    const body = 'it\'s "a" $body\n`with` \\ all'
    const stored = storedPlanText(`${key.slice(1)}$'"`, grounds, text, body, 86_400_000) ?? ''
    const script = `${stored}\neval "$gowarden_plan_text"\nprintf '%s\\0' "$gowarden_plan_key" "$gowarden_plan_stat" "$gowarden_body"`
    assert.equal(execFileSync('sh', ['-c', script]).toString().split('\0').slice(0, 3), [
      `${key.slice(1)}$'"`,
      'b\n1 755 …\na\nd',
      body,
    ])
  })

  test('plans that nothing has made anew for five days are swept, with their folders', async () => {
    await withTemporary(folder => {
      writeFiles(folder, {'plans/a/b/=plan-1': '', 'plans/c/=plan-1': ''})
      const day = 24 * 60 * 60 * 1000
      const at = (days: number) => ({...nodeSystem(), nowMs: () => Date.now() + days * day})
      const left = () =>
        execFileSync('find', ['plans', '-type', 'f'], {cwd: folder}).toString().trim().split('\n').sort()
      sweepPlans(at(0), folder)
      sweepPlans(at(4), folder)
      assert.equal(left(), ['plans/a/b/=plan-1', 'plans/c/=plan-1'])
      execFileSync('touch', ['-d', '+4 days', 'plans/c/=plan-1'], {cwd: folder})
      sweepPlans(at(6), folder)
      assert.equal(left(), ['plans/c/=plan-1'])
      assert.is(nodeSystem().files.stat(`${folder}/plans/a`), undefined)
    })
  })
})
