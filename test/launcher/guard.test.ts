/** The whole way on real toolchains: stamp, owner, refusal, isolation. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, type Rig, root, runProgram, tiny, withRig} from '../support/rig.ts'
import {withFilledRig, withIsolatedRig, withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin, ownPackages} from '../support/twin.ts'

/** A program in two packages, each of which holds a word that the twin's compiler changes. */
const words = {
  'go.mod': 'module words\n\ngo 1.21\n',
  'main.go': 'package main\n\nimport "words/lib"\n\nfunc main() { print("unset", " ", lib.Word(), "\\n") }\n',
  'lib/lib.go': 'package lib\n\n//go:noinline\nfunc Word() string { return "unset" }\n',
  'lib/lib_test.go':
    'package lib\n\nimport "testing"\n\nfunc TestWord(t *testing.T) {\n\tif Word() != "un"+"set" {\n\t\tt.Fatal(Word())\n\t}\n}\n',
}

/** The launcher in front of the twin. */
function throughTwin(rig: Rig, twin: string, more: Record<string, string> = {}) {
  return {env: {PATH: `${root}/bin:${twin}/bin:${rig.env['PATH']}`, ...more}}
}

async function says(rig: Rig, file: string): Promise<string> {
  return (await runProgram(join(rig.work, file), [], {cwd: rig.work, env: rig.env})).stderr.trim()
}

