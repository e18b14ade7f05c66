/** `go list` knows ToolchainHash, as a field of a template and of JSON, and everything else it prints is go's own. */
import {spawn} from 'node:child_process'
import * as assert from 'uvu/assert'
import {machine, type Rig, root, withRig} from '../support/rig.ts'
import {withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

const files = {
  'go.mod': 'module listed\n\ngo 1.21\n',
  'main.go': 'package main\n\nimport "listed/sub"\n\nfunc main() { println(sub.Two) }\n',
  'sub/sub.go': 'package sub\n\nconst Two = 2\n',
  'sub/sub_test.go': 'package sub\n\nimport "testing"\n\nfunc TestTwo(*testing.T) {}\n',
}

/** Words behind `go list`, and what they print; HASH stands for the toolchain's. */
const printed: [words: string[], stdout: string][] = [
  [['-f', '{{.ToolchainHash}}'], 'HASH\n'],
  [['-f={{.ImportPath}} {{$.ToolchainHash}}', './...'], 'listed HASH\nlisted/sub HASH\n'],
  [['--f', '{{.ToolchainHash | printf "%q"}}'], '"HASH"\n'],
  [['-f', '{{if .ToolchainHash}}{{.Name}}{{end}}'], 'main\n'],
  [['-f', '{{printf "%s=%s" .Name .ToolchainHash}}'], 'main=HASH\n'],
  [['-f', '{{range .GoFiles}}{{.}} {{$.ToolchainHash}}{{end}}'], 'main.go HASH\n'],
  [['-f', '{{".ToolchainHash"}}{{/* .ToolchainHash */}}'], '.ToolchainHash\n'],
  [['-f', 'never', '-f', '{{.ToolchainHash}}'], 'HASH\n'],
  [['-test', '-deps', '-f', '{{if not .Standard}}{{.ToolchainHash}}{{end}}', '.'], 'HASH\nHASH\n'],
  [['-json=ToolchainHash'], '{\n\t"ToolchainHash": "HASH"\n}\n'],
  [['-json=Name,ToolchainHash', '.'], '{\n\t"ToolchainHash": "HASH",\n\t"Name": "main"\n}\n'],
  [
    ['-json=ToolchainHash,ImportPath', './...'],
    '{\n\t"ToolchainHash": "HASH",\n\t"ImportPath": "listed"\n}\n{\n\t"ToolchainHash": "HASH",\n\t"ImportPath": "listed/sub"\n}\n',
  ],
]

/** Words behind `go list` whose output, error and status are the bare go's. */
const untouched: string[][] = [
  [],
  ['./...'],
  ['-f', '{{.ImportPath}}\t{{.Name}}', './...'],
  ['-json=ImportPath,Name'],
  ['-json=Nothing'],
  ['-f', '{{.Module.ToolchainHash}}'],
  ['-f', '{{with .Module}}{{.ToolchainHash}}{{end}}'],
  ['-f', '{{.ToolchainHashes}}'],
  ['-f', '{{.ToolchainHash'],
  ['-m', '-f', '{{.ToolchainHash}}'],
  ['-m', '-json=ToolchainHash'],
  ['-f', '{{.ToolchainHash}}', '-m'],
  ['-f', '{{.Nothing}}', './absent'],
]

async function hashOf(rig: Rig): Promise<string> {
  const {stdout} = await rig.gowarden(['cache', 'status', '--json'])
  return JSON.parse(stdout).self.hash
}

suite('launcher/list', test => {
  test('prints ToolchainHash where it is asked for', async () => {
    await withWarmRig(async rig => {
      rig.write(files)
      const hash = await hashOf(rig)
      for (const [words, stdout] of printed) {
        const ended = await rig.go(['list', ...words])
        assert.is(ended.stderr, '', words.join(' '))
        assert.is(ended.stdout, stdout.replaceAll('HASH', hash), words.join(' '))
        assert.is(ended.code, 0)
      }
    })
  })

  test('prints everything else as the bare go does', async () => {
    await withWarmRig(async rig => {
      rig.write(files)
      for (const words of untouched) {
        assert.equal(await rig.go(['list', ...words]), await rig.bareGo(['list', ...words]), words.join(' '))
      }
    })
  })

  test('a package that is not there ends JSON as the bare go ends', async () => {
    await withWarmRig(async rig => {
      rig.write(files)
      const bare = await rig.bareGo(['list', '-json=ImportPath', './absent'])
      const ended = await rig.go(['list', '-json=ToolchainHash,ImportPath', './absent'])
      assert.is(bare.code, 1)
      assert.equal(ended, bare)
    })
  })

  test('names the toolchain that go.mod asks for', async () => {
    await withRig(async rig => {
      rig.write({...files, 'go.mod': 'module listed\n\ngo 1.21\n\ntoolchain go1.25.3\n'})
      const env = {GOTOOLCHAIN: 'go1.25.3+auto'}
      const ended = await rig.go(['list', '-f', '{{.ToolchainHash}} {{context.ReleaseTags | len}}'], {env})
      assert.match(ended.stdout, /^go1\.25\.3\.\w+-\w+@h1:\S+= 25\n$/, ended.stderr)
    })
  })

  test('what Node reads at its start reaches go and not the filter', async () => {
    await withWarmRig(async rig => {
      rig.write(files)
      const env = {
        NODE_OPTIONS: '--no-such-option',
        NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem',
        GOPACKAGESDRIVER: 'off',
      }
      const ended = await rig.go(['list', '-json=ToolchainHash'], {env})
      assert.is(ended.stderr, '')
      assert.match(ended.stdout, machine.version)
    })
  })

  test('a signal ends go, and the launcher by the same signal', async () => {
    await withWarmRig(async rig => {
      rig.write(files)
      // -toolexec would need a compile; a cgo-free wait is a GOCACHEPROG that never answers.
      const env = {...rig.env, PWD: rig.work, GOCACHEPROG: '/bin/sleep 60'}
      const child = spawn(`${root}/bin/go`, ['list', '-export', '-json=ToolchainHash'], {
        cwd: rig.work,
        env: {...env, GOWARDEN: undefined},
        stdio: ['ignore', 'ignore', 'ignore'],
      })
      await new Promise(resolve => setTimeout(resolve, 3000))
      const ended = new Promise(resolve => child.on('close', (code, signal) => resolve({code, signal})))
      child.kill('SIGTERM')
      assert.equal(await ended, {code: null, signal: 'SIGTERM'})
    })
  })
})
