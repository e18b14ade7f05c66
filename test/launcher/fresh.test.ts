/** What makes a stored plan stale: each row of the list in README, and that nothing else does. */
import {spawnSync} from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {
  emptyRepository,
  machine,
  type Rig,
  root,
  runProgram,
  tiny,
  withRig,
  writeFiles,
} from '../support/rig.ts'
import {onPath, withKnownRig, withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin, ownPackages, writeProgram} from '../support/twin.ts'

/** Whether a command follows the stored plan. It must succeed either way. */
async function isReplayed(
  rig: Rig,
  words = ['list', '.'],
  env: Record<string, string> = {},
  folder = '.',
): Promise<boolean> {
  const ended = await rig.go(words, {cwd: join(rig.work, folder), env: {GOWARDEN_DEBUG: '1', ...env}})
  assert.is(ended.code, 0, ended.stderr)
  const isFresh = ended.stderr.includes(' is fresh\n')
  assert.is(ended.stderr.includes('debug: plan with '), !isFresh)
  return isFresh
}

/** Plans until a plan is kept: what was written a moment ago keeps the first from being stored. */
async function settle(
  rig: Rig,
  env: Record<string, string> = {},
  folder = '.',
  words = ['list', '.'],
): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    if (await isReplayed(rig, words, env, folder)) return
    await new Promise(resolve => setTimeout(resolve, 30))
  }
  throw new Error('no plan is ever kept')
}

const stale: [name: string, change: (rig: Rig) => void][] = [
  ['go.mod is edited', rig => appendFileSync(join(rig.work, 'go.mod'), '// edited\n')],
  ['a go.work appears', rig => rig.write({'go.work': 'go 1.21\n\nuse .\n'})],
  ['a go.mod appears above', rig => writeFileSync(join(rig.folder, 'go.mod'), 'module above\n')],
  ['a policy file appears', rig => rig.write({'.gowardenrc.yaml': 'cache: refuse\n'})],
  ['a policy file appears above', rig => writeFileSync(join(rig.folder, '.gowardenrc.json'), '{}')],
  [
    'a policy file appears that is a link to nothing',
    rig => symlinkSync('nothing', join(rig.work, '.gowardenrc.yaml')),
  ],
  ['a lock appears', rig => rig.write({'gowarden.lock': lockOf(rig)})],
  ['a lock appears above', rig => writeFileSync(join(rig.folder, 'gowarden.lock'), lockOf(rig))],
  ['a package.json appears', rig => rig.write({'package.json': '{}'})],
  ['the folder becomes a repository', rig => writeFiles(rig.work, emptyRepository)],
  ['the owner record is removed', rig => rmSync(join(rig.cache, '00/gowarden-owner.json'))],
  ['the cache is wiped', rig => rmSync(rig.cache, {recursive: true})],
  [
    'go env -w writes its file',
    rig => {
      mkdirSync(join(rig.folder, 'home/.config/go'), {recursive: true})
      writeFileSync(join(rig.folder, 'home/.config/go/env'), 'GOFLAGS=-trimpath\n')
    },
  ],
]

/** A lock of the toolchain that the rig has seen. */
function lockOf(rig: Rig): string {
  const memo = readFileSync(join(rig.store, 'toolchains', machine.goroot, '=toolchain.json'), 'utf8')
  const {hash}: {hash: string} = JSON.parse(memo)
  return `gowarden lock 1\n${hash} sum.golang.org\n`
}

