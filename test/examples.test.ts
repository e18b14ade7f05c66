/** The scripts of examples/mismatch, run as a reader would: what go says, what gowarden says, how it ends. */
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {root, runProgram, withRig} from './support/rig.ts'
import {suite} from './support/suite.ts'

const scripts: [name: string, says: RegExp][] = [
  [
    'two-goroots',
    /^unset\nunset\n[\s\S]*\nunset\n[\s\S]*\[CACHE_FOREIGN\][\s\S]*exit status 1\n[\s\S]*\nPATCH\nunset\n$/m,
  ],
  [
    'vendor-drift',
    /go mod verify: exit status 0[\s\S]*\[VENDOR_EDITED\][\s\S]*exit status 1[\s\S]*: in order/,
  ],
  ['cgo-flip', /^42\n0\n42\n[\s\S]*\[CGO_OFF\][\s\S]*go build here is guarded\n$/m],
]

suite('examples', test => {
  for (const [name, says] of scripts) {
    test(name, async () => {
      await withRig(async rig => {
        // One stream, as a terminal shows it.
        const script = `exec sh '${join(root, 'examples/mismatch', name)}.sh' 2>&1`
        const {code, stdout} = await runProgram('sh', ['-c', script], {cwd: rig.work, env: rig.env})
        assert.is(code, 0, stdout)
        assert.match(stdout.replace(/^gowarden: reading .*\n/gm, ''), says)
      })
    })
  }
})
