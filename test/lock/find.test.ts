import {mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {parseToolchainHash} from '../../src/go/module/toolchain-module.ts'
import {lockText} from '../../src/lock/file.ts'
import {damageHint, damageText, findLock, rootOf} from '../../src/lock/find.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {hashNamed} from '../support/hashes.ts'
import {writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const system = nodeSystem()

function lockNaming(name: string): string {
  const parts = parseToolchainHash(hashNamed('go1.26.8', name))
  if (parts === undefined) throw new Error(name)
  return lockText({toolchains: [{...parts, proof: {kind: 'database', name: 'sum.golang.org'}}], comments: []})
}

/** A repository with a module in `mod/`. */
async function withRepository(body: (root: string) => void): Promise<void> {
  await withTemporary(async folder => {
    const root = join(system.files.realPath(folder) ?? folder, 'repository')
    writeFiles(root, {'.git/HEAD': 'ref: refs/heads/main\n', 'mod/go.mod': 'module m\n'})
    for (const name of ['objects', 'refs']) mkdirSync(join(root, '.git', name))
    body(root)
  })
}

suite('lock/find', test => {
  test('the nearest lock counts, up to the root of the repository and no further', async () => {
    await withRepository(root => {
      writeFiles(join(root, '..'), {'gowarden.lock': lockNaming('outside')})
      assert.equal(findLock(system, `${root}/mod`), {kind: 'none'})
      writeFiles(root, {'gowarden.lock': lockNaming('root')})
      const found = findLock(system, `${root}/mod`)
      assert.is(found.kind === 'found' && found.path, `${root}/gowarden.lock`)
      writeFiles(root, {'mod/gowarden.lock': lockNaming('near')})
      const near = findLock(system, `${root}/mod`)
      assert.is(near.kind === 'found' && near.lock.toolchains[0]?.hash, hashNamed('go1.26.8', 'near'))
      assert.is(rootOf(system, `${root}/mod`), root)
    })
  })

  const instead: [what: string, put: (path: string) => void, reason: RegExp][] = [
    ['a link to nothing', path => symlinkSync('nowhere', path), /a link to nothing/],
    ['a link to itself', path => symlinkSync('gowarden.lock', path), /./],
    [
      'a link out of the repository',
      path => symlinkSync('/etc/hostname', path),
      /leads out of the repository/,
    ],
    ['a directory', path => mkdirSync(path), /not a regular file/],
    ['a device', path => symlinkSync('/dev/zero', path), /leads out of the repository/],
  ]
  for (const [what, put, reason] of instead) {
    test(`${what} in its place is damage, and no absence`, async () => {
      await withRepository(root => {
        put(`${root}/gowarden.lock`)
        const found = findLock(system, root)
        assert.is(found.kind, 'damaged')
        assert.match(found.kind === 'damaged' ? found.reason : '', reason)
      })
    })
  }

  test('damage is said with its line, and the hint works in every folder of the repository', async () => {
    await withRepository(root => {
      writeFiles(root, {'gowarden.lock': 'gowarden lock 1\n<<<<<<< HEAD\n'})
      const found = findLock(system, `${root}/mod`)
      assert.is(found.kind, 'damaged')
      if (found.kind !== 'damaged') return
      assert.is(damageText(found), `${root}/gowarden.lock:2: a conflict marker (<<<<<<<)`)
      assert.match(damageHint(found), `git log -p `)
      assert.match(damageHint(found), `${root}/gowarden.lock`)
    })
  })

  test('a link within the repository is followed', async () => {
    await withRepository(root => {
      writeFiles(root, {'tools/go.lock': lockNaming('there')})
      symlinkSync('tools/go.lock', `${root}/gowarden.lock`)
      assert.is(findLock(system, root).kind, 'found')
    })
  })
})
