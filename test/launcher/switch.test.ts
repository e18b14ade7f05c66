/** Whatever makes go run another toolchain, the stamp names the one that compiled. */
import {existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, type Rig, root, tiny, withRig, writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'
import {makeTwin} from '../support/twin.ts'

const main = tiny['main.go']
const mod = (...lines: string[]) => `module tiny\n\n${lines.join('\n\n')}\n`
const older = 'go1.25.3'
const newer = 'go1.27.4'

/** What decides, the files and the environment it stands in, and the toolchain that go then runs. */
const rows: [
  what: string,
  files: Record<string, string>,
  env: Record<string, string>,
  toolchain: string,
  words?: string[],
][] = [
  [
    'GOTOOLCHAIN=local',
    {'go.mod': mod('go 1.21', `toolchain ${newer}`)},
    {GOTOOLCHAIN: 'local'},
    machine.version,
  ],
  [
    'GOTOOLCHAIN=auto and nothing that asks for more',
    {'go.mod': mod('go 1.21')},
    {GOTOOLCHAIN: 'auto'},
    machine.version,
  ],
  [
    'an older toolchain line',
    {'go.mod': mod('go 1.21', `toolchain ${older}`)},
    {GOTOOLCHAIN: 'auto'},
    machine.version,
  ],
  [
    'toolchain default',
    {'go.mod': mod('go 1.21', 'toolchain default')},
    {GOTOOLCHAIN: 'auto', GOFLAGS: '-mod=mod'},
    machine.version,
  ],
  ['a newer toolchain line', {'go.mod': mod('go 1.21', `toolchain ${newer}`)}, {GOTOOLCHAIN: 'auto'}, newer],
  ['a newer go line', {'go.mod': mod('go 1.27.4')}, {GOTOOLCHAIN: 'auto'}, newer],
  [
    'the toolchain line of go.work',
    {'go.mod': mod('go 1.21'), 'go.work': `go 1.21\n\ntoolchain ${newer}\n\nuse .\n`},
    {GOTOOLCHAIN: 'auto'},
    newer,
  ],
  [
    'the go line of go.work',
    {'go.mod': mod('go 1.21'), 'go.work': 'go 1.27.4\n\nuse .\n'},
    {GOTOOLCHAIN: 'auto'},
    newer,
  ],
  [
    'go.work, and not the newer go.mod',
    {'go.mod': mod('go 1.21', `toolchain ${newer}`), 'go.work': 'go 1.21\n\nuse .\n'},
    {GOTOOLCHAIN: 'auto'},
    machine.version,
  ],
  [
    'GOWORK=off',
    {'go.mod': mod('go 1.21'), 'go.work': 'go 1.27.4\n\nuse .\n'},
    {GOTOOLCHAIN: 'auto', GOWORK: 'off'},
    machine.version,
  ],
  ['GOTOOLCHAIN=name', {'go.mod': mod('go 1.21', `toolchain ${newer}`)}, {GOTOOLCHAIN: older}, older],
  ['GOTOOLCHAIN=name+auto, name', {'go.mod': mod('go 1.21')}, {GOTOOLCHAIN: `${older}+auto`}, older],
  [
    'GOTOOLCHAIN=name+auto, go.mod',
    {'go.mod': mod('go 1.21', `toolchain ${newer}`)},
    {GOTOOLCHAIN: `${older}+auto`},
    newer,
  ],
  [
    '-modfile, which go does not ask',
    {'go.mod': mod('go 1.21'), 'other.mod': mod('go 1.21', `toolchain ${newer}`)},
    {GOTOOLCHAIN: 'auto'},
    machine.version,
    ['build', '-modfile=other.mod', '-o', 'out', '.'],
  ],
  [
    '-C',
    {'go.mod': mod('go 1.21'), 'm/go.mod': mod('go 1.21', `toolchain ${newer}`), 'm/main.go': main},
    {GOTOOLCHAIN: 'auto'},
    newer,
    ['build', '-C', 'm', '-o', '../out', '.'],
  ],
  [
    'GO111MODULE=off',
    {'go.mod': mod('go 1.21', `toolchain ${newer}`)},
    {GOTOOLCHAIN: 'auto', GO111MODULE: 'off'},
    machine.version,
    ['build', '-o', 'out', 'main.go'],
  ],
]

suite('launcher/switch', test => {
  for (const [what, files, env, toolchain, words] of rows) {
    test(`${what}: ${toolchain === machine.version ? 'the go that was found' : toolchain}`, async () => {
      await withCaches(async (rig, shared) => {
        rig.write({'main.go': main, ...files})
        const ended = await rig.go(words ?? ['build', '-o', 'out', '.'], {env: {...shared, ...env}})
        assert.is(ended.code, 0, ended.stderr)
        await assertStampedBy(rig, toolchain)
      })
    })
  }

  test('a toolchain that may not be had ends as with the bare go', async () => {
    await withCaches(async (rig, shared) => {
      rig.write({'main.go': main, 'go.mod': mod('go 1.99')})
      for (const gotoolchain of ['local', 'path']) {
        const env = {...shared, GOTOOLCHAIN: gotoolchain}
        const bare = await rig.bareGo(['build', '-o', 'out', '.'], {env})
        assert.is.not(bare.code, 0)
        assert.equal(await rig.go(['build', '-o', 'out', '.'], {env}), bare)
      }
    })
  })

  test('go env -w GOTOOLCHAIN, and its end', async () => {
    await withCaches(async (rig, shared) => {
      rig.write({'main.go': main, 'go.mod': mod('go 1.21')})
      const env = {...shared, GOTOOLCHAIN: undefined, GOENV: join(rig.folder, 'go env')}
      assert.is((await rig.go(['env', '-w', `GOTOOLCHAIN=${older}`], {env})).code, 0)
      assert.is((await rig.go(['build', '-o', 'out', '.'], {env})).code, 0)
      await assertStampedBy(rig, older)
      assert.is((await rig.go(['env', '-w', 'GOTOOLCHAIN=local'], {env})).code, 0)
      assert.is((await rig.go(['build', '-o', 'out', '.'], {env})).code, 0)
      await assertStampedBy(rig, machine.version)
    })
  })

  test('GOTOOLCHAIN in GOROOT/go.env, and its end', async () => {
    await withCaches(async (rig, shared) => {
      rig.write({'main.go': main, 'go.mod': mod('go 1.21')})
      const goroot = makeTwin(join(rig.folder, 'goroot'), {
        compiler: original => `#!/bin/sh\nexec '${original}' "$@"\n`,
      })
      const goEnv = join(goroot, 'go.env')
      const write = (text: string) => {
        rmSync(goEnv)
        writeFileSync(goEnv, `GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\n${text}`)
      }
      write(`GOTOOLCHAIN=${newer}\n`)
      const env = {...shared, GOTOOLCHAIN: undefined, PATH: `${root}/bin:${goroot}/bin:${rig.env['PATH']}`}
      assert.is((await rig.go(['build', '-o', 'out', '.'], {env})).code, 0)
      await assertStampedBy(rig, newer)
      write('GOTOOLCHAIN=local\n')
      assert.is((await rig.go(['build', '-o', 'out', '.'], {env})).code, 0)
      await assertStampedBy(rig, machine.version)
    })
  })

  for (const gotoolchain of ['path', 'auto', `${machine.version}+path`, newer]) {
    test(`GOTOOLCHAIN=${gotoolchain}: a ${newer} on PATH that is not upstream's is run by go, and named by what it is`, async () => {
      await withCaches(async (rig, shared) => {
        rig.write({'main.go': main, 'go.mod': mod('go 1.21', `toolchain ${newer}`)})
        const twin = makeTwin(join(rig.folder, 'twin'), {from: await gorootOf(rig, newer)})
        const bin = join(rig.folder, 'sdk')
        mkdirSync(bin)
        symlinkSync(join(twin, 'bin/go'), join(bin, newer))
        const env = {...shared, GOTOOLCHAIN: gotoolchain}
        const onPath = {...env, PATH: `${rig.env['PATH']}:${bin}`}
        assert.is((await rig.go(['build', '-o', 'out', '.'], {env: onPath})).code, 0)
        const stamp = await assertStampedBy(rig, newer)
        assert.is.not(stamp, upstreamHash(newer))
        // Without it upstream's is fetched, where go may do that.
        if (gotoolchain === 'path' || gotoolchain.endsWith('+path')) return
        assert.is((await rig.go(['build', '-o', 'out', '.'], {env})).code, 0)
        assert.is(await assertStampedBy(rig, newer), upstreamHash(newer))
      })
    })
  }

  test('go get, go mod tidy and go work use that raise the go line switch as with the bare go, and the next build follows', async () => {
    await withCaches(async (rig, shared) => {
      const files = {
        'go.mod': 'module tiny\n\ngo 1.21\n\nreplace example.com/dep => ../dep\n',
        'main.go': 'package main\n\nimport "example.com/dep"\n\nfunc main() { println(dep.One) }\n',
        '../dep/go.mod': 'module example.com/dep\n\ngo 1.27.4\n',
        '../dep/dep.go': 'package dep\n\nconst One = 1\n',
      }
      const env = {...shared, GOTOOLCHAIN: 'auto', GOFLAGS: '-mod=mod'}
      for (const words of [
        ['get', 'example.com/dep@v0.0.0'],
        ['mod', 'tidy'],
      ]) {
        const results = []
        for (const go of [rig.bareGo, rig.go]) {
          rig.write(files)
          const ended = await go(words, {env})
          results.push({...ended, mod: readFileSync(join(rig.work, 'go.mod'), 'utf8')})
        }
        assert.equal(results[1], results[0], words.join(' '))
        assert.match(results[0]?.mod ?? '', /^go 1\.27\.4$/m, `${words} ${JSON.stringify(results)}`)
        assert.is((await rig.go(['build', '-o', 'out', '.'], {env})).code, 0)
        await assertStampedBy(rig, newer)
      }

      writeFiles(rig.work, {'go.work': 'go 1.21\n\nuse .\n', 'go.mod': mod('go 1.27.4'), 'main.go': main})
      const used = await rig.go(['work', 'use', '.'], {env: {...env, GOFLAGS: ''}})
      assert.is(used.code, 0, used.stderr)
      assert.match(readFileSync(join(rig.work, 'go.work'), 'utf8'), /^go 1\.27\.4$/m, used.stderr)
      assert.is((await rig.go(['build', '-o', 'out', '.'], {env: {...env, GOFLAGS: ''}})).code, 0)
      await assertStampedBy(rig, newer)
    })
  })
})

/** The ToolchainHash of the toolchain that go downloads, and verified then against the checksum database. */
function upstreamHash(version: string): string {
  const {platform, arch} = process
  const name = `${version}.${platform}-${arch === 'x64' ? 'amd64' : arch}`
  const ziphash = join(machine.modules, 'cache/download/golang.org/toolchain/@v', `v0.0.1-${name}.ziphash`)
  return `${name}@${readFileSync(ziphash, 'utf8').trim()}`
}

/** The stamp of `out`, when it names the toolchain that go says compiled it; removes the file. */
async function assertStampedBy(rig: Rig, toolchain: string): Promise<string> {
  const {stdout} = await rig.bareGo(['version', '-m', 'out'])
  const stamp = stdout.match(/ToolchainHash=(\S+?)"?$/m)?.[1] ?? 'none'
  assert.match(stdout, new RegExp(`^out: ${toolchain}$`, 'm'))
  assert.ok(stamp.startsWith(`${toolchain}.`), stamp)
  assert.is(stdout.match(/ToolchainHash=/g)?.length, 1)
  rmSync(join(rig.work, 'out'))
  return stamp
}

async function gorootOf(rig: Rig, version: string): Promise<string> {
  const {stdout} = await rig.bareGo(['env', 'GOROOT'], {env: {GOTOOLCHAIN: version}})
  assert.ok(existsSync(join(stdout.trim(), 'bin/go')), stdout)
  return stdout.trim()
}

let caches: Promise<string> | undefined

/** A rig in which each toolchain has a cache of its own, filled once for the whole file. */
async function withCaches(body: (rig: Rig, shared: Record<string, string>) => Promise<void>): Promise<void> {
  caches ??= new Promise(resolve => {
    void withTemporary(folder => {
      resolve(folder)
      return new Promise<void>(done => process.once('beforeExit', () => done()))
    })
  })
  const folder = await caches
  const shared = {
    GOCACHE: join(folder, 'go-build'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    GOWARDEN_CACHE: 'isolate',
  }
  await withRig(rig => body(rig, shared))
}
