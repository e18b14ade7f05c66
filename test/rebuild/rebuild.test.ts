import {spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import * as assert from 'uvu/assert'
import {rebuildText} from '../../src/rebuild/text.ts'
import {moduleCacheWithToolchains, publish} from '../support/own-proxy.ts'
import {again, build, different, missing, repository, sharedCache, whats} from '../support/rebuilds.ts'
import {machine, type Rig, root, runProgram, writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {git} from '../support/vendored.ts'

suite('rebuild', test => {
  test('a program of a committed folder is equal, and the folder is left as it was', async () => {
    const rig = repository()
    git(rig.work, 'tag', 'v1.2.3')
    const stamp = `-gcflags=all=-env=ToolchainHash=${await hashOfMachine(rig)}`
    const app = await build(rig, 'stamped', ['-trimpath', '-tags=some,tags', stamp])
    // What is changed there since does not count, and stays.
    rig.write({'sub dir/main.go': 'package main\n\nfunc main() {}\n', 'sub dir/new.go': 'package main\n'})
    const before = stateOf(rig)
    const found = await again(rig, app, {source: rig.work})
    assert.is(found.kind, 'equal', JSON.stringify(found, null, 2))
    assert.equal(stateOf(rig), before)
    const text = await rig.gowarden(['rebuild', app])
    assert.is(text.code, 2)
    assert.match(
      text.stderr,
      /built from revision [0-9a-f]{40} of a repository with the module example.com\/app/,
    )
    assert.match(text.stderr, 'gowarden rebuild --source DIR FILE')
  })

  test('no filter and no monitor of the person runs on what the source names', async () => {
    const rig = repository()
    const ran = join(rig.folder, 'ran')
    const program = `"touch '${ran}'; cat"`
    writeFiles(rig.env['HOME'] ?? '', {
      '.gitconfig': `[core]\nfsmonitor = touch '${ran}'\n[filter "lfs"]\nsmudge = ${program}\nclean = cat\nrequired = true\n[filter "more"]\nprocess = touch '${ran}'\n`,
    })
    rig.write({'.gitattributes': '*.go filter=lfs\n*.mod filter=more\n'})
    git(rig.work, 'add', '.')
    git(rig.work, 'commit', '--quiet', '--message=second')
    const app = await build(rig, 'app', ['-trimpath'], {CGO_ENABLED: '0', GIT_CONFIG_GLOBAL: '/dev/null'})
    const found = await again(rig, app, {source: rig.work})
    assert.is(found.kind, 'equal', JSON.stringify(found, null, 2))
    assert.not(existsSync(ran))
  })

  test('a module that the proxy alone vouches for is said to be that', async () => {
    const rig = repository()
    const proxy = await publish(rig, {
      'plain@v1.0.0': {
        'go.mod': 'module example.com/plain\n\ngo 1.21\n',
        'main.go': 'package main\n\nfunc main() {}\n',
      },
    })
    Object.assign(rig.env, {
      GOPROXY: `file://${proxy.replaceAll(' ', '%20')},${rig.env['GOPROXY'] ?? 'https://proxy.golang.org'}`,
      GONOSUMDB: 'example.com',
      GOMODCACHE: await moduleCacheWithToolchains(rig),
      GOFLAGS: '-modcacherw',
      GOBIN: join(rig.folder, 'bin'),
    })
    const installed = await rig.bareGo(['install', '-trimpath', 'example.com/plain@v1.0.0'], {
      cwd: rig.folder,
      env: {CGO_ENABLED: '0', GOCACHE: sharedCache},
    })
    assert.is(installed.code, 0, installed.stderr)
    const found = await again(rig, join(rig.folder, 'bin/plain'), {})
    assert.is(found.kind, 'equal', JSON.stringify(found, null, 2))
    if (found.kind !== 'equal') return
    assert.is(found.unchecked, 'GONOSUMDB=example.com')
    assert.match(
      rebuildText('plain', found),
      /\n {2}not checked {3}against the checksum database, by GONOSUMDB=example\.com: /,
    )
  })

  test('interrupted, it leaves nothing behind', async () => {
    const rig = repository()
    const app = await build(rig, 'app', ['-trimpath'])
    const temporary = join(rig.folder, 'tmp')
    const words = [`${root}/bin/gowarden`, 'rebuild', '--source', '.', app]
    const child = spawn(process.execPath, words, {
      cwd: rig.work,
      env: rig.env,
      stdio: 'ignore',
      detached: true,
    })
    const ended = new Promise(resolve => child.once('exit', (_, signal) => resolve(signal)))
    while (!readdirSync(temporary, {recursive: true}).some(name => String(name).endsWith('/cache/00')))
      await setTimeout(50)
    // As a terminal does it: to everything that runs.
    process.kill(-(child.pid ?? 0), 'SIGINT')
    assert.is(await ended, 'SIGINT')
    assert.equal(readdirSync(temporary), [])
  })

  test('changed files beside the revision are named', async () => {
    const rig = repository()
    rig.write({'sub dir/twice.go': 'package main\n\nfunc twice(n int) int { return 3 * n }\n'})
    const app = await build(rig, 'changed', ['-trimpath'])
    const {causes, differences} = different(await again(rig, app, {source: rig.work}))
    assert.is(causes[0]?.what, 'changed-files')
    assert.is(
      differences.symbols?.some(({name}) => name === 'main.twice'),
      true,
    )
    assert.equal(
      differences.buildInfo.find(({name}) => name === 'vcs.modified'),
      {name: 'vcs.modified', original: 'true', rebuilt: 'false'},
    )
  })

  test.unless(missing('strip'), 'a stripped program is told from one that was linked so', async () => {
    const rig = repository()
    const stripped = await build(rig, 'stripped', ['-trimpath'])
    await runProgram('strip', [stripped], {cwd: rig.work, env: rig.env})
    const {causes, differences} = different(await again(rig, stripped, {source: rig.work}))
    assert.equal(whats(causes), ['stripped'])
    assert.is(Object.values(differences.buildId ?? {}).every(Boolean), true)
    assert.is(
      differences.sections.some(({name, original}) => name === '.symtab' && original === undefined),
      true,
    )

    const linked = await again(rig, await build(rig, 'linked', ['-trimpath', '-ldflags=-s -w']), {
      source: rig.work,
    })
    assert.is(linked.kind, 'equal')
    assert.equal(linked.kind === 'equal' && linked.guessed, ['-ldflags=-s -w'])
  })

  test('bytes that were changed after linking are told', async () => {
    const rig = repository()
    const app = await build(rig, 'patched', ['-trimpath'])
    const bytes = readFileSync(app)
    bytes.write('MARKER', bytes.indexOf('marker'))
    writeFileSync(app, bytes)
    const {causes, differences} = different(await again(rig, app, {source: rig.work}))
    assert.equal(whats(causes), ['changed-after-linking'])
    assert.equal(differences.symbols, [])
  })

  test('link flags that -trimpath hides are asked for, and make it equal', async () => {
    const rig = repository()
    const app = await build(rig, 'linked', ['-trimpath', '-ldflags=-X main.version=1.0'])
    const {causes} = different(await again(rig, app, {source: rig.work}))
    assert.equal(whats(causes), ['link-flags'])
    const told = await again(rig, app, {source: rig.work, ldflags: '-X main.version=1.0'})
    assert.is(told.kind, 'equal')
  })

  test('without -trimpath the folders are named', async () => {
    const rig = repository()
    const app = await build(rig, 'folders', [])
    const {causes} = different(await again(rig, app, {source: rig.work}))
    assert.equal(whats(causes), ['folders'])
    assert.match(causes[0]?.text ?? '', `GOROOT is the same (${machine.goroot})`)
  })

  test('where no revision is named HEAD is taken, and said to be', async () => {
    const rig = repository()
    const app = await build(rig, 'nowhere', ['-trimpath', '-buildvcs=false'])
    assert.is((await again(rig, app, {source: rig.work})).kind, 'equal')
    rig.write({'sub dir/twice.go': 'package main\n\nfunc twice(n int) int { return 3 * n }\n'})
    git(rig.work, 'commit', '--all', '--quiet', '--message=another')
    const {causes} = different(await again(rig, app, {source: rig.work}))
    assert.equal(whats(causes), ['no-revision'])
  })
})

/** Of a repository, what a careless command would change. */
function stateOf(rig: Rig): string[] {
  const index = createHash('sha256')
    .update(readFileSync(join(rig.work, '.git/index')))
    .digest('hex')
  const list = (words: string[]) => git(rig.work, '--no-optional-locks', ...words)
  return [index, list(['status', '--porcelain']), list(['for-each-ref']), list(['worktree', 'list'])]
}

async function hashOfMachine(rig: Rig): Promise<string> {
  const {stdout} = await rig.gowarden(['doctor', '--json'])
  const found = stdout.match(/go[\w.]+-[a-z0-9]+@h1:[A-Za-z0-9+/=]{44}/)?.[0]
  assert.ok(found, stdout)
  return found ?? ''
}
