/** doctor in places that nobody would make on purpose: no stack, a verdict in the last line, status 1 where go cannot build. */
import {execFileSync} from 'node:child_process'
import {mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, type Rig, root, runProgram, tiny} from '../support/rig.ts'
import {nobody, noNobody, withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

type Env = Record<string, string | undefined>

/** `last` is what the last line says; where it says no more than that go build is guarded, the status is 0. */
const rows: [name: string, env: Env | ((rig: Rig) => Env), last: RegExp, files?: Record<string, string>][] = [
  ['a relative GOROOT', {GOROOT: 'go'}, /would be refused or fail \(GO_REFUSES\)/],
  ['a GOROOT through a link, with a space', rig => ({GOROOT: linked(rig)}), /^go build here is guarded$/],
  ['a GOROOT with a line break', {GOROOT: '/a\nb'}, /\(GO_REFUSES\)/],
  ['a GOROOT that is a file', {GOROOT: '/etc/passwd'}, /\(GO_REFUSES\)/],
  [
    'a GOROOT that is an empty folder',
    rig => ({GOROOT: empty(rig)}),
    /NOT guarded: GOROOT .* and it would fail/,
  ],
  [
    'GOFLAGS with quotes that go reads',
    {GOFLAGS: "'-ldflags=-s -w' -trimpath"},
    /^go build here is guarded$/,
  ],
  ['GOFLAGS with one quote', {GOFLAGS: "'-ldflags=-s"}, /\(GOFLAGS_BROKEN\)/],
  ['GOENV=off', {GOENV: 'off'}, /^go build here is guarded$/],
  ['a GOENV that is a folder', {GOENV: '/tmp'}, /^go build here is guarded$/],
  ['a TMPDIR that is a file', {TMPDIR: '/etc/passwd'}, /\(TEMP_UNUSABLE\)/],
  ['a GOCACHE below a file', {GOCACHE: '/etc/passwd/x'}, /\(CACHE_UNUSABLE\)/],
  [
    'no home and no cache',
    {HOME: undefined, XDG_CACHE_HOME: undefined, GOCACHE: undefined},
    /\(CACHE_UNUSABLE\)/,
  ],
  ['a CC with one quote', {CC: "'gcc"}, /^go build here is guarded/],
  ['a damaged go.mod', {}, /\(GO_REFUSES\)/, {'go.mod': 'modul x (\n'}],
  ['a damaged go.work', {}, /\(GO_REFUSES\)/, {...tiny, 'go.work': 'go 1.21\nuse (\n'}],
  ['bytes in the place of go.mod', {}, /\(GO_REFUSES\)/, {'go.mod': '\0\u00ff\u0001'.repeat(1000)}],
  [
    'a go line that no Go will reach',
    {},
    /\(GO_TOO_OLD\)/,
    {'go.mod': 'module m\n\ngo 99999999999999999999.1\n'},
  ],
  ['an empty folder', {}, /^go build here is guarded$/, {}],
]

suite('doctor: odd places', test => {
  for (const [name, env, last, files] of rows)
    test(name, async () => {
      await withWarmRig(async rig => {
        rig.write(files ?? tiny)
        judge(await rig.gowarden(['doctor'], {env: typeof env === 'function' ? env(rig) : env}), last)
      })
    })

  test.unless(noNobody, 'a GOROOT and a cache that may not be looked into', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const closed = join(rig.folder, 'closed')
      mkdirSync(join(closed, 'go'), {recursive: true, mode: 0o700})
      execFileSync('chown', ['-R', String(nobody), rig.folder])
      execFileSync('chown', ['-R', '0', closed])
      const as = [
        `--reuid=${nobody}`,
        `--regid=${nobody}`,
        '--clear-groups',
        process.execPath,
        join(root, 'bin/gowarden'),
        'doctor',
      ]
      const rowsOfNobody: Env[] = [
        {GOROOT: join(closed, 'go')},
        {GOCACHE: join(closed, 'cache')},
        {GOENV: join(closed, 'env')},
      ]
      for (const env of rowsOfNobody) {
        const more = {XDG_CACHE_HOME: undefined, HOME: undefined, ...env}
        judge(
          await runProgram('setpriv', as, {cwd: rig.work, env: {...rig.env, ...more}}),
          /would be refused or fail|refused: /,
        )
      }
    })
  })
})

function judge(
  {code, stdout, stderr}: {code: number | null; stdout: string; stderr: string},
  last: RegExp,
): void {
  assert.not.match(stderr, /this is a bug|^ +at /m)
  const line = stdout.trimEnd().split('\n').at(-1) ?? ''
  assert.match(line, last, stderr)
  assert.match(line, /^go build here is (guarded|NOT guarded|refused)/)
  assert.is(code, line === 'go build here is guarded' ? 0 : 1)
}

function linked(rig: Rig): string {
  const folder = join(rig.folder, 'a link')
  symlinkSync(machine.goroot, folder)
  return folder
}

function empty(rig: Rig): string {
  const folder = join(rig.folder, 'nothing')
  mkdirSync(folder)
  return folder
}
