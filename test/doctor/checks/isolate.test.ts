/** Which of two builds' packages differ by themselves, and which by what they import. */
import * as assert from 'uvu/assert'
import {comparePackages} from '../../../src/doctor/checks/isolate.ts'
import type {BuiltPackage} from '../../../src/doctor/probes/isolate.ts'
import {suite} from '../../support/suite.ts'

/** `path action content imports…`, in the order of go list -deps. */
function packages(...lines: string[]): BuiltPackage[] {
  return lines.map(line => {
    const [path = '', actionId = '', contentId = '', ...imports] = line.split(' ')
    return {path, actionId, contentId, digest: contentId, imports}
  })
}

const fresh = packages('a A1 c1', 'b B1 c2 a', 'd D1 c3 b')

suite('comparePackages', test => {
  const rows: [
    name: string,
    cached: BuiltPackage[],
    isStamped: boolean,
    found: [string[], string[], string[]],
  ][] = [
    ['the same', fresh, false, [[], [], []]],
    ['another content from the same inputs', packages('a A1 x1', 'b B1 c2 a'), false, [['a'], [], []]],
    [
      'what imports it differs too',
      packages('a A1 x1', 'b B2 x2 a', 'd D2 x3 b'),
      false,
      [['a'], ['b', 'd'], []],
    ],
    [
      'what imports it comes out the same',
      packages('a A1 x1', 'b B2 c2 a', 'd D1 c3 b'),
      false,
      [['a'], [], []],
    ],
    ['other inputs', packages('a A2 x1'), false, [[], [], ['a']]],
    ['with a stamp every action differs', packages('a S1 c1', 'b S2 c2 a', 'd S3 c3 b'), true, [[], [], []]],
    [
      'with a stamp, another content',
      packages('a S1 c1', 'b S2 x2 a', 'd S3 x3 b'),
      true,
      [['b'], ['d'], []],
    ],
    ['a package that only one of them has', packages('z Z1 c9'), false, [[], [], []]],
  ]
  for (const [name, cached, isStamped, expected] of rows)
    test(name, () => {
      const {roots, importing, others} = comparePackages(fresh, cached, {isStamped})
      assert.equal([roots.map(({path}) => path), importing, others], expected)
    })

  test('bytes that are not those that the content ID names', () => {
    const [a] = fresh
    assert.ok(a)
    const {roots} = comparePackages(fresh, [{...a, digest: 'other'}], {isStamped: false})
    assert.is(roots.length, 1)
  })
})
