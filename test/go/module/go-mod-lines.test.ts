import * as assert from 'uvu/assert'
import {findVersionLine, readGoLine} from '../../../src/go/module/go-mod-lines.ts'
import {suite} from '../../support/suite.ts'

suite('go/module/go-mod-lines', test => {
  test('the go and the toolchain line are found with their numbers', () => {
    const text =
      'module m // go 1.1\n\ngo 1.26 // go\ntoolchain\tgo1.26.8\r\n\nrequire (\n\tgo v1.0.0\n\ttoolchain v1.0.0\n)\n'
    assert.equal(findVersionLine(text, 'go'), {version: '1.26', line: 3})
    assert.equal(findVersionLine(text, 'toolchain'), {version: 'go1.26.8', line: 4})
    assert.is(readGoLine(text), '1.26')
  })

  test('a word of a block or of a comment is no such line', () => {
    const text = 'require (\n\tgo v1.0.0\n)\n// go 1.26\ntool go\n'
    assert.is(findVersionLine(text, 'go'), undefined)
    assert.is(findVersionLine(text, 'toolchain'), undefined)
  })
})
