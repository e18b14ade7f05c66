import * as assert from 'uvu/assert'
import {nodeSystem} from '../../src/system/node.ts'
import {runProgram} from '../../src/verbs/program.ts'
import {suite} from '../support/suite.ts'

// What the build puts into the bundles.
Object.assign(globalThis, {GOWARDEN_VERSION: '1.2.3'})

const rows: [words: string, says: string][] = [
  ['verfy', "unknown command 'verfy'\ngowarden: hint: did you mean verify?\nsee gowarden --help"],
  ['cache stats', "unknown command 'stats'\ngowarden: hint: did you mean status?\nsee gowarden cache --help"],
  [
    'enable --chek',
    "unknown option '--chek'\ngowarden: hint: did you mean --check?\nsee gowarden enable --help",
  ],
  [
    'verify --format xml',
    '--format xml: must be text, json, sarif, github or markdown\nsee gowarden verify --help',
  ],
  [
    'init --hooks huskey',
    '--hooks huskey: must be husky, lefthook, pre-commit or git\nsee gowarden init --help',
  ],
  ['completion csh', 'csh: must be bash, zsh or fish\nsee gowarden completion --help'],
  ['verify x y', 'too many arguments for verify: expected 0, got 2\nsee gowarden verify --help'],
  ['verify --format', '--format needs a value: --format <format>\nsee gowarden verify --help'],
  ['self update', '--from <place> is missing\nsee gowarden self update --help'],
  ['doctor --abi --isolate x', '--abi cannot be used with --isolate\nsee gowarden doctor --help'],
  ['completion', "missing required argument 'shell'\nsee gowarden completion --help"],
]

suite('verbs/call-error', test => {
  for (const [words, says] of rows) {
    test(words, async () => {
      let stderr = ''
      const system = {
        ...nodeSystem(),
        stderr: (text: string) => {
          stderr += text
        },
      }
      assert.is(await runProgram(system, words.split(' '), undefined), 2)
      assert.is(stderr, `gowarden: error: ${says}\n`)
    })
  }
})
