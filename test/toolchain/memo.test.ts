import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {nodeSystem} from '../../src/system/node.ts'
import {
  memoCheck,
  readToolchainMemo,
  type ToolchainMemo,
  writeToolchainMemo,
} from '../../src/toolchain/memo.ts'
import {corruptions, rewrite} from '../support/corruptions.ts'
import {gorootAt} from '../support/goroot-at.ts'
import {hashNamed} from '../support/hashes.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const memo: ToolchainMemo = {
  goroot: gorootAt('/usr/lib/go-1.26'),
  version: 'go1.26.8',
  hash: hashNamed('go1.26.8', 'b'),
  tools: 'a\nb',
  tree: {directories: ['', 'src'], directoriesState: 'c\nd', filesDigest: 'e'.repeat(64), isSettled: true},
  outside: ['path'],
  mounts: '',
  stampFlag: '-env',
  comparedMs: 1_000_000_000_000,
}

const changes: typeof corruptions = [
  ...corruptions,
  ['null', path => writeFileSync(path, 'null')],
  ['a list', path => writeFileSync(path, '[]')],
  ['an object without anything', path => writeFileSync(path, '{"format":1}')],
  [
    'with another letter in its hash',
    path =>
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace(/(@h1:)(.)/, (_, at, letter) => at + (letter === 'A' ? 'B' : 'A')),
      ),
  ],
  ['of another format', path => rewriteMemo(path, memo => ({...memo, format: 99}))],
  ['without a hash', path => rewriteMemo(path, ({hash: _, ...memo}) => memo)],
  ['with a hash that is none', path => rewriteMemo(path, memo => ({...memo, hash: "x' y"}))],
  [
    'with a hash of another version',
    path => rewriteMemo(path, memo => ({...memo, hash: `go1.0.linux-amd64@h1:${'a'.repeat(43)}=`})),
  ],
  ['with numbers for folders', path => rewriteMemo(path, memo => ({...memo, tree: {directories: [1]}}))],
  ['without what lies outside', path => rewriteMemo(path, ({outside: _, ...memo}) => memo)],
  ['without its mounts', path => rewriteMemo(path, ({mounts: _, ...memo}) => memo)],
  ['of another GOROOT', path => rewriteMemo(path, memo => ({...memo, goroot: '/elsewhere'}))],
]

suite('toolchain/memo', test => {
  test('a memo is read as it was written', async () => {
    await withMemo(({system, folder}) => {
      assert.equal(readToolchainMemo(system, folder, memo.goroot), memo)
      assert.is(readToolchainMemo(system, folder, gorootAt('/usr/lib/go')), undefined)
    })
  })

  test('a memo of another user is none', async () => {
    await withMemo(({system, folder}) => {
      assert.is(readToolchainMemo({...system, user: (system.user ?? 0) + 1}, folder, memo.goroot), undefined)
    })
  })

  for (const [what, change] of changes) {
    test(`a memo that is ${what} is none, and is written anew`, async () => {
      await withMemo(({system, folder, path}) => {
        change(path)
        assert.is(readToolchainMemo(system, folder, memo.goroot), undefined)
        if (what === 'a folder') return
        writeToolchainMemo(system, folder, memo)
        assert.equal(readToolchainMemo(system, folder, memo.goroot), memo)
      })
    })
  }
})

type Place = {system: ReturnType<typeof nodeSystem>; folder: string; path: string}

async function withMemo(body: (place: Place) => void): Promise<void> {
  await withTemporary(folder => {
    const system = nodeSystem()
    writeToolchainMemo(system, folder, memo)
    body({system, folder, path: join(folder, `toolchains${memo.goroot}/=toolchain.json`)})
  })
}

/** A memo changed, and its checksum with it. */
function rewriteMemo(path: string, change: (content: Record<string, unknown>) => unknown): void {
  rewrite(path, content => {
    const memo = change(content) as Parameters<typeof memoCheck>[0]
    return {...memo, check: memoCheck(memo)}
  })
}
