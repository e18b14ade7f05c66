import * as assert from 'uvu/assert'
import {markdownReport} from '../../../src/verify/reports/markdown.ts'
import {suite} from '../../support/suite.ts'

const result = {
  judged: 'commit' as const,
  modules: [],
  leftOut: [],
  unjudged: [],
  untold: [],
  more: [],
  counts: {modules: 1, vendors: 1, files: 2, sums: 3},
  remembered: false,
}

suite('verify/reports/markdown', test => {
  test('in order: the verdict and what was proven', () => {
    assert.is(
      markdownReport({...result, findings: []}, 'the index'),
      '### gowarden: the index: in order\n\nVendored files proven: 2, modules: 1, lines of go.sum: 3.\n\n',
    )
  })

  test('a file name is text: no cell ends in it, no line, no link, no mention', () => {
    const file = 'vendor/a|b\n[x](http://e) @you <img>.go'
    const facts = {file, line: undefined, module: 'a.b/c@v1.0.0', mend: 'go mod vendor'}
    const text = markdownReport({...result, findings: [{code: 'VENDOR_ADDED', level: 'error', facts}]}, 'x')
    const row = text.split('\n').find(line => line.startsWith('| error')) ?? ''
    assert.is(
      row,
      '| error | VENDOR_ADDED | `vendor/a\\x7cb\\x0a[x](http://e) @you <img>.go:` extra file: go mod vendor does not write it<br>module: `a.b/c@v1.0.0` |',
    )
  })
})
