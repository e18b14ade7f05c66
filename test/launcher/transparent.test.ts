/**
 * The table of docs/transparency.md, row by row, on real toolchains: a command line is run by the bare go of a GOROOT and
 * through the launcher, in the same folder laid anew, and both must print, return and write the same.
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Ended, machine, type Rig, root, runProgram, withRig, writeFiles} from '../support/rig.ts'
import {withFilledRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {commandsOf, type Row, readTransparency, topicsOf, type Way} from '../support/transparency.ts'

/**
 * By default the first table on the Go of this machine. TOOLCHAINS names others, and takes every table; `all` stands for the oldest
 * that has a stamp of its own kind, one of each minor since build info shows test binaries, and the newest: half an hour.
 */
const named = process.env['TOOLCHAINS']
const toolchains =
  named === 'all'
    ? ['go1.21.13', 'go1.24.4', 'go1.25.3', machine.version, 'go1.27.4']
    : (named?.split(',') ?? [machine.version])

/** A module that compiles next to nothing, and what each row's command is about. */
const files = {
  'go.mod': 'module example.com/tell\n\ngo 1.21\n',
  'main.go': `package main

import "example.com/tell/lib"

//go:generate go env GOPACKAGE GOFLAGS

var name = "unset"

func main() { println(lib.Told, name) }
`,
  'lib/lib.go': '// Package lib tells.\npackage lib\n\n// Told is told.\nconst Told = "told"\n',
  'lib/tagged.go': '//go:build tagged\n\npackage lib\n\nvar _ = missing\n',
  'tests/tests.go': 'package tests\n\nfunc One() int { return 1 }\n',
  'tests/tests_test.go':
    'package tests\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {\n\tif One() != 1 {\n\t\tt.Fatal()\n\t}\n}\n',
  'wrong/wrong.go': 'package wrong\n\nvar X int = "text"\n',
  'selfish/selfish.go': 'package selfish\n\nfunc F(x int) int {\n\tx = x\n\treturn x\n}\n',
  'ends/main.go': 'package main\n\nfunc main() { panic("ends here") }\n',
  'größe/größe.go': 'package main\n\nfunc main() { println("größe") }\n',
  'untidy/untidy.go': 'package   untidy\n',
  'other.mod': 'module example.com/other\n\ngo 1.21\n',
  'overlay.json': '{"Replace": {"lib/lib.go": "instead.txt"}}\n',
  'instead.txt': 'package lib\n\nconst Told = "laid over"\n',
  'unreadable/go.mod': 'modul broken\n',
  'workspace/go.work': 'go 1.21\n\nuse ./a\n',
  'workspace/a/go.mod': 'module example.com/a\n\ngo 1.21\n',
  'workspace/a/a.go': 'package main\n\nfunc main() {}\n',
  'dependent/go.mod':
    'module example.com/dependent\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n\nreplace example.com/dep => ../dep\n',
  'dependent/main.go': 'package main\n\nimport "example.com/dep"\n\nfunc main() { println(dep.Depth) }\n',
  'dep/go.mod': 'module example.com/dep\n\ngo 1.21\n',
  'dep/dep.go': 'package dep\n\nconst Depth = 1\n',
  'vendored/go.mod': 'module example.com/vendored\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n',
  'vendored/main.go': 'package main\n\nimport "example.com/dep"\n\nfunc main() { println(dep.Depth) }\n',
  'vendored/vendor/modules.txt': '# example.com/dep v1.0.0\n## explicit; go 1.21\nexample.com/dep\n',
  'vendored/vendor/example.com/dep/dep.go': 'package dep\n\nconst Depth = 1\n',
  '../path/src/old/old.go': 'package main\n\nfunc main() { println("old") }\n',
  '../alone/alone.go': 'package main\n\nfunc main() { println("alone") }\n',
}

