/**
 * Programs that others wrote, built from the module proxy with the real go and through the launcher, each with a cache of
 * its own. It takes minutes and the network, and each cold build is made once: sizes and stamps are exact, seconds are not.
 */
import {mkdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {table} from '../src/text/table.ts'
import {type Ended, machine, type Rig, type RunOptions, runProgram, withRig} from '../test/support/rig.ts'
import {figure} from './figure.ts'

type Program = {name: string; module: string; package: string; version: string[]}

const programs: readonly Program[] = [
  {
    name: 'gopls',
    module: 'golang.org/x/tools/gopls',
    package: 'golang.org/x/tools/gopls',
    version: ['version'],
  },
  {
    name: 'delve',
    module: 'github.com/go-delve/delve',
    package: 'github.com/go-delve/delve/cmd/dlv',
    version: ['version'],
  },
  {
    name: 'staticcheck',
    module: 'honnef.co/go/tools',
    package: 'honnef.co/go/tools/cmd/staticcheck',
    version: ['-version'],
  },
]

type Built = {bytes: number; coldSeconds: number; warmSeconds: number; stamp: string}

/** The table: a line for each program and way of building it. */
export async function programsText(): Promise<string> {
  const rows: string[][] = []
  for (const program of programs) {
    process.stderr.write(`building ${program.name}…\n`)
    rows.push(...(await withRig(rig => buildBothWays(rig, program))))
  }
  return table([['program', 'built', 'bytes', 'cold', 'again', 'stamp'], ...rows])
}

async function buildBothWays(rig: Rig, program: Program): Promise<string[][]> {
  rig.write({'go.mod': `module programs\n\ngo ${machine.version.slice('go'.length)}\n`})
  const version = await requireNewest(rig, program)
  await expectOk(rig.bareGo, ['mod', 'download'])
  const bare = await buildTwice(rig, program, 'bare', rig.bareGo)
  const guarded = await buildTwice(rig, program, 'launcher', rig.go)
  return [
    [`${program.name} ${version}`, 'bare go', ...cells(bare)],
    ['', 'launcher', ...cells(guarded)],
  ]
}

/** Requires the newest release that the machine's go may build, and returns its version. */
async function requireNewest(rig: Rig, program: Program): Promise<string> {
  const listed = await expectOk(rig.bareGo, ['list', '-m', '-versions', '-json', `${program.module}@latest`])
  const {Versions: versions = []} = JSON.parse(listed.stdout) as {Versions?: string[]}
  for (const version of versions.toReversed().filter(candidate => !candidate.includes('-'))) {
    const words = ['get', '-tool', `${program.package}@${version}`]
    const {code, stderr} = await rig.bareGo(words)
    if (code === 0) return version
    if (!stderr.includes(' requires go >= ')) throw new Error(`${words.join(' ')}: ${stderr}`)
  }
  throw new Error(`no version of ${program.module} builds with ${machine.version}`)
}

async function buildTwice(rig: Rig, program: Program, way: string, go: Rig['go']): Promise<Built> {
  const folder = join(rig.folder, way)
  mkdirSync(folder)
  const file = join(folder, program.name)
  const words = ['build', '-o', file, program.package]
  const env = {GOCACHE: join(folder, 'go-build')}
  const coldSeconds = await secondsOf(() => expectOk(go, words, {env}))
  const warmSeconds = await secondsOf(() => expectOk(go, words, {env}))
  // That it runs at all; what it says of its version is its own business.
  await expectOk(asked => runProgram(file, asked, {cwd: rig.work, env: rig.env}), program.version)
  return {bytes: statSync(file).size, coldSeconds, warmSeconds, stamp: await stampOf(rig, file)}
}

async function stampOf(rig: Rig, file: string): Promise<string> {
  const {stdout} = await expectOk(rig.gowarden, ['inspect', '--json', file])
  const [found] = JSON.parse(stdout) as {stamp?: {kind?: string; hash?: string}}[]
  return found?.stamp?.hash ?? found?.stamp?.kind ?? 'unreadable'
}

async function secondsOf(body: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint()
  await body()
  return Number(process.hrtime.bigint() - started) / 1e9
}

async function expectOk(go: Rig['go'], words: readonly string[], options?: RunOptions): Promise<Ended> {
  const ended = await go(words, options)
  if (ended.code !== 0) throw new Error(`${words.join(' ')}: ${ended.stderr}`)
  return ended
}

function cells({bytes, coldSeconds, warmSeconds, stamp}: Built): string[] {
  return [String(bytes), `${figure(coldSeconds)} s`, `${figure(warmSeconds)} s`, stamp]
}
