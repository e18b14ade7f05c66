/** A lock of a process that was killed. */
import {spawn} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {nameHolder, passOverDead} from '../../src/install/holder.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const noProc = existsSync('/proc/self/ns/pid') ? undefined : 'there is no /proc here that names processes'
const system = nodeSystem()

suite('install/holder', test => {
  const change = (pattern: RegExp, text: string) => (path: string) =>
    writeFileSync(path, readFileSync(path, 'utf8').replace(pattern, text))
  const rows: [
    what: string,
    isAlive: boolean,
    touchedSeconds: number,
    edit: (holder: string) => void,
    stays: boolean,
  ][] = [
    ['that is gone', false, -3, () => undefined, false],
    ['that is gone, and another has taken it a moment ago', false, 0, () => undefined, true],
    ['that lives, and is slow', true, -8, () => undefined, true],
    ['which another process has the number of now', true, -3, change(/^(\d+) \d+/, '$1 1'), false],
    ['of another boot', false, -3, change(/[0-9a-f-]{36}/, '00000000-0000-0000-0000-000000000000'), true],
    ['of another container', false, -3, change(/pid:\[\d+\]/, 'pid:[1]'), true],
    ['of nobody', false, -3, path => writeFileSync(path, 'x'), true],
  ]
  for (const [what, isAlive, seconds, edit, stays] of rows) {
    test.unless(noProc, `the lock of a process ${what} ${stays ? 'stays' : 'goes'}`, async () => {
      await withTemporary(async folder => {
        const path = join(folder, 'name')
        const child = spawn('sleep', ['60'])
        nameHolder({...system, pid: child.pid ?? 0}, path)
        const ended = new Promise(resolve => child.once('exit', resolve))
        if (!isAlive) {
          child.kill('SIGKILL')
          await ended
        }
        mkdirSync(`${path}.lock`)
        const time = Date.now() / 1000 + seconds
        utimesSync(`${path}.lock`, time, time)
        edit(`${path}.holder`)
        passOverDead(system, path)
        assert.is(existsSync(`${path}.lock`), stays)
        if (isAlive) {
          child.kill('SIGKILL')
          await ended
        }
      })
    })
  }
})
