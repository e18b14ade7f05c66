/**
 * action.yml: its steps, read from the file and run by bash as the runner does.
 * ARCHIVES=dist/standalone npm test -- action also runs the whole of it as on a machine without Go and Node, from what
 * `npm run standalone` made and from the sources, cold and warm, with a toolchain from GOPROXY: a minute, and prints seconds.
 */
import {execFileSync, spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import * as assert from 'uvu/assert'
import {archiveOfThis, sha256Of, withNode} from './support/archive.ts'
import {type JobEnd, readAction, runAction} from './support/composite-action.ts'
import {networkEnv} from './support/environment.ts'
import {withInstallRig} from './support/install-rig.ts'
import {machine, root, writeFiles} from './support/rig.ts'
import {suite} from './support/suite.ts'
import {commitAll, edit} from './support/tampers.ts'
import {removeModules, withTemporary} from './support/temporary.ts'
import {git, makeTrees, treeEnv, withTree} from './support/vendored.ts'

const action = readAction(root)
const archives = process.env['ARCHIVES'] && resolve(root, process.env['ARCHIVES'])
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
    const ended = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run ?? ''], {
      cwd: directory,
      env: {
        ...treeEnv(),
        ...Object.fromEntries(Object.keys(step.env ?? {}).map(key => [key, ''])),
        XDG_CACHE_HOME: temporary,
        GITHUB_STEP_SUMMARY: files.summary,
        GITHUB_PATH: files.path,
        GITHUB_OUTPUT: files.output,
        GITHUB_ENV: files.env,
        ACTION: root,
        COMMAND: join(root, 'bin/gowarden'),
        FOLDER: join(temporary, 'launcher'),
        PREFIX: join(temporary, 'gowarden'),
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
      assert.not.match(run ?? '', '${{')
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
      assert.match(without, /^gowarden=[0-9a-f]{64}\nplace=.*\/dist\n$/)
      assert.is((await rig.gowarden(['lock'])).code, 0)
      const XDG_DATA_HOME = join(rig.folder, 'own data')
      const keys = (env: Record<string, string>) =>
        runStep('what is cached', rig.work, {INSTALL: 'true', XDG_DATA_HOME, ...env}).output
      assert.match(keys({}), /\nlock=[0-9a-f]{64}\ntoolchains=\/.+\/own data\/gowarden\/go\n$/)
      assert.is(keys({INSTALL: 'false'}), without)
      // What the runner kept is not unpacked once more.
      mkdirSync(join(XDG_DATA_HOME, 'gowarden/go'), {recursive: true})
      assert.match(keys({}), /\nlock=[0-9a-f]{64}\n$/)
      // Archives are kept only under what pins them.
      assert.match(keys({FROM: 'https://example.com/x'}), /^gowarden=\nplace=/)
      assert.match(keys({FROM: 'https://example.com/x', SHA256: 'ab'}), /^gowarden=ab\nplace=.*\/gowarden\n/)
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
    'of a new branch, or of an event without one before it, the commit alone is judged, and that is said; SARIF is written',
    () =>
      withTree(base, 'attributes', directory => {
        const sarif = join(directory, 'x.sarif')
        for (const [BASE, said] of [
          ['0'.repeat(40), 'this event names none before it'],
          ['', 'this event names none before it'],
          ['1'.repeat(40), `${'1'.repeat(40)} is not in this clone; check out with fetch-depth: 0`],
        ] as const) {
          const ended = runStep('verify', directory, {BASE, SARIF: sarif})
          assert.is(ended.status, 0, ended.stderr)
          assert.match(ended.stdout, `::notice::gowarden judges the checked-out commit alone: ${said}`)
          assert.match(ended.summary, 'in order')
          assert.is(JSON.parse(readFileSync(sarif, 'utf8')).version, '2.1.0')
        }
      }),
  )

  test('the whole action, cold and warm: from archives that are pinned, go is the launcher afterwards, and a tamper fails the last step', async () => {
    await withTemporary(async folder => {
      const from = archiveOfThis(folder)
      const sums = sha256Of(join(from, 'SHA256SUMS'))
      const job = jobIn(
        folder,
        {from, sha256: sums},
        `${withNode(folder)}:${machine.goroot}/bin:/usr/bin:/bin`,
      )
      const cold = await job()
      assert.equal(failures(cold), [])
      assert.equal(skipped(cold), ['toolchain of an earlier run', 'install the locked toolchain'])
      assert.equal([cold.restored, cold.saved], [[], [`gowarden-Linux-X64-${sums}`]])
      assert.match(cold.summary, 'in order')
      const go = spawnSync('sh', ['-c', 'command -v go'], {env: cold.env, encoding: 'utf8'}).stdout
      assert.is(go, `${join(folder, 'temporary/gowarden/bin/go')}\n`)

      // What is restored needs the folder no more.
      rmSync(from, {recursive: true})
      const warm = await job()
      assert.equal(failures(warm), [])
      assert.equal([warm.restored, warm.saved], [[`gowarden-Linux-X64-${sums}`], []])

      writeFiles(join(folder, 'work'), {'go.sum': 'not a line\n'})
      commitAll(join(folder, 'work'))
      const tampered = await job()
      assert.equal(failures(tampered), ['verify'])
      assert.match(tampered.steps.at(-1)?.text ?? '', '::error file=go.sum,line=1')
    })
  })

  test('an archive that nothing pins is not kept, and one that is pinned otherwise is not installed', async () => {
    await withTemporary(async folder => {
      const from = archiveOfThis(folder)
      const PATH = `${withNode(folder)}:${machine.goroot}/bin:/usr/bin:/bin`
      const free = await jobIn(folder, {from, launcher: 'false'}, PATH)()
      assert.equal(failures(free), [])
      assert.equal(free.saved, [])
      assert.is(free.env['PATH'], PATH)
      const pinned = await jobIn(folder, {from, sha256: 'ab'}, PATH)()
      assert.equal(failures(pinned), ['install gowarden'])
      assert.match(
        pinned.steps.find(({outcome}) => outcome === 'failure')?.text ?? '',
        'SHA256SUMS is not the one',
      )
    })
  })

  for (const made of archives === undefined || archives === '' ? [] : ['archives', 'sources']) {
    test(`as it is for others, from ${made}: no go before it, the locked one after it`, async () => {
      await withTemporary(async folder => {
        const source = join(folder, 'action')
        mkdirSync(source)
        // The committed files alone, as the runner fetches an action.
        const tree = execFileSync('git', ['archive', 'HEAD'], {cwd: root, maxBuffer: 2 ** 28})
        execFileSync('tar', ['-xf', '-', '-C', source], {input: tree})
        const from = made === 'archives' ? String(archives) : ''
        const sha256 = from === '' ? '' : sha256Of(join(from, 'SHA256SUMS'))
        const PATH = made === 'archives' ? '/usr/bin:/bin' : `${withNode(folder, 'npm')}:/usr/bin:/bin`
        const job = jobIn(folder, {from, sha256}, PATH, source)
        const work = join(folder, 'work')
        const locked = spawnSync(`${root}/bin/gowarden`, ['lock', 'go1.25.3'], {cwd: work, encoding: 'utf8'})
        assert.is(locked.status, 0, locked.stderr)
        commitAll(work)
        try {
          for (const how of ['cold', 'warm']) {
            const end = await job()
            assert.equal(failures(end), [], end.steps.map(({text}) => text).join(''))
            assert.equal(skipped(end), [])
            assert.is(end.restored.length, how === 'cold' ? 0 : 2)
            report(`from ${made}, ${how}`, end)
            const built = spawnSync('go', ['build', '-o', 'app', '.'], {
              cwd: work,
              env: end.env,
              encoding: 'utf8',
            })
            assert.is(built.status, 0, built.stderr)
            const inspected = spawnSync('gowarden', ['inspect', '--require', 'lock', 'app'], {
              cwd: work,
              env: end.env,
              encoding: 'utf8',
            })
            assert.is(inspected.status, 0, inspected.stderr)
            // A runner begins with an empty home, and without what the job before it wrote.
            removeModules(join(folder, 'home'))
            rmSync(join(source, 'dist'), {recursive: true, force: true})
            rmSync(join(work, 'app'))
          }
        } finally {
          if (existsSync(join(folder, 'home'))) removeModules(join(folder, 'home'))
        }
      })
    })
  }
})

