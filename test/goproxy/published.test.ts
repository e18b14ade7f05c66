/** What is believed of a checksum database that is asked over the network. */
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import type {ProxyEntry} from '../../src/goproxy/goproxy-list.ts'
import {askDatabase, type Published} from '../../src/goproxy/published.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'
import {type Fault, type Mirror, makeMirror, type Served, withServer} from '../support/toolchain-mirror.ts'

const system = {...nodeSystem(), env: {}}
const releases = ['linux-amd64', 'darwin-arm64'].map(platform => ({version: 'go1.26.8', platform}))

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
})
