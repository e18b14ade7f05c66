/** `gowarden lock` as it is typed, against a checksum database of the test's own, and against Go's. */
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, makeRig, type Rig, writeFiles} from '../support/rig.ts'
import {makeSmallGoroot} from '../support/small-goroot.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'
import {type Fault, type Mirror, makeMirror, type Served, withServer} from '../support/toolchain-mirror.ts'

const platforms = ['linux-amd64', 'linux-arm64', 'darwin-arm64']
const releases = ['go1.26.8', 'go1.26.9', 'go1.27rc1'].flatMap(version =>
  platforms.map(platform => ({version, platform})),
)

/** A repository whose proxy and checksum database are the test's own. */
async function withRepository(
  body: (rig: Rig, mirror: Mirror, served: Served) => Promise<void>,
  fault?: Fault,
): Promise<void> {
  await withTemporary(async folder => {
    const mirror = makeMirror(join(folder, 'mirror'), releases)
    const rig = makeRig(join(folder, 'rig'))
    makeRepository(rig.work)
    await withServer(
      mirror.folder,
      async served => {
        Object.assign(rig.env, {
          GOPROXY: served.url,
          GOSUMDB: mirror.key,
          GOMODCACHE: join(folder, 'modules'),
        })
        await body(rig, mirror, served)
      },
      fault,
    )
  })
}

function makeRepository(folder: string): void {
  writeFiles(folder, {'.git/HEAD': 'ref: refs/heads/main\n', 'go.mod': 'module m\n\ngo 1.25\n'})
  for (const name of ['objects', 'refs']) mkdirSync(join(folder, '.git', name))
}

const lockIn = (rig: Rig) => readFileSync(join(rig.work, 'gowarden.lock'), 'utf8')
const linesOf = (text: string) => text.split('\n').filter(line => line.startsWith('go1'))

