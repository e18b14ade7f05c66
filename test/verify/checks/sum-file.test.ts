/** Every hash that the module cache can prove is compared, whatever proves it: a wrong one is the sign of another module. */
import * as assert from 'uvu/assert'
import {pathFromUtf8} from '../../../src/git/path-bytes.ts'
import {parseGoSum} from '../../../src/go/module/go-sum.ts'
import {checkSumFiles} from '../../../src/verify/checks/sum-file.ts'
import type {CachedHash, VerifyFacts} from '../../../src/verify/facts.ts'
import {suite} from '../../support/suite.ts'

const [right, wrong] = [`h1:${'A'.repeat(43)}=`, `h1:${'B'.repeat(42)}A=`]

/** What is found of one line of go.sum, beside what the module cache proves of it. */
function found(line: string, source: CachedHash['source']): string[] {
  const sum = parseGoSum(`${line}\n`)
  const key = sum.lines[0]?.key ?? ''
  const facts: Pick<VerifyFacts, 'sums' | 'cached'> = {
    sums: [{path: pathFromUtf8('go.sum'), sum, base: undefined}],
    cached: new Map([[key, {hash: right, source}]]),
  }
  return checkSumFiles(facts as VerifyFacts).map(
    ({code, facts}) => `${code} ${'line' in facts && facts.line}`,
  )
}

suite('verify/checks/sum-file', test => {
  for (const [what, key, source] of [
    ['a zip', 'a.b/c v1.0.0', 'zip'],
    ['the hash that go noted beside a zip', 'a.b/c v1.0.0', 'ziphash'],
    ['a go.mod', 'a.b/c v1.0.0/go.mod', 'go.mod'],
  ] as const) {
    test(`${what} proves its line, and refutes another`, () => {
      assert.equal(found(`${key} ${right}`, source), [])
      assert.equal(found(`${key} ${wrong}`, source), ['SUM_MISMATCH 1'])
    })

    test(`${what} says nothing of another algorithm than h1`, () => {
      assert.equal(found(`${key} h2:xyz`, source), [])
    })
  }
})
