/** What Git can do to what is judged: unmerged, intended, sparse, linked, unborn, and every other kind of index and repository. */
import {execFileSync} from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import * as assert from 'uvu/assert'
import {suite} from '../support/suite.ts'
import {commitAll, edit, put, stageAll} from '../support/tampers.ts'
import {git, makeTrees, treeEnv, withTree} from '../support/vendored.ts'
import {found, storeIn, verifyTree} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced', 'attributes', 'vendor.mod', 'old'])
const store = storeIn(base, 'git')
const goFile = 'vendor/github.com/docker/go-units/duration.go'
const otherGoFile = 'vendor/github.com/docker/go-units/size.go'
const edited = [`VENDOR_EDITED ${goFile}`]

function editIn(directory: string, file = goFile): void {
  edit(directory, file, text => `${text}// edited\n`)
}

/** A repository whose pre-commit hook writes what verify finds to a file outside of it. */
async function withHook(body: (directory: string, foundByHook: () => string[]) => void): Promise<void> {
  await withTree(base, 'replaced', directory => {
    const report = join(base, 'found by hook.json')
    rmSync(report, {force: true})
    const hook = join(directory, '.git', 'hooks', 'pre-commit')
    mkdirSync(join(directory, '.git', 'hooks'), {recursive: true})
    const entry = fileURLToPath(new URL('../support/verify-hook.ts', import.meta.url))
    const tsx = pathToFileURL(
      fileURLToPath(new URL('../../node_modules/tsx/dist/esm/index.mjs', import.meta.url)),
    )
    writeFileSync(hook, `#!/bin/sh\nexec node --import '${tsx.href}' '${entry}' '${report}' '${store}'\n`)
    chmodSync(hook, 0o755)
    try {
      body(directory, () => JSON.parse(readFileSync(report, 'utf8')))
    } finally {
      rmSync(hook)
    }
  })
}

