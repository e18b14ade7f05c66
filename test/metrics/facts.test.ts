/** What metrics say of a host, on a real go with a GOROOT beside it. */
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {doctor} from '../../src/doctor/doctor.ts'
import {parseToolchainHash} from '../../src/go/module/toolchain-module.ts'
import {type HostFacts, probeHost} from '../../src/metrics/facts.ts'
import {commandSystem} from '../../src/system/node.ts'
import type {System} from '../../src/system/system.ts'
import {rememberProof} from '../../src/toolchain/proof-memo.ts'
import {type Rig, tiny} from '../support/rig.ts'
import {withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

function probe(rig: Rig, env: Record<string, string> = {}): Promise<HostFacts> {
  const system = {...commandSystem(), cwd: rig.work, env: {...rig.env, ...env}}
  const events = [
    {
      time: '2026-11-27T13:30:00.000Z',
      ...({
        kind: 'audit',
        cache: join(rig.folder, 'other'),
        objects: 0,
        bytes: 0,
        wrong: 0,
        isPartial: false,
        ms: 1,
      } as const),
    },
  ]
  return probeHost(system, {binaries: [], events})
}

suite('metrics/facts', test => {
  test('the status of the cache, from nobody’s to refused', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      assert.is((await probe(rig)).cacheStatus, 'unowned')
      assert.is((await rig.go(['list', '.'])).code, 0)
      assert.is((await probe(rig)).cacheStatus, 'owned')
      const record = join(rig.cache, '00/gowarden-owner.json')
      const other = {hash: 'go1.0.linux-amd64@h1:x', goroot: '/opt/other', version: 'go1.0'}
      writeFileSync(record, JSON.stringify({format: 1, owners: [other]}))
      assert.is((await probe(rig)).cacheStatus, 'refused')
      rig.write({'.gowardenrc.yaml': 'cache: share\n'})
      assert.is((await probe(rig)).cacheStatus, 'foreign')
      assert.is((await probe(rig, {GOCACHEPROG: '/bin/true'})).cacheStatus, 'program')
    })
  })

  test('go is asked no more than doctor asks it: what is known of a build is known once', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const asked = async (body: (system: System) => Promise<unknown>) => {
        const words: string[] = []
        const world = {...commandSystem(), cwd: rig.work, env: rig.env}
        await body({
          ...world,
          run: (file, args, options) => {
            words.push(args.join(' '))
            return world.run(file, args, options)
          },
        })
        return words.sort()
      }
      const byDoctor = await asked(system => doctor(system, {everyByte: false}))
      assert.ok(byDoctor.length > 0)
      assert.equal(await asked(system => probeHost(system, {binaries: [], events: []})), byDoctor)
    })
  })

  test('toolchains that stand as they were met, whether proven and locked; caches that are there', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      assert.is((await rig.go(['list', '.'])).code, 0)
      const first = await probe(rig)
      const [current, ...others] = first.toolchains
      assert.equal(others, [])
      assert.equal(current && [current.isCurrent, current.proven, current.locked], [true, 'unknown', 'none'])
      assert.equal(
        first.caches.map(({path}) => path),
        [rig.cache],
      )

      const hash = parseToolchainHash(current?.hash ?? '')?.hash
      assert.ok(hash)
      const system = {...commandSystem(), cwd: rig.work, env: rig.env}
      rememberProof(system, {kind: 'usable', path: rig.store}, hash)
      mkdirSync(join(rig.folder, 'other'))
      const events = [
        {
          time: '2026-11-27T13:30:00.000Z',
          kind: 'plan' as const,
          subcommand: 'build',
          toolchain: hash,
          goroot: '/',
          repository: rig.work,
          found: [],
          isStored: true,
          ms: 1,
        },
      ]
      const locked = async (lock: string) => {
        rig.write({'gowarden.lock': lock})
        return (await probeHost(system, {binaries: [], events})).toolchains[0]
      }
      const named = await locked(`gowarden lock 1\n${hash} sum.golang.org\n`)
      assert.equal(named && [named.proven, named.locked], ['yes', 'yes'])
      assert.is(
        (await locked(`gowarden lock 1\n${hash.replace(/h1:.{4}/, 'h1:AAAA')} sum.golang.org\n`))?.locked,
        'no',
      )
      assert.is((await locked('<<<<<<<\n'))?.locked, 'no')
      assert.equal(
        (await probe(rig)).caches.map(({path}) => path),
        [rig.cache, join(rig.folder, 'other')],
      )
    })
  })
})
