import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {cannotStart} from '../../src/system/errors.ts'
import {pipeChild} from '../../src/system/node.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

suite('system/errors', test => {
  for (const [what, mode, message, code] of [
    ['that is not there', undefined, 'running program: not found on PATH', 127],
    ['that may not be executed', 0o600, /^running program: .*EACCES/, 126],
  ] as const) {
    test(`a program ${what} ends with ${code}`, async () => {
      await withTemporary(async directory => {
        if (mode !== undefined) writeFileSync(join(directory, 'program'), '#!/bin/sh\n', {mode})
        const cause = await pipeChild('program', [], {env: {PATH: directory}}).catch(
          (error: unknown) => error,
        )
        const error = cannotStart('program', cause, 'install it')
        assert.match(error.message, message)
        assert.is(error.exitCode, code)
      })
    })
  }
})
