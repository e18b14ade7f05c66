/** Code, page and message of every finding stand together. */
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {readPages} from '../src/commands/explain.ts'
import type {Finding, FindingCode} from '../src/findings.ts'
import {describe} from '../src/messages.ts'
import {findingText} from '../src/report/finding.ts'
import {root} from './support/rig.ts'
import {suite} from './support/suite.ts'
import {verifyExamples} from './support/verify-examples.ts'

const self = {hash: 'go1.26.8.linux-amd64@h1:me', goroot: '/go'}
const owner = {hash: 'go1.26.8.linux-amd64@h1:twin', goroot: '/twin'}

/** One finding of each code: the compiler asks for the missing ones. */
const examples: {[Code in FindingCode]: Extract<Finding, {code: Code}>['facts']} = {
  CACHE_FOREIGN: {cache: '/c', owners: [owner], self},
  CACHE_UNMARKED_FOREIGN: {cache: '/c', versions: [{version: 'go1.25.3', objects: 1}], self},
  CACHE_OWNER_CORRUPT: {file: '/c/00/gowarden-owner.json', reason: 'it is not JSON'},
  CACHE_OWNER_UNWRITABLE: {file: '/c/00/gowarden-owner.json', reason: 'permission denied'},
  CACHE_PASSED: {cache: '/c', from: owner, self},
  CACHEPROG_UNSTAMPED: {program: 'cacher'},
  GOROOT_MISMATCH: {
    go: '/go/bin/go',
    goVersion: 'go1.26.8',
    goroot: '/old',
    gorootVersion: 'go1.24.4',
    isFromEnvironment: true,
  },
  STAMP_UNSUPPORTED: self,
  STAMP_SWITCH_UNKNOWN: {target: 'a.b/c@latest', hash: self.hash},
  STAMP_COMPILER: {compiler: 'gccgo'},
  STORE_UNUSABLE: {directory: '/s', reason: 'read-only file system'},
  ENV_DENIED: {
    name: 'GOSUMDB',
    variable: 'GOSUMDB=off',
    source: '/home/u/.config/go/env:2',
    rule: '/r/.gowardenrc.yaml:3',
  },
  FLAG_DENIED: {flag: '-mod=mod', source: 'the command line', rule: '/r/.gowardenrc.yaml:3'},
  TOOLCHAIN_VERSION: {
    version: 'go1.26.8',
    goroot: '/go',
    chosen: 'the go command /go/bin/go',
    asked: 'go1.25.3 (/r/go.mod:3)',
    rule: '/r/.gowardenrc.yaml:3',
  },
  TOOLCHAIN_NOT_UPSTREAM: {
    ...self,
    published: 'h1:b=',
    chosen: 'the go command /go/bin/go',
    rule: '/r/p.yaml:3',
  },
  TOOLCHAIN_UNPROVEN: {
    ...self,
    reason: 'no network',
    chosen: 'the go command /go/bin/go',
    rule: '/r/p.yaml:3',
  },
  ...verifyExamples,
}

const findings = Object.entries(examples).map(([code, facts]) => ({code, level: 'error', facts}) as Finding)

suite('findings', test => {
  const pages = readPages(readFileSync(join(root, 'docs/findings.md'), 'utf8'))

  test('every code has its page, and every page its code', () => {
    assert.equal([...pages.keys()].sort(), Object.keys(examples).sort())
  })

  for (const finding of findings) {
    test(`${finding.code} speaks like a Unix tool`, () => {
      const {headline, details, hints} = describe(finding)
      for (const line of [headline, ...hints]) {
        assert.not.match(line, /[.!]$|\n|undefined|\[object/)
        assert.match(line, /^[^A-Z]|^(GO|-)/)
      }
      for (const [label, value] of details) assert.ok(label.length > 0 && value.length > 0)
      for (const line of findingText(finding).trimEnd().split('\n')) assert.match(line, /^gowarden: /)
    })

    test(`the page of ${finding.code} says what, and what to do or how to switch it off`, () => {
      const page = pages.get(finding.code) ?? ''
      assert.ok(page.length > 150, page)
    })
  }

  test('a refusal reads as README prints it', () => {
    assert.is(
      findingText({code: 'CACHE_FOREIGN', level: 'error', facts: {cache: '/c', owners: [owner], self}}),
      `gowarden: error: GOCACHE /c was populated by another GOROOT [CACHE_FOREIGN]
gowarden:   owner  go1.26.8.linux-amd64@h1:twin  /twin
gowarden:   this   go1.26.8.linux-amd64@h1:me  /go
gowarden: hint: give this toolchain its own cache: export GOWARDEN_CACHE=isolate
gowarden: hint: or take this cache over: gowarden cache adopt
`,
    )
  })
})