suite('launcher/transparent', test => {
  test('the table has every go command of every toolchain, and each of its help topics', async () => {
    const rows = readTransparency()
    const shown = rows.map(row => row.words.find(word => !word.startsWith('-')) ?? '')
    await withRig(async rig => {
      for (const version of toolchains) {
        const {stdout} = await bare(rig, await gorootOf(rig, version), ['help'])
        const missing = commandsOf(stdout).filter(command => !shown.includes(command))
        assert.equal(missing, [], version)
        assert.ok(topicsOf(stdout).includes('environment'), version)
      }
    })
  })

  for (const version of toolchains) {
    test(`every row on ${version}`, async () => {
      await (version === machine.version ? withFilledRig : withRig)(async rig => {
        const goroot = await gorootOf(rig, version)
        const topics = topicsOf((await bare(rig, goroot, ['help'])).stdout)
        const rows = readTransparency().filter(
          row => row.since <= minorOf(version) && (named !== undefined || row.table === 'Commands'),
        )
        const all = rows.flatMap(row =>
          row.words.includes('TOPIC')
            ? topics.map(topic => ({...row, words: row.words.map(word => (word === 'TOPIC' ? topic : word))}))
            : [row],
        )
        await knowToolchain(rig, goroot)
        const differing: string[] = []
        for (const row of all) differing.push(...(await differencesOf(rig, goroot, row)))
        assert.ok(all.length > (named === undefined ? 40 : 90), String(all.length))
        assert.is(differing.join('\n'), '')
      })
    })
  }
})

function minorOf(version: string): number {
  return Number(version.split('.')[1])
}

async function gorootOf(rig: Rig, version: string): Promise<string> {
  if (version === machine.version) return machine.goroot
  const {stdout, stderr} = await rig.bareGo(['env', 'GOROOT'], {env: {GOTOOLCHAIN: version}})
  assert.ok(existsSync(join(stdout.trim(), 'bin/go')), stderr)
  return stdout.trim()
}

function bare(rig: Rig, goroot: string, words: string[]): Promise<Ended> {
  return runProgram(join(goroot, 'bin/go'), words, {cwd: rig.work, env: rig.env})
}

/** Identifies the toolchain before anything is compared: the first time may say that it takes a while. */
async function knowToolchain(rig: Rig, goroot: string): Promise<void> {
  layFiles(rig)
  const path = `${root}/bin:${goroot}/bin:${rig.env['PATH']}`
  const ended = await rig.go(['list', '.'], {env: {PATH: path}})
  assert.is(ended.code, 0, ended.stderr)
}

/** What one row's command did. */
type Outcome = {
  code: number | null
  signal: string | null
  stdout: string
  stderr: string
  files: Record<string, string>
}

/** Runs a row both ways; returns a text for whatever is not as the table says. */
async function differencesOf(rig: Rig, goroot: string, row: Row): Promise<string[]> {
  const log = join(rig.folder, 'log')
  const outcomes: Outcome[] = []
  for (const way of ['bare', 'launcher'] as const) {
    layFiles(rig)
    const env = {
      ...rig.env,
      PATH: `${way === 'launcher' ? `${root}/bin:` : ''}${goroot}/bin:${rig.env['PATH']?.replace(`${root}/bin:`, '')}`,
      GOMODCACHE: join(rig.folder, 'modules'),
      GOPATH: join(rig.folder, 'path'),
      GOPROXY: 'off',
      GOENV: join(rig.work, 'go env'),
      CGO_ENABLED: '0',
      ...rowEnv(rig, row),
    }
    const cwd = row.directory === 'GOROOT/src' ? join(goroot, 'src') : join(rig.work, row.directory)
    const program = way === 'bare' ? join(goroot, 'bin/go') : join(root, 'bin/go')
    for (const words of row.before) await runProgram(join(goroot, 'bin/go'), words, {cwd, env})
    writeFileSync(log, '')
    const ended = await runProgram(program, row.words, {
      cwd,
      env: way === 'bare' ? env : {...env, GOWARDEN_DEBUG: log},
    })
    outcomes.push(comparable(rig, row, ended))
  }
  const [expected, found] = outcomes
  const differing = (['code', 'signal', 'stdout', 'stderr', 'files'] as const).filter(
    part => JSON.stringify(expected?.[part]) !== JSON.stringify(found?.[part]),
  )
  const texts = differing.map(
    part =>
      `${row.title}: ${part} differs\n  bare     ${JSON.stringify(expected?.[part])}\n  gowarden ${JSON.stringify(found?.[part])}`,
  )
  const way = wayIn(readFileSync(log, 'utf8'))
  return way === row.way ? texts : [...texts, `${row.title}: the table says ${row.way}, and it was ${way}`]
}

