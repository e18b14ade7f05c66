/** The same tampers as Go's own commands see them: where they notice nothing, verify is the only one that does. */
import {spawnSync} from 'node:child_process'
import * as assert from 'uvu/assert'
import {suite} from '../support/suite.ts'
import {tampers, targets} from '../support/tampers.ts'
import {makeTrees, treeEnv, withTree} from '../support/vendored.ts'

// One tree, for a build per tamper takes its time; bench/tampers.ts runs all three.
const [target] = targets.filter(({tree}) => tree === 'replaced')
const {base, unavailable} = makeTrees(['replaced'])
const commands = [
  ['build', './...'],
  ['vet', './...'],
  ['mod', 'verify'],
]

suite('verify: what go notices', test => {
  for (const {name, apply, native, without = []} of tampers) {
    if (target === undefined || native === undefined || without.includes(target.tree)) continue
    const passed = native.every(code => code === 0)
    test.unless(unavailable, `${name}: go ${passed ? 'notices nothing' : 'notices it in part'}`, async () => {
      await withTree(base, target.tree, directory => {
        apply(directory, target)
        assert.equal(
          commands.map(words => {
            const {status} = spawnSync('go', words, {cwd: directory, env: treeEnv(), stdio: 'ignore'})
            return status === 0 ? 0 : 1
          }),
          native,
        )
      })
    })
  }
})
