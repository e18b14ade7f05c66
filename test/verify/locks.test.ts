/** `gowarden verify` and gowarden.lock: what is committed keeps step with it. */
import * as assert from 'uvu/assert'
import {type Rig, runProgram, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'

const lock = `gowarden lock 1\ngo1.26.8.linux-amd64@h1:${'a'.repeat(43)}= sum.golang.org\n`
const workflow = (version: string) =>
  `jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/setup-go@v5\n        with: {go-version: '${version}'}\n`

/** What verify says of a repository with these files staged; `file:line code` each. */
async function verified(files: Record<string, string>): Promise<{code: number | null; said: string}> {
  return await withRig(async (rig: Rig) => {
    rig.write({'main.go': 'package main\n\nfunc main() {}\n', ...files})
    for (const words of [
      ['init', '-q'],
      ['add', '-A'],
    ])
      assert.is((await runProgram('git', words, {cwd: rig.work, env: rig.env})).code, 0)
    const ended = await rig.gowarden(['verify', '--format', 'json'])
    const {findings}: {findings: {file: string; line?: number; code: string; level: string}[]} = JSON.parse(
      ended.stdout,
    )
    const said = findings
      .map(({file, line, code, level}) => `${file}:${line ?? ''} ${code} ${level}`)
      .join('\n')
    return {code: ended.code, said}
  })
}

suite('verify/locks', test => {
  const rows: [what: string, files: Record<string, string>, code: number, said: string][] = [
    ['in step', {'go.mod': 'module m\n\ngo 1.26.0\n\ntoolchain go1.26.8\n', 'gowarden.lock': lock}, 0, ''],
    [
      'a toolchain line of another version',
      {'go.mod': 'module m\n\ngo 1.26.0\n\ntoolchain go1.26.7\n', 'gowarden.lock': lock},
      1,
      'go.mod:5 LOCK_OUT_OF_STEP error',
    ],
    [
      'a go line above it',
      {'go.mod': 'module m\n\ngo 1.27.0\n', 'gowarden.lock': lock},
      1,
      'go.mod:3 LOCK_OUT_OF_STEP error',
    ],
    [
      'a nested module with a lock of its own',
      {
        'go.mod': 'module m\n\ngo 1.26.0\n',
        'gowarden.lock': lock,
        'a/go.mod': 'module a\n\ngo 1.27.0\n',
        'a/a.go': 'package a\n',
        'a/gowarden.lock': lock.replace('1.26.8', '1.27.4'),
      },
      0,
      '',
    ],
    [
      "CI's go-version",
      {
        'go.mod': 'module m\n\ngo 1.26.0\n',
        'gowarden.lock': lock,
        '.github/workflows/a.yml': workflow('1.26.x'),
        '.github/workflows/b.yaml': workflow('1.25.3'),
      },
      0,
      '.github/workflows/b.yaml:6 LOCK_OUT_OF_STEP warn',
    ],
    [
      'a conflict in the lock',
      {'go.mod': 'module m\n\ngo 1.26.0\n', 'gowarden.lock': `${lock}<<<<<<< HEAD\n`},
      1,
      'gowarden.lock:3 LOCK_MALFORMED error',
    ],
    ['no lock', {'go.mod': 'module m\n\ngo 1.26.0\n', '.github/workflows/b.yml': workflow('1.25.3')}, 0, ''],
  ]
  for (const [what, files, code, said] of rows) {
    test(what, async () => {
      const found = await verified(files)
      assert.is(found.said, said)
      assert.is(found.code, code)
    })
  }
})
