/** action.yml: its steps, read from the file and run by bash as the runner does. */
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {parse} from 'yaml'
import {withInstallRig} from './support/install-rig.ts'
import {root} from './support/rig.ts'
import {suite} from './support/suite.ts'
import {commitAll, edit} from './support/tampers.ts'
import {git, makeTrees, treeEnv, withTree} from './support/vendored.ts'

type Step = {name: string; shell: string; env: Record<string, string>; run: string; uses?: string}
type Action = {inputs: Record<string, {description: string; default: string}>; runs: {steps: Step[]}}

const action: Action = parse(readFileSync(join(root, 'action.yml'), 'utf8'))
const {base, unavailable} = makeTrees(['attributes'])
const tampered = 'vendor/go.yaml.in/yaml/v4/LICENSE'

/** Runs a step in `directory`, with what the runner would put into its env; returns output and the files it wrote. */
function runStep(name: string, directory: string, env: Record<string, string>) {
  const step = action.runs.steps.find(each => each.name === name)
  assert.ok(step, name)
  const temporary = mkdtempSync(join(tmpdir(), 'gowarden runner '))
  try {
    const files = {
      summary: join(temporary, 'summary'),
      path: join(temporary, 'path'),
      output: join(temporary, 'output'),
      env: join(temporary, 'env'),
    }
    const ended = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: directory,
      env: {
        ...treeEnv(),
        ...Object.fromEntries(Object.keys(step.env).map(key => [key, ''])),
        XDG_CACHE_HOME: temporary,
        GITHUB_STEP_SUMMARY: files.summary,
        GITHUB_PATH: files.path,
        GITHUB_OUTPUT: files.output,
        GITHUB_ENV: files.env,
        ACTION: root,
        FOLDER: join(temporary, 'launcher'),
        ...env,
      },
      encoding: 'utf8',
    })
    const read = (path: string) => spawnSync('cat', [path], {encoding: 'utf8'}).stdout
    return {
      ...ended,
      summary: read(files.summary),
      path: read(files.path),
      output: read(files.output),
      env: read(files.env),
    }
  } finally {
    rmSync(temporary, {recursive: true, force: true})
  }
}

suite('action.yml', test => {
  test('no expression stands in a script, where its value would be code', () => {
    for (const {run, shell} of action.runs.steps.filter(({uses}) => uses === undefined)) {
      assert.not.match(run, '${{')
      assert.is(shell, 'bash')
    }
  })

  test('every input is described, and stands in docs/ci.md', () => {
    const page = readFileSync(join(root, 'docs/ci.md'), 'utf8')
    for (const [name, {description}] of Object.entries(action.inputs)) {
      assert.ok(description.length > 20)
      assert.match(page, `| \`${name}\` |`)
    }
  })

  test('caches are known by the sources and by the lock; without a lock no toolchain is installed', async () => {
    await withInstallRig(async rig => {
      const without = runStep('what is cached', rig.work, {INSTALL: 'true'}).output
      assert.match(without, /^gowarden=[0-9a-f]{64}\n$/)
      assert.is((await rig.gowarden(['lock'])).code, 0)
      const locked = runStep('what is cached', rig.work, {INSTALL: 'true'}).output
      assert.match(locked, /^gowarden=[0-9a-f]{64}\nlock=[0-9a-f]{64}\n$/)
      assert.is(runStep('what is cached', rig.work, {INSTALL: 'false'}).output, without)
    })
  })

  test('the locked toolchain is installed, put on PATH and chosen for later steps', async () => {
    await withInstallRig(async rig => {
      assert.is((await rig.gowarden(['lock'])).code, 0)
      const {GOSUMDB, GOMODCACHE, XDG_DATA_HOME, PATH} = rig.env as Record<string, string>
      // As files: this process waits for the step, and serves nothing meanwhile.
      const GOPROXY = `file://${encodeURI(rig.mirror.folder)}`
      const env = {GOPROXY, GOSUMDB, GOMODCACHE, XDG_DATA_HOME, PATH} as Record<string, string>
      const installed = runStep('install the locked toolchain', rig.work, env)
      assert.is(installed.status, 0, installed.stderr)
      assert.match(installed.path, /\/gowarden\/go\/go1\.26\.8-\S+\/bin\n$/)
      assert.is(installed.env, 'GOWARDEN_GO=installed\n')
    })
  })

  test('the launcher is put first for later steps, unless it is not wanted', () => {
    assert.match(runStep('enable the launcher', root, {LAUNCHER: 'true'}).path, /\/launcher\n$/)
    assert.is(runStep('enable the launcher', root, {LAUNCHER: 'false'}).path, '')
  })

  test.unless(unavailable, 'a change with a tamper fails, is annotated and summed up', () =>
    withTree(base, 'attributes', directory => {
      edit(directory, tampered, text => `${text}x`)
      commitAll(directory)
      git(directory, 'revert', '--no-edit', 'HEAD')
      const change = runStep('verify', directory, {BASE: git(directory, 'rev-parse', 'pristine').trim()})
      assert.is(change.status, 1, change.stderr)
      assert.match(change.stdout, `::error file=${tampered}`)
      assert.match(change.summary, 'VENDOR_EDITED')
    }),
  )

  test.unless(
    unavailable,
    'of a new branch the commit alone is judged, and that is said; SARIF is written',
    () =>
      withTree(base, 'attributes', directory => {
        const sarif = join(directory, 'x.sarif')
        const ended = runStep('verify', directory, {BASE: '0'.repeat(40), SARIF: sarif})
        assert.is(ended.status, 0, ended.stderr)
        assert.match(ended.stdout, '::notice::gowarden judges the checked-out commit alone')
        assert.match(ended.summary, 'in order')
        assert.is(JSON.parse(readFileSync(sarif, 'utf8')).version, '2.1.0')
      }),
  )
})