const failures = ({steps}: JobEnd) => steps.filter(({outcome}) => outcome === 'failure').map(({name}) => name)
const skipped = ({steps}: JobEnd) => steps.filter(({outcome}) => outcome === 'skipped').map(({name}) => name)

function report(title: string, {steps}: JobEnd): void {
  const own = steps.filter(({name}) => !name.endsWith('of an earlier run'))
  const sum = own.reduce((total, {seconds}) => total + seconds, 0)
  console.log(`${title}: ${sum.toFixed(1)} s of its own steps`)
  for (const {name, seconds} of steps) console.log(`  ${seconds.toFixed(2).padStart(6)} s  ${name}`)
}

/** A repository of one module with two commits, and what runs the action in it as the push of the second. */
function jobIn(
  folder: string,
  inputs: Record<string, string>,
  PATH: string,
  source = root,
): () => Promise<JobEnd> {
  const workspace = join(folder, 'work')
  if (!existsSync(workspace)) {
    writeFiles(workspace, {'go.mod': 'module example.com/app\n\ngo 1.21\n'})
    execFileSync('git', ['init', '-q', '-b', 'main', workspace])
    commitAll(workspace)
    writeFiles(workspace, {'main.go': 'package main\n\nfunc main() { println("built") }\n'})
    commitAll(workspace)
  }
  const before = git(workspace, 'rev-list', '--max-parents=0', 'HEAD').trim()
  return async () => {
    // As the runner does before a job.
    rmSync(join(folder, 'temporary'), {recursive: true, force: true})
    return await runAction(source, {
      workspace,
      temporary: join(folder, 'temporary'),
      caches: join(folder, 'caches'),
      inputs,
      event: {before},
      env: {...networkEnv(process.env), HOME: join(folder, 'home'), PATH},
    })
  }
}
