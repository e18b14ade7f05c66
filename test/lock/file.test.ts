import * as assert from 'uvu/assert'
import {type Lock, lockedFor, lockText, mostLockBytes, parseLock} from '../../src/lock/file.ts'
import {suite} from '../support/suite.ts'

const linux = 'go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM='
const darwin = 'go1.26.8.darwin-arm64@h1:dFjGhY6f8DTsY8/rLchUTDRRfjJP4pCrGCwxvHFT2Fg='
const head = 'gowarden lock 1\n'
const comment = '# The Go toolchain that builds this repository, by content. Written by: gowarden lock\n'
const whole = `${head}${comment}${darwin} sum.golang.org\n${linux} unproven: Debian's build, see #12\n`

function lockOf(text: string): Lock {
  const parsed = parseLock(text)
  if (parsed.kind === 'damaged') throw new Error(`${parsed.line}: ${parsed.reason}`)
  return parsed.lock
}

suite('lock/file', test => {
  test('a lock says which toolchain, by version, platform and hash, and who proved it', () => {
    const lock = lockOf(whole)
    assert.is(lock.version, 'go1.26.8')
    assert.equal(lock.toolchains, [
      {
        hash: darwin,
        version: 'go1.26.8',
        os: 'darwin',
        arch: 'arm64',
        h1: 'h1:dFjGhY6f8DTsY8/rLchUTDRRfjJP4pCrGCwxvHFT2Fg=',
        proof: {kind: 'database', name: 'sum.golang.org'},
      },
      {
        hash: linux,
        version: 'go1.26.8',
        os: 'linux',
        arch: 'amd64',
        h1: 'h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=',
        proof: {kind: 'unproven', reason: "Debian's build, see #12"},
      },
    ])
    assert.is(lockedFor(lock, 'linux', 'amd64')?.hash, linux)
    assert.is(lockedFor(lock, 'linux', 'arm64'), undefined)
  })

  test('what is written is read back, in the order of the platforms whatever order it had', () => {
    const {toolchains} = lockOf(whole)
    assert.is(lockText({toolchains, comments: []}), whole)
    assert.is(lockText({toolchains: [...toolchains].reverse(), comments: []}), whole)
    assert.is(lockText(lockOf(whole)), whole)
  })

  test('lines of a person stay, and lines may end as Windows ends them', () => {
    const own = `${head}# why: see docs/go.md\n${linux} sum.golang.org\n`
    assert.is(lockText(lockOf(own)), own)
    assert.is(lockText(lockOf(own.replaceAll('\n', '\r\n'))), own)
  })

  const damages: [what: string, text: string, line: number, reason: RegExp][] = [
    ['nothing', '', 1, /first line is not "gowarden lock 1"/],
    ['another file', '{"version": 1}\n', 1, /first line/],
    ['a later format', `gowarden lock 2\n${linux} sum.golang.org\n`, 1, /gowarden lock 2: a format/],
    ['no toolchain', `${head}${comment}`, 2, /no toolchain/],
    ['a conflict', `${head}<<<<<<< HEAD\n${linux} sum.golang.org\n=======\n`, 2, /conflict marker \(<{7}\)/],
    ['the end of a conflict', `${head}${linux} sum.golang.org\n>>>>>>> theirs\n`, 3, /conflict marker/],
    ['diff3', `${head}${linux} sum.golang.org\n||||||| base\n`, 3, /conflict marker/],
    ['a hash that was cut', `${head}${linux.slice(0, -2)} sum.golang.org\n`, 2, /not of the form/],
    ['another algorithm', `${head}${linux.replace('h1:', 'h2:')} sum.golang.org\n`, 2, /not of the form/],
    ['no proof', `${head}${linux}\n`, 2, /not of the form/],
    ['a proof that is none', `${head}${linux} trust me\n`, 2, /neither a checksum database/],
    ['a proof without a reason', `${head}${linux} unproven:\n`, 2, /neither a checksum database/],
    ['a reason that a terminal obeys', `${head}${linux} unproven: \x1b[2J\n`, 2, /neither/],
    ['a reason without end', `${head}${linux} unproven: ${'x'.repeat(201)}\n`, 2, /neither/],
    ['a range', `${head}${linux.replace('go1.26.8', 'go1.26.x')} sum.golang.org\n`, 2, /no version of Go/],
    [
      'a path for a version',
      `${head}${linux.replace('go1.26.8', 'go1.26.8-/../x')} sum.golang.org\n`,
      2,
      /no version/,
    ],
    [
      'a folder above',
      `${head}${linux.replace('go1.26.8', '../../go1.26.8')} sum.golang.org\n`,
      2,
      /no version/,
    ],
    [
      'two versions',
      `${head}${darwin} a.b\n${linux.replace('1.26.8', '1.26.7')} a.b\n`,
      3,
      /go1\.26\.7, where a line above says go1\.26\.8/,
    ],
    ['a platform twice', `${head}${linux} a.b\n${linux} a.b\n`, 3, /a second line for linux\/amd64/],
    ['text behind', `${head}${linux} sum.golang.org\nx\n`, 3, /not of the form/],
    ['more than anything real', `${head}${'#\n'.repeat(mostLockBytes)}`, 1, /longer than 64 kB/],
  ]
  for (const [what, text, line, reason] of damages) {
    test(`damaged: ${what}`, () => {
      const parsed = parseLock(text)
      assert.is(parsed.kind, 'damaged')
      if (parsed.kind !== 'damaged') return
      assert.is(parsed.line, line)
      assert.match(parsed.reason, reason)
    })
  }

  test('no byte of a hash, a version or a platform can be lost or changed unnoticed', () => {
    const text = `${head}${linux} sum.golang.org\n`
    for (let at = head.length; at < head.length + linux.length; at += 1) {
      for (const changed of [
        text.slice(0, at) + text.slice(at + 1),
        `${text.slice(0, at)}#${text.slice(at + 1)}`,
      ]) {
        const parsed = parseLock(changed)
        const isSame = parsed.kind === 'lock' && parsed.lock.toolchains[0]?.hash === linux
        assert.not.ok(isSame, changed)
      }
    }
  })
})
