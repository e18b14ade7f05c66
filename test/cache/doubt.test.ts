/** A compiler that is replaced while a build runs: what it made under the other one's stamp is not served without a word. */
import {existsSync, renameSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, type Rig, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {makeTwin, writeProgram} from '../support/twin.ts'

/** Packages that are compiled one after another. */
const chain = {
  'go.mod': 'module chain\n\ngo 1.21\n',
  ...Object.fromEntries(
    [0, 1, 2, 3, 4].map(at => [
      `p${at}/p.go`,
      `package p${at}\n\n${at === 0 ? '' : `import _ "chain/p${at - 1}"\n\n`}func init() { println("unset") }\n`,
    ]),
  ),
  'main.go': 'package main\n\nimport _ "chain/p4"\n\nfunc main() {}\n',
}

/** A compiler that takes its time with the chain, and leaves a mark when it has begun; sed is what becomes of the sources. */
function slowCompiler(original: string, mark: string, sed: string): string {
  return `#!/bin/sh
case "$*" in *-V=full*) exec '${original}' "$@" ;; esac
case "$*" in *chain/p*) : >'${mark}'; sleep 0.3 ;; esac
for word; do
  shift
  case $word in
    *p[0-9]/p.go) copy=$(mktemp -d)/p.go; sed '${sed}' "$word" >"$copy"; word=$copy ;;
  esac
  set -- "$@" "$word"
done
exec '${original}' "$@"
`
}

type Swap = {rig: Rig; env: Record<string, string>; swap(): void; swapBack(): void}

/** Runs `body` after a build under which the compiler was swapped, once the first package of the chain was being compiled. */
async function withSwapped(body: (swap: Swap) => Promise<void>): Promise<void> {
  await withRig(async rig => {
    const mark = join(rig.folder, 'mark')
    const [aside, other] = [join(rig.folder, 'aside'), join(rig.folder, 'other')]
    let original = ''
    const goroot = makeTwin(join(rig.folder, 'goroot'), {
      compiler: path => {
        original = path
        return slowCompiler(path, mark, '')
      },
    })
    writeProgram(other, slowCompiler(original, mark, 's/"unset"/"PATCH"/'))
    const compiler = original.replace(machine.goroot, goroot)
    rig.write(chain)
    const env = {PATH: (rig.env['PATH'] ?? '').replace(`${machine.goroot}/bin`, `${goroot}/bin`)}
    // The toolchain is known and the runtime compiled before.
    assert.is((await rig.go(['build', 'runtime'], {env})).code, 0)
    rmSync(mark, {force: true})
    const build = rig.go(['build', '-p', '1', '-o', 'one', '.'], {env})
    while (!existsSync(mark)) await new Promise(resolve => setTimeout(resolve, 20))
    const swap = () => {
      renameSync(compiler, aside)
      renameSync(other, compiler)
    }
    swap()
    const {code, stderr} = await build
    assert.is(code, 0, stderr)
    await body({
      ...{rig, env, swap},
      swapBack: () => {
        renameSync(compiler, other)
        renameSync(aside, compiler)
      },
    })
  })
}

suite('cache/doubt', test => {
  test('with the first compiler back, unseen in between: refused, with times and a number, until somebody adopts', async () => {
    await withSwapped(async ({rig, env, swapBack}) => {
      swapBack()
      const again = await rig.go(['build', '-o', 'two', '.'], {env})
      assert.is(again.code, 1)
      assert.match(
        again.stderr,
        /^gowarden: error: the tools of GOROOT .* may come from the others \[CACHE_IN_DOUBT\]/,
      )
      assert.match(again.stderr, /; [1-9]\d* objects of GOCACHE/)
      assert.match(again.stderr, /since {4}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/)
      assert.is((await rig.go(['build', '-o', 'two', '.'], {env})).code, 1, 'it is not forgotten')
      assert.is((await rig.gowarden(['cache', 'adopt'], {env})).code, 0)
      const adopted = await rig.go(['build', '-o', 'two', '.'], {env})
      assert.equal([adopted.code, adopted.stderr], [0, ''])
    })
  })

  test('a plan with the other compiler notes it for the first, and go clean -cache ends it', async () => {
    await withSwapped(async ({rig, env, swapBack}) => {
      const meanwhile = await rig.go(['build', '-o', 'two', '.'], {env})
      assert.match(meanwhile.stderr, '[CACHE_FOREIGN]')
      assert.match(meanwhile.stderr, '[CACHE_IN_DOUBT]')
      swapBack()
      assert.match((await rig.go(['build', '-o', 'two', '.'], {env})).stderr, '[CACHE_IN_DOUBT]')
      assert.is((await rig.go(['clean', '-cache'], {env})).code, 0)
      const clean = await rig.go(['build', '-o', 'two', '.'], {env})
      assert.equal([clean.code, clean.stderr], [0, ''])
    })
  })
})
