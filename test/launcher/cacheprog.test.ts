/**
 * Two hosts with caches of their own and one shared GOCACHEPROG server: the stamp alone keeps twins apart there. By default the
 * server is go-cacher-server; `ENGINES=all` takes gocached too, whose database takes a minute to compile.
 */
import {spawn} from 'node:child_process'
import {mkdirSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Rig, root, runProgram, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {makeTwin} from '../support/twin.ts'

const program = {
  'go.mod': 'module words\n\ngo 1.21\n',
  'main.go': 'package main\n\nimport "words/lib"\n\nfunc main() { print(lib.Word(), "\\n") }\n',
  'lib/lib.go': 'package lib\n\n//go:noinline\nfunc Word() string { return "unset" }\n',
}

/** The servers that go-cacher can ask; both know the flags -listen and -cache-dir. */
const engines = process.env['ENGINES'] === 'all' ? ['go-cacher-server', 'gocached'] : ['go-cacher-server']

/** Builds the cacher and its servers from the module proxy; the reason when that cannot be done. */
async function buildCacher(rig: Rig): Promise<string | undefined> {
  const folder = join(rig.folder, 'cacher')
  mkdirSync(folder)
  const module = 'github.com/bradfitz/go-tool-cache'
  const env = {...rig.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod', GOCACHE: undefined}
  const options = {cwd: folder, env: {...env, GOCACHE: join(rig.folder, 'cacher-build')}}
  for (const words of [
    ['mod', 'init', 'cacher'],
    ['get', `${module}@v0.0.0-20260722201841-0bb331e19f64`],
    ['build', '-o', `${folder}/`, ...['go-cacher', ...engines].map(name => `${module}/cmd/${name}`)],
  ]) {
    const ended = await rig.bareGo(words, options)
    if (ended.code !== 0) return ended.stderr
  }
  return undefined
}

async function freePort(): Promise<number> {
  return await new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

async function withServer<T>(
  rig: Rig,
  engine: string,
  name: string,
  body: (url: string) => Promise<T>,
): Promise<T> {
  const port = await freePort()
  const listen = `127.0.0.1:${port}`
  const server = spawn(
    join(rig.folder, 'cacher', engine),
    ['-listen', listen, '-cache-dir', join(rig.folder, name)],
    {stdio: 'ignore'},
  )
  try {
    for (let tries = 0; tries < 100; tries += 1) {
      const answered = await fetch(`http://${listen}/`).then(
        () => true,
        () => false,
      )
      if (answered) break
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    return await body(`http://${listen}`)
  } finally {
    server.kill()
  }
}

suite('launcher/cacheprog', test => {
  test(`twins on two hosts that share a server: ${engines.join(', ')}`, async () => {
    await withRig(async rig => {
      rig.write(program)
      const failure = await buildCacher(rig)
      assert.is(failure, undefined)
      const twin = makeTwin(join(rig.folder, 'twin'))

      /** One host: a local state of its own, the stock go or the twin. Prints what the program says. */
      const build = async (
        url: string,
        host: string,
        toolchain: 'stock' | 'twin',
        guard: Record<string, string>,
      ) => {
        const local = join(rig.folder, `${host}-local`)
        const env = {
          ...guard,
          GOCACHE: join(rig.folder, `${host}-go-build`),
          XDG_CACHE_HOME: join(rig.folder, `${host}-cache`),
          // cmd/go splits the value at spaces, and knows quotes.
          GOCACHEPROG: `'${join(rig.folder, 'cacher/go-cacher')}' '-cache-dir=${local}' -cache-server=${url}`,
          ...(toolchain === 'twin' ? {PATH: `${root}/bin:${twin}/bin:${rig.env['PATH']}`} : {}),
        }
        const ended = await rig.go(['build', '-trimpath', '-o', host, '.'], {env})
        assert.is(ended.code, 0, ended.stderr)
        return (await runProgram(join(rig.work, host), [], {cwd: rig.work, env: rig.env})).stderr.trim()
      }

      for (const engine of engines) {
        await withServer(rig, engine, `${engine} plain`, async url => {
          assert.is(await build(url, `${engine}-a`, 'stock', {GOWARDEN: 'off'}), 'unset')
          // what gowarden is for: the second host ships the first one's object
          assert.is(await build(url, `${engine}-b`, 'twin', {GOWARDEN: 'off'}), 'unset')
        })
        await withServer(rig, engine, `${engine} guarded`, async url => {
          assert.is(await build(url, `${engine}-c`, 'stock', {}), 'unset')
          assert.is(await build(url, `${engine}-d`, 'twin', {}), 'PATCH')
        })
      }
    })
  })

  const profiles: [what: string, words: string[], file: string, named: string | undefined][] = [
    ['a default.pgo beside the package', ['build', '.'], 'default.pgo', 'default.pgo'],
    ['the same, and no package is named', ['build'], 'default.pgo', 'default.pgo'],
    ['-pgo=FILE', ['build', '-pgo=cpu.pprof', '.'], 'cpu.pprof', 'cpu.pprof'],
    ['-pgo=off', ['build', '-pgo=off', '.'], 'default.pgo', undefined],
    ['no profile', ['build', './...'], 'other.pgo', undefined],
  ]
  for (const [what, words, file, named] of profiles) {
    test(`what go makes of a profile is not kept apart there: ${what}`, async () => {
      await withRig(async rig => {
        rig.write({...program, [file]: ''})
        const {stderr} = await rig.go(words, {env: {GOCACHEPROG: '/does/not/matter'}})
        const said = stderr.match(/made of (.*) \[CACHEPROG_PROFILE\]/)?.[1]
        assert.is(said, named === undefined ? undefined : join(rig.work, named))
      })
    })
  }

  test('without a stamp nothing keeps toolchains apart there, so it is refused', async () => {
    await withRig(async rig => {
      rig.write({...program, '.gowardenrc.yaml': 'stamp: off\n'})
      const refused = await rig.go(['build', '.'], {env: {GOCACHEPROG: '/does/not/matter'}})
      assert.equal([refused.code, refused.stdout], [1, ''])
      assert.match(refused.stderr, /GOCACHEPROG=\/does\/not\/matter .*\[CACHEPROG_UNSTAMPED\]/)
    })
  })
})
