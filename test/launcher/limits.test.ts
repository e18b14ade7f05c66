/** A process that may open few files: the message says that, and sends nobody to install Go again. */
import * as assert from 'uvu/assert'
import {root, runProgram, tiny, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'

suite('launcher/limits', test => {
  for (const limit of [20, 24]) {
    test(`ulimit -n ${limit}`, async () => {
      await withRig(async rig => {
        rig.write(tiny)
        const words = ['-c', `ulimit -n ${limit}; exec "$@"`, 'sh', `${root}/bin/go`, 'build', '-o', 'x', '.']
        const ended = await runProgram('sh', words, {cwd: rig.work, env: rig.env})
        if (ended.code !== 0) assert.match(ended.stderr, /too many open files/i)
        assert.not.match(ended.stderr, /install Go|this is a bug/)
      })
    })
  }
})
