import {spawnSync} from 'node:child_process'
import * as assert from 'uvu/assert'
import {lateFlag} from '../../src/system/optimize-late.ts'
import {suite} from '../support/suite.ts'

suite('system/optimize-late', test => {
  test('a flag is set where V8 knows it, and none where it would print that it does not', () => {
    const rows: [v8: string, flag: string | undefined][] = [
      ['11.3.244.8-node.33', '--interrupt-budget=1000000'],
      ['12.4.254.21-node.56', undefined],
      ['13.6.233.17-node.51', undefined],
    ]
    for (const [v8, flag] of rows) assert.is(lateFlag(v8), flag, v8)
    const here = lateFlag(process.versions.v8)
    const words = [...(here === undefined ? [] : [here]), '-e', '0']
    const {status, stderr} = spawnSync(process.execPath, words, {encoding: 'utf8'})
    assert.equal([status, stderr], [0, ''])
  })
})
