/** The policy of a machine, and of GOWARDEN_POLICY: every program obeys it, and names its file and line. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {updateCommand} from '../../src/policy/own-version.ts'
import {noMounts} from '../support/mounts.ts'
import {type Rig, root, runProgram, tiny} from '../support/rig.ts'
import {withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

/** Runs each line in sh and returns what was printed by it and its status; go and gowarden are ours. */
async function typed(rig: Rig, lines: readonly string[], env: Record<string, string> = {}) {
  const ended = []
  for (const line of lines)
    ended.push(
      await runProgram('sh', ['-c', line], {
        cwd: rig.work,
        env: {...rig.env, PATH: `${join(root, 'bin')}:${rig.env['PATH']}`, ...env},
      }),
    )
  return ended
}

const commit = 'git -c user.name=u -c user.email=u@example.com commit -qm x'

suite('launcher/machine-policy', test => {
  test('a policy that requires a newer gowarden is refused by every program, with its line and what updates it', async () => {
    await withKnownRig(async rig => {
      const file = join(rig.folder, 'machine.yaml')
      const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
      rig.write({...tiny, '.gitignore': 'tiny\n'})
      await typed(rig, ['git init -q', 'git add .', `cp '${root}/hooks/verify-staged' .git/hooks/pre-commit`])
      // What an older gowarden does not know is no error of its own.
      writeFileSync(file, '# the platform team\nof-tomorrow: {}\ngowarden: ">=99.1"\n')
      const env = {GOWARDEN_POLICY: file}
      const lines = ['go build', 'go vet .', 'gowarden verify', 'gowarden doctor', 'gowarden policy', commit]
      const refused = await typed(rig, lines, env)
      for (const [index, {code, stderr, stdout}] of refused.entries()) {
        const line = lines[index] ?? ''
        assert.is(code, line === commit ? 1 : 2, `${line}: ${stderr}`)
        assert.ok(
          `${stderr}${stdout}`.includes(
            `gowarden: error: ${file}:3: policy requires gowarden >=99.1, but this is ${version}\n` +
              `gowarden: hint: update it: ${updateCommand(root)}\n`,
          ),
          `${line}: ${stderr}`,
        )
      }
      // What compiles nothing needs no policy, and one that is new enough is obeyed by all.
      assert.is((await typed(rig, ['go version'], env))[0]?.code, 0)
      writeFileSync(file, `gowarden: ">=${version}"\n`)
      for (const {code, stderr} of await typed(rig, ['go list .', 'gowarden verify'], env))
        assert.is(code, 0, stderr)
    })
  })

  test.unless(
    noMounts(),
    '/etc/gowarden/policy.yaml counts in every program, which names its line',
    async () => {
      await withKnownRig(async rig => {
        rig.write({
          ...tiny,
          'go.sum': 'rsc.io/quote v1.5.2 h1:w5fcysjrx7yqtD/aO+QwRjYZOKnaM9Uh2b40tElTs3Y=\n',
          // The repository may be stricter, and takes nothing back.
          '.gowardenrc.yaml': 'stamp: required\nlevels: {SUM_SURPLUS: warn}\n',
        })
        const machine = `flags: {deny: [-mod=mod]}
toolchain: {version: go1.99.1}
levels: {SUM_SURPLUS: error}
bypass: reason
`
        const place = '/etc/gowarden/policy.yaml'
        const rows: [line: string, code: number, says: RegExp][] = [
          ['go build', 1, new RegExp(`required by +${place}:2$`, 'm')],
          ['go build -mod=mod', 1, new RegExp(`denied by +${place}:1$`, 'm')],
          ['GOWARDEN=off go build', 2, new RegExp(`needs a reason here, as ${place}:4 requires$`, 'm')],
          ['gowarden verify', 1, /^gowarden: error: go\.sum:1: unused line \[SUM_SURPLUS\]$/m],
          ['GOWARDEN_LEVELS=SUM_SURPLUS=off gowarden verify', 2, new RegExp(`as ${place}:4 requires$`, 'm')],
          ['gowarden doctor', 1, new RegExp(`required by +${place}:2$`, 'm')],
          ['gowarden policy', 0, new RegExp(`^levels\\.SUM_SURPLUS +error +\\(${place}:3\\)$`, 'm')],
          [
            'gowarden policy',
            0,
            new RegExp(`^policy +${rig.work}/\\.gowardenrc\\.yaml\nmachine +${place}$`, 'm'),
          ],
        ]
        // In a namespace of its own, with a copy of /etc.
        const script = `mount -t tmpfs tmpfs "$1" && cp -a /etc "$1/etc" && mount --bind "$1/etc" /etc || exit 9
git init -q && mkdir /etc/gowarden && printf %s "$2" >/etc/gowarden/policy.yaml
shift 2
for line; do sh -c "$line" 2>&1; echo "exit $?"; done`
        const folder = join(rig.folder, 'namespace')
        mkdirSync(folder)
        const {stdout, stderr} = await runProgram(
          'unshare',
          ['-m', 'sh', '-c', script, 'sh', folder, machine, ...rows.map(([line]) => line)],
          {cwd: rig.work, env: {...rig.env, PATH: `${join(root, 'bin')}:${rig.env['PATH']}`}},
        )
        const said = stdout.split(/^exit (\d+)\n/m)
        assert.is(said.length, 2 * rows.length + 1, stdout + stderr)
        for (const [index, [line, code, says]] of rows.entries()) {
          assert.match(said[2 * index] ?? '', says, line)
          assert.is(Number(said[2 * index + 1]), code, line)
        }
      })
    },
  )
})
