/** What a processor can do against GOAMD64, for processors that this machine has not. */
import * as assert from 'uvu/assert'
import {checkTarget} from '../../../src/doctor/checks/target.ts'
import type {TargetFacts} from '../../../src/doctor/probes/target.ts'
import {suite} from '../../support/suite.ts'

const v1 = 'fpu cx8 cmov mmx fxsr sse sse2 syscall lm'
const v2 = `${v1} cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3`
const v3 = `${v2} avx avx2 bmi1 bmi2 f16c fma abm movbe xsave`
const v4 = `${v3} avx512f avx512bw avx512cd avx512dq avx512vl`

function facts(level: string, processor: string | undefined, arch = 'amd64'): TargetFacts {
  const environment = 'the environment'
  return {
    os: {name: 'GOOS', value: 'linux', source: "go's default"},
    arch: {name: 'GOARCH', value: arch, source: "go's default"},
    host: {os: 'linux', arch},
    amd64: {name: 'GOAMD64', value: level, source: environment},
    processor: processor === undefined ? undefined : new Set(processor.split(' ')),
    cgo: {name: 'CGO_ENABLED', value: '1', source: "go's default"},
    compiler: {name: 'CC', value: 'gcc', source: "go's default"},
    found: {for: ''},
    cgoPackages: [],
    needsCompiler: false,
  }
}

suite('GOAMD64', test => {
  const rows: [name: string, level: string, processor: string | undefined, missing: string[]][] = [
    ['the least there is', 'v1', v1, []],
    ['v2 on the oldest', 'v2', v1, ['cx16', 'lahf_lm', 'popcnt', 'pni', 'sse4_1', 'sse4_2', 'ssse3']],
    ['v3 on one that has it', 'v3', v3, []],
    ['v3 without AVX2', 'v3', v3.replace(' avx2', ''), ['avx2']],
    ['v4 on a desktop', 'v4', v3, ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl']],
    ['v4 on a server', 'v4', v4, []],
    ['a processor that nobody describes', 'v4', undefined, []],
  ]
  for (const [name, level, processor, missing] of rows)
    test(name, () => {
      const [found] = checkTarget(facts(level, processor))
      assert.equal(found?.code === 'TARGET_OTHER' ? found.facts.missing : [], missing)
    })

  test('GOAMD64 left over says nothing of another architecture', () => {
    assert.equal(checkTarget(facts('v4', v1, 'arm64')), [])
  })
})
