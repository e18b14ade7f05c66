import * as assert from 'uvu/assert'
import {countOf, countText, durationText, sizeText} from '../../src/text/amounts.ts'
import {suite} from '../support/suite.ts'

suite('text/amounts', test => {
  for (const [text, expected] of [
    [sizeText(0), '0 B'],
    [sizeText(812), '812 B'],
    [sizeText(34_400), '34 kB'],
    [sizeText(1_230_000_000), '1.2 GB'],
    [sizeText(5e15), '5000 TB'],
    [durationText(84.6), '85 ms'],
    [durationText(61_240), '61.2 s'],
    [countText(0), '0'],
    [countText(999), '999'],
    [countText(1_234_567), '1,234,567'],
    [countOf(1, 'host'), '1 host'],
    [countOf(1200, 'binary', 'binaries'), '1,200 binaries'],
  ] as const)
    test(expected, () => assert.is(text, expected))
})
