/** No hook runs a program of the repository, whatever stands first on PATH: they are looked up in absolute entries alone. */
import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {withHooked} from '../support/hooked.ts'
import {root} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {writeProgram} from '../support/twin.ts'

const hooks = ['verify-staged', 'verify-pushed', 'toolchain-changed']
const shells = ['sh', 'bash', 'dash', 'zsh', 'busybox'].filter(
  shell => spawnSync(shell, ['-c', ':']).error === undefined,
)

suite('hooks/path', test => {
  for (const entry of ['', '.', './bin', 'bin']) {
    test(`with "${entry}" first and last on PATH`, async () => {
      await withHooked({}, ({directory, env, git}) => {
        const ran = join(directory, '../ran')
        mkdirSync(join(directory, 'bin'))
        for (const folder of [directory, join(directory, 'bin')])
          for (const name of ['gowarden', 'git', 'awk', 'cat'])
            writeProgram(join(folder, name), `#!/bin/sh\necho "${name}" >>'${ran}'\n`)
        git('add', 'go.mod')
        // The one on PATH only says that it was called.
        writeProgram(join(directory, '../programs/gowarden'), '#!/bin/sh\necho "called: $*"\n')
        git('rm', '--quiet', '--cached', 'go.sum')
        for (const shell of shells) {
          for (const hook of hooks) {
            const ended = spawnSync(
              shell,
              [...(shell === 'busybox' ? ['sh'] : []), join(root, 'hooks', hook)],
              {
                cwd: directory,
                env: {...env, PATH: `${entry}:${env['PATH']}:${entry}`},
                input: hook === 'verify-pushed' ? `a ${git('rev-parse', 'HEAD').trim()} b 0\n` : '',
                encoding: 'utf8',
              },
            )
            assert.is(ended.status, 0, `${shell} ${hook}: ${ended.stderr}`)
            if (hook !== 'toolchain-changed')
              assert.match(ended.stdout, 'called: verify --', `${shell} ${hook}`)
            assert.not(existsSync(ran), `${shell} ${hook}`)
          }
          // Without a gowarden elsewhere that of the repository is none.
          const {status, stderr} = spawnSync(
            shell,
            [...(shell === 'busybox' ? ['sh'] : []), join(root, 'hooks/verify-staged')],
            {
              cwd: directory,
              env: {...env, PATH: `${entry}:${(env['PATH'] ?? '').replace(/^[^:]*:/, '')}`},
              encoding: 'utf8',
            },
          )
          assert.is(status, 1)
          assert.match(stderr, 'gowarden is not installed')
          assert.not(existsSync(ran), shell)
          rmSync(ran, {force: true})
        }
      })
    })
  }
})
