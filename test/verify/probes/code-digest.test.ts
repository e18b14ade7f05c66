/** A commit that changes code or documentation alone is judged by what was judged before; whatever else changes is judged anew. */
import {chmodSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {withOwnLevels} from '../../../src/policy/levels.ts'
import {suite} from '../../support/suite.ts'
import {edit, put, stageAll} from '../../support/tampers.ts'
import {withTemporary} from '../../support/temporary.ts'
import {git, makeTrees, withTree} from '../../support/vendored.ts'
import {found, type VerifyCase, verifyTree} from '../../support/verify.ts'

const {base, unavailable} = makeTrees(['plain', 'replaced'])

type Change = {
  what: string
  /** Done to a copy of the tree whose first commit was judged and is in order; then all is staged. */
  change: (directory: string) => void
  /** Done once all is staged. */
  afterwards?: (directory: string) => void
  remembered: boolean
  finds?: string[]
  options?: Partial<VerifyCase>
}

const cobra = 'vendor/github.com/spf13/cobra/cobra.go'
const unused = ['MOD_UNTIDY go.mod', 'VENDOR_PACKAGE_STALE vendor/modules.txt']
const inCode = (directory: string) => edit(directory, 'main.go', text => `${text}// more\n`)
const withCode = (change: (directory: string) => void) => (directory: string) => {
  inCode(directory)
  change(directory)
}

const changes: Change[] = [
  {what: 'a comment', change: inCode, remembered: true},
  {
    what: 'the order of its imports',
    change: directory =>
      edit(directory, 'main.go', text =>
        text.replace('"fmt"', '').replace('sys/unix"', 'sys/unix"\n\t"fmt"'),
      ),
    remembered: true,
  },
  {
    what: 'a standard import',
    change: directory => edit(directory, 'main.go', text => text.replace('"fmt"', '"fmt"\n\t_ "os"')),
    remembered: false,
  },
  {
    what: 'an import that nobody vendored',
    change: directory =>
      edit(directory, 'main.go', text => text.replace('"fmt"', '"fmt"\n\t_ "github.com/spf13/cobra/doc"')),
    remembered: false,
    finds: ['VENDOR_PACKAGE_MISSING vendor/modules.txt'],
  },
  {
    what: 'a file that is built no more',
    change: directory => edit(directory, 'inner/inner_test.go', text => `//go:build ignore\n\n${text}`),
    remembered: false,
    finds: unused,
  },
  {
    what: 'another file of a package',
    change: directory => put(directory, 'more.go', 'package main\n'),
    remembered: true,
  },
  {
    what: 'another package',
    change: directory => put(directory, 'more/more.go', 'package more\n'),
    remembered: false,
  },
  {
    what: 'documentation',
    change: directory => {
      put(directory, 'README.md', 'read me\n')
      put(directory, 'inner/data.json', '{}\n')
    },
    remembered: true,
  },
  {
    what: 'documentation elsewhere',
    change: directory => put(directory, 'docs/a.md', 'a\n'),
    remembered: false,
  },
  {
    what: 'what is hidden',
    change: directory => put(directory, '.github/workflows/a.yml', ''),
    remembered: false,
  },
  {
    what: 'an import that moved to a file that go skips',
    change: directory => {
      put(directory, 'inner/_inner_test.go', readFileSync(join(directory, 'inner/inner_test.go'), 'utf8'))
      put(directory, 'inner/inner_test.go', 'package inner\n')
    },
    remembered: false,
    finds: unused,
  },
  {
    what: 'a package that is only intended',
    change: directory => rmSync(join(directory, 'inner'), {recursive: true}),
    afterwards: directory => {
      git(directory, 'checkout', '--quiet', 'HEAD', '--', 'inner')
      git(directory, 'rm', '--quiet', '--cached', 'inner/inner_test.go')
      git(directory, 'add', '--intent-to-add', 'inner/inner_test.go')
    },
    remembered: false,
    finds: unused,
  },
  {
    what: 'a file less',
    change: directory => rmSync(join(directory, 'inner'), {recursive: true}),
    remembered: false,
    finds: unused,
  },
  {what: 'its mode', change: directory => chmodSync(join(directory, 'main.go'), 0o755), remembered: true},
  {
    what: 'a link in its place',
    change: directory => {
      rmSync(join(directory, 'main.go'))
      symlinkSync('testdata', join(directory, 'main.go'))
    },
    remembered: false,
    finds: unused,
  },
  {
    what: 'a vendored byte',
    change: withCode(directory => edit(directory, cobra, text => `${text}// edited\n`)),
    remembered: false,
    finds: [`VENDOR_EDITED ${cobra}`],
  },
  {
    what: 'a vendored file more',
    change: withCode(directory => put(directory, 'vendor/github.com/spf13/cobra/more.go', 'package cobra\n')),
    remembered: false,
    finds: ['VENDOR_ADDED vendor/github.com/spf13/cobra/more.go'],
  },
  {
    what: 'a vendored file in a directory of another case',
    change: withCode(directory => put(directory, 'VENDOR/github.com/spf13/cobra/more.go', 'package cobra\n')),
    remembered: false,
    finds: ['VENDOR_ADDED VENDOR/github.com/spf13/cobra/more.go'],
  },
  {
    what: 'a vendored file less',
    change: withCode(directory => rmSync(join(directory, cobra))),
    remembered: false,
    finds: [`VENDOR_MISSING ${cobra}`],
  },
  {
    what: 'a hash in go.sum',
    change: withCode(directory =>
      edit(directory, 'go.sum', text => text.replace(/^(github.com\/spf13\/cobra v\S+ h1:)../m, '$1AA')),
    ),
    remembered: false,
    finds: ['SUM_CHANGED go.sum', 'SUM_MISMATCH go.sum'],
  },
  {
    what: 'a version in modules.txt',
    change: withCode(directory =>
      edit(directory, 'vendor/modules.txt', text => text.replace(/cobra v1.8.1/, 'cobra v1.8.0')),
    ),
    remembered: false,
    finds: [
      'MODULES_TXT_DIFFERS vendor/modules.txt',
      'SUM_MISSING go.sum',
      'VENDOR_INCONSISTENT vendor/modules.txt',
    ],
  },
  {
    what: 'attributes',
    change: withCode(directory => put(directory, '.gitattributes', '*.x text\n')),
    remembered: false,
  },
  {
    what: 'what the last commit has of go.sum',
    change: directory => {
      edit(directory, 'go.sum', text => text.replace(/^(github.com\/spf13\/cobra v\S+ h1:)../m, '$1AA'))
      stageAll(directory)
      git(directory, 'commit', '--quiet', '--message=x')
      git(directory, 'checkout', '--quiet', 'HEAD^', '--', 'go.sum')
      inCode(directory)
    },
    remembered: false,
    finds: ['SUM_CHANGED go.sum'],
  },
  {
    what: 'nothing but code, in another gowarden',
    change: inCode,
    remembered: false,
    options: {version: 'another'},
  },
  {
    what: 'nothing but code, under another policy',
    change: inCode,
    remembered: false,
    options: {policy: {levels: {}, toolchainLine: 'forbidden'}},
  },
  {
    what: 'nothing but code, with another module cache',
    change: inCode,
    remembered: false,
    options: {env: {GOMODCACHE: '/nowhere'}},
  },
]

suite('verify/probes/code-digest', test => {
  test.unless(unavailable, 'what is remembered when something changes, and what is found', async () => {
    await withTemporary(async store => {
      for (const {what, change, afterwards, remembered, finds = [], options} of changes) {
        await withTree(base, 'plain', async directory => {
          await verifyTree(directory, {store})
          change(directory)
          stageAll(directory)
          afterwards?.(directory)
          const result = await verifyTree(directory, {store, ...options})
          assert.equal([result.remembered, found(result)], [remembered, finds], what)
        })
      }
    })
  })

  test.unless(
    unavailable,
    'where a module is vendored from a directory of the repository, its code counts',
    async () => {
      await withTree(base, 'replaced', async directory => {
        await withTemporary(async store => {
          await verifyTree(directory, {store})
          edit(directory, 'lib/lib.go', text => `${text}// edited\n`)
          stageAll(directory)
          const result = await verifyTree(directory, {store})
          assert.equal(
            [result.remembered, found(result)],
            [false, ['VENDOR_EDITED vendor/example.com/lib/lib.go']],
          )
        })
      })
    },
  )

  test.unless(unavailable, 'what the module cache has only now is looked at, whatever changed', async () => {
    await withTree(base, 'plain', async directory => {
      await withTemporary(async store => {
        const moduleCache = join(store, 'modules')
        edit(directory, 'go.sum', text => `${text}example.org/far v1.0.0 h1:${'A'.repeat(43)}=\n`)
        const judgeOtherCode = async (env: Record<string, string>) => {
          inCode(directory)
          stageAll(directory)
          return verifyTree(directory, {store, env, policy: {levels: withOwnLevels({}, 'SUM_SURPLUS=off')}})
        }
        await judgeOtherCode({})
        const env = {GOMODCACHE: moduleCache}
        await judgeOtherCode(env)
        assert.is((await judgeOtherCode(env)).remembered, true)
        put(moduleCache, 'cache/download/example.org/far/@v/v1.0.0.ziphash', `h1:B${'A'.repeat(42)}=`)
        assert.equal(found(await judgeOtherCode(env)), ['SUM_MISMATCH go.sum'])
      })
    })
  })

  test.unless(unavailable, 'a record that lost or changed a byte is not believed', async () => {
    await withTree(base, 'plain', async directory => {
      await withTemporary(async store => {
        await verifyTree(directory, {store})
        const judgeOtherCode = async () => {
          inCode(directory)
          stageAll(directory)
          return (await verifyTree(directory, {store})).remembered
        }
        for (const kind of ['verify', 'go-files']) {
          const folder = join(store, 'gowarden', kind)
          for (const name of readdirSync(folder)) {
            const bytes = readFileSync(join(folder, name))
            const middle = bytes.length >> 1
            bytes[middle] = (bytes[middle] ?? 0) ^ 1
            writeFileSync(join(folder, name), bytes)
          }
          assert.equal([await judgeOtherCode(), await judgeOtherCode()], [false, true], kind)
        }
      })
    })
  })
})
