/** The standalone executable: it does what Node does, and takes nothing of the folder it is started in for code or settings. */
import {cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {buildEngine, bunHere, bunTarget} from '../scripts/engine.js'
import {machine, type Rig, root, runProgram, tiny} from './support/rig.ts'
import {withWarmRig} from './support/shells.ts'
import {suite} from './support/suite.ts'
import {directoryOfProcess} from './support/temporary.ts'

const bun = bunHere()

/** What Bun, or a Node in its place, would run or read of a working directory. */
const hostile = {
  '.env': 'GOWARDEN_CACHE=nonsense\nBUN_OPTIONS=--preload=./evil.js\n',
  '.env.local': 'GOWARDEN_LEVELS=nonsense\n',
  '.env.production': 'GOWARDEN_LEVELS=nonsense\n',
  'bunfig.toml': 'preload = ["./evil.js"]\n[run]\npreload = ["./evil.js"]\n',
  'package.json': '{"name": "evil", "main": "./evil.js", "imports": {"#*": "./evil.js"}}\n',
  'tsconfig.json':
    '{"compilerOptions": {"paths": {"*": ["./evil.js"]}, "baseUrl": ".", "jsxImportSource": "evil"}}\n',
  'jsconfig.json': '{"compilerOptions": {"paths": {"*": ["./evil.js"]}}}\n',
  'evil.js': 'console.log("EVIL"); process.exit(3)\n',
  'node_modules/bun/index.js': 'console.log("EVIL")\n',
  'node_modules/cosmiconfig/index.js': 'console.log("EVIL")\n',
  'zip-worker.cjs': 'console.log("EVIL")\n',
}

const variables: Record<string, string> = {
  BUN_OPTIONS: '--preload ./evil.js',
  BUN_BE_BUN: '1',
  BUN_INSPECT_PRELOAD: './evil.js',
  BUN_CONFIG_FILE: './bunfig.toml',
  NODE_OPTIONS: '--require ./evil.js',
}

let made: Promise<string> | undefined

/** A package as `npm ci` leaves it, with the executable and without what only Node runs; made once. */
function packageFolder(): Promise<string> {
  made ??= (async () => {
    const folder = join(directoryOfProcess('gowarden engine '), 'package')
    for (const name of ['bin', 'config', 'docs', 'hooks'])
      cpSync(join(root, name), join(folder, name), {recursive: true})
    mkdirSync(join(folder, 'dist'))
    if (bun === undefined) throw new Error('only called where it is there')
    const target = bunTarget(process.platform, process.arch)
    await buildEngine({bun, runtime: bun, target, out: join(folder, 'dist/gowarden'), version: '1.2.3'})
    return folder
  })()
  return made
}

/** The rig's environment with the package's launcher first on PATH and no Node. */
async function standalone(rig: Rig): Promise<Rig['env']> {
  const folder = await packageFolder()
  return {...rig.env, PATH: `${folder}/bin:${machine.goroot}/bin:/usr/bin:/bin`}
}

const missing = bun === undefined ? 'npm brought no bun for this machine' : undefined

suite('engine', test => {
  test.unless(missing, 'guards a build without Node, and the second one by its stored plan', async () => {
    await withWarmRig(async rig => {
      const env = {...(await standalone(rig)), GOWARDEN_DEBUG: '1'}
      const go = `${await packageFolder()}/bin/go`
      rig.write(tiny)
      await new Promise(resolve => setTimeout(resolve, 50)) // what changed a moment ago is not remembered
      const first = await runProgram(go, ['build', '-o', 'x', '.'], {cwd: rig.work, env})
      assert.match(first.stderr, /plan with .*\/dist\/gowarden\n/)
      assert.is(first.code, 0, first.stderr)
      const second = await runProgram(go, ['build', '-o', 'x', '.'], {cwd: rig.work, env})
      assert.match(second.stderr, / is fresh\n/)
      const shown = await rig.bareGo(['version', '-m', 'x'])
      assert.match(shown.stdout, /ToolchainHash=go\S+@h1:/)
    })
  })

  for (const words of [
    ['build', './...'],
    ['test', '-gcflags=all=-N -l', '.'],
    ['list', '-json=ToolchainHash,Name', '.'],
    ['vet', '.'],
  ]) {
    test.unless(missing, `go ${words.join(' ')} prints what it prints under Node`, async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const env = await standalone(rig)
        const trace = {GOWARDEN_DEBUG: join(rig.folder, 'trace')}
        const one = await runProgram(`${await packageFolder()}/bin/go`, words, {
          cwd: rig.work,
          env: {...env, ...trace},
        })
        const other = await rig.go(words)
        assert.equal([one.code, one.stdout], [other.code, other.stdout], one.stderr + other.stderr)
      })
    })
  }

  test.unless(
    missing,
    'nothing of a hostile folder and of variables for Bun or Node is run or read',
    async () => {
      await withWarmRig(async rig => {
        const env = await standalone(rig)
        const folder = await packageFolder()
        const run = (file: string, words: string[], cwd: string, more = {}) =>
          runProgram(`${folder}/bin/${file}`, words, {cwd, env: {...env, ...more}})
        const place = join(rig.folder, 'repository')
        mkdirSync(place)
        rig.write(tiny)
        cpSync(rig.work, place, {recursive: true})
        for (const [name, text] of Object.entries(hostile)) {
          mkdirSync(join(place, name, '..'), {recursive: true})
          writeFileSync(join(place, name), text)
        }
        const commands: [string, string[]][] = [
          ['gowarden', ['--version']],
          ['gowarden', ['policy', '--json']],
          ['gowarden', ['explain', 'VENDOR_EDITED']],
          ['go', ['list', '-json=ToolchainHash', '.']],
          ['go', ['build', '-o', '/dev/null', '.']],
        ]
        for (const [file, words] of commands) {
          const clean = await run(file, words, rig.work)
          assert.is(clean.code, 0, clean.stderr)
          for (const more of [{}, ...Object.entries(variables).map(([name, value]) => ({[name]: value}))]) {
            const met = await run(file, words, place, more)
            const what = `${file} ${words.join(' ')} with ${JSON.stringify(more)}: ${met.stdout}${met.stderr}`
            assert.is(met.code, 0, what)
            assert.not.match(met.stdout + met.stderr, /EVIL/, what)
            if (words[0] !== 'policy') assert.is(met.stdout, clean.stdout, what)
          }
        }
      })
    },
  )

  test.unless(
    missing,
    'what bin/gowarden.sh tells Bun is for this program, and for none that it starts',
    async () => {
      await withWarmRig(async rig => {
        const env = {...(await standalone(rig)), BUN_OPTIONS: ''}
        const words = ['why', '--', 'sh', '-c', 'env | grep ^BUN_JSC; echo asked']
        const {stdout} = await runProgram(`${await packageFolder()}/bin/gowarden`, words, {
          cwd: rig.work,
          env,
        })
        assert.match(stdout, /^asked$/m)
        assert.not.match(stdout, /BUN_JSC/)
      })
    },
  )

  test.unless(
    missing,
    'a link to bin/gowarden finds its package; enable records no Node where there is none',
    async () => {
      await withWarmRig(async rig => {
        const env = await standalone(rig)
        const link = join(rig.folder, 'link')
        symlinkSync(`${await packageFolder()}/bin/gowarden`, link)
        assert.is((await runProgram(link, ['--version'], {cwd: rig.work, env})).stdout, '1.2.3\n')
        const into = join(rig.folder, 'enabled')
        const enabled = await runProgram(link, ['enable', into], {cwd: rig.work, env})
        assert.is(enabled.code, 0, enabled.stderr)
        const path = {...env, PATH: `${into}:${machine.goroot}/bin:/usr/bin:/bin`}
        rig.write(tiny)
        const built = await runProgram(`${into}/go`, ['build', '-o', 'x', '.'], {cwd: rig.work, env: path})
        assert.is(built.code, 0, built.stderr)
        assert.match((await rig.bareGo(['version', '-m', 'x'])).stdout, /ToolchainHash=/)
      })
    },
  )

  test.unless(
    missing,
    'an executable that is gone leaves Node, or a refusal that names what is missing',
    async () => {
      await withWarmRig(async rig => {
        const env = await standalone(rig)
        const folder = await packageFolder()
        rig.write(tiny)
        renameSync(`${folder}/dist/gowarden`, `${folder}/dist/gone`)
        try {
          const met = await runProgram(`${folder}/bin/go`, ['build', '.'], {cwd: rig.work, env})
          assert.is(met.code, 70)
          assert.match(met.stderr, /planner\.cjs, is missing/)
        } finally {
          renameSync(`${folder}/dist/gone`, `${folder}/dist/gowarden`)
        }
      })
    },
  )
})
