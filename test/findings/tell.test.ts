import * as assert from 'uvu/assert'
import {telling, waitingText} from '../../src/findings/tell.ts'
import type {Waiting} from '../../src/system/happening.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {withoutWaits} from '../support/rig.ts'
import {suite} from '../support/suite.ts'

const happenings: Waiting[] = [
  {kind: 'reading-goroot', goroot: '/g', for: 'build'},
  {kind: 'reading-goroot', goroot: '/g', for: 'cache'},
  {kind: 'comparing-goroot', goroot: '/g', what: 'directories'},
  {kind: 'comparing-goroot', goroot: '/g', what: 'files'},
  {kind: 'waiting-for-goroot', goroot: '/g'},
  {kind: 'waiting-for-lock', lock: '/c.lock'},
  {kind: 'attributing-cache', cache: '/c', objects: 7},
]

suite('findings/tell', test => {
  for (const happening of happenings) {
    test(`${happening.kind} is a line of ours that names what it is about, and that a test may leave out`, () => {
      const text = waitingText(happening)
      assert.match(text, /^gowarden: [a-z][^\n]* \/[gc]/)
      assert.is(withoutWaits(`${text}\nx\n`), 'x\n')
    })
  }

  test('what go says is said as it is', () => {
    assert.is(waitingText({kind: 'go-says', line: 'go: downloading x v1'}), 'go: downloading x v1')
  })

  test('only a door says it', () => {
    const said: string[] = []
    const system = {...nodeSystem(), stderr: (text: string) => said.push(text)}
    system.tell({kind: 'waiting-for-lock', lock: '/l'})
    assert.equal(said, [])
    telling(system).tell({kind: 'waiting-for-lock', lock: '/l'})
    assert.equal(said, ['gowarden: waiting for another command to release /l\n'])
  })
})
