/** action.yml: its steps, read from the file and run by bash as the runner does. */
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {parse} from 'yaml'
import {root} from './support/rig.ts'
import {suite} from './support/suite.ts'
import {commitAll, edit} from './support/tampers.ts'
import {git, makeTrees, treeEnv, withTree} from './support/vendored.ts'

type Step = {name: string; shell: string; env: Record<string, string>; run: string}
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
    const files = {summary: join(temporary, 'summary'), path: join(temporary, 'path')}
    const ended = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: directory,
      env: {
        ...treeEnv(),
        ...Object.fromEntries(Object.keys(step.env).map(key => [key, ''])),
        XDG_CACHE_HOME: temporary,
        GITHUB_STEP_SUMMARY: files.summary,
        GITHUB_PATH: files.path,
        ACTION: root,
        FOLDER: join(temporary, 'launcher'),
        ...env,
      },
      encoding: 'utf8',
    })
    const read = (path: string) => spawnSync('cat', [path], {encoding: 'utf8'}).stdout
    return {...ended, summary: read(files.summary), path: read(files.path)}
  } finally {
    rmSync(temporary, {recursive: true, force: true})
  }
}

suite('action.yml', test => {
  test('no expression stands in a script, where its value would be code', () => {
    for (const {run, shell} of action.runs.steps) {
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
