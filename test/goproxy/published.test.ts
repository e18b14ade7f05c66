/** What is believed of a checksum database that is asked over the network. */
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import type {ProxyEntry} from '../../src/goproxy/goproxy-list.ts'
import {askDatabase, type Published} from '../../src/goproxy/published.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {newSigner} from '../support/log.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'
import {
  type Fault,
  type Mirror,
  makeMirror,
  type Served,
  sendFile,
  withServer,
} from '../support/toolchain-mirror.ts'

const system = {...nodeSystem(), env: {}}
const releases = ['linux-amd64', 'darwin-arm64'].map(platform => ({version: 'go1.26.8', platform}))

type MirrorOptions = Parameters<typeof makeMirror>[2]
/** 'file': the second mirror as a folder. 'kept': its answers, with the tiles of the first. 'go': the go command saw the first tree. */
type How = 'server' | 'file' | 'kept' | 'go'

type Ask = (entries?: ProxyEntry[], platform?: string) => Promise<Published>

async function withDatabase(
  body: (ask: Ask, mirror: Mirror, served: Served) => Promise<void>,
  fault?: Fault,
): Promise<void> {
  await withTemporary(async folder => {
    const mirror = makeMirror(folder, releases)
    await withServer(
      folder,
      async served => {
        const here: ProxyEntry[] = [{kind: 'url', url: served.url, fallsBack: false}]
        const database = {name: 'sum.golang.org', key: mirror.key, url: undefined}
        const ask: Ask = (entries = here, platform = 'linux-amd64') => {
          const [os = '', arch = ''] = platform.split('-')
          return askDatabase(system, database, entries, '')('go1.26.8', os, arch)
        }
        await body(ask, mirror, served)
      },
      fault,
    )
  })
}

/** Sends another text where the path matches. */
function instead(pattern: RegExp, change: (text: Buffer) => Buffer | string | number): Fault {
  return (path, response, _, folder) => {
    if (!pattern.test(path) || !existsSync(join(folder, path))) return false
    const answer = change(readFileSync(join(folder, path)))
    if (typeof answer === 'number') response.writeHead(answer).end('no')
    else response.writeHead(200).end(answer)
    return true
  }
}

/** The tiles of this mirror beside its own: every part of one can be asked for, as wide as it was at any time. */
function withTilesOf({folder}: Mirror): Fault {
  return (path, response, request) => {
    const isHere = path.includes('/tile/') && existsSync(join(folder, path))
    if (isHere) sendFile(join(folder, path), request, response)
    return isHere
  }
}

const text = (change: (text: string) => string) => (bytes: Buffer) => change(bytes.toString())
const other = `h1:${'b'.repeat(43)}=`

