import {existsSync, mkdirSync, utimesSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {lock, lockUnless} from '../../src/store/lock.ts'
import {nodeFiles} from '../../src/system/node.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const files = nodeFiles()
const untold = () => undefined

/** Leaves the lock of a holder that is gone, of a time so many seconds from now. */
function abandon(path: string, seconds: number): void {
  mkdirSync(`${path}.lock`)
  const time = Date.now() / 1000 + seconds
  utimesSync(`${path}.lock`, time, time)
}

suite('store/lock', test => {
  for (const [what, seconds] of [
    ['of now', 0],
    ['of an hour ago', -3600],
    ['of tomorrow', 86_400],
    ['of the year 2100', 2_300_000_000],
  ] as const) {
    test(`an abandoned lock ${what} keeps nobody waiting for ever`, async () => {
      await withTemporary(async folder => {
        const path = join(folder, 'record')
        abandon(path, seconds)
        const release = await lock(files, path, untold, 300)
        await release()
        assert.not(existsSync(`${path}.lock`))
        abandon(path, seconds)
        const again = await lockUnless(files, path, untold, () => false, 300)
        assert.ok(again)
        await again?.()
      })
    })
  }

  test('a lock of tomorrow that somebody touches is respected', async () => {
    await withTemporary(async folder => {
      const path = join(folder, 'record')
      abandon(path, 86_400)
      let touches = 0
      const timer = setInterval(() => {
        touches += 1
        utimesSync(`${path}.lock`, 4_000_000_000 + touches, 4_000_000_000 + touches)
      }, 20)
      let looks = 0
      const isEnough = () => {
        looks += 1
        return looks > 8
      }
      const got = await lockUnless(files, path, untold, isEnough, 300)
      clearInterval(timer)
      assert.is(got, undefined)
      assert.ok(existsSync(`${path}.lock`))
    })
  })

  test('one holds it, the others wait', async () => {
    await withTemporary(async folder => {
      const path = join(folder, 'record')
      let holders = 0
      await Promise.all(
        Array.from({length: 5}, async () => {
          const release = await lock(files, path, untold)
          holders += 1
          assert.is(holders, 1)
          await new Promise(resolve => setTimeout(resolve, 10))
          holders -= 1
          await release()
        }),
      )
    })
  })
})
