/** The module graph against the go command's own. */
import {execFileSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {pathFromUtf8, topDirectory} from '../../../src/git/path-bytes.ts'
import {readGoModLines} from '../../../src/go/module/go-mod-lines.ts'
import type {MainModule} from '../../../src/go/module/main-modules.ts'
import {parseGoMod} from '../../../src/go/module/mod-edit.ts'
import {moduleGraph} from '../../../src/go/module/module-graph.ts'
import {formatModule} from '../../../src/go/module/module-path.ts'
import {nodeSystem} from '../../../src/system/node.ts'
import {readCachedGoMod} from '../../../src/verify/probes/module-cache.ts'
import {machine} from '../../support/rig.ts'
import {suite} from '../../support/suite.ts'
import {withTemporary} from '../../support/temporary.ts'
import {makeTrees, type TreeName, treeEnv} from '../../support/vendored.ts'

const names: TreeName[] = ['plain', 'old', 'attributes']
const {base, unavailable} = makeTrees(names)

suite('go/module/module-graph', test => {
  for (const name of names) {
    test.unless(
      unavailable,
      `${name}: selects what go list -m all lists, and reads what go.sum vouches for`,
      () => {
        const directory = `${base}/${name}`
        const member = mainModule(go(directory, 'mod', 'edit', '-json'))
        const graph = moduleGraph({workspace: undefined, members: [member]}, member, source =>
          source.kind === 'directory'
            ? {goVersion: '1.16', requires: []}
            : readGoModLines(
                readCachedGoMod(nodeSystem(), machine.modules, source.module)?.content ?? 'require',
              ),
        )
        assert.ok(graph.complete)
        const listed = go(directory, 'list', '-mod=mod', '-m', 'all').trim().split('\n').slice(1)
        assert.equal(
          [...graph.selected].map(([path, version]) => `${path} ${version}`).sort(),
          listed.map(line => line.split(' ').slice(0, 2).join(' ')).sort(),
        )
        const sums = readFileSync(join(directory, 'go.sum'), 'utf8')
        for (const {module, requiredBy} of graph.loaded) {
          if (module.version === '') continue
          assert.match(sums, `${module.path} ${module.version}/go.mod h1:`, `required by ${requiredBy}`)
        }
      },
    )
  }

  const files: Record<string, string> = {
    'a.b/pruned@v1.0.0': 'module a.b/pruned\ngo 1.17\nrequire a.b/below v1.0.0',
    'a.b/whole@v1.0.0':
      'module a.b/whole\ngo 1.16\nrequire (\n\ta.b/below v1.2.0 // x\n\t"a.b/quoted" v1.0.0\n)',
    'a.b/below@v1.2.0': 'module a.b/below\ngo 1.20\nrequire a.b/deep v1.0.0',
    'a.b/quoted@v1.0.0': 'module a.b/quoted',
    'a.b/deep@v1.0.0': 'module a.b/deep\nrequire a.b/main v0.1.0',
    'a.b/main@v0.1.0': 'module a.b/main\ngo 1.17',
    'a.b/fork@v2.0.0': 'module a.b/fork\ngo 1.21\n',
    'a.b/malformed@v1.0.0': 'require a.b/x master',
  }
  for (const [what, goMod, loaded, selected, complete] of [
    [
      'of a pruned dependency only its requirements',
      'require a.b/pruned v1.0.0',
      'a.b/pruned@v1.0.0',
      'a.b/below v1.0.0, a.b/pruned v1.0.0',
      true,
    ],
    [
      'of one before Go 1.17 everything below it, an older main module too',
      'require a.b/whole v1.0.0',
      'a.b/whole@v1.0.0, a.b/below@v1.2.0, a.b/quoted@v1.0.0, a.b/deep@v1.0.0, a.b/main@v0.1.0',
      'a.b/below v1.2.0, a.b/deep v1.0.0, a.b/main v0.1.0, a.b/quoted v1.0.0, a.b/whole v1.0.0',
      true,
    ],
    [
      'an excluded version is not required',
      'require a.b/pruned v1.0.0\nexclude a.b/below v1.0.0',
      'a.b/pruned@v1.0.0',
      'a.b/pruned v1.0.0',
      true,
    ],
    [
      'a replacement is read in the place of the version that is selected',
      'require a.b/pruned v1.0.0\nreplace a.b/pruned => a.b/fork v2.0.0',
      'a.b/fork@v2.0.0',
      'a.b/pruned v1.0.0',
      true,
    ],
    [
      'a go.mod that is not to be had leaves it open',
      'require a.b/absent v1.0.0',
      'a.b/absent@v1.0.0',
      'a.b/absent v1.0.0',
      false,
    ],
    [
      'so does one that go refuses',
      'require a.b/malformed v1.0.0',
      'a.b/malformed@v1.0.0',
      'a.b/malformed v1.0.0',
      false,
    ],
  ] as const) {
    test(what, async () => {
      const member = await withTemporary(directory => {
        writeFileSync(join(directory, 'go.mod'), `module a.b/main\ngo 1.21\n${goMod}\n`)
        return mainModule(go(directory, 'mod', 'edit', '-json'))
      })
      const graph = moduleGraph({workspace: undefined, members: [member]}, member, source => {
        const content = source.kind === 'module' ? files[formatModule(source.module)] : undefined
        return content === undefined ? undefined : readGoModLines(content)
      })
      assert.is(graph.loaded.map(({module}) => `${module.path}@${module.version}`).join(', '), loaded)
      assert.is(
        [...graph.selected]
          .map(pair => pair.join(' '))
          .sort()
          .join(', '),
        selected,
      )
      assert.is(graph.complete, complete)
    })
  }
})

function mainModule(json: string): MainModule {
  return {
    directory: topDirectory,
    modFile: pathFromUtf8('go.mod'),
    sumFile: pathFromUtf8('go.sum'),
    file: parseGoMod(json),
  }
}

function go(directory: string, ...words: string[]): string {
  return execFileSync('go', words, {
    cwd: directory,
    env: treeEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString()
}
