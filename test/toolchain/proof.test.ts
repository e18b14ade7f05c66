/** What is known of a toolchain's hash with and without the checksum database; the real one is asked through GOPROXY. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type ToolchainHash, toolchainHash} from '../../src/go/module/toolchain-module.ts'
import type {Folder} from '../../src/store/folder.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {type Proof, probeProof} from '../../src/toolchain/proof.ts'
import {h1From, hashFrom} from '../support/hashes.ts'
import {makeLog} from '../support/log.ts'
import {machine, writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const h1 = h1From(`h1:${'a'.repeat(43)}=`)
const other = h1From(`h1:${'b'.repeat(43)}=`)
const hash = toolchainHash('go1.26.8', 'linux', 'amd64', h1)
const record = (sum: string) =>
  `golang.org/toolchain v0.0.1-go1.26.8.linux-amd64 ${sum}\n` +
  `golang.org/toolchain v0.0.1-go1.26.8.linux-amd64/go.mod h1:m=\n`

const go = `${machine.goroot}/bin/go`

type Ask = (options?: {hash?: ToolchainHash; env?: Record<string, string>; go?: string}) => Promise<Proof>

/** A module cache that holds a log of one record, and a store. `ask` runs no network. */
async function withLog(sum: string, body: (ask: Ask, folder: string) => Promise<void>): Promise<void> {
  await withTemporary(async folder => {
    const modules = join(folder, 'modules')
    const database = join(modules, 'cache/download/sumdb/sum.golang.org')
    const log = makeLog(['x\n', record(sum), 'y\n'])
    writeFiles(database, {'lookup/golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64': log.lookup(1)})
    for (const [path, bytes] of log.tiles) writeFiles(database, {[path]: bytes as unknown as string})
    const store = join(folder, 'store')
    mkdirSync(store)
    const usable: Folder = {kind: 'usable', path: store}
    const system = nodeSystem()
    await body(
      async (options = {}) =>
        await probeProof(
          {...system, env: {...system.env, GOMODCACHE: modules, GOPROXY: 'off', ...options.env}},
          options.go ?? go,
          {GOMODCACHE: modules},
          usable,
          options.hash ?? hash,
          log.key,
        ),
      folder,
    )
  })
}

suite('toolchain/proof', test => {
  test('a hash that the database holds is proven, without a network and without running go', async () => {
    await withLog(h1, async ask => assert.equal(await ask({go: '/nowhere/go'}), {kind: 'proven'}))
  })

  test('another hash for the version differs', async () => {
    await withLog(other, async ask => assert.equal(await ask(), {kind: 'differs', published: other}))
  })

  test('what was proven once is remembered, for this hash alone', async () => {
    await withLog(h1, async (ask, folder) => {
      assert.equal(await ask(), {kind: 'proven'})
      nodeSystem().files.remove(join(folder, 'modules/cache/download/sumdb/sum.golang.org/tile/8/0/000.p/3'))
      assert.equal(await ask({go: '/nowhere/go'}), {kind: 'proven'})
      const {kind} = await ask({hash: toolchainHash('go1.26.8', 'linux', 'amd64', other)})
      assert.is(kind, 'unknown')
    })
  })

  const forgeries: [what: string, change: (lookup: string) => string, reason: string][] = [
    ['hash', text => text.replace(h1, other), 'the record is not in the tree that sum.golang.org signed'],
    [
      'signature',
      text => text.replace(/.{12}\n$/, 'AAAAAAAAAAA=\n'),
      "the signature is not sum.golang.org's",
    ],
    ['tree', text => text.replace('\n3\n', '\n4\n'), "the signature is not sum.golang.org's"],
  ]
  for (const [what, change, reason] of forgeries) {
    test(`a record with another ${what} is forged, which is not the same as no network, and go is not asked`, async () => {
      await withLog(h1, async (ask, folder) => {
        const name = 'lookup/golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64'
        const file = join(folder, 'modules/cache/download/sumdb/sum.golang.org', name)
        writeFileSync(file, change(readFileSync(file, 'utf8')))
        assert.equal(await ask({go: '/nowhere/go'}), {kind: 'forged', file, reason})
      })
    })
  }

  test('a record that is damaged beyond reading is as good as none', async () => {
    await withLog(h1, async (ask, folder) => {
      const name = 'lookup/golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64'
      writeFileSync(join(folder, 'modules/cache/download/sumdb/sum.golang.org', name), '\0'.repeat(187))
      assert.is((await ask()).kind, 'unknown')
    })
  })

  test('a store that was written to proves nothing', async () => {
    await withLog(other, async (ask, folder) => {
      writeFiles(join(folder, 'store/proven'), {[hash]: 'gowarden proof 1\n'})
      assert.is((await ask()).kind, 'differs')
    })
  })

  test('without the database the reason is what go says', async () => {
    await withLog(h1, async ask => {
      const proof = await ask({hash: toolchainHash('go1.26.7', 'linux', 'amd64', h1)})
      assert.is(proof.kind, 'unknown')
      assert.match(
        proof.kind === 'unknown' ? proof.reason : '',
        /go1\.26\.7\.linux-amd64: module lookup disabled by GOPROXY=off/,
      )
    })
  })

  test('a name that no release has is unknown', async () => {
    await withLog(h1, async ask =>
      assert.is((await ask({hash: toolchainHash('devel', '', '', h1)})).kind, 'unknown'),
    )
  })

  test('the real database is fetched by go, whatever GOSUMDB and GOFLAGS say, and proves a release of go.dev', async () => {
    await withTemporary(async folder => {
      const system = nodeSystem()
      const env = {
        GOMODCACHE: join(folder, 'modules'),
        GOPATH: join(folder, 'path'),
        GOSUMDB: 'off',
        GONOSUMDB: '*',
      }
      const ask = (real: ToolchainHash) =>
        probeProof(
          {...system, env: {...system.env, ...env, GOFLAGS: '-mod=vendor', GO111MODULE: 'off'}},
          go,
          {GOMODCACHE: env.GOMODCACHE},
          {kind: 'unusable', path: '', reason: ''},
          real,
        )
      const proven = hashFrom('go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=')
      assert.equal(await ask(proven), {kind: 'proven'})
      const forged = hashFrom(proven.replace('ZOmG', 'ZOmH'))
      assert.is((await ask(forged)).kind, 'differs')
      const none = await ask(hashFrom(proven.replace('1.26.8', '1.26.99')))
      assert.match(none.kind === 'unknown' ? none.reason : '', /toolchain@v0\.0\.1-go1\.26\.99\.linux-amd64/)
    })
  })
})
