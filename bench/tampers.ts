/**
 * `node --import tsx bench/tampers.ts`: every tamper of test/support/tampers.ts on three trees, and who notices. Exit codes of
 * Go's own commands, and whether `gowarden verify` has findings; 0 is "noticed nothing".
 */
import {spawnSync} from 'node:child_process'
import {hasErrors} from '../src/findings/finding.ts'
import {table} from '../src/text/table.ts'
import {tampers, targets} from '../test/support/tampers.ts'
import {makeTrees, treeEnv, withTree} from '../test/support/vendored.ts'
import {storeIn, verifyTree} from '../test/support/verify.ts'

const {base, unavailable} = makeTrees(targets.map(({tree}) => tree))
if (unavailable !== undefined) throw new Error(unavailable)

const rows: string[][] = []
for (const {name, apply, without = []} of tampers) {
  const cells: string[][] = []
  for (const target of targets) {
    if (without.includes(target.tree)) continue
    await withTree(base, target.tree, async directory => {
      apply(directory, target)
      const packages = target.tree === 'workspace' ? ['./a/...', './b/...'] : ['./...']
      const codes = [
        ['build', ...packages],
        ['vet', ...packages],
        ['mod', 'verify'],
      ].map(words => {
        const {status} = spawnSync('go', words, {cwd: directory, env: treeEnv(), stdio: 'ignore'})
        return String(status)
      })
      const {findings} = await verifyTree(directory, {store: storeIn(base, target.tree)})
      cells.push([...codes, hasErrors(findings) ? '1' : '0'])
    })
  }
  const [first = []] = cells
  rows.push([name, ...first.map((_, column) => [...new Set(cells.map(row => row[column]))].join('/'))])
}
console.log(table([['tamper', 'go build', 'go vet', 'go mod verify', 'gowarden verify'], ...rows]))
