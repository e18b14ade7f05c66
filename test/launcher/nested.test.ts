/**
 * Programs that go starts, and that start go: no loop, no second stamp, no stamp of another toolchain, and no planner where the
 * plan of the outer command holds. Whether they meet the launcher again depends on the Go version, which often puts
 * GOROOT/bin first on their PATH; both ways are in order.
 */
import {existsSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Ended, machine, type Rig, root, runProgram, withoutWaits, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {directoryOfProcess} from '../support/temporary.ts'
import {writeProgram} from '../support/twin.ts'

/** A program that builds the package `inner` with the go it finds, lists it, and passes on what that says. */
const caller = `package main

import (
	"os"
	"os/exec"
)

func run(words ...string) {
	command := exec.Command("go", words...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		os.Exit(3)
	}
}

func main() {
	run("build", "-o", os.Getenv("NESTED_OUT"), "nested/inner")
	run("list", "nested/inner")
}
`

const files = {
  'go.mod': 'module nested\n\ngo 1.21\n',
  'main.go': 'package main\n\n//go:generate go run nested/caller\n\nfunc main() { println(1) }\n',
  'main_test.go':
    'package main\n\nimport (\n\t"os"\n\t"os/exec"\n\t"testing"\n)\n\nfunc TestNested(t *testing.T) {\n\tout, err := exec.Command("go", "build", "-o", os.Getenv("NESTED_OUT"), "nested/inner").CombinedOutput()\n\tif err != nil || len(out) > 0 {\n\t\tt.Fatal(err, string(out))\n\t}\n}\n',
  'caller/main.go': caller,
  'inner/main.go': 'package main\n\nfunc main() { println("inner") }\n',
}

/** A -toolexec program in sh: it asks go something and becomes the tool, as garble does. */
const toolexec =
  '#!/bin/sh\n(cd "$NESTED_WORK" && go list nested/inner) >>"$NESTED_TOLD" || exit 3\nexec "$@"\n'

/** How a program is started that starts go, and the Go versions it is tried on. */
const ways: [name: string, words: string[], versions: string[]][] = [
  ['go run', ['run', './caller'], ['go1.21.13', 'local']],
  ['go generate', ['generate', '.'], ['go1.21.13', 'local']],
  ['go test', ['test', '-count=1', '.'], ['go1.21.13', 'local']],
  ['go test -exec', ['test', '-count=1', '-exec', 'env', '.'], ['local']],
  ['go tool of go.mod', ['tool', 'caller'], ['local']],
]

suite('launcher/nested', test => {
  for (const [name, words, versions] of ways) {
    for (const version of versions) {
      test(`${name}, Go ${version === 'local' ? machine.version : version}`, async () => {
        await withCaches(async (rig, shared) => {
          rig.write(files)
          if (words[0] === 'tool') rig.write({'go.mod': 'module nested\n\ngo 1.24\n\ntool nested/caller\n'})
          const out = join(rig.folder, 'inner')
          const env = {...shared, GOTOOLCHAIN: version, NESTED_OUT: out}
          // The first command that meets a toolchain downloads it, and says so.
          await bare(rig, ['version'], {env})
          const alone = await bare(rig, words, {env})
          assert.is(alone.code, 0, alone.stderr)
          rmSync(out)
          assert.equal(untimed(await steady(rig, words, env)), untimed(alone))
          await assertTrue(rig, out, env)
        })
      })
    }
  }

  test('go vet -vettool: the tool asks go in each package', async () => {
    await withCaches(async (rig, shared) => {
      rig.write(files)
      const tool = join(rig.folder, 'vettool')
      writeProgram(
        tool,
        `#!/bin/sh\ncase $* in *-V=full*) echo "vettool version v1"; exit ;; *-flags*) echo '[]'; exit ;; esac\ncase $PWD in "$NESTED_WORK"*) ;; *) exit ;; esac\ngo env GOROOT >>"$NESTED_TOLD" && go list . >>"$NESTED_TOLD"\n`,
      )
      const told = join(rig.folder, 'told')
      const env = {...shared, NESTED_TOLD: told, NESTED_WORK: rig.work}
      const alone = await bare(rig, ['vet', `-vettool=${tool}`, './...'], {env})
      const bareTold = readFileSync(told, 'utf8')
      rmSync(told)
      const words = ['vet', `-vettool=${tool}`, './...']
      assert.equal(await steady(rig, words, env, () => rmSync(told, {force: true})), alone)
      assert.equal(readFileSync(told, 'utf8').split('\n').sort(), bareTold.split('\n').sort())
    })
  })

  test('go build -toolexec: the program asks go before each tool, and the stamp is in the binary once', async () => {
    await withCaches(async (rig, shared) => {
      rig.write(files)
      writeProgram(join(rig.folder, 'asker'), toolexec)
      const told = join(rig.folder, 'told')
      // A path with a space in it would be two words of -toolexec.
      const env = {
        ...shared,
        NESTED_TOLD: told,
        NESTED_WORK: rig.work,
        GOFLAGS: '-toolexec=asker',
        PATH: `${rig.env['PATH']}:${rig.folder}`,
      }
      // Planned each time: the stamp names the program by what it holds now.
      const {ended} = await traced(rig, ['build', '-o', 'out', './inner'], env)
      assert.equal([ended.code, ended.stdout], [0, ''])
      assert.match(ended.stderr, /^gowarden: warning: -toolexec=asker .*\[STAMP_TOOLEXEC\]\n$/)
      assert.ok(existsSync(told))
      await assertTrue(rig, join(rig.work, 'out'), env, 1)
    })
  })

  test('go test -coverpkg and go doc, which start go themselves', async () => {
    await withCaches(async (rig, shared) => {
      rig.write(files)
      const env = {...shared, NESTED_OUT: join(rig.folder, 'inner')}
      // Of the toolchains of this suite the one that asks another for covdata.
      for (const words of [
        ['test', '-count=1', '-coverpkg=./...', '-coverprofile', '/dev/null', '.', './inner'],
        ['doc', 'strings.Cut'],
      ]) {
        const alone = await bare(rig, words, {env: {...env, GOTOOLCHAIN: 'go1.25.3'}})
        const ended = await steady(rig, words, {...env, GOTOOLCHAIN: 'go1.25.3'})
        assert.equal(untimed(ended), untimed(alone), words.join(' '))
      }
    })
  })

  test('a program that passes its own -gcflags on gets one stamp', async () => {
    await withCaches(async (rig, shared) => {
      rig.write(files)
      const build = `go build -o out "-gcflags=all=-N -l" ./inner && go build -o again "-gcflags=$(go version -m out | sed -n 's/.*-gcflags=//p' | tr -d '"')" ./inner`
      const ended = await runProgram('sh', ['-c', build], {cwd: rig.work, env: {...rig.env, ...shared}})
      assert.is(ended.code, 0, ended.stderr)
      await assertTrue(rig, join(rig.work, 'out'), shared, 1)
      await assertTrue(rig, join(rig.work, 'again'), shared, 1)
    })
  })
})

/** The real go where no launcher is on PATH, so that what it starts meets none either. */
async function bare(rig: Rig, words: string[], {env}: {env: Record<string, string>}): Promise<Ended> {
  const PATH = (rig.env['PATH'] ?? '').replace(`${root}/bin:`, '')
  return await rig.bareGo(words, {env: {PATH, ...env}})
}

/**
 * Runs the command until it, and whatever it starts, makes no plan any more, and returns how it ended then: what was written a
 * moment ago keeps a plan from being stored, and a cache of its own is another environment for what go starts.
 */
async function steady(
  rig: Rig,
  words: string[],
  env: Record<string, string>,
  before: () => void = () => undefined,
): Promise<Ended> {
  const counts: number[] = []
  for (let run = 0; run < 8; run += 1) {
    before()
    const {ended, planned} = await traced(rig, words, env)
    if (planned === 0) return ended
    counts.push(planned)
  }
  throw new Error(`plans are made each time: ${counts.join(', ')}`)
}

/** Runs go through the launcher and counts the plans that it, and every launcher below it, had to make. */
async function traced(
  rig: Rig,
  words: string[],
  env: Record<string, string>,
): Promise<{ended: Ended; planned: number}> {
  const trace = join(rig.folder, 'trace')
  rmSync(trace, {force: true})
  const ended = await rig.go(words, {env: {...env, GOWARDEN_DEBUG: trace}})
  const lines = existsSync(trace) ? readFileSync(trace, 'utf8') : ''
  // A busy machine makes the first command say why it takes so long.
  ended.stderr = withoutWaits(ended.stderr)
  return {ended, planned: lines.match(/plan with /g)?.length ?? 0}
}

/** `ok  	nested	0.012s` without its time. */
function untimed({code, stdout, stderr}: Ended): unknown[] {
  return [code, stdout.replace(/\t(\d+\.\d+s|\(cached\))/g, ''), stderr]
}

/** What a binary says is so: a stamp, where there is one, is one, and names the Go that compiled it. */
async function assertTrue(
  rig: Rig,
  file: string,
  env: Record<string, string>,
  count?: number,
): Promise<void> {
  const {stdout} = await bare(rig, ['version', '-m', file], {env})
  const compiled = stdout.match(/: (go\S+)/)?.[1] ?? 'none'
  const stamps = [...stdout.matchAll(/ToolchainHash=(\S+?)\.\w+-\w+@h1:/g)].map(match => match[1])
  assert.ok(stamps.length <= 1 && stamps.every(stamp => stamp === compiled), stdout)
  if (count !== undefined) assert.is(stamps.length, count, stdout)
}

let folder: string | undefined

/** Runs `body` in a fresh rig whose caches, one for each toolchain, are those of every case of this process. */
async function withCaches(body: (rig: Rig, shared: Record<string, string>) => Promise<void>): Promise<void> {
  folder ??= directoryOfProcess('gowarden nested ')
  const shared = {
    GOCACHE: join(folder, 'go-build'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    GOWARDEN_CACHE: 'isolate',
  }
  await withRig(rig => body(rig, shared))
}