/** What makes another toolchain of a GOROOT. */
const changed: [name: string, change: (goroot: string) => void][] = [
  ['the compiler is written to', goroot => appendFileSync(compiler(goroot), '\n')],
  [
    'the compiler is written to and its time set back',
    goroot => {
      appendFileSync(compiler(goroot), '#')
      utimesSync(compiler(goroot), new Date(0), new Date(0))
    },
  ],
  ['a tool is added', goroot => writeProgram(join(compiler(goroot), '../zz'), '#!/bin/sh\n')],
  ['a tool is removed', goroot => rmSync(join(compiler(goroot), '../link'))],
  ['the mode of a tool changes', goroot => chmodSync(compiler(goroot), 0o700)],
  [
    'a file is added to a package of the standard library',
    goroot => writeFileSync(join(goroot, 'src/errors/zz.go'), 'package errors\n'),
  ],
  [
    'a file of the standard library is replaced by rename, as sed -i does',
    goroot => {
      const [file, beside] = [join(goroot, 'src/errors/errors.go'), join(goroot, 'src/errors/.sed')]
      writeFileSync(beside, readFileSync(file))
      renameSync(beside, file)
    },
  ],
  ['a file of the standard library is removed', goroot => rmSync(join(goroot, 'src/errors/example_test.go'))],
  ['a package is added to the standard library', goroot => mkdirSync(join(goroot, 'src/zz'))],
  [
    'a package of the standard library is another one',
    goroot => {
      rmSync(join(goroot, 'src/sort'))
      symlinkSync(join(goroot, 'src/errors'), join(goroot, 'src/sort'))
    },
  ],
  ['a header of the assembler is added', goroot => writeFileSync(join(goroot, 'pkg/include/zz.h'), '')],
  ['the go command is written to', goroot => utimesSync(join(goroot, 'bin/go'), new Date(), new Date())],
]

/** The settings that the plan depends on, each with another value. */
const environments: [name: string, env: (rig: Rig) => Record<string, string>][] = [
  ['PATH', rig => ({PATH: `${rig.env['PATH']}:/somewhere`})],
  ['HOME', rig => ({HOME: rig.folder})],
  ['XDG_CONFIG_HOME', rig => ({XDG_CONFIG_HOME: rig.folder})],
  ['GOENV', () => ({GOENV: 'off'})],
  ['GOFLAGS', () => ({GOFLAGS: '-trimpath'})],
  ['GOPATH', rig => ({GOPATH: rig.folder})],
  ['GOWORK', () => ({GOWORK: 'off'})],
  ['GO111MODULE', () => ({GO111MODULE: 'on'})],
  ['GOTOOLCHAIN', () => ({GOTOOLCHAIN: 'path'})],
  ['GOCACHE', rig => ({GOCACHE: join(rig.folder, 'another')})],
  ['GOWARDEN_CACHE', () => ({GOWARDEN_CACHE: 'isolate'})],
  ['GOWARDEN_STAMP', () => ({GOWARDEN_STAMP: 'required'})],
  ['GOWARDEN_LEVELS', () => ({GOWARDEN_LEVELS: 'MOD_UNTIDY=off'})],
  [
    'GOWARDEN_POLICY',
    rig => {
      writeFiles(rig.folder, {'machine.yaml': 'cache: refuse\n'})
      return {GOWARDEN_POLICY: join(rig.folder, 'machine.yaml')}
    },
  ],
]

const kept: [name: string, words: string[], env: Record<string, string>][] = [
  ['another building subcommand', ['vet', '.'], {}],
  ['other words', ['build', '-o', '/dev/null', '-v', '.'], {}],
  ['another platform', ['list', '.'], {GOOS: 'windows'}],
  ['a variable that is none of ours', ['list', '.'], {EDITOR: 'ed'}],
]

/** Words that say something of their own, and must be planned each time. */
const planned: string[][] = [
  ['list', '-gcflags=-N', '.'],
  ['build', '-o', '/dev/null', '-gcflags', '-N', '.'],
  ['build', '-C', '.', '-o', '/dev/null', '.'],
  ['-C', '.', 'list', '.'],
  ['list', '-f', '{{/* ToolchainHash */}}', '.'],
]

function compiler(goroot: string): string {
  return join(
    goroot,
    'pkg/tool',
    `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`,
    'compile',
  )
}

/** Why a test cannot have mounts of its own; undefined when it can. */
const noNamespace =
  spawnSync('unshare', ['-m', 'true']).status === 0 ? undefined : 'mounting is not allowed here'

async function withSettled(body: (rig: Rig) => Promise<void>): Promise<void> {
  await withKnownRig(async rig => {
    rig.write(tiny)
    await settle(rig)
    await body(rig)
  })
}

async function assertPlanned(rig: Rig, env: Record<string, string> = {}): Promise<void> {
  const ended = await rig.go(['list', '.'], {env: {GOWARDEN_DEBUG: '1', ...env}})
  assert.match(ended.stderr, /debug: plan with /)
}

