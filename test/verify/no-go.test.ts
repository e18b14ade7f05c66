/** Without a go behind the name: one sentence, and the exit status that Unix has for it. */
import {execFileSync, spawnSync} from 'node:child_process'
import {mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {makeGo, placeLauncher} from '../support/fake-go.ts'
import {type Hooked, withHooked, writeHook} from '../support/hooked.ts'
import {root} from '../support/rig.ts'
import {suite} from '../support/suite.ts'

/** What stands on PATH under the name go, the exit status, and what the sentence names. */
const goes: [name: string, place: (folder: string) => void, code: number, says: RegExp][] = [
  ['nothing', () => {}, 127, /go: not found on PATH/],
  ['a launcher alone', folder => placeLauncher(folder, 'copy'), 127, /no go on PATH behind /],
  [
    'a shim that finds no version',
    folder => makeGo(folder, 'echo "mise ERROR no version is set for go" >&2; exit 127'),
    127,
    /no version is set for go/,
  ],
  [
    'a go without its GOROOT',
    folder => makeGo(folder, `echo "go: cannot find GOROOT directory: 'go' binary is trimmed" >&2; exit 2`),
    1,
    /cannot find GOROOT directory/,
  ],
]

/** PATH with these folders, and with Git, a shell and node, but no go. */
function pathWithout({directory}: Hooked, ...folders: string[]): string {
  const programs = join(directory, '..', 'no go')
  mkdirSync(programs, {recursive: true})
  const names = ['git', 'sh', 'env', 'rm', 'cat', 'sed', 'uname']
  for (const name of names) {
    const found = execFileSync('sh', ['-c', `command -v ${name}`], {encoding: 'utf8'}).trim()
    symlinkSync(found, join(programs, name))
  }
  symlinkSync(process.execPath, join(programs, 'node'))
  return [...folders, join(directory, '..', 'programs'), programs].join(':')
}

suite('verify: no go', test => {
  for (const [name, place, code, says] of goes) {
    test(`${name}: by node, and inside a hook`, () =>
      withHooked({}, hooked => {
        const {directory, env, git} = hooked
        const folder = join(directory, '..', 'go')
        place(folder)
        const judged = {...env, PATH: pathWithout(hooked, folder), GOMODCACHE: undefined}
        const ended = spawnSync(process.execPath, [join(root, 'bin/gowarden'), 'verify'], {
          cwd: directory,
          env: judged,
          encoding: 'utf8',
        })
        const isRight = (output: string) => {
          assert.is(output.match(/^gowarden: error: /gm)?.length, 1, output)
          assert.match(output, says)
          assert.not.match(output, /^ {4}at |MOD_MALFORMED|\[[A-Z_]+\]$/m)
        }
        isRight(ended.stderr)
        assert.is(ended.status, code)
        git('config', 'core.hooksPath', join(directory, '..', 'hooks'))
        const status = 'gowarden verify --staged; echo "status $?" >&2; exit 1'
        writeHook(join(directory, '..', 'hooks'), 'pre-commit', `#!/bin/sh\n${status}\n`)
        const commit = spawnSync('git', ['commit', '--quiet', '--allow-empty', '--message=x'], {
          cwd: directory,
          env: judged,
          encoding: 'utf8',
        })
        isRight(commit.stderr)
        assert.match(commit.stderr, `status ${code}`)
      }))
  }
})
