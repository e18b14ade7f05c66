/**
 * examples/gitlab: its jobs, read from the file and run by bash as GitLab's runner does.
 * ARCHIVES=dist/standalone npm test -- gitlab also runs them with what `npm run standalone` made, on a machine without Go and Node.
 */
import {execFileSync} from 'node:child_process'
import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {join, resolve} from 'node:path'
import * as assert from 'uvu/assert'
import {parse} from 'yaml'
import {archiveOfThis, sha256Of, withNode} from './support/archive.ts'
import {networkEnv} from './support/environment.ts'
import {withInstallRig} from './support/install-rig.ts'
import {root, runProgram, writeFiles} from './support/rig.ts'
import {suite} from './support/suite.ts'
import {commitAll} from './support/tampers.ts'
import {removeModules, withTemporary} from './support/temporary.ts'
import {git} from './support/vendored.ts'

type Job = {script: string[]}
type Pipeline = {
  variables: Record<string, string>
  default: {before_script: string[]; cache: {key: {files: string[]}; paths: string[]}}
  gowarden: Job
  build: Job
}

const pipeline: Pipeline = parse(readFileSync(join(root, 'examples/gitlab/.gitlab-ci.yml'), 'utf8'))
const archives = process.env['ARCHIVES'] && resolve(root, process.env['ARCHIVES'])

/** A project with a commit on top of another; as GitLab makes it, its .git has no info/. */
function makeProject(folder: string): string {
  mkdirSync(join(folder, 'ci'), {recursive: true})
  copyFileSync(join(root, 'install.sh'), join(folder, 'ci/install.sh'))
  writeFiles(folder, {
    'go.mod': 'module example.com/app\n\ngo 1.21\n',
    'main.go': 'package main\n\nfunc main() { println("built") }\n',
  })
  execFileSync('git', ['init', '-q', '--template=', '-b', 'main', folder])
  commitAll(folder)
  return folder
}

/** Runs lines of a script in one shell, with the variables of the file and those that GitLab gives. */
async function runLines(project: string, lines: readonly string[], env: Record<string, string | undefined>) {
  const given: Record<string, string | undefined> = {
    ...env,
    CI_PROJECT_DIR: project,
    CI: 'true',
    GITLAB_CI: 'true',
  }
  const variables = Object.fromEntries(
    Object.entries(pipeline.variables).map(([name, value]) => [
      name,
      value.replace(/\$(\w+)/g, (_, other: string) => given[other] ?? ''),
    ]),
  )
  return await runProgram('bash', ['-c', `set -eo pipefail\n${lines.join('\n')}\n`], {
    cwd: project,
    env: {...variables, ...given},
  })
}

suite('examples/gitlab', test => {
  test('what stands before each job installs gowarden and the locked toolchain once, where GitLab keeps it and Git does not see it', async () => {
    await withInstallRig(async rig => {
      const project = makeProject(join(rig.folder, 'project'))
      assert.is((await rig.gowarden(['lock', 'go1.26.8'], {cwd: project})).code, 0)
      commitAll(project)
      const from = archiveOfThis(rig.folder)
      const {GOPROXY, GOSUMDB, GOMODCACHE} = rig.env
      const env = {
        GOPROXY,
        GOSUMDB,
        GOMODCACHE,
        HOME: join(rig.folder, 'home'),
        PATH: `${withNode(rig.folder)}:/usr/bin:/bin`,
        GOWARDEN_URL: `file://${encodeURI(from)}`,
        GOWARDEN_SHA256: sha256Of(join(from, 'SHA256SUMS')),
      }
      const before = [...pipeline.default.before_script, 'command -v gowarden go']
      const first = await runLines(project, before, env)
      assert.is(first.code, 0, first.stderr)
      assert.match(first.stdout, `${project}/.data/gowarden/bin/gowarden\n${project}/.data/gowarden/bin/go\n`)
      assert.equal(pipeline.default.cache.paths, ['.data/gowarden'])
      assert.ok(readdirSync(join(project, '.data/gowarden/go')).some(name => name.startsWith('go1.26.8-')))
      assert.is(git(project, 'status', '--porcelain'), '')

      // The next pipeline has the cache, and neither a server nor the folders outside of the project.
      const asked = rig.served.asked.length
      rmSync(from, {recursive: true})
      rmSync(join(rig.folder, 'home'), {recursive: true, force: true})
      const second = await runLines(project, before, env)
      assert.is(second.code, 0, second.stderr)
      assert.is(second.stderr, '')
      assert.is(rig.served.asked.length, asked)
    })
  })

  if (archives !== undefined && archives !== '')
    test('both jobs, without Go and Node, with a toolchain from GOPROXY', async () => {
      await withTemporary(async folder => {
        const project = makeProject(join(folder, 'project'))
        const home = join(folder, 'home')
        const env = {
          ...networkEnv(process.env),
          HOME: home,
          PATH: '/usr/bin:/bin',
          GOWARDEN_URL: `file://${archives}`,
          GOWARDEN_SHA256: sha256Of(join(archives, 'SHA256SUMS')),
        }
        const base = git(project, 'rev-parse', 'HEAD').trim()
        execFileSync(`${root}/bin/gowarden`, ['lock', 'go1.25.3'], {cwd: project})
        commitAll(project)
        try {
          for (const job of ['gowarden', 'build'] as const) {
            const lines = [...pipeline.default.before_script, ...pipeline[job].script]
            const started = performance.now()
            const ended = await runLines(project, lines, {...env, CI_MERGE_REQUEST_DIFF_BASE_SHA: base})
            console.log(`${job}: ${((performance.now() - started) / 1000).toFixed(1)} s\n${ended.stdout}`)
            assert.is(ended.code, 0, `${ended.stdout}${ended.stderr}`)
          }
        } finally {
          if (existsSync(home)) removeModules(home)
          removeModules(join(project, '.data'))
        }
      })
    })
})
