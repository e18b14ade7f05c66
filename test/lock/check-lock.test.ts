import * as assert from 'uvu/assert'
import {parseToolchainHash} from '../../src/go/module/toolchain-module.ts'
import {type Choice, checkInstalled, checkLocked} from '../../src/lock/check-lock.ts'
import type {LockedToolchain, LockProof} from '../../src/lock/file.ts'
import type {FoundLock} from '../../src/lock/find.ts'
import {hashNamed} from '../support/hashes.ts'
import {suite} from '../support/suite.ts'

const upstream: LockProof = {kind: 'database', name: 'sum.golang.org'}
const own = hashNamed('go1.26.8', 'own')
const compiling = {hash: own, version: 'go1.26.8', goroot: '/go'}
const choice: Choice = {
  platform: {os: 'linux', arch: 'amd64'},
  chosen: 'the go command /go/bin/go',
  isByGoroot: false,
  otherModule: undefined,
}

function locking(version: string, name: string, proof = upstream): FoundLock {
  const parts = parseToolchainHash(hashNamed(version, name))
  if (parts === undefined) throw new Error(version)
  const toolchain: LockedToolchain = {...parts, proof}
  return {kind: 'found', path: '/r/gowarden.lock', lock: {version, toolchains: [toolchain], comments: []}}
}

const shown = (found: FoundLock, more: Partial<Choice> = {}, at = compiling) =>
  checkLocked(at, found, {...choice, ...more}).map(({code, facts}) =>
    'fix' in facts ? `${code}: ${facts.fix}` : code,
  )

suite('lock/check-lock', test => {
  const rows: [what: string, found: FoundLock, more: Partial<Choice>, codes: string[]][] = [
    ['no lock', {kind: 'none'}, {}, []],
    ['the same toolchain', locking('go1.26.8', 'own'), {}, []],
    [
      'another version: go fetches it',
      locking('go1.26.9', 'x'),
      {},
      ['LOCK_MISMATCH: export GOTOOLCHAIN=go1.26.9'],
    ],
    [
      'the same version, other bytes',
      locking('go1.26.8', 'x'),
      {},
      ['LOCK_MISMATCH: gowarden install && export GOWARDEN_GO=installed'],
    ],
    [
      'by GOROOT',
      locking('go1.26.8', 'x'),
      {isByGoroot: true},
      [
        'LOCK_MISMATCH: unset GOROOT, and if that is not enough: gowarden install && export GOWARDEN_GO=installed',
      ],
    ],
    [
      'what nobody publishes',
      locking('go1.26.8', 'x', {kind: 'unproven', reason: 'built by us'}),
      {},
      ['LOCK_MISMATCH: put the locked GOROOT first on PATH; the lock says of it: built by us'],
    ],
    [
      'another platform',
      locking('go1.26.8', 'own'),
      {platform: {os: 'linux', arch: 'arm64'}},
      ['LOCK_PLATFORM'],
    ],
    ['damage', {kind: 'damaged', path: '/r/gowarden.lock', line: 2, reason: 'x'}, {}, ['LOCK_DAMAGED']],
    [
      'pkg@version, for which the locked one switched',
      locking('go1.25.3', 'x'),
      {otherModule: {startsAs: 'go1.25.3'}},
      [],
    ],
    [
      'pkg@version by a newer one that nothing switched to',
      locking('go1.25.3', 'x'),
      {otherModule: {startsAs: 'go1.26.8'}},
      ['LOCK_MISMATCH: export GOTOOLCHAIN=go1.25.3+auto'],
    ],
    [
      'pkg@version, for which an older one than the locked switched',
      locking('go1.25.3', 'x'),
      {otherModule: {startsAs: 'go1.24.4'}},
      ['LOCK_MISMATCH: export GOTOOLCHAIN=go1.25.3+auto'],
    ],
    [
      'pkg@version by a newer one, nobody knows why',
      locking('go1.25.3', 'x'),
      {otherModule: {startsAs: undefined}},
      ['LOCK_MISMATCH: export GOTOOLCHAIN=go1.25.3+auto'],
    ],
    [
      'pkg@version by a toolchain that is older than the locked one',
      locking('go1.27.0', 'x'),
      {otherModule: {startsAs: 'go1.26.8'}},
      ['LOCK_MISMATCH: export GOTOOLCHAIN=go1.27.0+auto'],
    ],
    [
      'pkg@version by another of the same version',
      locking('go1.26.8', 'x'),
      {otherModule: {startsAs: 'go1.26.8'}},
      ['LOCK_MISMATCH: gowarden install && export GOWARDEN_GO=installed'],
    ],
  ]
  for (const [what, found, more, codes] of rows) test(what, () => assert.equal(shown(found, more), codes))

  test('a go that cannot switch is not told to', () => {
    const old = {...compiling, version: 'go1.20.14', hash: hashNamed('go1.20.14', 'old')}
    assert.equal(shown(locking('go1.26.8', 'x'), {}, old), [
      'LOCK_MISMATCH: gowarden install && export GOWARDEN_GO=installed',
    ])
  })

  test('an installed GOROOT is what it was, or is said not to be', () => {
    assert.equal(checkInstalled(compiling, undefined), [])
    assert.equal(checkInstalled(compiling, parseToolchainHash(own)), [])
    const was = hashNamed('go1.26.8', 'was')
    assert.equal(checkInstalled(compiling, parseToolchainHash(was)), [
      {code: 'GOROOT_CHANGED', facts: {goroot: '/go', hash: own, installed: was}},
    ])
  })
})
