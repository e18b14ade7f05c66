import * as assert from 'uvu/assert'
import {compilerOf, type Plan, planStamp} from '../../src/build/plan.ts'
import {parseCommandLine} from '../../src/go/command/command-line.ts'
import {hashFrom} from '../support/hashes.ts'
import {suite} from '../support/suite.ts'

const hash = hashFrom('go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=')
const stamp = `-env=ToolchainHash=${hash}`
const older = '-env=ToolchainHash=go1.24.4.linux-amd64@h1:nm4Il5pypT+vEB1UPY4e+r1p/0HoRr/2jjj+dwb8KhA='

/** Words and GOFLAGS, and the words that go gets. S stands for the stamp, O for an older one. */
const cases: [words: string, goflags: string, planned: string][] = [
  ['build .', '', 'build|-gcflags=all=S|.'],
  ['build', '', 'build|-gcflags=all=S'],
  ['-C d build .', '', '-C|d|build|-gcflags=all=S|.'],
  ['build -C d .', '', 'build|-C|d|-gcflags=all=S|.'],
  ['build -gcflags=-N .', '', 'build|-gcflags=all=S|-gcflags=-N S|.'],
  ['build -gcflags -N .', '', 'build|-gcflags=all=S|-gcflags|-N S|.'],
  ['build --gcflags=a=-N --gcflags=b=-l .', '', 'build|-gcflags=all=S|--gcflags=a=-N S|--gcflags=b=-l S|.'],
  ['run . -gcflags=mine', '', 'run|-gcflags=all=S|.|-gcflags=mine'],
  ['test . -args -gcflags=mine', '', 'test|-gcflags=all=S|.|-args|-gcflags=mine'],
  ['build .', '-race -gcflags=-N', 'build|-gcflags=all=S|-gcflags=-N S|.'],
  ['build .', "'-gcflags=all=-N -l' -v", 'build|-gcflags=all=S|-gcflags=all=-N -l S|.'],
  [
    'build -gcflags=-m .',
    '-gcflags=a=-N -gcflags=b=-l',
    'build|-gcflags=all=S|-gcflags=a=-N S|-gcflags=b=-l S|-gcflags=-m S|.',
  ],
  ['build .', '-gcflags=all=O', 'build|-gcflags=all=S|.'],
  ['build .', "'-gcflags=all=-N O'", 'build|-gcflags=all=S|-gcflags=all=-N S|.'],
  ['build .', "'-gcflags=open", 'build|-gcflags=all=S|.'],
  // shimmed twice
  ['build -gcflags=all=S .', '', 'build|-gcflags=all=S|.'],
  ['build -gcflags=all=O .', '', 'build|-gcflags=all=S|.'],
]

const written = (text: string) => text.replaceAll(/\bS\b/g, stamp).replaceAll(/\bO\b/g, older)

/** The words as the real go gets them; the launcher builds them itself by position. */
function applyPlan(words: readonly string[], plan: Pick<Plan, 'head' | 'inserted' | 'edits'>): string[] {
  const edited = words.map((word, index) => {
    const edit = plan.edits.find(({at}) => at === index + 1)
    if (edit === undefined) return word
    return edit.kind === 'append' ? word + edit.suffix : edit.text
  })
  return [...edited.slice(0, plan.head), ...plan.inserted, ...edited.slice(plan.head)]
}

suite('build/plan', test => {
  for (const [typed, goflags, planned] of cases) {
    test(`${typed}${goflags && `, GOFLAGS=${goflags}`}`, () => {
      const words = typed.split(' ').map(written)
      const line = parseCommandLine(words)
      const plan = {head: line.head, ...planStamp(line, written(goflags), '-env', hash)}
      assert.equal(applyPlan(words, plan), planned.split('|').map(written))
    })
  }

  test('a planned command planned again stays as it is', () => {
    for (const [typed] of cases) {
      const words = typed.split(' ').map(written)
      const line = parseCommandLine(words)
      const once = applyPlan(words, {head: line.head, ...planStamp(line, '', '-env', hash)})
      const again = parseCommandLine(once)
      assert.equal(applyPlan(once, {head: again.head, ...planStamp(again, '', '-env', hash)}), once)
    }
  })

  test('the compiler in force is the last one named, the command line before GOFLAGS', () => {
    assert.is(compilerOf(parseCommandLine(['build']), ''), undefined)
    assert.is(compilerOf(parseCommandLine(['build']), '-compiler=gccgo'), 'gccgo')
    assert.is(
      compilerOf(parseCommandLine(['build', '-compiler=gccgo', '-compiler', 'gc']), '-compiler=gccgo'),
      'gc',
    )
  })
})
