import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {parseToolchainHash} from '../../src/go/module/toolchain-module.ts'
import {openFolder} from '../../src/store/folder.ts'
import {commandSystem} from '../../src/system/node.ts'
import {isRememberedProof, rememberProof} from '../../src/toolchain/proof-memo.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const hash = parseToolchainHash(`go1.26.8.linux-amd64@h1:${'A'.repeat(43)}=`)?.hash
const system = commandSystem()

suite('toolchain/proof-memo', test => {
  test('what was proven once is known', () =>
    withTemporary(path => {
      assert.ok(hash)
      const folder = openFolder(system, join(path, 'store'))
      assert.not(isRememberedProof(system, folder, hash))
      rememberProof(system, folder, hash)
      assert.ok(isRememberedProof(system, folder, hash))
    }))

  test('a store that others can write to proves nothing', () =>
    withTemporary(path => {
      assert.ok(hash)
      rememberProof(system, openFolder(system, join(path, 'store')), hash)
      const unusable = {
        kind: 'unusable',
        path: join(path, 'store'),
        reason: 'other users can write to it',
      } as const
      assert.not(isRememberedProof(system, unusable, hash))
    }))

  test('what cannot be written is nobody’s trouble', () =>
    withTemporary(path => {
      assert.ok(hash)
      mkdirSync(join(path, 'store'), {mode: 0o700})
      writeFileSync(join(path, 'store/proven'), 'in the way')
      const folder = openFolder(system, join(path, 'store'))
      rememberProof(system, folder, hash)
      assert.not(isRememberedProof(system, folder, hash))
    }))
})