suite('launcher/fresh', test => {
  for (const [name, change] of stale) {
    test(`a plan is stale once ${name}`, async () => {
      await withSettled(async rig => {
        change(rig)
        await assertPlanned(rig)
      })
    })
  }

  for (const [name, change] of changed) {
    test(`a plan is stale once ${name}`, async () => {
      await withRig(async rig => {
        rig.write(tiny)
        const twin = makeTwin(join(rig.folder, `it's a "$tw\\in"`))
        ownPackages(twin, ['errors'])
        rmSync(join(twin, 'pkg/include'))
        cpSync(join(machine.goroot, 'pkg/include'), join(twin, 'pkg/include'), {recursive: true})
        rig.env['PATH'] = `${root}/bin:${twin}/bin:${rig.env['PATH']}`
        rig.env['GOWARDEN_CACHE'] = 'isolate'
        await settle(rig)
        change(twin)
        await assertPlanned(rig)
      })
    })
  }

  test('where the name of GOROOT breaks a line no plan is kept, and go runs', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      rig.env['PATH'] = `${root}/bin:${makeTwin(join(rig.folder, 'a\ntwin'))}/bin:${rig.env['PATH']}`
      for (let round = 0; round < 3; round += 1) {
        assert.not(await isReplayed(rig))
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    })
  })

  for (const cache of ['', 'isolate']) {
    test(`a plan holds on the day of UTC on which it was made${cache && ', under isolate too'}`, async () => {
      await withKnownRig(async rig => {
        rig.write(tiny)
        const env = {GOWARDEN_CACHE: cache}
        await settle(rig, env)
        const plans = readdirSync(join(rig.store, 'plans'), {recursive: true, encoding: 'utf8'})
        const plan = join(rig.store, 'plans', plans.find(name => name.includes('=plan-')) ?? '')
        const text = readFileSync(plan, 'utf8')
        const today = Math.floor(Date.now() / 86_400_000)
        const withDay = (day: number) =>
          text.replaceAll(`gowarden_plan_day=${today}`, `gowarden_plan_day=${day}`)
        for (const day of [today - 1, today + 1]) {
          assert.is.not(withDay(day), text)
          writeFileSync(plan, withDay(day))
          assert.not(await isReplayed(rig, ['list', '.'], env))
        }
        assert.ok(await isReplayed(rig, ['list', '.'], env))
      })
    })
  }

  test('a file of the standard library that was overwritten in place is noticed by the first build of the next day', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      const twin = makeTwin(join(rig.folder, 'twin'))
      ownPackages(twin, ['errors'])
      rig.env['PATH'] = `${root}/bin:${twin}/bin:${rig.env['PATH']}`
      rig.env['GOWARDEN_CACHE'] = 'isolate'
      const hash = async () => (await rig.go(['list', '-f', '{{.ToolchainHash}}', '.'])).stdout.trim()
      await settle(rig)
      const before = await hash()
      appendFileSync(join(twin, 'src/errors/errors.go'), '// changed\n')
      assert.ok(await isReplayed(rig), 'no directory changed')
      assert.is(await hash(), before)

      // Yesterday: what was compared and planned then.
      const memo = join(rig.store, 'toolchains', twin, '=toolchain.json')
      const {comparedMs, ...rest} = JSON.parse(readFileSync(memo, 'utf8'))
      writeFileSync(memo, JSON.stringify({...rest, comparedMs: comparedMs - 86_400_000}))
      assert.not(await isReplayed(rig, ['list', '-f', '{{.ToolchainHash}}', '.']))
      assert.is.not(await hash(), before)
    })
  })

  test('a go1.X.Y on PATH that becomes another tree, or a script, ends the plan', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      const env = {GOTOOLCHAIN: 'go1.25.3'}
      const from = (await rig.bareGo(['env', 'GOROOT'], {env})).stdout.trim()
      const [one, other] = ['one', 'other'].map(name => makeTwin(join(rig.folder, name), {from}))
      writeFileSync(join(other ?? '', 'go.env'), 'GOFLAGS=-trimpath\n')
      mkdirSync(join(rig.folder, 'tools'))
      const program = join(rig.folder, 'tools/go1.25.3')
      const point = (target: string) => {
        rmSync(program, {force: true})
        symlinkSync(target, program)
      }
      rig.env['PATH'] += `:${join(rig.folder, 'tools')}`
      rig.env['GOWARDEN_CACHE'] = 'isolate'
      const hash = async () => (await rig.go(['list', '-f', '{{.ToolchainHash}}', '.'], {env})).stdout.trim()
      point(`${one}/bin/go`)
      await settle(rig, env)
      const before = await hash()
      assert.match(before, /^go1\.25\.3\./)
      point(`${other}/bin/go`)
      await assertPlanned(rig, env)
      assert.is.not(await hash(), before)

      // What a script runs tomorrow nobody knows.
      rmSync(program)
      writeProgram(program, `#!/bin/sh\nexec '${one}/bin/go' "$@"\n`)
      for (let round = 0; round < 3; round += 1) {
        assert.not(await isReplayed(rig, ['list', '.'], env))
        await new Promise(resolve => setTimeout(resolve, 30))
      }
    })
  })

  // Two trees whose programs are the same files, as `cp -al` and stores that save space make them: no stat tells one go from the other.
  const ways: [name: string, folder: string, links: (tree: string) => [path: string, target: string][]][] = [
    ['the folder on PATH', 'way/bin', tree => [['way', tree]]],
    ['the file on PATH', 'tools', tree => [['tools/go', `${tree}/bin/go`]]],
    [
      'a file between',
      'tools',
      tree => [
        ['tools/go', '../between/go'],
        ['between/go', `${tree}/bin/go`],
      ],
    ],
    [
      'a folder between',
      'tools',
      tree => [
        ['tools/go', '../between/current/bin/go'],
        ['between/current', tree],
      ],
    ],
  ]
  for (const [name, at, links] of ways) {
    test(`a plan is stale once a link leads to another tree with the same go command: ${name}`, async () => {
      await withRig(async rig => {
        rig.write(tiny)
        const one = makeTwin(join(rig.folder, 'one'))
        const other = makeTwin(join(rig.folder, 'other'))
        rmSync(join(other, 'bin/go'))
        linkSync(join(one, 'bin/go'), join(other, 'bin/go'))
        writeFileSync(join(other, 'go.env'), 'GOFLAGS=-trimpath\n')
        for (const folder of ['tools', 'between']) mkdirSync(join(rig.folder, folder))
        const point = (tree: string) => {
          for (const [path, target] of links(tree)) {
            rmSync(join(rig.folder, path), {force: true})
            symlinkSync(target, join(rig.folder, path))
          }
        }
        rig.env['PATH'] = `${root}/bin:${join(rig.folder, at)}:${rig.env['PATH']}`
        rig.env['GOWARDEN_CACHE'] = 'isolate'
        point(one)
        await settle(rig)
        point(other)
        await assertPlanned(rig)
      })
    })
  }

  test('where GOENV is relative no plan is kept: go reads the file of each folder', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, own: 'GOFLAGS=-v\n'})
      for (const env of [{GOENV: 'own'}, {GOENV: './absent'}]) {
        for (let round = 0; round < 3; round += 1) {
          await new Promise(resolve => setTimeout(resolve, 50))
          assert.not(await isReplayed(rig, ['list', '.'], env))
        }
      }
      await settle(rig, {GOENV: 'off'})
    })
  })

  test('the first build keeps its plan, though it claims the cache', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      // What was written a moment ago could change again unseen; the owner record is only ever renamed over.
      await new Promise(resolve => setTimeout(resolve, 50))
      assert.not(await isReplayed(rig, ['build', '-o', '/dev/null', '.']))
      assert.ok(await isReplayed(rig))
    })
  })

  test('a plan is stale in another environment', async () => {
    await withSettled(async rig => {
      for (const [name, env] of environments) {
        assert.not(await isReplayed(rig, ['list', '.'], env(rig)), name)
      }
    })
  })

  test('a plan holds for every plain command of the folder', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      await settle(rig)
      for (const [name, words, env] of kept) assert.ok(await isReplayed(rig, words, env), name)
      for (const words of planned) assert.not(await isReplayed(rig, words), words.join(' '))
      assert.ok(await isReplayed(rig))
    })
  })

  test('a plan holds in the folders below, up to the next one that has a say', async () => {
    await withSettled(async rig => {
      rig.write({
        'a/b/b.go': 'package b\n',
        'own/go.mod': 'module own\n\ngo 1.21\n',
        'own/own.go': 'package own\n',
        'own/c/c.go': 'package c\n',
      })
      assert.ok(await isReplayed(rig, ['list', '.'], {}, 'a/b'))
      assert.ok(await isReplayed(rig, ['list', './...'], {}, 'a'))
      assert.not(await isReplayed(rig, ['list', '.'], {}, 'own/c'))
      await settle(rig, {}, 'own/c')
      assert.ok(await isReplayed(rig, ['list', './...'], {}, 'own'))

      // What was said there is taken back: the plan that it left is no longer in the way.
      rmSync(join(rig.work, 'own/go.mod'))
      assert.not(await isReplayed(rig, ['list', '.'], {}, 'own'))
      await settle(rig, {}, 'own')
      await settle(rig, {}, 'own/c')
      for (const policy of ['.gowardenrc.yaml', '.gowardenrc.json', 'package.json', 'go.work']) {
        rig.write({
          [`a/${policy}`]: policy === 'go.work' ? 'go 1.21\n\nuse ..\n' : policy.endsWith('yaml') ? '' : '{}',
        })
        assert.not(await isReplayed(rig, ['list', '.'], {}, 'a/b'), policy)
        rmSync(join(rig.work, 'a', policy))
      }
      mkdirSync(join(rig.work, 'a/.git'))
      assert.not(await isReplayed(rig, ['list', '.'], {}, 'a/b'))
    })
  })

  test('one plan holds in all folders that have no file above which has a say', async () => {
    await withKnownRig(async rig => {
      for (const folder of ['one/deep', 'two'])
        rig.write({[`${folder}/a.go`]: 'package main\n\nfunc main() {}\n'})
      const list = ['list', 'a.go']
      await settle(rig, {}, 'one/deep', list)
      assert.ok(await isReplayed(rig, list, {}, 'two'))
      rig.write({'two/.gowardenrc.yaml': 'cache: refuse\n'})
      assert.not(await isReplayed(rig, list, {}, 'two'))
      assert.ok(await isReplayed(rig, list, {}, 'one/deep'))
    })
  })

  test('go tool, which takes no stamp, leaves a plan that builds follow: with one', async () => {
    await withSettled(async rig => {
      const other = {PATH: `${rig.env['PATH']}:/an/editor/adds/this`}
      for (const words of [
        ['tool', 'compile', '-V'],
        ['generate', '.'],
      ]) {
        await settle(rig, other, '.', words)
        const {stderr} = await rig.go(['list', '.'], {env: {GOWARDEN_DEBUG: '1', ...other}})
        assert.match(stderr, / is fresh\n[\s\S]* words: list -gcflags=all=-env=ToolchainHash=go\S+ \.\n/)
      }
    })
  })

  test('go tool leaves no plan where a build would be refused, or nobody owns the cache yet', async () => {
    await withSettled(async rig => {
      const words = ['tool', 'compile', '-V']
      rig.write({'.gowardenrc.yaml': 'flags:\n  deny: [-trimpath]\n'})
      for (const env of [{GOCACHE: join(rig.folder, 'another')}, {GOFLAGS: '-trimpath'}])
        for (let run = 0; run < 3; run += 1) assert.not(await isReplayed(rig, words, env))
    })
  })

  test('two environments that take turns each keep their plan', async () => {
    await withSettled(async rig => {
      const other = {PATH: `${rig.env['PATH']}:/an/editor/adds/this`}
      await settle(rig, other)
      assert.ok(await isReplayed(rig))
      assert.ok(await isReplayed(rig, ['list', '.'], other))
    })
  })

  test('a go1.X.Y that appears on PATH ends a plan that rests on a switch', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      const tools = join(rig.folder, 'tools')
      mkdirSync(tools)
      const env = {GOTOOLCHAIN: 'go1.25.3', PATH: `${rig.env['PATH']}:${tools}`}
      await settle(rig, env)
      writeProgram(join(tools, 'go1.25.3'), '#!/bin/sh\nexit 3\n')
      await assertPlanned(rig, env)
    })
  })

  test('behind a shim no plan is kept: it may choose another go next time', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      const shims = join(rig.folder, 'shims')
      mkdirSync(shims)
      writeProgram(join(shims, 'go'), `#!/bin/sh\nexec '${makeTwin(join(rig.folder, 'twin'))}/bin/go' "$@"\n`)
      const env = {PATH: `${root}/bin:${shims}:${rig.env['PATH']}`}
      for (let round = 0; round < 4; round += 1) {
        assert.not(await isReplayed(rig, ['list', '.'], env))
        await new Promise(resolve => setTimeout(resolve, 30))
      }
    })
  })

  const linked: [name: string, change: (rig: Rig) => void][] = [
    ['a policy file appears there', rig => writeFiles(rig.folder, {'.gowardenrc.yaml': 'cache: refuse\n'})],
    [
      'the link leads elsewhere',
      rig => {
        const other = join(rig.folder, 'other')
        writeFiles(other, {
          ...emptyRepository,
          '.gowardenrc.yaml': 'cache: refuse\n',
          'work/go.mod': tiny['go.mod'],
          'work/main.go': tiny['main.go'],
        })
        rmSync(join(rig.folder, 'home/link'))
        symlinkSync(join(other, 'work'), join(rig.folder, 'home/link'))
      },
    ],
  ]
  for (const [name, change] of linked) {
    test(`in a folder that is a link into a repository a plan is kept, and stale once ${name}`, async () => {
      await withKnownRig(async rig => {
        rig.write(tiny)
        writeFiles(rig.folder, emptyRepository)
        rig.env['GOFLAGS'] = '-buildvcs=false'
        symlinkSync(rig.work, join(rig.folder, 'home/link'))
        await settle(rig, {}, '../home/link')
        change(rig)
        assert.not(await isReplayed(rig, ['list', '.'], {}, '../home/link'))
      })
    })
  }

  const extended: [name: string, change: (rig: Rig) => void][] = [
    ['the file that the policy extends is edited', rig => rig.write({'base.yaml': 'cache: refuse\n\n'})],
    ['a nearer package of that name appears', rig => rig.write({'node_modules/p/a.yaml': 'cache: refuse\n'})],
  ]
  for (const [name, change] of extended) {
    test(`a plan is stale once ${name}`, async () => {
      await withKnownRig(async rig => {
        rig.write({...tiny, '.gowardenrc.yaml': 'extends: [./base.yaml, p/a.yaml]\n', 'base.yaml': ''})
        mkdirSync(join(rig.folder, 'node_modules/p'), {recursive: true})
        writeFiles(rig.folder, emptyRepository)
        writeFileSync(join(rig.folder, 'node_modules/p/a.yaml'), '')
        // The folder is a repository to gowarden, and to go a broken one.
        rig.env['GOFLAGS'] = '-buildvcs=false'
        await settle(rig)
        change(rig)
        await assertPlanned(rig)
      })
    })
  }

  test('a policy of the machine that GOWARDEN_POLICY names is edited, and removed', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const machine = join(rig.folder, 'machine.yaml')
      writeFileSync(machine, 'cache: refuse\n')
      const env = {GOWARDEN_POLICY: machine}
      await settle(rig, env)
      writeFileSync(machine, 'flags: {deny: [-v]}\n')
      const refused = await rig.go(['list', '-v', '.'], {env})
      assert.match(refused.stderr, /policy denies the flag -v .*FLAG_DENIED/)
      rmSync(machine)
      assert.match((await rig.go(['list', '.'], {env})).stderr, /GOWARDEN_POLICY=.*: no such file/)
    })
  })

  test.unless(noNamespace, '/etc/gowarden/policy.yaml appears, and is edited', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      // In a namespace of its own, with a copy of /etc.
      const script = `mount -t tmpfs tmpfs "$1" && cp -a /etc "$1/etc" && mount --bind "$1/etc" /etc || exit 9
for try in 1 2 3 4 5 6 7 8 9 10; do
  go list . 2>&1 | grep -q 'is fresh' && break
  sleep 0.05
done
go list . 2>&1 | grep -c 'is fresh'
mkdir /etc/gowarden && echo 'flags: {deny: [-mod=mod]}' >/etc/gowarden/policy.yaml
go list -mod=mod . 2>&1 | grep -o 'policy denies.*'
echo 'flags: {deny: [-v]}' >/etc/gowarden/policy.yaml
go list -v . 2>&1 | grep -o 'policy denies.*'
ln -sf nothing /etc/gowarden/policy.yaml
go list . 2>&1 | grep -o 'a link to nothing'`
      const folder = join(rig.folder, 'namespace')
      mkdirSync(folder)
      const ended = await runProgram('unshare', ['-m', 'sh', '-c', script, 'sh', folder], {
        cwd: rig.work,
        env: {...rig.env, GOWARDEN_DEBUG: '1'},
      })
      assert.is(
        ended.stdout,
        '1\npolicy denies the flag -mod=mod [FLAG_DENIED]\npolicy denies the flag -v [FLAG_DENIED]\na link to nothing\n',
        ended.stderr,
      )
    })
  })

  // No Mac: a stat that speaks BSD's format alone stands in for its stat, and there is no /proc.
  test.unless(
    noNamespace,
    'macOS: without /proc, and with the stat of BSD, a plan is followed, and goes stale',
    async () => {
      await withKnownRig(async rig => {
        rig.write(tiny)
        const env = {GOROOT: machine.goroot}
        await settle(rig, env)
        const script = `cp /usr/bin/stat "$1/stat" && cat >"$1/bsd" <<END || exit 9
#!/bin/sh
[ "\\$1 \\$2 \\$3" = '-L -f %u %Mp%Lp %d:%i %z %Fm %Fc' ] || { echo 'stat: illegal option' >&2; exit 1; }
shift 4
'$1/stat' -L -c '%u %a %d:%i %s %.9Y %.9Z' -- "\\$@" | while read -r user mode rest; do
  while [ \\\${#mode} -lt 4 ]; do mode=0\\$mode; done
  echo "\\$user \\$mode \\$rest"
done
END
chmod +x "$1/bsd" && mount --bind "$1/bsd" /usr/bin/stat && mount -t tmpfs tmpfs /proc || exit 9
stat -c %u / 2>/dev/null && exit 9
try() { "$2/go" list . 2>&1 | grep -o 'is fresh\\|debug: plan with'; }
try "$@"
cd /tmp && cd "$3" && try "$@"
echo '// edited' >>go.mod
try "$@"`
        const folder = join(rig.folder, 'namespace')
        mkdirSync(folder)
        const ended = await runProgram(
          'unshare',
          ['-m', 'sh', '-c', script, 'sh', folder, join(root, 'bin'), rig.work],
          {
            cwd: rig.work,
            env: {...rig.env, ...env, GOWARDEN_DEBUG: '1'},
          },
        )
        assert.is(ended.stdout, 'is fresh\nis fresh\ndebug: plan with\n', ended.stderr)
      })
    },
  )

  test.unless(
    noNamespace ?? (onPath('busybox') === undefined ? 'busybox is not on PATH' : undefined),
    'Alpine: with the stat, xargs and sed of BusyBox a plan is followed, and goes stale',
    async () => {
      await withKnownRig(async rig => {
        rig.write(tiny)
        const env = {GOROOT: machine.goroot}
        await settle(rig, env)
        const script = `for name in stat xargs sed; do mount --bind /bin/busybox "/usr/bin/$name" || exit 9; done
stat -c %.9Y / | grep -F . && exit 9
try() { "$1/go" list . 2>&1 | grep -o 'is fresh\\|debug: plan with'; }
try "$@"
echo '// edited' >>go.mod
try "$@"`
        const ended = await runProgram(
          'unshare',
          ['-m', 'busybox', 'ash', '-c', script, 'sh', join(root, 'bin')],
          {
            cwd: rig.work,
            env: {...rig.env, ...env, GOWARDEN_DEBUG: '1'},
          },
        )
        assert.is(ended.stdout, 'is fresh\ndebug: plan with\n', ended.stderr)
      })
    },
  )

  test('where policy denies flags or variables, a plan holds for words and values that are not of these', async () => {
    await withKnownRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'flags: {deny: [-mod=mod]}\nenv: {deny: [GOINSECURE=all]}\n'})
      await settle(rig)
      assert.ok(await isReplayed(rig, ['list', '-modcacherw', '.'], {GOPRIVATE: 'a.b'}))
      assert.not(await isReplayed(rig, ['list', '-mod=readonly', '.']))
      assert.not(await isReplayed(rig, ['list', '--mod', 'readonly', '.']))
      assert.ok(await isReplayed(rig))
      assert.not(await isReplayed(rig, ['list', '.'], {GOINSECURE: 'a.b'}))
    })
  })
})
