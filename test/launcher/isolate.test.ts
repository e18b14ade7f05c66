/** Under `isolate` every go command means the same cache, and only `gowarden cache prune` removes one. */
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, type Rig, tiny} from '../support/rig.ts'
import {withIsolatedRig, withKnownRig, withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin} from '../support/twin.ts'

/** Commands that open, print or clean GOCACHE; those before the first build find none. */
const commands: string[][] = [
  ['env', 'GOCACHE'],
  ['env', '-json'],
  ['list', './...'],
  ['build', '-o', 'out', '.'],
  ['vet', '.'],
  ['test', '.'],
  ['run', '.'],
  ['generate', '.'],
  ['fix', '-diff', '.'],
  ['tool', 'nm', '-h'],
  ['fmt', '.'],
  ['doc', 'strings.Cut'],
  ['get', 'tiny@none'],
  ['mod', 'tidy'],
  ['mod', 'why', 'fmt'],
  ['work', 'sync'],
  ['clean', '-testcache'],
  ['clean', '-cache'],
  ['bug'],
]

function isolated(rig: Rig): string[] {
  const root = join(rig.cache, 'gowarden')
  return existsSync(root) ? readdirSync(root) : []
}

suite('launcher/isolate', test => {
  test('every command that opens, prints or cleans GOCACHE leaves the configured cache alone', async () => {
    await withIsolatedRig(async rig => {
      rig.write({...tiny, 'go.work': 'go 1.21\n\nuse .\n', '.gowardenrc.yaml': 'cache: isolate\n'})
      for (const words of commands) {
        const ended = await rig.go(words, {env: {BROWSER: 'false'}})
        const left = existsSync(rig.cache) ? readdirSync(rig.cache) : []
        assert.equal(
          left.filter(name => name !== 'gowarden'),
          [],
          `go ${words.join(' ')}`,
        )
        if (words[0] === 'env' || words[0] === 'bug') assert.match(ended.stdout, `${rig.cache}/gowarden/`)
      }
    })
  })

  test('go clean -cache empties the cache that builds use, and go env names it', async () => {
    await withIsolatedRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'cache: isolate\n'})
      await rig.go(['build', '-o', 'out', '.'])
      const named = (await rig.go(['env', 'GOCACHE'])).stdout.trim()
      assert.ok(existsSync(join(named, '00/gowarden-owner.json')))
      assert.is((await rig.go(['clean', '-cache'])).code, 0)
      assert.not.ok(existsSync(join(named, '00')))
    })
  })

  test('a policy that isolates nothing leaves each of these commands go’s own', async () => {
    await withWarmRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'cache: share\n'})
      for (const words of [
        ['env', 'GOCACHE'],
        ['mod', 'why', 'fmt'],
        ['doc', 'strings.Cut'],
        ['fmt', '.'],
      ]) {
        assert.equal(await rig.go(words), await rig.bareGo(words), words.join(' '))
      }
    })
  })

  test('prune removes the cache of a toolchain that is gone, and no other', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const env = {GOWARDEN_CACHE: 'isolate'}
      const twin = makeTwin(join(rig.folder, 'twin'))
      const through = {env: {...env, PATH: rig.env['PATH']?.replace(machine.goroot, twin)}}
      assert.is((await rig.go(['list', '.'], {env})).code, 0)
      assert.is((await rig.go(['list', '.'], through)).code, 0)
      assert.is(isolated(rig).length, 2)

      const kept = await rig.gowarden(['cache', 'prune'], {env})
      assert.is(kept.code, 0, kept.stderr)
      assert.match(kept.stdout, /removed 0 of 2 caches/)

      // The twin's GOROOT goes away.
      renameSync(twin, `${twin} elsewhere`)
      const dry = await rig.gowarden(['cache', 'prune', '--dry-run'], {env})
      assert.match(dry.stdout, /would remove 1 of 2 caches, \d/)
      assert.match(dry.stdout, `no toolchain is in ${twin}`)
      assert.is(isolated(rig).length, 2)
      const pruned = await rig.gowarden(['cache', 'prune'], {env})
      assert.match(pruned.stdout, /removed 1 of 2 caches/)
      assert.is(isolated(rig).length, 1)
      assert.match(await rig.go(['env', 'GOCACHE'], {env}).then(({stdout}) => stdout), isolated(rig)[0] ?? '')
    })
  })

  test('prune removes the cache of a compiler that was swapped in place', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const env = {GOWARDEN_CACHE: 'isolate'}
      const twin = makeTwin(join(rig.folder, 'twin'))
      const through = {env: {...env, PATH: rig.env['PATH']?.replace(machine.goroot, twin)}}
      assert.is((await rig.go(['list', '.'], through)).code, 0)
      writeFileSync(join(twin, 'lib.new'), 'a file more\n')
      const pruned = await rig.gowarden(['cache', 'prune', '--json'], {env})
      const [cache] = JSON.parse(pruned.stdout).caches
      assert.is(cache.verdict.kind, 'remove', pruned.stdout)
      assert.match(cache.verdict.reason, `${twin} is now ${machine.version}.`)
    })
  })

  test('prune keeps what nobody can know', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const env = {GOWARDEN_CACHE: 'isolate'}
      assert.is((await rig.go(['list', '.'], {env})).code, 0)
      const [name = ''] = isolated(rig)
      const folder = join(rig.cache, 'gowarden')
      const record = readFileSync(join(folder, name, '00/gowarden-owner.json'), 'utf8')
      const other = `go1.0.0.linux-amd64-${'0'.repeat(32)}`
      for (const made of [other, 'mine', `${other}x`]) mkdirSync(join(folder, made, '00'), {recursive: true})
      writeFileSync(join(folder, other, '00/gowarden-owner.json'), record.replaceAll(machine.goroot, '/gone'))
      rmSync(join(folder, name, '00/gowarden-owner.json'))
      const pruned = await rig.gowarden(['cache', 'prune'], {env})
      assert.match(pruned.stdout, /removed 0 of 2 caches/)
      assert.equal(isolated(rig).sort(), [name, other, 'mine', `${other}x`].sort())
    })
  })
})
