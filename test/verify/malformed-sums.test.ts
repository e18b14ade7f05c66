/** go.sum that cannot be read whole: one finding for one cause, and what vendor/ holds is compared all the same. */
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {suite} from '../support/suite.ts'
import {edit, stageAll} from '../support/tampers.ts'
import {makeTrees, withTree} from '../support/vendored.ts'
import {storeIn, verifyTree} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced'])
const units = 'vendor/github.com/docker/go-units/duration.go'
const line = /^(github\.com\/docker\/go-units) (v0\.4\.0) (h1:\S+)\n/m

const damages: [name: string, change: (text: string) => string, found: string[]][] = [
  ['a hash cut short', text => text.replace(line, '$1 $2 h1:abc=\n'), ['SUM_MALFORMED go.sum']],
  ['a hash that is gone', text => text.replace(line, '$1 $2\n'), ['SUM_MALFORMED go.sum']],
  ['a word more', text => text.replace(line, '$1 $2 $3 x\n'), ['SUM_MALFORMED go.sum']],
  ['a line of another file', text => `package x\n${text}`, ['SUM_MALFORMED go.sum']],
  [
    'a conflict around it',
    text => text.replace(line, '<<<<<<< ours\n$&||||||| base\n=======\n$&>>>>>>> theirs\n'),
    ['SUM_CONFLICT go.sum'],
  ],
  ['its line is gone', text => text.replace(line, ''), ['SUM_MISSING go.sum']],
  ['everything is gone', () => '', ['SUM_MISSING go.sum']],
]

suite('verify: go.sum that cannot be read whole', test => {
  for (const [name, change, codes] of damages) {
    test.unless(unavailable, `${name}: said once, and an edited vendored file beside it`, async () => {
      await withTree(base, 'replaced', async directory => {
        const store = storeIn(base, 'malformed')
        edit(directory, 'go.sum', change)
        if (name === 'everything is gone') rmSync(join(directory, 'go.sum'))
        stageAll(directory)
        const before = (await verifyTree(directory, {store})).findings
        assert.equal([...new Set(before.map(({code, facts}) => `${code} ${fileOf(facts)}`))], codes)
        if (name !== 'everything is gone') assert.is(before.length, 1)
        edit(directory, units, text => `${text}// edited\n`)
        stageAll(directory)
        const {findings, modules} = await verifyTree(directory, {store})
        const edited = findings.filter(({code}) => code.startsWith('VENDOR_'))
        assert.equal(
          edited.map(({code, facts}) => `${code} ${fileOf(facts)}`),
          [`VENDOR_EDITED ${units}`],
        )
        // Nothing proves it: go.sum does not say that this zip is the module's.
        const state = modules.find(({module}) => module.startsWith('github.com/docker/go-units'))?.state
        if (!/word|another|conflict/.test(name)) assert.is(state, 'found')
      })
    })
  }

  test.unless(
    unavailable,
    'without the zip nothing is compared, and nothing is downloaded for it',
    async () => {
      await withTree(base, 'replaced', async directory => {
        edit(directory, 'go.sum', text => text.replace(line, ''))
        edit(directory, units, text => `${text}// edited\n`)
        stageAll(directory)
        const store = storeIn(base, 'malformed, no zips')
        const env = {GOMODCACHE: join(store, 'modules')}
        const {findings} = await verifyTree(directory, {store, env})
        assert.equal(
          findings.filter(({facts}) => fileOf(facts) === units),
          [],
        )
      })
    },
  )
})

function fileOf(facts: object): string {
  return 'file' in facts ? String(facts.file) : ''
}
