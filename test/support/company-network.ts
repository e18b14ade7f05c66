/** A company's network on this machine: a module proxy by http and by https, and an HTTP proxy in front of them. */
import * as http from 'node:http'
import * as https from 'node:https'
import * as net from 'node:net'
import * as tls from 'node:tls'
import type {Certificate} from './company-certificates.ts'

/** One request as it arrived: by which way, and who it said it was to the server and to the HTTP proxy. */
export type Arrived = {way: 'straight' | 'proxy'; login: string; proxyLogin: string}

export type CompanyNetwork = {
  httpPort: number
  httpsPort: number
  proxyPort: number
  arrived: Arrived[]
  /** What the HTTP proxy and the server want to hear, `USER:PASSWORD`; '' for nothing. */
  wants: {proxyLogin: string; login: string}
}

/** Every name leads to the one server, which shows the certificate of that name, or that of '' where none was sent. */
export async function withCompanyNetwork(
  certificates: Record<string, Certificate>,
  body: (network: CompanyNetwork) => Promise<void>,
): Promise<void> {
  const arrived: Arrived[] = []
  const wants = {proxyLogin: '', login: ''}
  /** The next connection is that of a tunnel. */
  const tunnels = new Map<number, string>()
  const answer = (way: Arrived['way']) => (request: http.IncomingMessage, response: http.ServerResponse) => {
    if (wants.login !== '' && loginIn(request.headers.authorization) !== wants.login) {
      response.writeHead(401).end('who are you?')
      return
    }
    const tunneled = tunnels.get(request.socket.remotePort ?? 0)
    arrived.push({
      way: tunneled === undefined ? way : 'proxy',
      login: loginIn(request.headers.authorization),
      proxyLogin: tunneled ?? loginIn(request.headers['proxy-authorization']),
    })
    const {pathname} = new URL(request.url ?? '', 'http://x')
    if (pathname.endsWith('/list')) response.end('v1.0.0\n')
    else if (pathname.endsWith('.info')) response.end('{"Version": "v1.0.0"}')
    else if (pathname.endsWith('.mod')) response.end('module example.com/m\n')
    else response.writeHead(pathname.endsWith('/supported') ? 200 : 404).end()
  }
  const contexts = Object.fromEntries(
    Object.entries(certificates).map(([name, certificate]) => [name, tls.createSecureContext(certificate)]),
  )
  const secure = https.createServer(
    {...certificates[''], SNICallback: (name, done) => done(null, contexts[name] ?? contexts[''])},
    answer('straight'),
  )
  const plain = http.createServer(answer('straight'))
  const proxy = http.createServer((request, response) => {
    if (isWelcome(request)) answer('proxy')(request, response)
    else response.writeHead(407, {'proxy-authenticate': 'Basic'}).end()
  })
  const isWelcome = ({headers}: http.IncomingMessage) =>
    wants.proxyLogin === '' || loginIn(headers['proxy-authorization']) === wants.proxyLogin
  const open = new Set<net.Socket>()
  proxy.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
    if (!isWelcome(request)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n')
      return
    }
    const onward = net.connect(portOf(secure), '127.0.0.1', () => {
      tunnels.set(onward.localPort ?? 0, loginIn(request.headers['proxy-authorization']))
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    open.add(onward)
  })
  const servers = [secure, plain, proxy]
  for (const server of servers) {
    server.on('tlsClientError', () => undefined)
    await new Promise<void>(resolve => server.listen(0, '0.0.0.0', resolve))
  }
  try {
    await body({
      httpsPort: portOf(secure),
      httpPort: portOf(plain),
      proxyPort: portOf(proxy),
      arrived,
      wants,
    })
  } finally {
    for (const socket of open) socket.destroy()
    for (const server of servers) {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}

function portOf(server: net.Server): number {
  return (server.address() as net.AddressInfo).port
}

/** `Basic …` as the text that it is of; '' for none. */
function loginIn(header: string | undefined): string {
  return Buffer.from((header ?? '').replace(/^Basic /, ''), 'base64').toString()
}
