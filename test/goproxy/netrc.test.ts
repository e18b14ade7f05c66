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
    ['of another port', 'machine a.example:8443 login me password p', undefined],
    ['behind default, which ends the file', 'default\nmachine a.example login me password p', undefined],
    [
      'of several machines',
      'machine b.example login x password y\nmachine a.example\nlogin me\npassword p\nmachine c.example login x password y\n',
      {user: 'me', password: 'p'},
    ],
    [
      'of the longest path that fits',
      'machine a.example login x password y\nmachine a.example/go login me password p\nmachine a.example/go/other login x password y',
      {user: 'me', password: 'p'},
    ],
    [
      'whose words are cut by tabs and CRLF',
      'machine\ta.example\tlogin me\r\npassword p\r\n',
      {user: 'me', password: 'p'},
    ],
  ]
  for (const [what, netrc, login] of files)
    test(what, () => assert.equal(loginFor(new URL('https://a.example/go/x.zip'), netrc), login))

  test('a host with a port is a machine with a port', () => {
    const url = new URL('https://a.example:8443/x')
    assert.is(loginFor(url, 'machine a.example login me password p'), undefined)
    assert.equal(loginFor(url, 'machine a.example:8443 login me password p'), {user: 'me', password: 'p'})
  })
})