/** Variables of a row; RIG is the rig's folder, and an empty value of HOME means that it is not set. */
function rowEnv(rig: Rig, row: Row): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(row.env).map(([name, value]) => [
      name,
      name === 'HOME' && value === '' ? undefined : value.replaceAll('RIG', rig.folder),
    ]),
  )
}

/** What became of a command, from the launcher's own trace. */
function wayIn(trace: string): Way {
  if (!/: plan /.test(trace)) return 'passed on'
  return /words: .*ToolchainHash=go/.test(trace) ? 'stamped' : 'guarded'
}

function layFiles(rig: Rig): void {
  for (const folder of ['work', 'path', 'alone', 'modules', 'bin', 'own cache']) {
    rmSync(join(rig.folder, folder), {recursive: true, force: true})
  }
  mkdirSync(rig.work)
  writeFiles(rig.work, files)
}

/** An outcome without what no two runs of the same go share: times, temporary folders, and the IDs of what was built. */
function comparable(rig: Rig, row: Row, ended: Ended): Outcome {
  const settle = (text: string) =>
    withoutStamp(text)
      .replaceAll(/^gowarden: warning: .* \[STAMP_TOOLEXEC\]\n/gm, '')
      .replaceAll(/go-build\d+/g, 'go-build#')
      .replaceAll(/\b[\w-]{20}(\/[\w-]{20}){1,3}\b|-buildid \S*|"BuildID": "[^"]*"/g, 'ID')
      .replaceAll(/[0-9a-f]{2}\/[0-9a-f]{64}-d|\b[0-9a-f]{64}\b/g, 'HASH')
      .replaceAll(/\d+\.\d+s|"(Time|Elapsed)":("[^"]*"|[\d.]+)/g, 'TIME')
      .replaceAll(/\(cached\)/g, 'TIME')
  return {
    code: ended.code,
    signal: ended.signal,
    stdout: settle(row.isBuildLog ? buildLog(ended.stdout) : ended.stdout),
    stderr: settle(row.isBuildLog ? buildLog(ended.stderr) : ended.stderr),
    files: {
      ...filesBelow(rig.work, settle),
      ...filesBelow(join(rig.folder, 'bin'), settle),
      ...filesBelow(join(rig.folder, 'alone'), settle),
    },
  }
}

/** Takes out the two forms of the stamp, as one of a line's words, as a line of build info, and as a line of -json. */
function withoutStamp(text: string): string {
  return text
    .replaceAll(/^\tbuild\t-gcflags="?all=-(env|I)=ToolchainHash=\S+\n/gm, '')
    .replaceAll(/ "?'?-(env|I)=?,? ?"?ToolchainHash=[\w.@:+/=-]+"?'?/g, '')
}

/** -x and -n print the commands of go's own workers; which of them come first is chance, and so is -work's folder. */
function buildLog(text: string): string {
  return text.split('\n').sort().join('\n')
}

/** Every file below a folder: its mode and its text. Of a program, whether it is one: the stamp makes the rest another. */
function filesBelow(folder: string, settle: (text: string) => string, prefix = ''): Record<string, string> {
  if (!existsSync(folder)) return {}
  const found: Record<string, string> = {}
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    const stat = lstatSync(path)
    if (stat.isDirectory()) Object.assign(found, filesBelow(path, settle, `${prefix}${name}/`))
    else if (stat.isSymbolicLink()) found[prefix + name] = `link ${readlinkSync(path)}`
    else {
      const text = readFileSync(path)
      const isProgram =
        text.subarray(0, 4).toString('latin1') === '\x7fELF' || text.subarray(0, 7).toString() === '!<arch>'
      found[prefix + name] = `${stat.mode.toString(8)} ${isProgram ? 'program' : settle(text.toString())}`
    }
  }
  return found
}
