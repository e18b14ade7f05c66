import * as assert from 'uvu/assert'
import {checkCache} from '../../src/cache/check-owner.ts'
import type {CacheContents} from '../../src/cache/contents.ts'
import type {HashedOwner} from '../../src/cache/isolated.ts'
import type {ToolchainHash} from '../../src/go/module/toolchain-module.ts'
import {gorootAt} from '../support/goroot-at.ts'
import {hashNamed} from '../support/hashes.ts'
import {suite} from '../support/suite.ts'

const me: HashedOwner = {hash: hashNamed('go1.26.8', 'me'), goroot: gorootAt('/go'), version: 'go1.26.8'}
const copy: HashedOwner = {...me, goroot: gorootAt('/elsewhere/go')}
const twin: HashedOwner = {...me, hash: hashNamed('go1.26.8', 'twin'), goroot: gorootAt('/twin')}
const swapped: HashedOwner = {...me, hash: hashNamed('go1.26.8', 'twin')}
const older: HashedOwner = {hash: hashNamed('go1.25.3', 'old'), goroot: gorootAt('/go'), version: 'go1.25.3'}
const stranger: HashedOwner = {...older, goroot: gorootAt('/go1.25')}

const owned = (...owners: HashedOwner[]): CacheContents => ({record: {kind: 'owned', owners}, versions: []})
const unmarked = (...versions: [string, number][]): CacheContents => ({
  record: {kind: 'absent'},
  versions: versions.map(([version, objects]) => ({version, objects})),
})
const corrupt: CacheContents = {record: {kind: 'corrupt', reason: 'it is not JSON'}, versions: []}

/** What the cache shows, the policy, the codes found, and whose the record says the cache is afterwards. */
const cases: [
  name: string,
  contents: CacheContents,
  policy: 'refuse' | 'share' | 'isolate',
  codes: string[],
  owners: HashedOwner[] | undefined,
  hashBefore?: ToolchainHash,
][] = [
  ['an empty cache is claimed', unmarked(), 'refuse', [], [me]],
  ['objects of this version only are adopted', unmarked(['go1.26.8', 9]), 'refuse', [], [me]],
  [
    'objects of another version refuse',
    unmarked(['go1.26.8', 9], ['go1.25.3', 1]),
    'refuse',
    ['CACHE_UNMARKED_FOREIGN'],
    undefined,
  ],
  ['our own record stays', owned(me), 'refuse', [], undefined],
  ['the same content in another place is no other GOROOT', owned(copy), 'refuse', [], undefined],
  ['the same version with another hash refuses', owned(twin), 'refuse', ['CACHE_FOREIGN'], undefined],
  ['a compiler swapped in place refuses', owned(swapped), 'refuse', ['CACHE_FOREIGN'], undefined],
  [
    'a source edited in place, the tools as they were, passes the cache on',
    owned(swapped),
    'refuse',
    ['CACHE_PASSED'],
    [me],
    swapped.hash,
  ],
  [
    'the tools as they were, and a cache of yet another hash, refuses',
    owned({...swapped, hash: hashNamed('go1.26.8', 'third')}),
    'refuse',
    ['CACHE_FOREIGN'],
    undefined,
    swapped.hash,
  ],
  [
    'a tree with the hash before, elsewhere, refuses',
    owned(twin),
    'refuse',
    ['CACHE_FOREIGN'],
    undefined,
    twin.hash,
  ],
  [
    'share: a source edited in place, the tools as they were',
    owned(stranger, swapped),
    'share',
    ['CACHE_PASSED'],
    [stranger, me],
    swapped.hash,
  ],
  ['an upgrade in place passes the cache on', owned(older), 'refuse', ['CACHE_PASSED'], [me]],
  ['another version in another place refuses', owned(stranger), 'refuse', ['CACHE_FOREIGN'], undefined],
  [
    'a cache that was shared refuses for its other owners',
    owned(stranger, me),
    'refuse',
    ['CACHE_FOREIGN'],
    undefined,
  ],
  ['a corrupt record refuses', corrupt, 'refuse', ['CACHE_OWNER_CORRUPT'], undefined],
  ['share: other versions may stand beside', owned(stranger), 'share', [], [stranger, me]],
  ['share: one of several owners', owned(stranger, me), 'share', [], undefined],
  ['share: objects of other versions', unmarked(['go1.25.3', 1]), 'share', [], [me]],
  [
    'share: the same version with another hash refuses',
    owned(stranger, twin),
    'share',
    ['CACHE_FOREIGN'],
    undefined,
  ],
  ['share: a compiler swapped in place refuses', owned(swapped), 'share', ['CACHE_FOREIGN'], undefined],
  ['share: a corrupt record refuses', corrupt, 'share', ['CACHE_OWNER_CORRUPT'], undefined],
  ['isolate: a new folder is claimed', unmarked(), 'isolate', [], [me]],
  ['isolate: our own record stays', owned(me), 'isolate', [], undefined],
  ['isolate: a corrupt record is rebuilt', corrupt, 'isolate', [], [me]],
  ['isolate: a copied record is rebuilt', owned(twin), 'isolate', [], [me]],
]

suite('cache/check-owner', test => {
  for (const [name, contents, policy, codes, owners, hashBefore] of cases) {
    test(name, () => {
      const judgement = checkCache(contents, '/cache', {...me, hashBefore}, policy)
      assert.equal(
        judgement.findings.map(({code}) => code),
        codes,
      )
      assert.equal(judgement.owners, owners)
    })
  }

  test('only the strangers are named', () => {
    const [finding] = checkCache(
      owned(me, twin, stranger),
      '/cache',
      {...me, hashBefore: undefined},
      'refuse',
    ).findings
    assert.equal(finding?.code === 'CACHE_FOREIGN' && finding.facts.owners, [twin, stranger])
  })
})
