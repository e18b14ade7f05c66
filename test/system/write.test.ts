/** A long text through a pipe arrives whole, whoever made the pipe non-blocking. */
import {execFileSync} from 'node:child_process'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {suite} from '../support/suite.ts'

const length = 3_000_000
const node = join(import.meta.dirname, '../../src/system/node.ts')
// Asking whether it is a terminal makes Node open the pipe, and not block on it.
const program = `import {nodeSystem} from ${JSON.stringify(node)}
const system = nodeSystem()
system.stderrIsTerminal(); process.stdout.isTTY
system[process.argv[1]]('é'.repeat(${length / 2}))`

suite('system/write', test => {
  for (const [name, from] of [
    ['stdout', ''],
    ['stderr', ' 2>&1 >/dev/null'],
  ] as const) {
    test(`${length} bytes on ${name}, to a reader that begins late`, () => {
      const script = `"$1" --import tsx --input-type=module -e "$2" ${name}${from} | { sleep 1; wc -c; }`
      const counted = execFileSync('sh', ['-c', script, 'sh', process.execPath, program], {encoding: 'utf8'})
      assert.is(Number(counted), length)
    })
  }
})
