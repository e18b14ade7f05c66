import * as assert from 'uvu/assert'
import {loginFor} from '../../src/goproxy/netrc.ts'
import {suite} from '../support/suite.ts'

suite('goproxy/netrc', test => {
  const files: [what: string, netrc: string, login: ReturnType<typeof loginFor>][] = [
    ['on one line', 'machine a.example login me password p', {user: 'me', password: 'p'}],
    ['on several lines', 'machine a.example\n  login me\n  password p\n', {user: 'me', password: 'p'}],
    [
      'the first of two',
      'machine a.example login me password p\nmachine a.example login x password y',
      {user: 'me', password: 'p'},
    ],
    ['of another host', 'machine b.example login me password p', undefined],
    ['of a host below', 'machine example login me password p', undefined],
    [
      'behind a macro',
      'macdef x\nmachine a.example login no password no\n\nmachine a.example login me password p',
      {user: 'me', password: 'p'},
    ],
    ['without a password', 'machine a.example login me\nmachine b.example password p', undefined],
    ['nothing', '', undefined],
  ]
  for (const [what, netrc, login] of files)
    test(what, () => assert.equal(loginFor('a.example', netrc), login))
})
