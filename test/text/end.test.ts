import * as assert from 'uvu/assert'
import {UsageError, WorldError} from '../../src/system/errors.ts'
import {endOf} from '../../src/text/end.ts'
import {hostileName, unsafe} from '../support/hostile.ts'
import {suite} from '../support/suite.ts'

suite('text/end', test => {
  const errors: [what: string, error: unknown, code: number, lines: RegExp][] = [
    ['a wrong call', new UsageError(hostileName, hostileName), 2, /^gowarden: (error|hint): /],
    [
      'the world',
      new WorldError(hostileName, {hint: hostileName, exitCode: 127}),
      127,
      /^gowarden: (error|hint): /,
    ],
    ['our bug', new TypeError(hostileName), 70, /^(gowarden: error: this is a bug|TypeError: | {2})/],
    ['what is no error', hostileName, 70, /^(gowarden: error: this is a bug|a\\x1b| {2})/],
  ]
  test('nobody reads on: not a word, and the status of SIGPIPE', () => {
    const error = Object.assign(new Error('EPIPE: broken pipe, write'), {code: 'EPIPE', syscall: 'write'})
    assert.equal(endOf(error), {text: '', code: 141})
  })

  test('what the system refuses is no bug of ours', () => {
    const error = Object.assign(new Error("EACCES: permission denied, mkdir '/opt/x'"), {
      code: 'EACCES',
      syscall: 'mkdir',
    })
    assert.equal(endOf(error), {text: "gowarden: error: mkdir '/opt/x': permission denied\n", code: 1})
  })

  for (const [what, error, expected, begin] of errors) {
    test(`${what}: the status, and every line begins as ours do`, () => {
      const {text, code} = endOf(error)
      assert.is(code, expected)
      assert.not.match(text, unsafe)
      for (const line of text.trimEnd().split('\n')) assert.match(line, begin)
    })
  }
})