async function stampOf(rig: Rig, file: string): Promise<string | undefined> {
  const {stdout} = await rig.bareGo(['version', '-m', file])
  return stdout.match(/ToolchainHash=(\S+?)"?$/m)?.[1]
}

suite('launcher/guard', test => {
  test('a twin of the same version on one cache', async () => {
    await withFilledRig(async rig => {
      rig.write(words)
      const twin = makeTwin(join(rig.folder, 'twin'))

      const first = await rig.go(['build', '-o', 'stock', '.'])
      assert.equal([first.code, first.stdout, first.stderr], [0, '', ''])
      assert.is(await says(rig, 'stock'), 'unset unset')
      const stock = await stampOf(rig, 'stock')
      assert.match(stock ?? '', new RegExp(`^${machine.version}\\.\\w+-\\w+@h1:.{43}=$`))

      // refused, with both GOROOTs, both hashes, and a command to copy
      const refused = await rig.go(['build', '-o', 'twin', '.'], throughTwin(rig, twin))
      assert.equal([refused.code, refused.stdout], [1, ''])
      assert.match(refused.stderr, /was populated by another GOROOT \[CACHE_FOREIGN\]/)
      assert.ok(refused.stderr.includes(`owner  ${stock}  ${machine.goroot}`), refused.stderr)
      assert.match(refused.stderr, new RegExp(`this +${machine.version}\\S+@h1:\\S+ +${twin}\n`))
      assert.match(refused.stderr, /hint: .*export GOWARDEN_CACHE=isolate/)
      assert.not(existsSync(join(rig.work, 'twin')))

      // under isolate each builds right
      const isolated = await rig.go(
        ['build', '-o', 'twin', '.'],
        throughTwin(rig, twin, {GOWARDEN_CACHE: 'isolate'}),
      )
      assert.equal([isolated.code, isolated.stderr], [0, ''])
      assert.is(await says(rig, 'twin'), 'PATCH PATCH')
      const twinStamp = await stampOf(rig, 'twin')
      assert.is.not(twinStamp, stock)

      // without the record, on one cache, the stamp alone keeps the objects apart, and a stale -o file is rebuilt
      rmSync(join(rig.cache, '00/gowarden-owner.json'))
      const onto = await rig.go(['build', '-o', 'stock', '.'], throughTwin(rig, twin))
      assert.equal([onto.code, onto.stderr], [0, ''])
      assert.is(await says(rig, 'stock'), 'PATCH PATCH')
      assert.is(await stampOf(rig, 'stock'), twinStamp)

      // and test results of one are not those of the other
      rmSync(join(rig.cache, '00/gowarden-owner.json'))
      const passed = await rig.go(['test', '-trimpath', './lib'])
      assert.is(passed.code, 0, passed.stdout + passed.stderr)
      assert.match((await rig.go(['test', '-trimpath', './lib'])).stdout, /\(cached\)/)
      rmSync(join(rig.cache, '00/gowarden-owner.json'))
      const failed = await rig.go(['test', '-trimpath', './lib'], throughTwin(rig, twin))
      assert.is(failed.code, 1)
      assert.match(failed.stdout, /PATCH/)
      assert.not.match(failed.stdout, /\(cached\)/)
    })
  })

  test('without gowarden the same twin ships the stock objects', async () => {
    await withFilledRig(async rig => {
      rig.write(words)
      const twin = makeTwin(join(rig.folder, 'twin'))
      assert.is((await rig.go(['build', '-o', 'stock', '.'], {env: {GOWARDEN: 'off'}})).code, 0)
      assert.is((await rig.go(['build', '-trimpath', '-o', 'first', '.'], {env: {GOWARDEN: 'off'}})).code, 0)
      const mixed = await rig.go(
        ['build', '-trimpath', '-o', 'mixed', '.'],
        throughTwin(rig, twin, {GOWARDEN: 'off'}),
      )
      assert.is(mixed.code, 0)
      assert.is(await says(rig, 'mixed'), 'unset unset')
    })
  })

  test('a cache that another Go version populated, unmarked', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const other = {GOTOOLCHAIN: 'go1.25.3'}
      assert.is((await rig.bareGo(['build', '-o', 'other', '.'], {env: other})).code, 0)

      const refused = await rig.go(['build', '.'])
      assert.is(refused.code, 1)
      assert.match(refused.stderr, /was populated by another GOROOT.* \[CACHE_UNMARKED_FOREIGN\]/)
      assert.match(refused.stderr, /found +[1-9]\d* objects of go1\.25\.3\n/)
      assert.match(refused.stderr, /gowarden cache adopt/)

      assert.is((await rig.go(['build', '.'], {env: {GOWARDEN_CACHE: 'isolate'}})).code, 0)
      rig.write({'.gowardenrc.yaml': 'cache: share\n'})
      const shared = await rig.go(['build', '.'])
      assert.equal([shared.code, shared.stderr], [0, ''])
      rmSync(join(rig.work, '.gowardenrc.yaml'))

      // both stand in the record now; adopting makes it ours
      assert.is((await rig.go(['build', '.'])).code, 0)
      const back = await rig.go(['build', '.'], {env: other})
      assert.is(back.code, 1)
      assert.match(back.stderr, /CACHE_FOREIGN/)
      const adopted = await rig.gowarden(['cache', 'adopt'], {env: other})
      assert.is(adopted.code, 0, adopted.stderr)
      assert.match(adopted.stdout, /owner now +go1\.25\.3\./)
      assert.is((await rig.go(['build', '-o', 'other', '.'], {env: other})).code, 0)
      assert.match((await stampOf(rig, 'other')) ?? '', /^go1\.25\.3\./)
    })
  })

  test('a compiler swapped in place, with its old size and time, is noticed by the next build', async () => {
    await withKnownRig(async rig => {
      rig.write(words)
      const twin = makeTwin(join(rig.folder, 'twin'))
      const through = throughTwin(rig, twin, {GOWARDEN_CACHE: 'isolate'})
      assert.is((await rig.go(['build', '-o', 'a', '.'], through)).code, 0)
      assert.is((await rig.go(['build', '-o', 'a', '.'], through)).code, 0)
      const before = await stampOf(rig, 'a')

      const swap = `for f in "$1"/pkg/tool/*/compile; do
        touch -r "$f" "$2"; sed 's/PATCH/XXXXX/' "$f" >"$2.new"; cat "$2.new" >"$f"; touch -r "$2" "$f"; done`
      assert.is(
        (
          await runProgram('sh', ['-c', swap, 'sh', twin, join(rig.folder, 'reference')], {
            cwd: rig.work,
            env: rig.env,
          })
        ).code,
        0,
      )

      assert.is((await rig.go(['build', '-o', 'a', '.'], through)).code, 0)
      assert.is.not(await stampOf(rig, 'a'), before)
      assert.is(await says(rig, 'a'), 'XXXXX XXXXX')
    })
  })

  test('a standard library that was edited in place is another toolchain at once, and takes its cache along', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      const twin = makeTwin(join(rig.folder, 'twin'))
      ownPackages(twin, ['errors'])
      const through = throughTwin(rig, twin)
      const list = () => rig.go(['list', '-f', '{{.ToolchainHash}}', '.'], through)
      const before = await list()
      assert.equal([before.code, before.stderr], [0, ''])
      writeFileSync(join(twin, 'src/errors/zz.go'), 'package errors\n')
      const after = await list()
      assert.is(after.code, 0, after.stderr)
      assert.match(after.stderr, /^gowarden: warning: GOROOT \S.* changed in place.*\[CACHE_PASSED\]/)
      assert.is.not(after.stdout, before.stdout)
      assert.equal((await list()).stderr, '')

      // Its compiler too: now nothing says which one made an object.
      for (const platform of readdirSync(join(twin, 'pkg/tool')))
        appendFileSync(join(twin, 'pkg/tool', platform, 'compile'), '# another\n')
      writeFileSync(join(twin, 'src/errors/zz.go'), 'package errors // again\n')
      const swapped = await list()
      assert.is(swapped.code, 1)
      assert.match(swapped.stderr, /CACHE_FOREIGN/)
    })
  })

  test('a GOROOT upgraded in place takes its cache along', async () => {
    await withFilledRig(async rig => {
      rig.write(tiny)
      assert.is((await rig.go(['build', '.'])).code, 0)
      const record = join(rig.cache, '00/gowarden-owner.json')
      const before = 'go1.0.0.linux-amd64@h1:nm4Il5pypT+vEB1UPY4e+r1p/0HoRr/2jjj+dwb8KhA='
      const owner = {hash: before, goroot: machine.goroot, version: 'go1.0.0'}
      writeFileSync(record, JSON.stringify({format: 1, owners: [owner]}))
      const passed = await rig.go(['build', '.'])
      assert.is(passed.code, 0)
      assert.match(passed.stderr, /changed in place.*\[CACHE_PASSED\]/)
      assert.equal((await rig.go(['build', '.'])).stderr, '')
      assert.is(JSON.parse(readFileSync(record, 'utf8')).owners[0].version, machine.version)
    })
  })

  test('thirty-two first builds at once claim a cache once', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      // The toolchain is known already and listing compiles nothing, so the thirty-two meet at the claim.
      const ended = await Promise.all(Array.from({length: 32}, () => rig.go(['list', '.'])))
      assert.equal(
        [...new Set(ended.map(({code, stdout, stderr}) => `${code} ${stdout.trim()} ${stderr}`))],
        ['0 tiny '],
      )
      assert.is(JSON.parse(readFileSync(join(rig.cache, '00/gowarden-owner.json'), 'utf8')).owners.length, 1)
    })
  })

  test('of two twins that come first at once, one is refused', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const twin = makeTwin(join(rig.folder, 'twin'))
      const ended = await Promise.all(
        Array.from({length: 8}, (_, index) =>
          rig.go(['list', '.'], index % 2 === 0 ? {} : throughTwin(rig, twin)),
        ),
      )
      const codes = ended.map(({code}) => code)
      const [stock, other] = [
        codes.filter((_, index) => index % 2 === 0),
        codes.filter((_, index) => index % 2 === 1),
      ]
      assert.equal([[...new Set(stock)], [...new Set(other)]].sort(), [[0], [1]])
    })
  })

  test('a tool that needs no building runs on any cache, one that go builds does not', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const twin = makeTwin(join(rig.folder, 'twin'))
      assert.is((await rig.go(['list', '.'])).code, 0)
      const ready = await rig.go(['tool', 'compile', '-V'], throughTwin(rig, twin))
      assert.equal([ready.code, ready.stderr], [0, ''])
      const built = await rig.go(['tool', 'example.com/mine'], throughTwin(rig, twin))
      assert.is(built.code, 1)
      assert.match(built.stderr, /CACHE_FOREIGN/)
    })
  })

  test('go env and go clean mean the cache that builds use', async () => {
    await withIsolatedRig(async rig => {
      rig.write({...tiny, '.gowardenrc.yaml': 'cache: isolate\n'})
      assert.is((await rig.go(['build', '.'])).code, 0)
      const own = (await rig.go(['env', 'GOCACHE'])).stdout.trim()
      assert.ok(own.startsWith(`${rig.cache}/gowarden/${machine.version}.`), own)
      assert.ok(existsSync(join(own, '00/gowarden-owner.json')))
      mkdirSync(join(rig.cache, '00'), {recursive: true})
      assert.is((await rig.go(['clean', '-cache'])).code, 0)
      assert.not(existsSync(join(own, '00')))
      assert.ok(existsSync(join(rig.cache, '00')), 'the shared cache is left alone')
      assert.is((await rig.go(['env', 'GOFLAGS'])).stdout.trim(), '')
    })
  })
})
