/** Proofs that one machine writes and another, without a module cache or a network, reads. */
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {formatProofs, type ProofsToWrite, parseProofs} from '../../src/go/vendor/proofs.ts'
import type {VerifyOptions} from '../../src/verify/result.ts'
import {suite} from '../support/suite.ts'
import {edit, put, stageAll} from '../support/tampers.ts'
import {withTemporary} from '../support/temporary.ts'
import {git, makeTrees, type TreeName, trees, withTree} from '../support/vendored.ts'
import {found, verifyTree} from '../support/verify.ts'

const names = Object.keys(trees) as TreeName[]
const {base, unavailable} = makeTrees(names)
const units = 'vendor/github.com/docker/go-units'

suite('verify: proofs', test => {
  for (const name of names) {
    test.unless(unavailable, `tree ${name}: proven by a list of files, with no module cache`, async () => {
      await withProofs(name, async (directory, judge) => {
        const result = await judge()
        assert.equal(found(result), [])
        const zips = result.modules.filter(({by}) => by !== 'directory')
        assert.equal([...new Set(zips.map(({by}) => by))], zips.length === 0 ? [] : ['list'], directory)
        assert.is((await judge()).remembered, true)
      })
    })
  }

  const tampers: [what: string, tamper: (directory: string) => void, expected: string[]][] = [
    [
      'an edited file',
      directory => edit(directory, `${units}/size.go`, text => `${text}// edited\n`),
      [`VENDOR_EDITED ${units}/size.go`],
    ],
    [
      'an edited licence',
      directory => edit(directory, `${units}/LICENSE`, text => `${text} `),
      [`VENDOR_EDITED ${units}/LICENSE`],
    ],
    [
      'an added file',
      directory => put(directory, `${units}/evil.go`, 'package units\n'),
      [`VENDOR_ADDED ${units}/evil.go`],
    ],
    [
      'a missing licence',
      directory => rmSync(join(directory, units, 'LICENSE')),
      [`VENDOR_MISSING ${units}/LICENSE`],
    ],
    [
      'another h1 in go.sum',
      directory =>
        edit(directory, 'go.sum', text =>
          text.replace(/(docker\/go-units v0.4.0 h1:)./, (_, head: string) => `${head}Z`),
        ),
      ['SUM_CHANGED go.sum', 'VENDOR_UNPROVEN vendor/modules.txt'],
    ],
  ]
  for (const [what, tamper, expected] of tampers) {
    test.unless(unavailable, `${what} is found without the zip`, async () => {
      await withProofs('replaced', async (directory, judge) => {
        tamper(directory)
        stageAll(directory)
        assert.equal(found(await judge()), expected)
      })
    })
  }

  test.unless(unavailable, 'a missing .go file is said to be untold: go may have left it out', async () => {
    await withProofs('replaced', async (directory, judge) => {
      assert.equal((await judge()).untold, [])
      rmSync(join(directory, units, 'size.go'))
      stageAll(directory)
      const result = await judge()
      assert.equal(found(result), [])
      assert.equal(result.untold, [
        {module: 'github.com/docker/go-units@v0.4.0', files: [`${units}/size.go`]},
      ])
    })
  })

  test.unless(unavailable, 'a verdict that rests on proofs is not that of a run without them', async () => {
    await withProofs('replaced', async (directory, judge, store) => {
      assert.equal(found(await judge()), [])
      const env = {GOMODCACHE: join(store, 'none')}
      const {findings} = await verifyTree(directory, {store: join(store, 'there'), env})
      assert.equal([...new Set(findings.map(({code}) => code))], ['VENDOR_UNPROVEN'])
    })
  })

  test.unless(unavailable, 'an export reads every zip, also when a run was remembered', async () => {
    await withTree(base, 'replaced', async directory => {
      await withTemporary(async store => {
        await verifyTree(directory, {store})
        assert.is((await verifyTree(directory, {store})).remembered, true)
        const exported = await exportOf(directory, store)
        assert.equal(exported.modules.map(({module}) => module.path).sort(), [
          'github.com/docker/go-units',
          'github.com/golang-jwt/jwt',
          'github.com/pkg/errors',
          'github.com/russross/blackfriday/v2',
        ])
      })
    })
  })
})

type Judge = () => ReturnType<typeof verifyTree>

/** Exports with the machine's module cache; `judge` has none, and a store that knows nothing. */
async function withProofs(
  name: TreeName,
  body: (directory: string, judge: Judge, store: string) => Promise<void>,
): Promise<void> {
  await withTree(base, name, async directory => {
    await withTemporary(async store => {
      const text = formatProofs(await exportOf(directory, join(store, 'here')))
      const read = parseProofs(text)
      if (read.kind !== 'read') throw new Error(read.reason)
      const proofs: VerifyOptions['proofs'] = {proofs: read.proofs, digest: 'test'}
      const env = {GOMODCACHE: join(store, 'none')}
      await body(directory, () => verifyTree(directory, {store: join(store, 'there'), env, proofs}), store)
      assert.is(git(directory, 'status', '--porcelain', '--ignored').includes('proofs'), false)
    })
  })
}

async function exportOf(directory: string, store: string): Promise<ProofsToWrite> {
  const exported: ProofsToWrite = {modules: [], goMods: []}
  await verifyTree(directory, {
    store,
    exportProofs: ({modules, goMods}) => {
      exported.modules.push(...modules)
      exported.goMods.push(...goMods)
    },
  })
  return exported
}
