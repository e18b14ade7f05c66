/** Every tamper of test/support/tampers.ts is found, under the code that it is there for. */
import * as assert from 'uvu/assert'
import {suite} from '../support/suite.ts'
import {edit, stageAll, tampers, targets} from '../support/tampers.ts'
import {makeTrees, withTree} from '../support/vendored.ts'
import {found, storeIn, verifyTree} from '../support/verify.ts'

const {base, unavailable} = makeTrees(targets.map(({tree}) => tree))

suite('verify: tampers', test => {
  for (const {name, apply, expected, without = []} of tampers) {
    test.unless(unavailable, `finds ${name} in trees of three habits`, async () => {
      for (const target of targets) {
        if (without.includes(target.tree)) continue
        await withTree(base, target.tree, async directory => {
          const store = storeIn(base, target.tree)
          apply(directory, target)
          const result = await verifyTree(directory, {store})
          const wanted = expected(target)
          for (const finding of wanted)
            assert.ok(found(result).includes(finding), `${target.tree}: ${finding} among ${found(result)}`)
          if (wanted.length === 0) assert.equal(found(result), [], target.tree)
        })
      }
    })
  }

  test.unless(unavailable, 'finds in the work tree what is not staged', async () => {
    for (const target of targets) {
      await withTree(base, target.tree, async directory => {
        edit(directory, target.goFile, text => `${text}\n// not staged\n`)
        const result = await verifyTree(directory, {
          store: storeIn(base, target.tree),
          judged: {kind: 'worktree'},
        })
        assert.equal(found(result), [`VENDOR_EDITED ${target.goFile}`])
      })
    }
  })

  test.unless(
    unavailable,
    'finds drift between a vendored copy and the local directory that replaces it',
    async () => {
      await withTree(base, 'replaced', async directory => {
        edit(directory, 'lib/lib.go', text => `${text}// drift\n`)
        stageAll(directory)
        const result = await verifyTree(directory, {store: storeIn(base, 'replaced')})
        assert.equal(found(result), ['VENDOR_EDITED vendor/example.com/lib/lib.go'])
      })
    },
  )
})
