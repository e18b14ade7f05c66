import {execFileSync, spawnSync} from 'node:child_process'
import {accessSync, constants, mkdirSync, realpathSync, symlinkSync, writeFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {machine, type Rig, root, writeFiles} from '../test/support/rig.ts'
import {writeProgram} from '../test/support/twin.ts'
import {type Command, compare, interleave, type Row, row} from './measure.ts'
import {bareCommand, launcherCommand, withReadyRig} from './ready.ts'

/** What stands in front of a command or a commit elsewhere, each handing over to the very program it is compared with. */
export async function otherRows(): Promise<Row[]> {
  return await withReadyRig(rig => [...goShims(rig), rustupRow(rig), ...idleHooks(rig)])
}

/** Hooks of a commit that they have nothing to do for, beside the one question that ours asks of Git. */
function idleHooks(rig: Rig): Row[] {
  const cwd = repositoryWithReadme(rig)
  const at = {cwd, env: {...rig.env, GIT_INDEX_FILE: join(cwd, '.git/index')}}
  const what = (name: string) => `hook with nothing to do: ${name}`
  const tools = {lefthook: ['run', 'pre-commit'], 'pre-commit': ['run']}
  const commands: Record<string, Command> = {
    gowarden: {...at, file: `${root}/hooks/verify-staged`, words: []},
  }
  const rows: Row[] = []
  for (const [name, words] of Object.entries(tools)) {
    const file = lookUp(name)
    if (file === undefined) rows.push({kind: 'absent', what: what(name), reason: 'not installed'})
    else commands[name] = {...at, file, words}
  }
  const base = ['diff', '--cached', '--quiet', '--', ':(top,glob)**/*.go']
  const times = interleave<string>({base: {...at, file: 'git', words: base}, ...commands}, 60)
  const measured = Object.keys(commands).map(
    (name): Row => ({
      kind: 'measured',
      what: what(name),
      base: 'git diff --cached --quiet',
      comparison: compare(times['base'] ?? [], times[name] ?? []),
      limit: name === 'gowarden' ? {kind: 'added', ms: 5} : undefined,
    }),
  )
  return [...measured, ...rows]
}

/** A README is staged and nothing of Go; the others are asked for Go files too. */
function repositoryWithReadme(rig: Rig): string {
  const folder = join(rig.folder, 'repository')
  mkdirSync(folder)
  const git = (...words: string[]) => execFileSync('git', ['-C', folder, ...words], {env: rig.env})
  git('init', '--quiet')
  const files = {
    README: 'text\n',
    'lefthook.yml': 'pre-commit:\n  commands:\n    vet:\n      glob: "*.go"\n      run: go vet ./...\n',
    '.pre-commit-config.yaml': `repos:
  - repo: local
    hooks: [{id: vet, name: vet, entry: go vet ./..., language: system, files: '\\.go$'}]
`,
  }
  writeFiles(folder, files)
  git('add', '--all')
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message=one')
  writeFiles(folder, {README: 'other text\n'})
  git('add', 'README')
  return folder
}

function goShims(rig: Rig): Row[] {
  const mise = lookUp('mise')
  const shims = {
    'gowarden, passing go version through': launcherCommand(rig, ['version']),
    'a sh shim that only execs': shShim(rig),
    'a Node shim (spawnSync)': nodeShim(rig),
    ...(mise === undefined ? {} : {'a mise shim': miseShim(rig, mise)}),
  }
  const times = interleave<string>({bare: bareCommand(rig, ['version']), ...shims}, 60)
  const rows = Object.keys(shims).map(
    (what): Row => ({
      kind: 'measured',
      what,
      base: 'bare go version',
      comparison: compare(times['bare'] ?? [], times[what] ?? []),
      limit: undefined,
    }),
  )
  return mise === undefined ? [...rows, {kind: 'absent', what: 'a mise shim', reason: 'not installed'}] : rows
}

function shShim(rig: Rig): Command {
  const file = join(rig.folder, 'sh-shim')
  writeProgram(file, `#!/bin/sh\nexec '${machine.goroot}/bin/go' "$@"\n`)
  return {file, words: ['version'], cwd: rig.work, env: rig.env}
}

/** No exec in Node before 23: the child runs beside it, and its status is handed on. */
function nodeShim(rig: Rig): Command {
  const file = join(rig.folder, 'node-shim.cjs')
  writeFileSync(
    file,
    `const {spawnSync} = require('node:child_process')
const ended = spawnSync(${JSON.stringify(`${machine.goroot}/bin/go`)}, process.argv.slice(2), {stdio: 'inherit'})
process.exitCode = ended.status ?? 1
`,
  )
  return {file: process.execPath, words: [file, 'version'], cwd: rig.work, env: rig.env}
}

/** mise as its users have it: a link named go to mise, a mise.toml that names the Go to run; it may not go online. */
function miseShim(rig: Rig, mise: string): Command {
  const folder = join(rig.folder, 'mise')
  const shims = join(folder, 'shims')
  mkdirSync(shims, {recursive: true})
  symlinkSync(realpathSync(mise), join(shims, 'go'))
  writeFileSync(join(folder, 'mise.toml'), `[tools]\ngo = "path:${machine.goroot}"\n`)
  const env = {
    ...rig.env,
    PATH: `${shims}:${rig.env['PATH']}`,
    MISE_DATA_DIR: join(folder, 'data'),
    MISE_TRUSTED_CONFIG_PATHS: folder,
    MISE_OFFLINE: '1',
  }
  return {file: join(shims, 'go'), words: ['version'], cwd: folder, env}
}

/** rustup's proxy in front of cargo: native code that chooses a toolchain and becomes it. */
function rustupRow(rig: Rig): Row {
  const what = 'a rustup proxy, cargo -V'
  const proxies = join(homedir(), '.cargo/bin')
  const env = {...process.env, PATH: `${proxies}:${process.env['PATH']}`}
  const asked = spawnSync('rustup', ['which', 'cargo'], {env, cwd: rig.work})
  if (asked.status !== 0) return {kind: 'absent', what, reason: 'not installed'}
  const at = {words: ['-V'], cwd: rig.work, env}
  const commands = {base: {...at, file: asked.stdout.toString().trim()}, measured: {...at, file: 'cargo'}}
  return row(what, 'the cargo behind it', commands, 60)
}

function lookUp(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(':')
    .map(folder => join(folder, name))
    .find(path => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
