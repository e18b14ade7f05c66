import * as assert from 'uvu/assert'
import type {Happening} from '../../src/system/happening.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {told} from '../../src/verbs/told.ts'
import {suite} from '../support/suite.ts'

suite('verbs/told', test => {
  test('how the work ended is told, also where it throws', async () => {
    const happenings: Happening[] = []
    let nowMs = 0
    const system = {
      ...nodeSystem(),
      nowMs: () => {
        nowMs += 5
        return nowMs
      },
      tell: (happening: Happening) => happenings.push(happening),
    }
    const result = await told(
      system,
      'install',
      async () => 7,
      () => ({outcome: 'ok', toolchain: 'hash'}),
    )
    assert.is(result, 7)
    const failing = async () => {
      throw new Error('no network')
    }
    await told(system, 'lock', failing, () => ({outcome: 'ok', toolchain: undefined})).then(
      () => assert.unreachable(),
      error => assert.is(error.message, 'no network'),
    )
    assert.equal(happenings, [
      {kind: 'install', outcome: 'ok', toolchain: 'hash', found: [], ms: 5},
      {kind: 'lock', outcome: 'failed', toolchain: undefined, found: [], ms: 5},
    ])
  })
})
