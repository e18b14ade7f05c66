import * as assert from 'uvu/assert'
import {oddHashes, type Placed, twinsOf} from '../../src/report/twins.ts'
import {suite} from '../support/suite.ts'

const on = (host: string, hash: string, more: Partial<Placed> = {}): Placed => ({
  ...{host, hash, version: 'go1.26.8', platform: 'linux/amd64', proven: 'unknown'},
  ...more,
})

suite('report/twins', test => {
  test('one version on one platform with two hashes; another platform or version is none', () => {
    assert.equal(twinsOf([on('a', 'x'), on('b', 'x'), on('b', 'x')]), [])
    assert.equal(twinsOf([on('a', 'x'), on('b', 'y', {platform: 'linux/arm64'})]), [])
    assert.equal(twinsOf([on('a', 'x'), on('b', 'y', {version: 'go1.26.9'})]), [])
    const [twin, ...others] = twinsOf([
      on('a', 'x'),
      on('b', 'y', {proven: 'yes'}),
      on('c', 'y'),
      on('c', 'y'),
    ])
    assert.equal(others, [])
    assert.equal(
      twin?.hashes.map(({hash, isProven, hosts}) => [hash, isProven, hosts.join()]),
      [
        ['y', true, 'b,c'],
        ['x', false, 'a'],
      ],
    )
  })

  for (const [what, placed, odd] of [
    [
      'those that are not proven, also where they are more',
      [on('a', 'x'), on('b', 'x'), on('c', 'y', {proven: 'yes'})],
      ['x'],
    ],
    ['all but the most common, where none is proven', [on('a', 'x'), on('b', 'x'), on('c', 'y')], ['y']],
    ['all, where nobody can say', [on('a', 'x'), on('c', 'y')], ['x', 'y']],
  ] as const)
    test(`to look at: ${what}`, () => {
      const [twin] = twinsOf(placed)
      assert.ok(twin)
      assert.equal(oddHashes(twin).toSorted(), odd)
    })
})
