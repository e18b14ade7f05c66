import * as assert from 'uvu/assert'
import {goVersionName, parseGoEnv} from '../../../src/go/command/go-env.ts'
import {suite} from '../../support/suite.ts'

const versions: [version: string, name: string][] = [
  ['go1.26.8', 'go1.26.8'],
  ['go1.26.8 X:arenas,boringcrypto', 'go1.26.8'],
  ['go1.26.8-X:jsonv2', 'go1.26.8'],
  ['go1.26.5 (Red Hat 1.26.5-1.el10)', 'go1.26.5'],
  ['go1.22.1-devel-cf', 'go1.22.1-devel-cf'],
  ['devel go1.28-1a2b3c4 Tue Nov 3 10:00:00 2026 +0000', 'go1.28-1a2b3c4'],
  ['go1.27-devel_1a2b3c4 Tue Nov 3', 'go1.27-devel_1a2b3c4'],
  ['go1.26.8 linux/amd64', 'go1.26.8'],
  ["go1.2'3", 'go1.2_3'],
]

suite('go/command/go-env', test => {
  for (const [version, name] of versions) test(version, () => assert.is(goVersionName(version), name))

  test('names that go did not print are empty', () => {
    const env = parseGoEnv('{"GOROOT": "/go", "GOVERSION": "go1.26.8", "GOFLAGS": "-race"}')
    assert.is(env?.GOFLAGS, '-race')
    assert.is(env?.GOCACHEPROG, '')
  })

  test('anything else is not an environment', () => {
    for (const text of [
      '',
      'go: error',
      '[]',
      'null',
      '{}',
      '{"GOROOT": "", "GOVERSION": "go1"}',
      '{"GOROOT": 1, "GOVERSION": "go1"}',
    ]) {
      assert.is(parseGoEnv(text), undefined, text)
    }
  })
})