suite('verify: Git', test => {
  test.unless(unavailable, 'git commit --all commits an edit of vendor: the hook finds it', async () => {
    await withHook((directory, foundByHook) => {
      editIn(directory)
      git(directory, 'commit', '--quiet', '--all', '--message=x')
      assert.equal(foundByHook(), edited)
    })
  })

  test.unless(unavailable, 'git commit PATH commits one edit: the hook finds that one', async () => {
    await withHook((directory, foundByHook) => {
      editIn(directory)
      editIn(directory, otherGoFile)
      git(directory, 'add', otherGoFile)
      git(directory, 'commit', '--quiet', '--message=x', '--', goFile)
      assert.equal(foundByHook(), edited)
    })
  })

  test.unless(
    unavailable,
    'git commit --patch commits the hunks that were taken: the hook finds those',
    async () => {
      await withHook((directory, foundByHook) => {
        edit(directory, goFile, text => `${text}// taken\n`)
        edit(directory, otherGoFile, text => `${text}// left\n`)
        execFileSync('git', ['commit', '--quiet', '--patch', '--message=x'], {
          cwd: directory,
          env: treeEnv(),
          input: 'y\nn\n',
          stdio: ['pipe', 'ignore', 'pipe'],
        })
        assert.equal(foundByHook(), edited)
      })
    },
  )

  test.unless(unavailable, 'a cherry-pick brings an edit of vendor: the index has it', async () => {
    await withTree(base, 'replaced', async directory => {
      git(directory, 'switch', '--quiet', '--create', 'side')
      editIn(directory)
      commitAll(directory)
      git(directory, 'checkout', '--quiet', '--detach', 'pristine')
      git(directory, 'cherry-pick', '--no-commit', 'side')
      assert.equal(found(await verifyTree(directory, {store})), edited)
      git(directory, 'branch', '--quiet', '-D', 'side')
    })
  })

  test.unless(unavailable, 'git commit in a linked worktree: its own index is judged', async () => {
    await withHook((directory, foundByHook) => {
      const linked = join(base, 'linked worktree')
      git(directory, 'worktree', 'add', '--quiet', '-b', 'linked', linked)
      editIn(linked)
      git(linked, 'commit', '--quiet', '--all', '--message=x')
      assert.equal(foundByHook(), edited)
      git(directory, 'worktree', 'remove', '--force', linked)
    })
  })

  test.unless(
    unavailable,
    'a merge brings an edit of vendor: the index has it before the commit',
    async () => {
      await withTree(base, 'replaced', async directory => {
        git(directory, 'switch', '--quiet', '--create', 'side')
        editIn(directory)
        commitAll(directory)
        git(directory, 'checkout', '--quiet', '--detach', 'pristine')
        put(directory, 'README.md', 'x\n')
        commitAll(directory)
        git(directory, 'merge', '--quiet', '--no-commit', 'side')
        assert.equal(found(await verifyTree(directory, {store})), edited)
        git(directory, 'branch', '--quiet', '-D', 'side')
      })
    },
  )

  test.unless(unavailable, 'a rebase stops at a conflict in go.sum: unmerged', async () => {
    await withTree(base, 'replaced', async directory => {
      git(directory, 'switch', '--quiet', '--create', 'side')
      edit(directory, 'go.sum', text => `example.org/a v1.0.0 h1:${'A'.repeat(43)}=\n${text}`)
      commitAll(directory)
      git(directory, 'checkout', '--quiet', '--detach', 'pristine')
      edit(directory, 'go.sum', text => `example.org/b v1.0.0 h1:${'A'.repeat(43)}=\n${text}`)
      commitAll(directory)
      assert.throws(() => git(directory, 'rebase', 'side'))
      assert.ok(found(await verifyTree(directory, {store})).includes('INDEX_UNMERGED go.sum'))
      git(directory, 'rebase', '--abort')
      git(directory, 'branch', '--quiet', '-D', 'side')
    })
  })

  for (const [how, ...words] of [
    ['in an index of version 3'],
    ['in an index of version 4', 'update-index', '--index-version', '4'],
    ['in what a split index shares', 'update-index', '--split-index'],
  ] as const) {
    test.unless(
      unavailable,
      `git add --intent-to-add of a deleted file, ${how}: the commit would lack it`,
      async () => {
        await withTree(base, 'replaced', async directory => {
          git(directory, 'rm', '--quiet', '--cached', goFile)
          git(directory, 'add', '--intent-to-add', goFile)
          if (words.length > 0) git(directory, ...words)
          const result = await verifyTree(directory, {store})
          rmSync(join(directory, '.git', 'index'))
          assert.equal(found(result), [`VENDOR_MISSING ${goFile}`])
          const [finding] = result.findings
          assert.is(finding?.code === 'VENDOR_MISSING' && finding.facts.why, 'intent-to-add')
        })
      },
    )
  }

  for (const [how, at, index] of [
    ['a name relative to the top', '.', '.git/other index'],
    ['the same from a directory below', 'lib', '.git/other index'],
    ['an absolute name', 'lib', undefined],
  ] as const) {
    test.unless(
      unavailable,
      `git add --intent-to-add in the index of GIT_INDEX_FILE, ${how}: the commit would lack it`,
      async () => {
        await withTree(base, 'replaced', async directory => {
          git(directory, 'rm', '--quiet', '--cached', goFile)
          git(directory, 'add', '--intent-to-add', goFile)
          const own = join(directory, '.git', 'other index')
          renameSync(join(directory, '.git', 'index'), own)
          git(directory, 'reset', '--quiet')
          const result = await verifyTree(join(directory, at), {store, env: {GIT_INDEX_FILE: index ?? own}})
          assert.equal(found(result), [`VENDOR_MISSING ${goFile}`])
        })
      },
    )
  }

  test.unless(
    unavailable,
    'git sparse-checkout leaves vendor out of the work tree: nothing is missing',
    async () => {
      await withTree(base, 'replaced', async directory => {
        git(directory, 'sparse-checkout', 'set', '--cone', 'lib')
        assert.not(existsSync(join(directory, 'vendor')))
        assert.equal(found(await verifyTree(directory, {store})), [])
        assert.equal(found(await verifyTree(directory, {store, judged: {kind: 'worktree'}})), [])
        git(directory, 'sparse-checkout', 'disable')
      })
    },
  )

  test.unless(
    unavailable,
    'git submodule: the module within is judged, and by its own repository',
    async () => {
      await withTree(base, 'replaced', async directory => {
        const outer = join(base, 'outer')
        mkdirSync(outer)
        git(outer, 'init', '--quiet')
        git(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', directory, 'inner')
        assert.equal(found(await verifyTree(outer, {store})), [])
        editIn(join(outer, 'inner'))
        git(join(outer, 'inner'), 'add', '--all')
        assert.equal(found(await verifyTree(join(outer, 'inner'), {store})), edited)
      })
    },
  )

  test.unless(
    unavailable,
    'git clone --filter=blob:none --no-checkout: no vendored blob is fetched',
    async () => {
      await withTree(base, 'replaced', async directory => {
        git(directory, 'config', 'uploadpack.allowFilter', 'true')
        git(directory, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
        const clone = join(base, 'partial')
        git(
          base,
          'clone',
          '--quiet',
          '--no-checkout',
          '--filter=blob:none',
          pathToFileURL(directory).href,
          clone,
        )
        git(clone, 'read-tree', 'HEAD')
        assert.equal(found(await verifyTree(clone, {store})), [])
        const vendored = git(clone, 'ls-files', '-s', 'vendor', 'tools/vendor')
          .split('\n')
          .filter(line => line !== '' && !line.endsWith('modules.txt'))
          .map(line => line.split(' ')[1] ?? '')
        const have = git(clone, 'cat-file', '--batch-all-objects', '--batch-check')
        // lib/ is vendored too: its sources must be read, and a vendored copy is the same blob.
        const sources = git(clone, 'ls-files', '-s', 'lib')
        const fetched = vendored.filter(id => have.includes(id) && !sources.includes(id))
        assert.equal(fetched, [])
      })
    },
  )

  for (const kind of ['staged', 'commit'] as const) {
    test.unless(unavailable, `a partial clone with much to read, ${kind}: two fetches`, async () => {
      await withTree(base, 'replaced', async directory => {
        for (let n = 0; n < 30; n++) put(directory, `many/f${n}.go`, `package many\n\nconst c${n} = ${n}\n`)
        commitAll(directory)
        git(directory, 'config', 'uploadpack.allowFilter', 'true')
        git(directory, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
        const clone = join(base, `partial ${kind}`)
        const url = pathToFileURL(directory).href
        git(base, 'clone', '--quiet', '--no-checkout', '--filter=blob:none', url, clone)
        git(clone, 'read-tree', 'HEAD')
        const trace = join(base, `trace ${kind}`)
        const judged = kind === 'commit' ? {kind, revision: 'HEAD'} : {kind}
        const fresh = join(store, `partial ${kind}`)
        const env = {GIT_TRACE: trace}
        assert.equal(found(await verifyTree(clone, {judged, store: fresh, env})), [])
        const fetches = readFileSync(trace, 'utf8')
          .split('\n')
          .filter(line => /trace: built-in: git .*\bfetch\b/.test(line))
        // What the modules say of themselves, then the Go files and those of the replacement directory.
        assert.ok(fetches.length <= 3, fetches.join('\n'))
        // Everything is here, or remembered.
        writeFileSync(trace, '')
        assert.equal(found(await verifyTree(clone, {judged, store: join(store, `again ${kind}`), env})), [])
        assert.not.match(readFileSync(trace, 'utf8'), /built-in: git .*\bfetch\b/)
      })
    })
  }

  test.unless(
    unavailable,
    'a partial clone out of reach of its remote: the missing blob is named',
    async () => {
      await withTree(base, 'replaced', async directory => {
        git(directory, 'config', 'uploadpack.allowFilter', 'true')
        const clone = join(base, 'unreachable')
        const url = pathToFileURL(directory).href
        git(base, 'clone', '--quiet', '--no-checkout', '--filter=blob:none', url, clone)
        git(clone, 'read-tree', 'HEAD')
        git(clone, 'config', 'remote.origin.url', pathToFileURL(join(base, 'nowhere')).href)
        await verifyTree(clone, {store: join(store, 'unreachable')}).then(
          () => assert.unreachable(),
          (error: Error) => assert.match(error.message, /nowhere|[0-9a-f]{40}/),
        )
      })
    },
  )

  test.unless(
    unavailable,
    'git init --object-format=sha256: blobs are compared by their SHA-256 IDs',
    async () => {
      await withTree(base, 'replaced', async directory => {
        const other = join(base, 'sha256')
        execFileSync('cp', ['-R', directory, other])
        rmSync(join(other, '.git'), {recursive: true})
        git(other, 'init', '--quiet', '--object-format=sha256')
        stageAll(other)
        assert.equal(found(await verifyTree(other, {store})), [])
        editIn(other)
        stageAll(other)
        assert.equal(found(await verifyTree(other, {store})), edited)
      })
    },
  )

  test.unless(
    unavailable,
    'git config core.autocrlf true: CRLF in the work tree is LF in the index',
    async () => {
      await withTree(base, 'replaced', async directory => {
        git(directory, 'config', 'core.autocrlf', 'true')
        rmSync(join(directory, 'vendor'), {recursive: true})
        git(directory, 'checkout', '--', 'vendor')
        assert.ok(readFileSync(join(directory, goFile)).includes('\r\n'))
        assert.equal(found(await verifyTree(directory, {store})), [])
        assert.equal(found(await verifyTree(directory, {store, judged: {kind: 'worktree'}})), [])
        git(directory, 'config', '--unset', 'core.autocrlf')
      })
    },
  )

  test.unless(
    unavailable,
    'a vendored .gitattributes asks for LF in the index: excused, and only while it asks',
    async () => {
      await withTree(base, 'attributes', async directory => {
        const file = 'vendor/github.com/apapsch/go-jsonmerge/v2/build.cmd'
        assert.not(git(directory, 'show', `:${file}`).includes('\r\n'))
        assert.equal(found(await verifyTree(directory, {store})), [])
        assert.equal(found(await verifyTree(directory, {store})), [])
        put(directory, '.git/info/attributes', `${file} -text -eol\n`)
        assert.equal(found(await verifyTree(directory, {store})), [`VENDOR_EOL ${file}`])
      })
    },
  )

  test.unless(
    unavailable,
    'a vendored .gitignore hides its neighbours: left out, as no build reads them',
    async () => {
      await withTree(base, 'attributes', async directory => {
        git(directory, 'rm', '--quiet', '-r', '--cached', 'vendor')
        git(directory, 'add', '--all')
        git(directory, 'update-ref', '-d', 'HEAD')
        const result = await verifyTree(directory, {store})
        assert.equal(found(result), [])
        assert.ok(result.leftOut.length > 0)
        assert.ok(result.leftOut.every(({rule}) => rule?.includes('.gitignore')))
      })
    },
  )

  test.unless(
    unavailable,
    'file names with newline, quote and bytes that are no UTF-8 in vendor: added',
    async () => {
      await withTree(base, 'replaced', async directory => {
        const id = git(directory, 'rev-parse', `HEAD:${goFile}`).trim()
        const names = ['new\nline.go', 'quo"te.go', 'caf\xe9.go']
        const records = names
          .map(name => `100644 ${id} 0\tvendor/github.com/docker/go-units/${name}\0`)
          .join('')
        execFileSync('git', ['update-index', '-z', '--index-info'], {
          cwd: directory,
          env: treeEnv(),
          input: Buffer.from(records, 'latin1'),
        })
        const result = await verifyTree(directory, {store})
        assert.is(result.findings.length, 3)
        assert.ok(result.findings.every(({code}) => code === 'VENDOR_ADDED'))
      })
    },
  )

  test.unless(
    unavailable,
    'a vendored file under a name of another case: missing, and its twin is named',
    async () => {
      await withTree(base, 'replaced', async directory => {
        git(directory, 'mv', goFile, goFile.replace('duration.go', 'Duration.go'))
        const result = await verifyTree(directory, {store})
        const missing = result.findings.find(({code}) => code === 'VENDOR_MISSING')
        assert.is(
          missing?.code === 'VENDOR_MISSING' && missing.facts.twin,
          goFile.replace('duration', 'Duration'),
        )
      })
    },
  )

  test.unless(
    unavailable,
    'git clone --bare --depth=1: --commit judges without work tree and without parents',
    async () => {
      await withTree(base, 'replaced', async directory => {
        editIn(directory)
        commitAll(directory)
        const bare = join(base, 'bare.git')
        git(base, 'clone', '--quiet', '--bare', '--depth=1', pathToFileURL(directory).href, bare)
        assert.equal(
          found(await verifyTree(bare, {store, judged: {kind: 'commit', revision: 'HEAD'}})),
          edited,
        )
      })
    },
  )

  test.unless(unavailable, '--commit REV judges that commit and neither index nor work tree', async () => {
    await withTree(base, 'replaced', async directory => {
      editIn(directory)
      commitAll(directory)
      put(directory, goFile, 'package units\n')
      const judge = (revision: string) => verifyTree(directory, {store, judged: {kind: 'commit', revision}})
      assert.equal(found(await judge('HEAD')), edited)
      assert.equal(found(await judge('HEAD~1')), [])
    })
  })

  test.unless(
    unavailable,
    'a hash of go.sum that changed in a commit: compared with its parent',
    async () => {
      await withTree(base, 'replaced', async directory => {
        edit(directory, 'go.sum', text => `${text}example.org/far v1.0.0 h1:${'A'.repeat(43)}=\n`)
        commitAll(directory)
        edit(directory, 'go.sum', text => text.replace('h1:AAAA', 'h1:BAAA'))
        commitAll(directory)
        const result = await verifyTree(directory, {store, judged: {kind: 'commit', revision: 'HEAD'}})
        assert.equal(found(result), ['SUM_CHANGED go.sum', 'SUM_SURPLUS go.sum'])
      })
    },
  )

  test.unless(unavailable, 'a wrong hash that was committed long ago: the hint mends it', async () => {
    await withTree(base, 'replaced', async directory => {
      const right = git(directory, 'show', 'HEAD:go.sum')
      edit(directory, 'go.sum', text =>
        text.replace(/^(github\.com\/docker\/go-units \S+ h1:)..../m, '$1AAAA'),
      )
      commitAll(directory)
      const {findings} = await verifyTree(directory, {store})
      const [mismatch] = findings
      assert.is(mismatch?.code, 'SUM_MISMATCH')
      assert.is(findings.length, 1)
      const mend = mismatch?.code === 'SUM_MISMATCH' ? (mismatch.facts.mend ?? '') : ''
      execFileSync('sh', ['-c', mend], {cwd: directory, env: treeEnv({GOSUMDB: 'off'}), stdio: 'pipe'})
      assert.is(git(directory, 'show', ':go.sum'), right)
    })
  })

  test.unless(unavailable, 'judging writes neither index nor work tree nor objects', async () => {
    await withTree(base, 'replaced', async directory => {
      edit(directory, goFile, text => `${text}// edited as nowhere else, for Git touches an object it has\n`)
      put(directory, 'untracked.go', 'package main // of this test alone\n')
      const before = fingerprint(directory)
      await verifyTree(directory, {store, judged: {kind: 'worktree'}})
      await verifyTree(directory, {store})
      await verifyTree(directory, {store, judged: {kind: 'commit', revision: 'HEAD'}})
      const unchanged = new Set(before)
      assert.equal(
        fingerprint(directory).filter(file => !unchanged.has(file)),
        [],
      )
    })
  })

  test.unless(unavailable, 'before the first commit there is nothing to compare with', async () => {
    await withTree(base, 'replaced', async directory => {
      git(directory, 'update-ref', '-d', 'HEAD')
      assert.equal(found(await verifyTree(directory, {store})), [])
    })
  })

  test.unless(
    unavailable,
    'from a subdirectory the whole repository is judged, --module narrows it',
    async () => {
      await withTree(base, 'replaced', async directory => {
        editIn(directory)
        stageAll(directory)
        assert.equal(found(await verifyTree(join(directory, 'tools'), {store})), edited)
        assert.equal(found(await verifyTree(join(directory, 'tools'), {store, modules: ['.']})), [])
      })
    },
  )

  for (const name of ['vendor.mod', 'old'] as const) {
    test.unless(unavailable, `finds an edit and a missing file in tree ${name}`, async () => {
      await withTree(base, name, async directory => {
        const file = 'vendor/github.com/spf13/pflag/flag.go'
        editIn(directory, file)
        rmSync(join(directory, 'vendor/github.com/spf13/pflag/bool.go'))
        stageAll(directory)
        assert.equal(found(await verifyTree(directory, {store})), [
          `VENDOR_EDITED ${file}`,
          'VENDOR_MISSING vendor/github.com/spf13/pflag/bool.go',
        ])
      })
    })
  }
})

/** Names, times and sizes of every file, the Git directory's included. */
function fingerprint(directory: string): string[] {
  return readdirSync(directory, {recursive: true, withFileTypes: true}).map(entry => {
    const path = join(entry.parentPath, entry.name)
    const {mtimeMs, size} = statSync(path)
    return `${path} ${mtimeMs} ${size}`
  })
}
