import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {findingCodes} from '../../src/findings/levels.ts'
import {readPages} from '../../src/findings/pages.ts'
import {topicsText} from '../../src/findings/topics.ts'
import {root, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'

suite('findings/topics', test => {
  const text = topicsText(readPages(readFileSync(join(root, 'docs/findings.md'), 'utf8')))

  test('every code once, below a topic, with a sentence that fits a terminal', () => {
    const codes = [...text.matchAll(/^ {2}([A-Z_0-9]+) +(\S.*)$/gm)]
    assert.equal(codes.map(([, code = '']) => code).sort(), findingCodes().sort())
    for (const [line] of codes) assert.ok(line.length < 130, line)
    const topicOf = (code: string) =>
      text
        .slice(0, text.indexOf(`  ${code} `))
        .match(/^\S.*$/gm)
        ?.at(-1)
    assert.equal(
      [
        'CACHEPROG_PROFILE',
        'TOOLCHAIN_VERSION',
        'TOOLCHAIN_LINE',
        'MODULES_TXT_DIFFERS',
        'MODULES_OFF',
        'ENV_DENIED',
      ].map(topicOf),
      [
        'the build cache',
        'the toolchain and GOROOT',
        'go.mod, go.work and the commit',
        'vendor/',
        'this machine',
        'what a policy denies',
      ],
    )
  })

  test('explain without a code prints it', async () => {
    await withRig(async rig => {
      const {code, stdout} = await rig.gowarden(['explain'])
      assert.equal([code, stdout], [0, text])
    })
  })
})
