import * as assert from 'uvu/assert'
import {type StampText, stampWith} from '../../src/go/module/toolchain-module.ts'
import type {Inspected, Inspection} from '../../src/inspect/inspect.ts'
import {misfitsOf, parseRequirement} from '../../src/inspect/requirement.ts'
import type {PolicyFile, Setting} from '../../src/policy/policy.ts'
import {UsageError} from '../../src/system/errors.ts'
import {h1From, hashFrom} from '../support/hashes.ts'
import {suite} from '../support/suite.ts'

const h1 = h1From('h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=')
const hash = hashFrom(`go1.26.8.linux-amd64@${h1}`)
const other = hashFrom('go1.26.8.linux-amd64@h1:THKeCuuOK6mnQhbTbvvH9CKU3D4lwUERQax+yRXCVJk=')
const parts = {version: 'go1.26.8', os: 'linux', arch: 'amd64', h1}
const through = stampWith(hash, [`toolexec=sha256:${'0'.repeat(64)}`])

const plain: Inspected = {
  kind: 'go',
  format: 'ELF',
  bits: 64,
  goVersion: 'go1.26.8',
  deps: [],
  settings: [],
  stamp: {kind: 'none'},
  buildId: {kind: 'none'},
}
const stampedBy = (text: StampText): Inspected => ({...plain, stamp: {kind: 'stamped', hash: text, ...parts}})
const good = stampedBy(hash)

type Row = [
  name: string,
  required: string,
  binary: Inspected | Exclude<Inspection, Inspected>,
  reason: RegExp | undefined,
]

const rows: Row[] = [
  ['a stamp', 'stamped', good, undefined],
  ['none', 'stamped', plain, /^not stamped$/],
  ['one that is malformed', 'stamped', {...plain, stamp: {kind: 'malformed', text: 'x'}}, /malformed/],
  ['two that differ', 'stamped', {...plain, stamp: {kind: 'conflicting', texts: [hash, other]}}, /several/],
  [
    'a stamp that names a program beside the toolchain',
    'stamped',
    stampedBy(through),
    /not the toolchain alone/,
  ],
  [
    'a stamp of another version than the binary',
    'stamped',
    {...good, goVersion: 'go1.24.4'},
    /names go1\.26\.8, the binary go1\.24\.4/,
  ],
  ['an experiment is no other version', 'stamped', {...good, goVersion: 'go1.26.8 X:jsonv2'}, undefined],
  ['the hash', hash, good, undefined],
  ['another hash', hash, stampedBy(other), /^built by .*THKe/],
  ['the hash and a program beside it', hash, stampedBy(through), /not the toolchain alone/],
  ['upstream', 'upstream', good, undefined],
  ['not upstream', 'upstream', stampedBy(other), /^other$/],
  ['not stamped, so not upstream', 'upstream', plain, /^not stamped$/],
  ['a version that policy allows, and upstream', 'policy', good, undefined],
  [
    'a version that policy refuses',
    'policy',
    {
      ...good,
      goVersion: 'go1.25.1',
      stamp: {kind: 'stamped', ...parts, hash: hashFrom(`go1.25.1.linux-amd64@${h1}`), version: 'go1.25.1'},
    },
    /built by go1\.25\.1, and policy requires go1\.26\.x \(rc:2\)/,
  ],
  ['not upstream, where policy asks for that', 'policy', stampedBy(other), /^other$/],
  [
    'no Go binary',
    'stamped',
    {file: 'x', kind: 'not-go', reason: 'it is a script'},
    /^not a Go binary: it is a script$/,
  ],
  ['damaged', 'stamped', {file: 'x', kind: 'corrupt', reason: 'its header is cut off'}, /cut off/],
  ['packed', 'stamped', {file: 'x', kind: 'hidden', reason: 'packed by UPX'}, /UPX/],
  ['unreadable', 'stamped', {file: 'x', kind: 'unreadable', reason: 'permission denied'}, /denied/],
]

const set = <T>(value: T, line: number): Setting<T> => ({value, origin: {kind: 'file', path: 'rc', line}})
const policy = {versions: [set('go1.26.x', 2), set('go.mod', 3)], proven: set(true, 4)} as PolicyFile

suite('inspect/requirement', test => {
  for (const [name, required, binary, reason] of rows) {
    test(`--require ${required.slice(0, 8)}: ${name}`, async () => {
      const [misfit] = await misfitsOf(
        [{file: 'x', ...binary}],
        parseRequirement(required),
        {policy, release: undefined},
        async stamp => (stamp === hash || stamp.startsWith('go1.25') ? undefined : 'other'),
      )
      if (reason === undefined) assert.is(misfit, undefined)
      else assert.match(misfit?.reason ?? '', reason)
    })
  }

  test('a repository without a policy asks for a stamp', async () => {
    const misfits = await misfitsOf(
      [
        {file: 'a', ...good},
        {file: 'b', ...plain},
      ],
      {kind: 'policy'},
      {policy: undefined, release: undefined},
      async () => 'x',
    )
    assert.equal(misfits, [{file: 'b', reason: 'not stamped'}])
  })

  for (const word of ['', 'stamp', 'h1:abc', hash.slice(0, -1), through]) {
    test(`--require ${JSON.stringify(word).slice(0, 20)} is a wrong call`, () => {
      assert.throws(
        () => parseRequirement(word),
        (error: unknown) => error instanceof UsageError,
      )
    })
  }
})