suite('goproxy/published', test => {
  test('a record is proven, through a server and from files', async () => {
    await withDatabase(async (ask, mirror) => {
      const proven = {kind: 'published', h1: mirror.h1('go1.26.8', 'linux-amd64')}
      assert.equal(await ask(), proven)
      assert.equal(
        await ask([{kind: 'url', url: `file://${encodeURI(mirror.folder)}`, fallsBack: false}]),
        proven,
      )
    })
  })

  test('what no database holds is none, and said as that', async () => {
    await withDatabase(async ask => assert.is((await ask(undefined, 'plan9-386')).kind, 'none'))
  })

  const lies: [what: string, fault: Fault, reason: RegExp][] = [
    [
      'a forged record',
      instead(
        /lookup/,
        text(record => record.replace(/h1:[^m]\S+/, other)),
      ),
      /the record is not in the tree that sum\.golang\.org signed/,
    ],
    [
      'the record of another toolchain',
      (path, response, _, folder) => {
        if (!path.includes('lookup')) return false
        response.end(readFileSync(join(folder, path.replace('linux-amd64', 'darwin-arm64'))))
        return true
      },
      /the record is of something else/,
    ],
    [
      'a forged tree head',
      instead(
        /lookup/,
        text(record => record.replace('\n3\n', '\n4\n')),
      ),
      /the signature of the tree is not sum\.golang\.org's/,
    ],
    ['a tile that is withheld', instead(/tile/, () => 404), /a part of the tree .* is withheld/],
    ['a tile that is gone', instead(/tile/, () => 410), /a part of the tree .* is withheld/],
    ['a tile that is cut', instead(/tile/, tile => tile.subarray(0, 32)), /is withheld/],
    ['another tile', instead(/tile/, tile => Buffer.alloc(tile.length, 1)), /not in the tree/],
  ]
  for (const [what, fault, reason] of lies) {
    test(`${what} is a forgery, and no trouble of the network`, async () => {
      await withDatabase(async ask => {
        const found = await ask()
        assert.is(found.kind, 'forged')
        assert.match(found.kind === 'forged' ? found.reason : '', reason)
      }, fault)
    })
  }

  const troubles: [what: string, fault: Fault, reason: RegExp][] = [
    ['a server in trouble', instead(/lookup/, () => 503), /503/],
    ['tiles from a server in trouble', instead(/tile/, () => 500), /500/],
    [
      'a login page',
      instead(/lookup/, () => '<html>Welcome to Hotel Wifi</html>'),
      /no record of sum\.golang\.org/,
    ],
    [
      'a connection that breaks off',
      (path, response) => {
        if (!path.includes('lookup')) return false
        response.destroy()
        return true
      },
      /broke off|hang up/,
    ],
  ]
  for (const [what, fault, reason] of troubles) {
    test(`${what} is trouble of the network, and accuses nobody`, async () => {
      await withDatabase(async ask => {
        const found = await ask()
        assert.is(found.kind, 'unreachable')
        assert.match(found.kind === 'unreachable' ? found.reason : '', reason)
      }, fault)
    })
  }

  test('a proxy that offers no database leads to the next one', async () => {
    await withDatabase(async (ask, mirror, {url}) => {
      const entries: ProxyEntry[] = [
        {kind: 'url', url: `${url}/nothing`, fallsBack: false},
        {kind: 'url', url, fallsBack: false},
      ]
      assert.equal(await ask(entries), {kind: 'published', h1: mirror.h1('go1.26.8', 'linux-amd64')})
    })
  })

  /** What becomes of asking one mirror after the other, with the same store: both are signed by the same key unless it says otherwise. */
  async function askBoth(
    [first, second]: [MirrorOptions, MirrorOptions],
    how: How,
  ): Promise<{found: Published; seen: string[]}> {
    return await withTemporary(async folder => {
      const signer = newSigner()
      const made = [first, second].map((options, index) =>
        makeMirror(join(folder, `mirror${index}`), releases, {signer, ...options}),
      )
      const [one, two] = made
      if (one === undefined || two === undefined) throw new Error('no mirrors')
      const env = {XDG_CACHE_HOME: join(folder, 'cache'), GOPATH: join(folder, 'gopath')}
      const askAt = (mirror: Mirror, url: string) =>
        askDatabase(
          {...system, env},
          {name: 'sum.golang.org', key: mirror.key, url: undefined},
          [{kind: 'url', url, fallsBack: false}],
          '',
        )('go1.26.8', 'linux', 'amd64')
      if (how === 'go') {
        const latest = join(folder, 'gopath/pkg/sumdb/sum.golang.org/latest')
        mkdirSync(dirname(latest), {recursive: true})
        writeFileSync(latest, one.note)
      } else {
        const before = await withServer(one.folder, ({url}) => askAt(one, url))
        assert.is(before.kind, 'published')
      }
      const found =
        how === 'file'
          ? await askAt(two, `file://${encodeURI(two.folder)}`)
          : await withServer(two.folder, ({url}) => askAt(two, url), withTilesOf(how === 'kept' ? one : two))
      const kept = join(folder, 'cache/gowarden/sumdb')
      const seen = existsSync(kept)
        ? readdirSync(kept).map(name => readFileSync(join(kept, name, 'latest'), 'utf8'))
        : []
      return {found, seen: seen.map(note => note.split('\n')[1] ?? '')}
    })
  }

  const more = ['y v1.0.0 h1:y=\n', 'z v1.0.0 h1:z=\n']
  const growing: [
    what: string,
    mirrors: [MirrorOptions, MirrorOptions],
    how: How,
    kind: string,
    seen: string[],
  ][] = [
    ['the same tree again', [{}, {}], 'server', 'published', ['3']],
    ['a tree that has grown', [{}, {behind: more}], 'server', 'published', ['5']],
    ['an answer that a proxy kept, with an earlier tree', [{behind: more}, {}], 'kept', 'published', ['5']],
    ['a mirror that is not kept up to date', [{behind: more}, {}], 'server', 'unreachable', ['5']],
    ['a folder that was filled earlier', [{behind: more}, {}], 'file', 'published', ['5']],
    ['another log of the same size', [{}, {before: 'w v1.0.0 h1:w=\n'}], 'server', 'forged', ['3']],
    [
      'another log that is larger',
      [{}, {before: 'w v1.0.0 h1:w=\n', behind: more}],
      'server',
      'forged',
      ['3'],
    ],
    [
      'another log that is smaller',
      [{before: 'w v1.0.0 h1:w=\n', behind: more}, {}],
      'kept',
      'forged',
      ['5'],
    ],
    ['a tree that go saw, grown', [{}, {behind: more}], 'go', 'published', ['5']],
    ['another log than go saw', [{before: 'w v1.0.0 h1:w=\n'}, {behind: more}], 'go', 'forged', []],
    [
      'what another key signed',
      [{before: 'w v1.0.0 h1:w=\n', signer: newSigner()}, {}],
      'go',
      'published',
      ['3'],
    ],
  ]
  for (const [what, mirrors, how, kind, seen] of growing) {
    test(`after one tree of the log, ${what}: ${kind}`, async () => {
      const answer = await askBoth(mirrors, how)
      assert.is(answer.found.kind, kind, JSON.stringify(answer.found))
      assert.equal(answer.seen, seen)
    })
  }
})