suite('lock/make', test => {
  test('a lock names each platform by the hash that the database holds; a second run changes nothing', async () => {
    await withRepository(async (rig, mirror) => {
      const words = ['lock', 'go1.26.8', '--platform', 'linux/amd64,darwin/arm64']
      const made = await rig.gowarden(words)
      assert.is(made.code, 0, made.stderr)
      assert.equal(linesOf(lockIn(rig)), [
        `go1.26.8.darwin-arm64@${mirror.h1('go1.26.8', 'darwin-arm64')} sum.golang.org`,
        `go1.26.8.linux-amd64@${mirror.h1('go1.26.8', 'linux-amd64')} sum.golang.org`,
      ])
      assert.match(made.stdout, /^go1\.26\.8, by the command line\n/)
      assert.match((await rig.gowarden(words)).stdout, /says so already/)
      assert.equal((await rig.gowarden(['lock', '--check'])).code, 0)
    })
  })

  const chosen: [what: string, files: Record<string, string>, version: string, by: RegExp][] = [
    [
      'the toolchain line',
      {'go.mod': 'module m\n\ngo 1.25.0\ntoolchain go1.26.9\n'},
      'go1.26.9',
      /the toolchain line of .*go\.mod:4/,
    ],
    ['an exact go line', {'go.mod': 'module m\n\ngo 1.26.9\n'}, 'go1.26.9', /the go line of .*go\.mod:3/],
    [
      'go.work before go.mod',
      {'go.mod': 'module m\n\ngo 1.26.8\n', 'go.work': 'go 1.26.9\n'},
      'go1.26.9',
      /go\.work:1/,
    ],
    ['a candidate', {'go.mod': 'module m\n\ngo 1.27rc1\n'}, 'go1.27rc1', /the go line/],
  ]
  for (const [what, files, version, by] of chosen) {
    test(`the version by itself: ${what}`, async () => {
      await withRepository(async rig => {
        rig.write(files)
        const made = await rig.gowarden(['lock', '--platform', 'linux/amd64'])
        assert.is(made.code, 0, made.stderr)
        assert.match(made.stdout, by)
        assert.match(lockIn(rig), new RegExp(`^${version}\\.linux-amd64@`, 'm'))
      })
    })
  }

  test('without one in go.mod it is the go that runs here, and without a go the newest that fits is named', async () => {
    await withRepository(async rig => {
      const none = await rig.gowarden(['lock'], {env: {PATH: withoutGo(rig)}})
      assert.is(none.code, 2)
      assert.match(
        none.stderr,
        /go\.mod names no toolchain, and no go runs here\n.*gowarden lock go1\.26\.9\n$/,
      )
      const running = await rig.gowarden(['lock', '--platform', 'linux/amd64'])
      assert.is(
        running.code === 0,
        machine.version === 'go1.26.8' || machine.version === 'go1.26.9',
        running.stderr,
      )
    })
  })

  for (const asked of ['1.26.x', '1.26', '>=1.26', 'latest']) {
    test(`${asked} is not one toolchain; the newest that fits is named`, async () => {
      await withRepository(async rig => {
        const refused = await rig.gowarden(['lock', asked])
        assert.is(refused.code, 2)
        assert.match(
          refused.stderr,
          /is not one toolchain\n.*hint: lock the newest that fits: gowarden lock go1\.26\.9\n/,
        )
      })
    })
  }

  test('the machines of CI are locked, and of the others it is said that they are not', async () => {
    await withRepository(async rig => {
      rig.write({
        '.github/workflows/ci.yml':
          'jobs: {a: {runs-on: macos-15, steps: [{run: go test}]}, b: {runs-on: ours, steps: [{run: go vet}]}, c: {runs-on: windows-2025, steps: [{run: go vet}]}}\n',
      })
      const made = await rig.gowarden(['lock', 'go1.26.8'])
      assert.is(made.code, 0, made.stderr)
      assert.match(lockIn(rig), /darwin-arm64@/)
      assert.match(made.stdout, /darwin\/arm64 .*\(\.github\/workflows\/ci\.yml:1\)/)
      assert.match(made.stdout, /not locked: ours \(/)
      assert.match(made.stdout, /not locked: windows\/amd64 \(.*knows no go1\.26\.8/)
    })
  })

  test('a platform that there is not is an error where a person names it, and nothing is written', async () => {
    await withRepository(async rig => {
      const refused = await rig.gowarden(['lock', 'go1.26.8', '--platform', 'linux/amd64,plan9/386'])
      assert.is(refused.code, 1)
      assert.match(refused.stderr, /knows no go1\.26\.8 for plan9\/386/)
      assert.throws(() => lockIn(rig))
    })
  })

  test('platforms of the lock before stay, and so do lines of a person', async () => {
    await withRepository(async rig => {
      await rig.gowarden(['lock', 'go1.26.8', '--platform', 'darwin/arm64'])
      writeFileSync(join(rig.work, 'gowarden.lock'), lockIn(rig).replace(/^# .*$/m, '# ours: see docs/go.md'))
      const made = await rig.gowarden(['lock', 'go1.26.9'])
      assert.is(made.code, 0, made.stderr)
      assert.match(lockIn(rig), /^# ours: see docs\/go\.md$/m)
      assert.match(lockIn(rig), /^go1\.26\.9\.darwin-arm64@/m)
    })
  })

  test('it is written at the root of the repository, from any folder below', async () => {
    await withRepository(async rig => {
      rig.write({'a/b/x.txt': ''})
      await rig.gowarden(['lock', 'go1.26.8', '--platform', 'linux/amd64'], {cwd: join(rig.work, 'a/b')})
      assert.match(lockIn(rig), /linux-amd64/)
    })
  })

  const damages: [what: string, put: (path: string) => void, said: RegExp][] = [
    [
      'a conflict',
      path => writeFileSync(path, 'gowarden lock 1\n<<<<<<< HEAD\n'),
      /gowarden\.lock:2: a conflict marker/,
    ],
    [
      'a link out of the repository',
      path => symlinkSync('/etc/hostname', path),
      /a link that leads out of the repository/,
    ],
    ['a link to nothing outside', path => symlinkSync('/nowhere/x', path), /gowarden\.lock: a link/],
  ]
  for (const [what, put, said] of damages) {
    test(`nothing is written over ${what}`, async () => {
      await withRepository(async rig => {
        put(join(rig.work, 'gowarden.lock'))
        const refused = await rig.gowarden(['lock', 'go1.26.8'])
        assert.is(refused.code, 2)
        assert.match(refused.stderr, said)
        const checked = await rig.gowarden(['lock', '--check'])
        assert.is(checked.code, 1)
        assert.match(checked.stderr, said)
      })
    })
  }

  const lies: [what: string, fault: Fault][] = [
    [
      'a forged record',
      (path, response, _, folder) => {
        if (!path.includes('lookup')) return false
        response.end(readFileSync(join(folder, path), 'utf8').replace(/h1:[^m]\S+/, `h1:${'b'.repeat(43)}=`))
        return true
      },
    ],
    [
      'a tile that is withheld',
      (path, response) => {
        if (!path.includes('tile')) return false
        response.writeHead(404).end()
        return true
      },
    ],
  ]
  for (const [what, fault] of lies) {
    test(`${what} is told as an attack, and nothing is written`, async () => {
      await withRepository(async rig => {
        const refused = await rig.gowarden(['lock', 'go1.26.8', '--platform', 'linux/amd64'])
        assert.is(refused.code, 1)
        assert.match(refused.stderr, /error: an attack: .* is not what sum\.golang\.org says of go1\.26\.8/)
        assert.throws(() => lockIn(rig))
      }, fault)
    })
  }

  test('--check finds a hash that nobody published, another version in go.mod, and this machine missing', async () => {
    await withRepository(async (rig, mirror) => {
      const own = mirror.h1('go1.26.8', 'linux-arm64')
      rig.write({
        'gowarden.lock': `gowarden lock 1\ngo1.26.8.darwin-arm64@${own} sum.golang.org\n`,
        'go.mod': 'module m\n\ngo 1.25\ntoolchain go1.26.9\n',
      })
      const checked = await rig.gowarden(['lock', '--check'])
      assert.is(checked.code, 1)
      assert.match(checked.stderr, /nobody published what is locked/)
      assert.match(checked.stderr, /go\.mod:4 says toolchain go1\.26\.9/)
      assert.match(
        checked.stderr,
        /no toolchain for linux\/amd64\n.*--platform darwin\/arm64,linux\/amd64 go1\.26\.8\n/,
      )
    })
  })

  test('what was proven once is checked without a network', async () => {
    await withRepository(async rig => {
      await rig.gowarden(['lock', 'go1.26.8', '--platform', 'linux/amd64'])
      const checked = await rig.gowarden(['lock', '--check'], {env: {GOPROXY: 'http://127.0.0.1:1'}})
      assert.is(checked.code, 0, checked.stderr)
    })
  })

  test('--from locks what a GOROOT holds, unproven and with a reason; without one it is refused', async () => {
    await withRepository(async rig => {
      const goroot = makeSmallGoroot(join(rig.folder, 'own go'))
      const bare = await rig.gowarden(['lock', '--from', goroot])
      assert.is(bare.code, 2)
      assert.match(bare.stderr, /--from needs --reason/)
      const made = await rig.gowarden(['lock', '--from', goroot, '--reason', 'built by us, see #12'])
      assert.is(made.code, 0, made.stderr)
      assert.match(lockIn(rig), /^go1\.26\.8\.linux-amd64@h1:\S+ unproven: built by us, see #12$/m)
      const checked = await rig.gowarden(['lock', '--check'], {env: {GOPROXY: 'off'}})
      assert.is(checked.code, 0, checked.stderr)
      assert.match(checked.stdout, /linux\/amd64 is unproven: built by us/)
    })
  })

  test('GOSUMDB=off proves nothing, and says so', async () => {
    await withRepository(async rig => {
      const refused = await rig.gowarden(['lock', 'go1.26.8'], {env: {GOSUMDB: 'off'}})
      assert.is(refused.code, 2)
      assert.match(refused.stderr, /GOSUMDB=off in the environment/)
    })
  })

  test('of three Go versions on five platforms the hashes are those of the public database, as go reads it', async () => {
    await withTemporary(async folder => {
      const rig = makeRig(folder)
      makeRepository(rig.work)
      const five = ['darwin-amd64', 'darwin-arm64', 'linux-amd64', 'linux-arm64', 'windows-amd64']
      const modules = join(folder, 'modules')
      for (const version of ['go1.25.14', 'go1.26.10', 'go1.26.11']) {
        const list = five.map(platform => platform.replace('-', '/')).join(',')
        const made = await rig.gowarden(['lock', version, '--platform', list], {
          env: {GOMODCACHE: join(folder, 'none')},
        })
        assert.is(made.code, 0, made.stderr)
        const asked = await Promise.all(
          five.map(async platform => {
            const name = `v0.0.1-${version}.${platform}`
            const ended = await rig.bareGo(['list', '-m', `golang.org/toolchain@${name}`], {
              cwd: folder,
              env: {GOMODCACHE: modules, GOFLAGS: '-mod=mod'},
            })
            assert.is(ended.code, 0, ended.stderr)
            const record = readFileSync(
              join(modules, `cache/download/sumdb/sum.golang.org/lookup/golang.org/toolchain@${name}`),
              'utf8',
            )
            return `${version}.${platform}@${record.match(/ (h1:\S+)$/m)?.[1]} sum.golang.org`
          }),
        )
        assert.equal(linesOf(lockIn(rig)), asked)
      }
    })
  })
})

/** PATH without any go: the programs that gowarden itself needs. */
function withoutGo(rig: Rig): string {
  const bin = join(rig.folder, 'no-go')
  mkdirSync(bin, {recursive: true})
  symlinkSync(process.execPath, join(bin, 'node'))
  return `${bin}:/usr/bin:/bin`
}
