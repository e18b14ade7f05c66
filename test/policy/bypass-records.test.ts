import {readdirSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Bypass, readBypasses, recordBypass} from '../../src/policy/bypass-records.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const bypass: Bypass = {
  time: '2026-11-25T07:21:09.000Z',
  what: 'GOWARDEN=off',
  command: ['go', 'build'],
  directory: '/r',
  reason: 'the proxy\nis down',
  policy: '/r/.gowardenrc.yaml:1',
}

suite('policy/bypass-records', test => {
  test('what was recorded is read again, the oldest first', async () => {
    await withTemporary(async folder => {
      const at = (nowMs: number) => ({...nodeSystem(), nowMs: () => nowMs})
      recordBypass(at(2_000_000_000_000), folder, {...bypass, reason: 'later'})
      recordBypass(at(1_000_000_000_000), folder, bypass)
      assert.equal(readBypasses(nodeSystem(), folder), [bypass, {...bypass, reason: 'later'}])
    })
  })

  test('only the user can read it', async () => {
    await withTemporary(async folder => {
      recordBypass(nodeSystem(), folder, bypass)
      const directory = join(folder, 'bypasses')
      assert.is(statSync(directory).mode & 0o777, 0o700)
      for (const name of readdirSync(directory))
        assert.is(statSync(join(directory, name)).mode & 0o777, 0o600)
    })
  })

  test('the oldest go once there are 500, and long words are cut', async () => {
    await withTemporary(async folder => {
      for (let time = 1; time <= 510; time += 1) {
        const system = {...nodeSystem(), nowMs: () => time}
        recordBypass(system, folder, {...bypass, reason: `${time}`, command: ['go', 'x'.repeat(5000), 'y']})
      }
      const found = readBypasses(nodeSystem(), folder)
      assert.is(found.length, 500)
      assert.is(found[0]?.reason, '11')
      assert.is(found.at(-1)?.reason, '510')
      assert.equal(
        found[0]?.command.map(word => word.length),
        [2, 1998],
      )
    })
  })

  test('a damaged record and a strange file are passed over', async () => {
    await withTemporary(async folder => {
      recordBypass(nodeSystem(), folder, bypass)
      for (const text of ['', '{', 'null', '{"format": 2}', '{"format": 1, "reason": 3}']) {
        writeFileSync(join(folder, 'bypasses', `00000000000${1000 + text.length}-1.json`), text)
      }
      writeFileSync(join(folder, 'bypasses/notes.txt'), 'mine')
      assert.equal(readBypasses(nodeSystem(), folder), [bypass])
    })
  })

  test('without a store there is nothing', () => {
    assert.equal(readBypasses(nodeSystem(), '/nowhere'), [])
  })
})
