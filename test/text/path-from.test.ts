import * as assert from 'uvu/assert'
import {pathFrom} from '../../src/text/path-from.ts'
import {suite} from '../support/suite.ts'

suite('text/path-from', test => {
  for (const [cwd, path, shown] of [
    ['/home/u/app', '/home/u/app/gowarden.lock', 'gowarden.lock'],
    ['/home/u', '/home/u/app/gowarden.lock', 'app/gowarden.lock'],
    ['/home/u/app/cmd', '/home/u/app/gowarden.lock', '/home/u/app/gowarden.lock'],
    ['/home/u/ap', '/home/u/app/gowarden.lock', '/home/u/app/gowarden.lock'],
    ['/', '/gowarden.lock', 'gowarden.lock'],
    ['/home/u', '/home/u', '/home/u'],
    ['/', '/', '/'],
    ['/home/u', '/home/u/-f/gowarden.lock', './-f/gowarden.lock'],
  ] as const) {
    test(`${path} from ${cwd}`, () => assert.is(pathFrom(cwd, path), shown))
  }
})
