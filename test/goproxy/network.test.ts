/**
 * How a module proxy is reached in a company's network, on real sockets: HTTP proxies, logins, certificates. go is asked the same beside it,
 * and must take the same way with the same login, or fail too. With ENGINE=1 it is the standalone executable that asks.
 */
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {fetchFrom} from '../../src/goproxy/source.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {makeAuthority} from '../support/company-certificates.ts'
import {type Arrived, type CompanyNetwork, withCompanyNetwork} from '../support/company-network.ts'
import {machine, root, runProgram, writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {directoryOfProcess} from '../support/temporary.ts'

const company = makeAuthority('a company')
const stranger = makeAuthority('a stranger')
const here = ['127.0.0.1', '0.0.0.0', 'localhost', 'mirror.corp.example']
const certificates = {
  '': company.sign({names: here}),
  'expired.corp.example': company.sign({names: ['expired.corp.example'], to: 2021}),
  'early.corp.example': company.sign({names: ['early.corp.example'], from: 2048}),
  'other.corp.example': company.sign({names: ['a.example', '10.0.0.1']}),
  'strange.corp.example': stranger.sign({names: ['strange.corp.example']}),
}

const folder = directoryOfProcess('gowarden network ')
const files = {
  ca: join(folder, 'ca.pem'),
  caFolder: join(folder, 'folder of authorities'),
  work: join(folder, 'work'),
  home: join(folder, 'home'),
}
writeFiles(folder, {
  'ca.pem': company.cert,
  'folder of authorities/company.pem': company.cert,
  'folder of authorities/README': 'not a certificate',
  'work/go.mod': 'module example.com/work\n',
  'home/.config/go/telemetry/mode': 'off',
})

type Env = Record<string, string>
type Ended = {arrived: Arrived | undefined; said: string | undefined}

/** Asks for a list of versions below `base`: what arrived of that, and why it failed. */
async function gowardenAsks(network: CompanyNetwork, base: string, env: Env): Promise<Ended> {
  network.arrived.length = 0
  if (process.env['ENGINE']) {
    const words = ['install', 'go1.26.8']
    const ended = await runProgram(join(root, 'bin/gowarden'), words, {
      cwd: files.work,
      env: {PATH: '/usr/bin:/bin', HOME: files.home, ...env, GOPROXY: base},
    })
    const [arrived] = network.arrived
    // It goes on to ask for what is not there.
    return {arrived, said: arrived === undefined ? ended.stderr : undefined}
  }
  const asked = await fetchFrom({...nodeSystem(), env}, base, 'example.com/m/@v/list')
  return {arrived: network.arrived[0], said: asked.kind === 'got' ? undefined : asked.reason}
}

async function goAsks(network: CompanyNetwork, base: string, env: Env): Promise<Ended> {
  network.arrived.length = 0
  const ended = await runProgram(
    `${machine.goroot}/bin/go`,
    ['list', '-m', '-versions', 'example.com/m@latest'],
    {
      cwd: files.work,
      env: {
        PATH: '/usr/bin:/bin',
        HOME: files.home,
        ...env,
        GOPROXY: base,
        GONOSUMDB: '*',
        GOFLAGS: '',
        GOTOOLCHAIN: 'local',
        GOMODCACHE: join(folder, 'modules'),
      },
    },
  )
  return {arrived: network.arrived[0], said: ended.code === 0 ? undefined : ended.stderr}
}

type Row = {
  what: string
  url: (network: CompanyNetwork) => string
  env?: (network: CompanyNetwork) => Env
  netrc?: (network: CompanyNetwork) => string
  /** What the HTTP proxy wants. */
  proxyLogin?: string
  /** What the module proxy wants. */
  login?: string
} & ({arrives: Partial<Arrived>} | {fails: RegExp; go: RegExp})

const named = (name: string) => () => `https://${name}`
const straight = ({httpsPort}: CompanyNetwork) => `https://0.0.0.0:${httpsPort}`
const through = ({proxyPort}: CompanyNetwork, login = ''): Env => ({
  HTTPS_PROXY: `http://${login}127.0.0.1:${proxyPort}`,
  HTTP_PROXY: `127.0.0.1:${proxyPort}`,
})
const except = (text: (network: CompanyNetwork) => string) => (network: CompanyNetwork) => ({
  ...through(network),
  NO_PROXY: text(network),
})

const rows: Row[] = [
  {
    what: 'CONNECT through an HTTP proxy',
    url: named('mirror.corp.example'),
    env: through,
    arrives: {way: 'proxy'},
  },
  {
    what: 'http through an HTTP proxy',
    url: () => 'http://mirror.corp.example',
    env: through,
    arrives: {way: 'proxy'},
  },
  {
    what: 'an HTTP proxy that wants a login',
    url: named('mirror.corp.example'),
    env: network => through(network, 'me:p%40ss@'),
    proxyLogin: 'me:p@ss',
    arrives: {way: 'proxy', proxyLogin: 'me:p@ss'},
  },
  {
    what: 'the same for http',
    url: () => 'http://mirror.corp.example',
    env: ({proxyPort}) => ({http_proxy: `http://me:p%40ss@127.0.0.1:${proxyPort}`}),
    proxyLogin: 'me:p@ss',
    arrives: {way: 'proxy', proxyLogin: 'me:p@ss'},
  },
  {
    what: 'an HTTP proxy that gets no login',
    url: named('mirror.corp.example'),
    env: through,
    proxyLogin: 'me:p',
    fails:
      /the HTTP proxy http:\/\/127\.0\.0\.1:\d+\/: it wants a login: HTTPS_PROXY=http:\/\/USER:PASSWORD@HOST:PORT/,
    go: /Proxy Authentication Required/,
  },
  {
    what: 'an HTTP proxy that gets another login, which is not printed',
    url: named('mirror.corp.example'),
    env: network => through(network, 'me:secret@'),
    proxyLogin: 'me:p',
    fails: /^(?![\s\S]*secret)[\s\S]*it does not accept the login in HTTPS_PROXY/,
    go: /Proxy Authentication Required/,
  },
  {what: 'NO_PROXY: an address', url: straight, env: except(() => '0.0.0.0'), arrives: {way: 'straight'}},
  {
    what: 'NO_PROXY: an address with this port',
    url: straight,
    env: except(({httpsPort}) => `a.example, 0.0.0.0:${httpsPort}`),
    arrives: {way: 'straight'},
  },
  {what: 'NO_PROXY: another port', url: straight, env: except(() => '0.0.0.0:1'), arrives: {way: 'proxy'}},
  {what: 'NO_PROXY: a network', url: straight, env: except(() => '0.0.0.0/8'), arrives: {way: 'straight'}},
  {
    what: 'NO_PROXY: another network',
    url: straight,
    env: except(() => '10.0.0.0/8'),
    arrives: {way: 'proxy'},
  },
  {what: 'NO_PROXY: *', url: straight, env: except(() => '*'), arrives: {way: 'straight'}},
  {
    what: 'NO_PROXY: a part of a name',
    url: named('mirror.corp.example'),
    env: except(() => 'orp.example,.example.com,*.mirror.corp.example'),
    arrives: {way: 'proxy'},
  },
  {
    what: 'the machine itself needs no proxy',
    url: ({httpsPort}) => `https://localhost:${httpsPort}`,
    env: through,
    arrives: {way: 'straight'},
  },
  {
    what: '.netrc: a machine with its port, among several',
    url: straight,
    netrc: ({httpsPort}) =>
      `machine a.example login x password y\nmachine 0.0.0.0:${httpsPort}\n  login me\n  password p\n`,
    arrives: {login: 'me:p'},
  },
  {
    what: 'a mirror that wants a login, and gets it',
    url: named('mirror.corp.example'),
    env: through,
    netrc: () => 'machine mirror.corp.example login me password p',
    login: 'me:p',
    arrives: {way: 'proxy', login: 'me:p'},
  },
  {
    what: 'a mirror that wants a login, and gets another',
    url: straight,
    netrc: ({httpsPort}) => `machine 0.0.0.0:${httpsPort} login me password secret`,
    login: 'me:p',
    fails:
      /^(?![\s\S]*secret)[\s\S]*\/[a-z./@-]+: 401 who are you\?; a login for it belongs in ~\/\.netrc: machine 0\.0\.0\.0:\d+ login/,
    go: /401 Unauthorized/,
  },
  {
    what: '.netrc: a machine without the port is another one',
    url: straight,
    netrc: () => 'machine 0.0.0.0 login me password p\n',
    arrives: {login: ''},
  },
  {
    what: '.netrc: default is nobody',
    url: straight,
    netrc: () => 'default login me password p\n',
    arrives: {login: ''},
  },
  {
    what: '.netrc: through an HTTP proxy, and not for it',
    url: named('mirror.corp.example'),
    env: through,
    netrc: () => 'machine mirror.corp.example login me password p\nmachine 127.0.0.1 login x password y',
    arrives: {way: 'proxy', login: 'me:p', proxyLogin: ''},
  },
  {
    what: '.netrc is not sent by http',
    url: ({httpPort}) => `http://0.0.0.0:${httpPort}`,
    netrc: ({httpPort}) => `machine 0.0.0.0:${httpPort} login me password p`,
    arrives: {login: ''},
  },
  {
    what: 'GOAUTH=off: no .netrc',
    url: straight,
    env: () => ({GOAUTH: 'off'}),
    netrc: ({httpsPort}) => `machine 0.0.0.0:${httpsPort} login me password p`,
    arrives: {login: ''},
  },
  {
    what: 'a login in the URL',
    url: ({httpsPort}) => `https://me:p%40ss@0.0.0.0:${httpsPort}`,
    arrives: {login: 'me:p@ss'},
  },
  {
    what: 'a login in a URL of http',
    url: ({httpPort}) => `http://me:secret@0.0.0.0:${httpPort}`,
    fails: /^(?![\s\S]*secret)[\s\S]*a login is not sent over http/,
    go: /refusing to pass credentials to insecure URL/,
  },
  {
    what: 'SSL_CERT_DIR',
    url: straight,
    env: () => ({SSL_CERT_FILE: '', SSL_CERT_DIR: `/nothing:${files.caFolder}`}),
    arrives: {way: 'straight'},
  },
  {
    what: 'a certificate of an authority that is not trusted',
    url: straight,
    env: () => ({SSL_CERT_FILE: '/dev/null', SSL_CERT_DIR: '/nothing'}),
    fails:
      /its certificate comes from an authority that is not trusted here; SSL_CERT_FILE=FILE names another one/,
    go: /certificate signed by unknown authority/,
  },
  ...(
    [
      ['strange', /its certificate comes from an authority that is not trusted here/, /unknown authority/],
      [
        'expired',
        /its certificate has expired, or the clock of this machine is wrong/,
        /has expired or is not yet valid/,
      ],
      [
        'early',
        /its certificate is not valid yet, or the clock of this machine is wrong/,
        /has expired or is not yet valid/,
      ],
      [
        'other',
        /its certificate is not for other\.corp\.example, but for a\.example, 10\.0\.0\.1/,
        /is valid for a\.example, not other/,
      ],
    ] as const
  ).map(([name, fails, go]) => ({
    what: `a certificate: ${name}`,
    url: named(`${name}.corp.example`),
    env: through,
    fails,
    go,
  })),
]

suite('goproxy/network', test => {
  for (const {what, url, env, netrc, proxyLogin = '', login = '', ...row} of rows) {
    test(what, async () => {
      await withCompanyNetwork(certificates, async network => {
        Object.assign(network.wants, {proxyLogin, login})
        writeFiles(folder, {netrc: netrc?.(network) ?? ''})
        const all = {SSL_CERT_FILE: files.ca, NETRC: join(folder, 'netrc'), ...env?.(network)}
        const ours = await gowardenAsks(network, url(network), all)
        const gos = await goAsks(network, url(network), all)
        if ('arrives' in row) {
          assert.is(ours.said, undefined)
          assert.is(gos.said, undefined)
          assert.equal(ours.arrived, {login: '', proxyLogin: '', way: 'straight', ...row.arrives})
        } else {
          assert.match(ours.said ?? '', row.fails)
          assert.match(gos.said ?? '', row.go)
        }
        assert.equal(ours.arrived, gos.arrived)
      })
    })
  }

  test('~/.netrc, where NETRC names none', async () => {
    await withCompanyNetwork(certificates, async network => {
      const home = join(folder, 'another home')
      writeFiles(home, {'.netrc': `machine 0.0.0.0:${network.httpsPort} login me password p`})
      const env = {HOME: home, SSL_CERT_FILE: files.ca}
      assert.is((await gowardenAsks(network, straight(network), env)).arrived?.login, 'me:p')
      assert.is((await goAsks(network, straight(network), env)).arrived?.login, 'me:p')
    })
  })
})
