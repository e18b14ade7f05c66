import {execFileSync, spawnSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import * as assert from 'uvu/assert'
import {pathFromUtf8, pathToLatin1} from '../../src/git/path-bytes.ts'
import {withOwnLevels} from '../../src/policy/levels.ts'
import {UsageError, WorldError} from '../../src/system/errors.ts'
import {githubReport} from '../../src/verify/reports/github.ts'
import {jsonReport} from '../../src/verify/reports/json.ts'
import {sarifReport} from '../../src/verify/reports/sarif.ts'
import {textReport} from '../../src/verify/reports/text.ts'
import {machine} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {edit, put, stageAll} from '../support/tampers.ts'
import {removeModules, withTemporary} from '../support/temporary.ts'
import {git, makeTrees, type TreeName, treeEnv, trees, withTree} from '../support/vendored.ts'
import {found, storeIn, verifyTree} from '../support/verify.ts'

const names = Object.keys(trees) as TreeName[]
const {base, unavailable} = makeTrees(names)
const store = storeIn(base, 'verify')

suite('verify', test => {
  for (const name of names) {
    test.unless(
      unavailable,
      `finds nothing in the untouched tree ${name}: staged, work tree, commit`,
      async () => {
        await withTree(base, name, async directory => {
          for (const judged of [
            {kind: 'staged'},
            {kind: 'worktree'},
            {kind: 'commit', revision: 'HEAD'},
          ] as const) {
            const result = await verifyTree(directory, {store, judged})
            assert.equal(found(result), [], judged.kind)
            assert.ok(result.counts.files > 0)
            assert.ok(result.modules.every(({state}) => state === 'proven'))
          }
        })
      },
    )
  }

  test.unless(unavailable, 'the trees have the habits they are there for', async () => {
    await withTree(base, 'plain', directory => {
      assert.match(git(directory, 'ls-files'), 'jsonschema/v6/metaschemas/')
      assert.match(git(directory, 'ls-files'), 'go-sqlite3/sqlite3-binding.c')
      assert.not.match(git(directory, 'ls-files'), 'unix/mkasm.go')
    })
    await withTree(base, 'replaced', directory => {
      assert.match(git(directory, 'ls-files'), 'vendor/example.com/lib/deep/files/.hidden')
      assert.match(git(directory, 'show', 'HEAD:vendor/modules.txt'), /# example.com\/unused => \.\.\/unused/)
    })
    await withTree(base, 'workspace', directory => {
      assert.match(git(directory, 'show', 'HEAD:vendor/modules.txt'), /^## workspace/)
    })
    await withTree(base, 'old', directory => {
      assert.match(git(directory, 'ls-files'), /vendor\/.*\/go\.mod/)
      assert.match(git(directory, 'ls-files'), 'vendor/example.com/lib/golden/a.txt')
    })
  })

  test.unless(
    unavailable,
    'zips that are not in the module cache are downloaded, unless offline',
    async () => {
      await withTree(base, 'replaced', async directory => {
        await withTemporary(async temporary => {
          const env = {
            GOMODCACHE: join(temporary, 'modules'),
            GOPROXY: pathToFileURL(join(machine.modules, 'cache', 'download')).href,
            GOSUMDB: 'off',
          }
          const offline = await verifyTree(directory, {store: temporary, env, offline: true})
          assert.ok(offline.findings.length > 0)
          assert.ok(offline.findings.every(({code}) => code === 'VENDOR_UNPROVEN'))
          const online = await verifyTree(directory, {store: temporary, env, offline: false})
          assert.equal(found(online), [])
          removeModules(join(temporary, 'modules'))
        })
      })
    },
  )

  test.unless(
    unavailable,
    'a module without vendor: go.sum must cover what is required and imported',
    async () => {
      await withTree(base, 'replaced', async directory => {
        git(directory, 'rm', '--quiet', '-r', 'vendor', 'tools/vendor')
        git(directory, 'commit', '--quiet', '--message=no vendor')
        assert.equal(found(await verifyTree(directory, {store})), [])
        edit(directory, 'go.sum', text => text.replace(/^github.com\/docker\/go-units v0.4.0 .*\n/m, ''))
        stageAll(directory)
        assert.equal(found(await verifyTree(directory, {store})), ['SUM_MISSING go.sum'])
      })
    },
  )

  test.unless(unavailable, 'replaced by a directory that is not ASCII, a module without a dot', async () => {
    await withTree(base, 'replaced', async directory => {
      put(directory, 'caf\u00e9/go.mod', 'module dotless\n')
      put(directory, 'caf\u00e9/a/a.go', 'package a\n')
      put(directory, 'caf\u00e9/b/b.go', 'package b\n')
      put(directory, 'dotless.go', 'package main\n\nimport _ "dotless/a"\n')
      edit(
        directory,
        'go.mod',
        text =>
          `${text}\nrequire dotless v0.0.0\n\nreplace dotless => ./${pathToLatin1(pathFromUtf8('caf\u00e9'))}\n`,
      )
      execFileSync('go', ['mod', 'vendor'], {cwd: directory, env: treeEnv(), stdio: 'pipe'})
      stageAll(directory)
      assert.equal(found(await verifyTree(directory, {store})), [])
      put(directory, 'dotless.go', 'package main\n\nimport (\n\t_ "dotless/a"\n\t_ "dotless/b"\n)\n')
      stageAll(directory)
      assert.equal(found(await verifyTree(directory, {store})), ['VENDOR_PACKAGE_MISSING vendor/modules.txt'])
    })
  })

  test.unless(unavailable, 'a directory that is not ASCII is printed as it is called', async () => {
    await withTree(base, 'replaced', async directory => {
      put(directory, 'caf\u00e9/go.mod', 'module dotless\n')
      put(directory, 'caf\u00e9/a/a.go', 'package a\n')
      put(directory, 'dotless.go', 'package main\n\nimport _ "dotless/a"\n')
      const replaced = (by: string) =>
        `\nrequire dotless v0.0.0\n\nreplace dotless => ${pathToLatin1(pathFromUtf8(by))}\n`
      edit(directory, 'go.mod', text => text + replaced('./caf\u00e9'))
      execFileSync('go', ['mod', 'vendor'], {cwd: directory, env: treeEnv(), stdio: 'pipe'})
      stageAll(directory)
      const told = async () => {
        const result = await verifyTree(directory, {store})
        const {stdout, stderr} = textReport(result, true)
        const texts = [stdout + stderr, jsonReport(result)]
        for (const text of texts) assert.not.match(text, '\u00c3')
        return texts
      }
      for (const text of await told()) assert.match(text, 'caf\u00e9')
      // Out of the repository, and another one than modules.txt has.
      edit(directory, 'go.mod', text =>
        text.replace(replaced('./caf\u00e9'), replaced('../../th\u00e9/caf\u00e9')),
      )
      stageAll(directory)
      for (const text of await told()) assert.match(text, '../../th\u00e9/caf\u00e9')
    })
  })

  test.unless(
    unavailable,
    'a file for -modfile is judged with its own sums, where the policy names it',
    async () => {
      await withTree(base, 'replaced', async directory => {
        put(
          directory,
          'tools.mod',
          'module example.com/replaced\n\ngo 1.23\n\nrequire github.com/pkg/errors v0.9.1\n',
        )
        stageAll(directory)
        assert.equal(found(await verifyTree(directory, {store})), [])
        const policy = {levels: {}, modFiles: ['tools.mod']}
        assert.equal(found(await verifyTree(directory, {store, policy})), ['SUM_MISSING tools.sum'])
        const line = /^github.com\/pkg\/errors v0.9.1\/go.mod .*\n/m.exec(
          git(directory, 'show', 'HEAD:go.sum'),
        )?.[0]
        put(directory, 'tools.sum', line ?? '')
        stageAll(directory)
        assert.equal(found(await verifyTree(directory, {store, policy})), [])
      })
    },
  )

  test.unless(unavailable, 'replaced by a directory of a submodule: told, and not compared', async () => {
    await withTree(base, 'replaced', async directory => {
      const head = git(directory, 'rev-parse', 'HEAD').trim()
      git(directory, 'rm', '--quiet', '-r', '--cached', 'lib')
      git(directory, 'update-index', '--add', '--cacheinfo', `160000,${head},lib`)
      assert.equal(found(await verifyTree(directory, {store})), ['VENDOR_OUTSIDE vendor/modules.txt'])
    })
  })

  test.unless(
    unavailable,
    'levels: off is silent, warn does not fail; the toolchain line by policy',
    async () => {
      await withTree(base, 'replaced', async directory => {
        put(directory, 'vendor/github.com/docker/go-units/evil.txt', 'x')
        stageAll(directory)
        const judge = (levels: string) =>
          verifyTree(directory, {store, policy: {levels: withOwnLevels({}, levels)}})
        assert.equal(found(await judge('VENDOR_ADDED=off')), [])
        assert.equal(
          (await judge('VENDOR_ADDED=warn')).findings.map(({level}) => level),
          ['warn'],
        )
        const policy = {levels: {}, toolchainLine: 'required'} as const
        const result = await verifyTree(directory, {store, policy})
        assert.ok(found(result).includes('TOOLCHAIN_LINE go.mod'))
      })
    },
  )

  test.unless(
    unavailable,
    'go.mod: a wrong // indirect is told, a broken file in the words of go',
    async () => {
      await withTree(base, 'replaced', async directory => {
        edit(directory, 'go.mod', text => text.replace('go-units v0.4.0', 'go-units v0.4.0 // indirect'))
        stageAll(directory)
        assert.equal(found(await verifyTree(directory, {store})), ['MOD_UNTIDY go.mod'])
        put(directory, 'go.mod', 'this is no go.mod\n')
        stageAll(directory)
        const result = await verifyTree(directory, {store})
        const broken = result.findings.find(({code}) => code === 'MOD_MALFORMED')
        assert.match(broken?.code === 'MOD_MALFORMED' ? broken.facts.reason : '', 'unknown directive')
      })
    },
  )

  test.unless(
    unavailable,
    'go.sum: a line twice, and the zip of a version that is not required',
    async () => {
      await withTree(base, 'replaced', async directory => {
        edit(directory, 'go.sum', text => `${text}${text.split('\n')[0]}\n`)
        stageAll(directory)
        const twice = await verifyTree(directory, {store})
        assert.equal(found(twice), ['SUM_DUPLICATE go.sum'])
        assert.equal(
          twice.findings.map(({level}) => level),
          ['warn'],
        )
        git(directory, 'checkout', '--quiet', 'HEAD', '--', 'go.sum')
        edit(directory, 'go.sum', text =>
          text.replace(/^(\S+ v[\d.]+)( h1:.*)$/m, '$1$2\n$1-0.20200101000000-0123456789ab$2'),
        )
        stageAll(directory)
        assert.equal(found(await verifyTree(directory, {store})), ['SUM_SURPLUS go.sum'])
      })
    },
  )

  test.unless(
    unavailable,
    'go.sum: lines of the module graph: go mod tidy sees the same lack and the same surplus',
    async () => {
      await withTree(base, 'plain', async directory => {
        // yaml.v3 requires it, go.mod does not.
        const deep = /^gopkg\.in\/check\.v1 v0\.0\.0-20161208181325-20d25e280405\/go\.mod h1:.*\n/m
        edit(directory, 'go.sum', text => text.replace(deep, ''))
        stageAll(directory)
        assert.equal(found(await verifyTree(directory, {store})), ['SUM_MISSING go.sum'])
        assert.is(tidyDiff(directory), 1)
        git(directory, 'checkout', '--quiet', 'HEAD', '--', 'go.sum')
        assert.is(tidyDiff(directory), 0)
        edit(directory, 'go.sum', text => `${text}example.com/nowhere v1.5.2/go.mod h1:${'A'.repeat(43)}=\n`)
        stageAll(directory)
        assert.equal(found(await verifyTree(directory, {store})), ['SUM_SURPLUS go.sum'])
        assert.is(tidyDiff(directory), 1)
      })
    },
  )

  test.unless(unavailable, 'packages of testdata count once a test imports them', async () => {
    await withTree(base, 'plain', async directory => {
      put(directory, 'testdata/used/used.go', 'package used\n\nimport _ "github.com/spf13/cobra/doc"\n')
      stageAll(directory)
      assert.equal(found(await verifyTree(directory, {store})), [])
      put(directory, 'a_test.go', 'package main\n\nimport _ "example.com/plain/testdata/used"\n')
      stageAll(directory)
      const codes = found(await verifyTree(directory, {store}))
      assert.equal(codes, ['VENDOR_PACKAGE_MISSING vendor/modules.txt'])
    })
  })

  test.unless(
    unavailable,
    'go.mod: the module of a tool line stays // indirect, as go mod tidy has it',
    async () => {
      await withTree(base, 'replaced', async directory => {
        const requirement = 'require github.com/russross/blackfriday/v2 v2.1.0 // indirect'
        put(
          directory,
          'tools/go.mod',
          `module example.com/replaced/tools\n\ngo 1.24\n\ntool github.com/russross/blackfriday/v2\n\n${requirement}\n`,
        )
        rmSync(join(directory, 'tools/tools.go'))
        put(directory, 'tools/tools.go', 'package tools\n')
        execFileSync('go', ['mod', 'vendor'], {cwd: join(directory, 'tools'), env: treeEnv(), stdio: 'pipe'})
        stageAll(directory)
        assert.is(tidyDiff(join(directory, 'tools')), 0)
        assert.equal(found(await verifyTree(directory, {store})), [])
      })
    },
  )

  test.unless(unavailable, 'go.mod: an import that no required module could provide', async () => {
    await withTree(base, 'replaced', async directory => {
      git(directory, 'rm', '--quiet', '-r', 'vendor', 'tools/vendor')
      put(directory, 'more.go', '//go:build never\n\npackage main\n\nimport _ "golang.org/x/net/html"\n')
      put(
        directory,
        'ignored.go',
        '//go:build ignore\n\npackage main\n\nimport _ "golang.org/x/text/width"\n',
      )
      stageAll(directory)
      const untidy = (await verifyTree(directory, {store})).findings.flatMap(finding =>
        finding.code === 'MOD_UNTIDY' ? [`${finding.facts.reason} ${finding.facts.package}`] : [],
      )
      assert.equal(untidy, ['missing golang.org/x/net/html'])
    })
  })

  test.unless(
    unavailable,
    'go.work: a zip line that only another member has builds in the workspace and nowhere else',
    async () => {
      await withTree(base, 'workspace', async directory => {
        edit(directory, 'b/go.sum', text => text.replace(/^github\.com\/google\/uuid v1\.6\.0 h1:.*\n/m, ''))
        stageAll(directory)
        const build = (env: Record<string, string>) =>
          spawnSync('go', ['build', '-mod=readonly', './...'], {cwd: join(directory, 'b'), env: treeEnv(env)})
            .status
        assert.is(build({}), 0)
        assert.is(build({GOWORK: 'off'}), 1)
        const {findings} = await verifyTree(directory, {store})
        assert.equal(
          findings.map(({code, level, facts}) => [code, level, 'lender' in facts && facts.lender]),
          [['SUM_BORROWED', 'warn', 'a/go.sum']],
        )
        // The line is nowhere: the workspace does not build either.
        git(directory, 'rm', '--quiet', '-r', '--cached', 'vendor')
        edit(directory, 'a/go.sum', text => text.replace(/^github\.com\/google\/uuid v1\.6\.0 h1:.*\n/m, ''))
        git(directory, 'add', 'a/go.sum')
        assert.ok(found(await verifyTree(directory, {store})).includes('SUM_MISSING b/go.sum'))
      })
    },
  )

  test.unless(unavailable, 'go.mod: a requirement that nothing imports', async () => {
    await withTree(base, 'replaced', async directory => {
      edit(directory, 'go.mod', text => `${text}\nrequire example.com/nobody/imports v1.0.0\n`)
      stageAll(directory)
      const untidy = (await verifyTree(directory, {store})).findings.flatMap(finding =>
        finding.code === 'MOD_UNTIDY' ? [`${finding.facts.module} ${finding.facts.reason}`] : [],
      )
      assert.equal(untidy, ['example.com/nobody/imports@v1.0.0 unused'])
    })
  })

  test.unless(unavailable, 'go.work: sums of two members that contradict each other', async () => {
    await withTree(base, 'workspace', async directory => {
      const files = git(directory, 'ls-files', '--', '*go.sum', 'go.work.sum').trim().split('\n')
      const [first = '', second = ''] = files.filter(file => !file.startsWith('vendor/'))
      const [line = ''] = git(directory, 'show', `HEAD:${first}`).split('\n')
      edit(directory, second, text => {
        const others = text.split('\n').filter(other => !other.startsWith(line.split(' h1:')[0] ?? ''))
        return `${line.replace(/h1:./, found => (found === 'h1:A' ? 'h1:B' : 'h1:A'))}\n${others.join('\n')}`
      })
      stageAll(directory)
      const codes = found(await verifyTree(directory, {store}))
      assert.ok(
        codes.some(code => code.startsWith('SUM_DISAGREE ')),
        codes.join(', '),
      )
    })
  })

  test.unless(
    unavailable,
    'reports: text, JSON, SARIF and annotations name file, line and command',
    async () => {
      await withTree(base, 'replaced', async directory => {
        edit(directory, 'go.sum', text => text.replace(/h1:./, 'h1:A').replace('h1:AA', 'h1:BA'))
        put(directory, 'vendor/github.com/pkg/errors/new\nline,: %.txt', 'x')
        stageAll(directory)
        const result = await verifyTree(directory, {store})
        const {stdout, stderr} = textReport(result, true)
        assert.match(stderr, /^gowarden: error: go\.sum:\d+: .* \[SUM_CHANGED\]$/m)
        assert.match(
          stderr,
          /^gowarden: hint: awk .* <go\.sum >go\.sum\.kept && mv go\.sum\.kept go\.sum && git add go\.sum$/m,
        )
        assert.match(stderr, 'new\\x0aline')
        assert.match(
          stdout,
          /^ok {8}github\.com\/dgrijalva\/jwt-go@\S+ => \S+: zip = go\.sum = vendor \(\d+ files\) = modules\.txt$/m,
        )
        const json = JSON.parse(jsonReport(result))
        assert.ok(
          json.findings.every((finding: {file: string; code: string}) => finding.file && finding.code),
        )
        const sarif = JSON.parse(sarifReport(result, '1.0.0', new Map()))
        const [run] = sarif.runs
        assert.is(run.results.length, result.findings.length)
        for (const {ruleIndex, ruleId, locations} of run.results) {
          assert.is(run.tool.driver.rules[ruleIndex].id, ruleId)
          assert.ok(locations[0].physicalLocation.artifactLocation.uri)
        }
        const annotations = githubReport(result)
        assert.match(annotations, /^::error file=go\.sum,line=\d+,title=SUM_CHANGED::/m)
        assert.match(annotations, 'new\\x0aline%2C%3A %25.txt')
        assert.is(annotations.trimEnd().split('\n').length, result.findings.length)
      })
    },
  )

  test.unless(unavailable, 'what cannot be judged is a usage error, or an error of the world', async () => {
    await withTree(base, 'replaced', async directory => {
      await rejects(verifyTree(directory, {store, judged: {kind: 'commit', revision: 'no-such'}}), UsageError)
      for (const module of ['../outside', 'nosuch', 'vendor', 'README.md'])
        await rejects(verifyTree(directory, {store, modules: [module]}), UsageError)
    })
    await withTemporary(async directory => {
      await rejects(verifyTree(directory, {store, env: {GIT_CEILING_DIRECTORIES: directory}}), WorldError)
    })
  })
})

async function rejects(promise: Promise<unknown>, kind: new (message: string) => Error): Promise<void> {
  try {
    await promise
  } catch (error) {
    assert.instance(error, kind)
    return
  }
  assert.unreachable(`no ${kind.name}`)
}

/** 0 when `go mod tidy` would change nothing. */
function tidyDiff(directory: string): number | null {
  return spawnSync('go', ['mod', 'tidy', '-diff'], {cwd: directory, env: treeEnv({GOWORK: 'off'})}).status
}
