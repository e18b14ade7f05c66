/** gowarden inspect as it is called: files, directories and images through --require, and what it prints and ends with. */
import {execFileSync} from 'node:child_process'
import {cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, type Rig, tiny, writeFiles} from '../support/rig.ts'
import {withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {zipOf} from '../support/zip.ts'

/** `good` is stamped and `plain` is not; `tree` has both, and `image.tar` a layer with both. */
async function makeBinaries(rig: Rig): Promise<string> {
  rig.write(tiny)
  assert.is((await rig.go(['build', '-o', 'good', '.'])).code, 0)
  unstamp(join(rig.work, 'good'), join(rig.work, 'plain'))
  const [binary] = JSON.parse((await rig.gowarden(['inspect', '--json', 'good'])).stdout)
  mkdirSync(join(rig.work, 'tree/sub'), {recursive: true})
  mkdirSync(join(rig.work, 'image'))
  cpSync(join(rig.work, 'good'), join(rig.work, 'tree/good'))
  cpSync(join(rig.work, 'plain'), join(rig.work, 'tree/sub/plain'))
  execFileSync('tar', ['-C', join(rig.work, 'tree'), '-cf', join(rig.work, 'image/layer.tar'), '.'])
  writeFileSync(join(rig.work, 'image/manifest.json'), '[{"RepoTags":["x:1"],"Layers":["layer.tar"]}]')
  execFileSync('tar', ['-C', join(rig.work, 'image'), '-cf', join(rig.work, 'image.tar'), '.'])
  return binary.stamp.hash
}

/** Compiling without a stamp would compile the runtime again. */
function unstamp(from: string, to: string): void {
  const bytes = readFileSync(from)
  for (let at = bytes.indexOf('-env=ToolchainHash'); at >= 0; at = bytes.indexOf('-env=ToolchainHash'))
    bytes.write('-env=Toolchain.ash', at)
  writeFileSync(to, bytes)
}

suite('verbs/inspect', test => {
  test('--require: exit 1 and a table of what does not fit, for files, directories and images', async () => {
    await withWarmRig(async rig => {
      const hash = await makeBinaries(rig)
      const other = hash.replace('@h1:', '@h1:A').replace(/.=$/, '=')
      const one = '1 binary, all as required: '
      const rows: [words: string[], code: number, stdout: string][] = [
        [['stamped', 'good'], 0, `${one}stamped\n`],
        [[hash, 'good', 'tree/good'], 0, `2 binaries, all as required: ${hash}\n`],
        [['stamped', 'plain'], 1, 'plain  not stamped\n1 of 1 binary not as required: stamped\n'],
        [[other, 'good'], 1, `good  built by ${hash}\n1 of 1 binary not as required: ${other}\n`],
        [
          ['stamped', 'good', 'plain', 'go.mod', 'nowhere'],
          1,
          'plain    not stamped\ngo.mod   not a Go binary: it is not an ELF, Mach-O or PE file\nnowhere  no such file\n3 of 4 binaries not as required: stamped\n',
        ],
        [['stamped', 'tree'], 1, 'tree/sub/plain  not stamped\n1 of 2 binaries not as required: stamped\n'],
        [
          ['stamped', 'image.tar'],
          1,
          'image.tar:/sub/plain  not stamped\n1 of 2 binaries not as required: stamped\n',
        ],
        [['policy', 'good'], 0, `${one}policy\n`],
        [['policy', 'plain'], 1, 'plain  not stamped\n1 of 1 binary not as required: policy\n'],
      ]
      for (const [words, code, stdout] of rows) {
        const ended = await rig.gowarden(['inspect', '--require', ...words])
        assert.equal([words, ended], [words, {code, signal: null, stdout, stderr: ''}])
      }
      const {stdout, code} = await rig.gowarden(['inspect', '--json', '--require', 'stamped', 'tree'])
      const {misfits, inspections} = JSON.parse(stdout)
      assert.equal([code, misfits], [1, [{file: 'tree/sub/plain', reason: 'not stamped'}]])
      assert.is(inspections.length, 2)
    })
  })

  test('--require policy asks for what the policy here says', async () => {
    await withWarmRig(async rig => {
      await makeBinaries(rig)
      const minor = machine.version.match(/^go1\.\d+/)?.[0] ?? ''
      const rows: [policy: string, code: number, stdout: RegExp][] = [
        [`toolchain: {version: ${minor}.x}\n`, 0, /all as required/],
        [
          'toolchain: {version: go1.20.x}\n',
          1,
          /^good {2}built by \S+, and policy requires go1\.20\.x \(.*:1\)/,
        ],
      ]
      for (const [policy, code, stdout] of rows) {
        rig.write({'.gowardenrc.yaml': policy})
        const ended = await rig.gowarden(['inspect', '--require', 'policy', 'good'])
        assert.is(ended.code, code, ended.stdout + ended.stderr)
        assert.match(ended.stdout, stdout)
      }
    })
  })

  test('--require lock: a release is what gowarden.lock, go.sum, Git and policy say', async () => {
    await withWarmRig(async rig => {
      const proxy = join(rig.folder, 'proxy')
      const dep = {
        'go.mod': 'module example.com/dep\n\ngo 1.21\n',
        'dep.go': 'package dep\n\nconst Name = "dep"\n',
      }
      writeFiles(join(proxy, 'example.com/dep/@v'), {
        list: 'v1.0.0\n',
        'v1.0.0.info': '{"Version":"v1.0.0"}',
        'v1.0.0.mod': dep['go.mod'],
      })
      const entries = Object.entries(dep).map(([name, content]) => ({
        name: `example.com/dep@v1.0.0/${name}`,
        content,
      }))
      writeFileSync(join(proxy, 'example.com/dep/@v/v1.0.0.zip'), zipOf(entries))
      const env = {
        GOPROXY: `file://${proxy.replaceAll(' ', '%20')}`,
        GONOSUMDB: 'example.com',
        GOMODCACHE: join(rig.folder, 'modules'),
        GOFLAGS: '-modcacherw -buildvcs=auto',
      }
      const git = (...words: string[]) =>
        execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...words], {cwd: rig.work})
      const build = async (out: string, ...words: string[]) => {
        const built = await rig.go(['build', '-o', `../${out}`, ...words, '.'], {env})
        assert.is(built.code, 0, built.stderr)
      }
      const judge = async (out: string) => {
        const {code, stdout, stderr} = await rig.gowarden(['inspect', '--require', 'lock', `../${out}`], {
          env,
        })
        return [code, stdout.split('\n').slice(0, -2).join('\n'), stderr] as const
      }
      const refused = async (out: string, reason: RegExp) => {
        const [code, stdout, stderr] = await judge(out)
        assert.equal([out, code, stderr], [out, 1, ''])
        assert.match(stdout, reason)
      }
      rig.write({
        'go.mod': 'module example.com/app\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n',
        'main.go': 'package main\n\nimport "example.com/dep"\n\nfunc main() { println(dep.Name) }\n',
      })
      assert.is((await rig.bareGo(['mod', 'tidy'], {env})).code, 0)
      git('init', '-q')
      git('add', '.')
      git('commit', '-qm', 'x')
      await build('good')
      await build('tagged', '-tags=x')
      await build('through', '-toolexec=/usr/bin/env')
      unstamp(join(rig.folder, 'good'), join(rig.folder, 'plain'))

      const missing = await rig.gowarden(['inspect', '--require', 'lock', '../good'], {env})
      assert.equal([missing.code, missing.stdout], [2, ''])
      assert.match(missing.stderr, /there is no gowarden\.lock .*\n.*hint: gowarden lock$/m)
      const [{stamp}] = JSON.parse((await rig.gowarden(['inspect', '--json', '../good'])).stdout)
      const lock = (hash: string) =>
        rig.write({'gowarden.lock': `gowarden lock 1\n${hash} unproven: a test\n`})
      lock(stamp.hash)
      git('add', '.')
      git('commit', '-qm', 'lock')
      assert.equal(await judge('good'), [0, '', ''])

      await refused('plain', /not stamped$/)
      await refused('through', /not the toolchain alone: \S+\+toolexec=sha256:/)
      rig.write({'.gowardenrc.yaml': 'flags: {deny: [-tags=x, -race]}\n'})
      await refused('tagged', /built with -tags=x, which policy denies \(.*\.gowardenrc\.yaml:1\)$/)
      assert.equal(await judge('good'), [0, '', ''])
      await build('dirty')
      await refused('dirty', /built from files that were not committed/)

      const sum = readFileSync(join(rig.work, 'go.sum'), 'utf8')
      const h1 = sum.match(/^example\.com\/dep v1\.0\.0 h1:(.)/)?.[1] ?? ''
      rig.write({'go.sum': sum.replace(`v1.0.0 h1:${h1}`, `v1.0.0 h1:${h1 === 'A' ? 'B' : 'A'}`)})
      await refused('good', /example\.com\/dep@v1\.0\.0 is h1:\S+, and go\.sum says h1:/)
      rig.write({'go.sum': ''})
      await refused('good', /example\.com\/dep@v1\.0\.0 is not in go\.sum$/)
      rig.write({'go.sum': sum})
      lock(stamp.hash.replace(/@h1:./, (start: string) => (start.endsWith('A') ? '@h1:B' : '@h1:A')))
      await refused('good', /built by \S+, which .*gowarden\.lock does not name$/)
      rig.write({'gowarden.lock': 'gowarden lock 1\nnothing\n'})
      const damaged = await rig.gowarden(['inspect', '--require', 'lock', '../good'], {env})
      assert.equal([damaged.code, damaged.stdout], [2, ''])
      assert.match(damaged.stderr, /gowarden\.lock:2: /)

      lock(stamp.hash)
      assert.is((await rig.bareGo(['mod', 'vendor'], {env})).code, 0)
      git('add', '.')
      git('commit', '-qm', 'vendor')
      await build('vendored')
      assert.equal(await judge('vendored'), [0, '', ''])
      await build('unknown', '-buildvcs=false')
      await refused('unknown', /nothing in it says that its files were committed/)
      rig.write({'vendor/modules.txt': '# example.com/dep v1.1.0\n'})
      const [{deps}] = JSON.parse((await rig.gowarden(['inspect', '--json', '../vendored'])).stdout)
      if (deps[0].sum === undefined) await refused('vendored', /vendor\/modules\.txt does not name it$/)
    })
  })

  test('without --require: exit 1 where a file is no Go binary, and wrong calls', async () => {
    await withWarmRig(async rig => {
      await makeBinaries(rig)
      assert.is((await rig.gowarden(['inspect', 'good', 'tree', 'image.tar'])).code, 0)
      assert.is((await rig.gowarden(['inspect', 'good', 'go.mod'])).code, 1)
      for (const [words, pattern] of [
        [[], /no file is named/],
        [['--require', 'nothing', 'good'], /--require nothing: must be stamped/],
        [['--require', 'stamped'], /no file is named/],
      ] as [string[], RegExp][]) {
        const {code, stdout, stderr} = await rig.gowarden(['inspect', ...words])
        assert.equal([code, stdout], [2, ''])
        assert.match(stderr, pattern)
      }
    })
  })

  test('--modules reads the module cache alone, and --all every line of go version -m', async () => {
    await withWarmRig(async rig => {
      rig.write({
        'go.mod':
          'module example.com/app\n\ngo 1.21\n\nrequire (\n\texample.com/a v1.0.0\n\texample.com/b v1.0.0\n)\n\nreplace (\n\texample.com/a => ./a\n\texample.com/b => ./b\n)\n',
        'main.go': 'package main\n\nimport _ "example.com/a"\n\nfunc main() {}\n',
        'a/go.mod': 'module example.com/a\n\ngo 1.21\n\nrequire example.com/b v1.0.0\n',
        'a/a.go': 'package a\n\nimport _ "example.com/b"\n',
        'b/go.mod': 'module example.com/b\n\ngo 1.21\n',
        'b/b.go': 'package b\n',
      })
      const built = await rig.go(['build', '-o', 'app', '.'])
      assert.is(built.code, 0, built.stderr)
      const {stdout} = await rig.gowarden(['inspect', '--modules', 'app'], {
        env: {GOMODCACHE: join(rig.work, 'modules')},
      })
      assert.is(
        stdout,
        `\
app
  example.com/app (devel) ?
  what the main module requires is not known; of the others, nobody requires:
  ├─ example.com/a@v1.0.0 => ./a ?
  └─ example.com/b@v1.0.0 => ./b ?
  2 modules beside the main one; ? its go.mod is not in the module cache
`,
      )
      const all = (await rig.gowarden(['inspect', '--all', 'app'])).stdout
      const said = (await rig.bareGo(['version', '-m', 'app'])).stdout
        .split('\n')
        .slice(1)
        .filter(line => line.trim() !== '')
      for (const line of said) {
        const [, label = '', ...columns] = line.split('\t')
        assert.ok(all.includes(`  ${label.padEnd(9)} ${columns.join('  ').trimEnd()}\n`), `${line}\n${all}`)
      }
    })
  })
})
