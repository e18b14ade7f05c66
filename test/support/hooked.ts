/** A small repository with a vendored module, as one finds it before `gowarden init`. */
import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {machine, root, writeFiles} from './rig.ts'
import {directoryOfProcess, withTemporary} from './temporary.ts'
import {writeProgram} from './twin.ts'

export const vendoredFile = 'vendor/github.com/pkg/errors/errors.go'

export type Hooked = {
  directory: string
  env: Record<string, string | undefined>
  /** Any program in the repository, by argument list; what it wrote, and its exit status. */
  run(file: string, ...words: string[]): {code: number | null; output: string}
  git(...words: string[]): string
}

/** Runs `body` in a fresh repository whose PATH has a gowarden of this project. */
export async function withHooked(
  files: Record<string, string>,
  body: (hooked: Hooked) => void | Promise<void>,
) {
  await withTemporary(async folder => {
    const directory = join(folder, "a 'repository'")
    const programs = join(folder, 'programs')
    mkdirSync(programs)
    mkdirSync(join(folder, 'home'))
    writeProgram(
      join(programs, 'gowarden'),
      `#!/bin/sh\nexec '${process.execPath}' '${root}/bin/gowarden' "$@"\n`,
    )
    const env = {
      ...process.env,
      PATH: [programs, ...placesWithoutGowarden()].join(':'),
      HOME: join(folder, 'home'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      XDG_DATA_HOME: undefined,
      XDG_CONFIG_HOME: undefined,
      GOMODCACHE: machine.modules,
      GOFLAGS: '',
      GOTOOLCHAIN: 'local',
      GOWARDEN: undefined,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      ...Object.fromEntries(
        ['AUTHOR', 'COMMITTER'].flatMap(who => [
          [`GIT_${who}_NAME`, 'a'],
          [`GIT_${who}_EMAIL`, 'a@example.com'],
        ]),
      ),
    }
    const run: Hooked['run'] = (file, ...words) => {
      const ended = spawnSync(file, words, {cwd: directory, env, encoding: 'utf8'})
      if (ended.error !== undefined) throw ended.error
      return {code: ended.status, output: ended.stdout + ended.stderr}
    }
    const git: Hooked['git'] = (...words) =>
      execFileSync('git', words, {cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe']}).toString()
    cpSync(vendoredTree(env), directory, {recursive: true})
    writeFiles(directory, files)
    git('init', '--quiet', '--initial-branch=main')
    git('add', '--all')
    git('commit', '--quiet', '--message=first')
    await body({directory, env, run, git})
  })
}

let vendored: string | undefined

/** A folder with what `go mod vendor` made of a small module, once for all cases of this process. */
function vendoredTree(env: NodeJS.ProcessEnv): string {
  if (vendored !== undefined) return vendored
  const folder = directoryOfProcess('gowarden vendored ')
  writeFiles(folder, {
    'go.mod': 'module example.com/hooked\n\ngo 1.21\n\nrequire github.com/pkg/errors v0.9.1\n',
    'main.go':
      'package main\n\nimport "github.com/pkg/errors"\n\nfunc main() { println(errors.New("x").Error()) }\n',
  })
  for (const words of ['tidy', 'vendor'])
    execFileSync('go', ['mod', words], {cwd: folder, env: {...env, GOWARDEN: 'off'}, stdio: 'pipe'})
  vendored = folder
  return folder
}

/** PATH of this machine, without a gowarden that is set up here. */
function placesWithoutGowarden(): string[] {
  return (process.env['PATH'] ?? '').split(':').filter(place => !existsSync(join(place, 'gowarden')))
}

/** Every file of the repository but Git's objects and logs, with its bytes and its mode, one line each. */
export function contentOf(directory: string): string {
  return readdirSync(directory, {recursive: true, withFileTypes: true})
    .map(entry => ({entry, path: join(entry.parentPath, entry.name)}))
    .filter(({entry, path}) => entry.isFile() && !/\/\.git\/(?!hooks\/)/.test(path))
    .map(({path}) => `${path} ${statSync(path).mode.toString(8)} ${readFileSync(path).toString('latin1')}`)
    .sort()
    .join('\n')
}

/** Writes a file that may be run, below the repository. */
export function writeHook(directory: string, path: string, text: string): void {
  writeFiles(directory, {[path]: text})
  chmodSync(join(directory, path), 0o755)
}
