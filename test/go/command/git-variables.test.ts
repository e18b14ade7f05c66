import {execFileSync} from 'node:child_process'
import * as assert from 'uvu/assert'
import {localGitVariables, withoutLocalGit} from '../../../src/go/command/git-variables.ts'
import {suite} from '../../support/suite.ts'

suite('go/command/git-variables', test => {
  test('no variable that the installed Git calls its own is left out', () => {
    const printed = execFileSync('git', ['rev-parse', '--local-env-vars'], {encoding: 'utf8'})
    const own = printed.split('\n').filter(Boolean)
    assert.ok(own.includes('GIT_DIR'))
    assert.equal(
      own.filter(name => !localGitVariables.includes(name)),
      [],
    )
  })

  test('each of them goes, and nothing else', () => {
    const env = {...Object.fromEntries(localGitVariables.map(name => [name, 'x'])), GIT_SSH: 's', HOME: '/h'}
    assert.equal(withoutLocalGit(env), {GIT_SSH: 's', HOME: '/h'})
  })

  for (const [name, env, kept] of [
    ['a hook that was started with git -c', ['GIT_DIR', 'GIT_CONFIG_PARAMETERS'], []],
    ['a hook of a partial commit', ['GIT_INDEX_FILE', 'GIT_CONFIG_COUNT'], []],
    [
      'credentials of a CI job',
      ['GIT_CONFIG_COUNT', 'GIT_CONFIG_KEY_0', 'GIT_CONFIG_VALUE_0'],
      ['GIT_CONFIG_COUNT', 'GIT_CONFIG_KEY_0', 'GIT_CONFIG_VALUE_0'],
    ],
  ] as const) {
    test(`${name}: ${kept.length === 0 ? 'nothing stays' : 'all stay'}`, () => {
      const given = Object.fromEntries(env.map(variable => [variable, '1']))
      assert.equal(Object.keys(withoutLocalGit(given)), [...kept])
    })
  }
})
