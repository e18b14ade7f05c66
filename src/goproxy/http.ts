/** HTTP as the go command speaks it to module proxies: the one door to the network. */
import * as http from 'node:http'
import * as https from 'node:https'
import * as net from 'node:net'
import * as tls from 'node:tls'
import {hasCode} from '../system/errors.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'
import {authorities, certificateProblem} from './certificates.ts'
import {redacted} from './goproxy-list.ts'
import {routeTo} from './http-proxy.ts'
import {loginFor} from './netrc.ts'

/** From which byte on something is wanted, if it is still what `tag` (an ETag) names. */
export type Resume = {from: number; tag: string | undefined}

export type HttpAnswer = {
  status: number
  etag: string | undefined
  /** What the answer says of the length of its body. */
  length: number | undefined
  /** Of a part (status 206): where it begins, and the size of the whole. */
  part: {from: number; size: number} | undefined
  /** Throws a NetworkFailure where it breaks off. */
  body: AsyncIterable<Buffer>
  /** For a body that nobody reads: an open connection keeps a program from ending. */
  close(): void
}

/** Nothing came, or not all of it. The message says why, and holds no secret. */
export class NetworkFailure extends Error {
  override name = 'NetworkFailure'
}

export type Ask = Pick<System, 'env' | 'files'>

/** A server that says nothing for so long is taken for gone. */
const patienceMs = 30_000

/** Headers come at once or not at all: one that sends a byte now and then would never be silent for long. */
const answerMs = 60_000

const mostRedirects = 10

/**
 * Asks for a URL, following redirects; never from https to http. A status that is no success is an answer like any other. Throws
 * NetworkFailure.
 */
export async function httpGet(
  system: Ask,
  address: string,
  resume?: Resume,
  limitMs = answerMs,
): Promise<HttpAnswer> {
  let url = new URL(address)
  for (let redirects = 0; ; redirects += 1) {
    const answer = await failing(url, () => request(system, url, resume, limitMs))
    const {statusCode: status = 0, headers} = answer
    const to = headers.location
    if (status < 300 || status > 399 || to === undefined) return toAnswer(url, answer)
    // Nobody reads the rest of it, which may have no end.
    answer.destroy()
    if (redirects === mostRedirects)
      throw new NetworkFailure(`${plain(url)}: more than ${mostRedirects} redirects`)
    if (!URL.canParse(to, url.href)) throw new NetworkFailure(`${plain(url)} leads to what is no URL`)
    const next = new URL(to, url)
    const isWeaker = url.protocol === 'https:' && next.protocol !== 'https:'
    if (isWeaker || !/^https?:$/.test(next.protocol))
      throw new NetworkFailure(`${plain(url)} leads to ${plain(next)}, which is not https`)
    url = next
  }
}

function toAnswer(url: URL, answer: http.IncomingMessage): HttpAnswer {
  const {headers, statusCode: status = 0} = answer
  const [, from, size] = (headers['content-range'] ?? '').match(/^bytes (\d+)-\d+\/(\d+)$/) ?? []
  return {
    status,
    etag: headers.etag,
    length: headers['content-length'] === undefined ? undefined : Number(headers['content-length']),
    part: status === 206 && from && size ? {from: Number(from), size: Number(size)} : undefined,
    body: bodyOf(url, answer),
    close: () => {
      answer.destroy()
    },
  }
}

async function* bodyOf(url: URL, answer: http.IncomingMessage): AsyncIterable<Buffer> {
  try {
    for await (const piece of answer) yield piece as Buffer
    if (!answer.complete) throw new Error('the connection broke off')
  } catch (error) {
    throw new NetworkFailure(`${plain(url)}: ${reasonOf(error, url)}`, {cause: error})
  }
}

async function request(
  system: Ask,
  url: URL,
  resume: Resume | undefined,
  limitMs: number,
): Promise<http.IncomingMessage> {
  // As go refuses it (cmd/go/internal/web).
  if (url.protocol === 'http:' && url.username !== '')
    throw new NetworkFailure(
      `${plain(url)}: a login is not sent over http, where everybody on the way reads it`,
    )
  const route = routeTo(url, system.env)
  if (route.kind === 'broken') throw new NetworkFailure(route.reason)
  const isTls = url.protocol === 'https:'
  const proxy = route.kind === 'through' ? route.proxy : undefined
  const headers: Record<string, string> = {
    'user-agent': 'gowarden',
    // What is asked for is packed already, and a part of it must be one of its bytes.
    'accept-encoding': 'identity',
    ...rangeHeaders(resume),
    ...authorization(system, url),
    ...(proxy !== undefined && !isTls ? proxyAuthorization(proxy) : {}),
  }
  if (isTls) {
    const ca = authorities(system, tls.rootCertificates)
    if (proxy === undefined)
      return sent(https.request({...target(url), headers, ca, agent: agentFor(ca)}), limitMs)
    const socket = await tunnel(system, proxy, url)
    // Without the word `agent`: with any, `false` too, Node would connect by itself.
    const createConnection = () =>
      tls.connect({socket, ...namedAs(hostOf(url)), ca, ALPNProtocols: ['http/1.1']})
    return sent(https.request({...target(url), headers, createConnection}), limitMs)
  }
  if (proxy === undefined) return sent(http.request({...target(url), headers, agent: false}), limitMs)
  const whole = `${url.protocol}//${url.host}${url.pathname}${url.search}`
  const options = {...target(proxy), path: whole, headers: {...headers, host: url.host}, agent: false}
  return sent(
    proxy.protocol === 'https:'
      ? https.request({...options, ca: authorities(system, tls.rootCertificates)})
      : http.request(options),
    limitMs,
  )
}

let shared: {ca: string; agent: https.Agent} | undefined

/** One for all that is asked: reading some hundred certificates for each connection takes longer than the answer. */
function agentFor(ca: string[]): https.Agent {
  const key = ca.join('')
  if (shared?.ca !== key) shared = {ca: key, agent: new https.Agent({keepAlive: true, ca})}
  return shared.agent
}

/** The host of a URL, an address of IPv6 without its brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

/** Whom a certificate must name; an address may not stand in the name that is sent before it (RFC 6066). */
function namedAs(host: string): tls.ConnectionOptions {
  return net.isIP(host) === 0 ? {host, servername: host} : {host}
}

function target(url: URL): http.RequestOptions {
  return {
    protocol: url.protocol,
    hostname: hostOf(url),
    ...(url.port === '' ? {} : {port: url.port}),
    path: `${url.pathname}${url.search}`,
  }
}

function sent(asked: http.ClientRequest, limitMs: number): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => asked.destroy(new Error(`no answer within ${limitMs / 1000} seconds`)),
      limitMs,
    )
    asked.on('close', () => clearTimeout(timer))
    asked.on('response', () => clearTimeout(timer))
    asked.setTimeout(patienceMs, () => asked.destroy(new Error(`no word for ${patienceMs / 1000} seconds`)))
    asked.on('response', resolve)
    asked.on('error', reject)
    asked.end()
  })
}

/** A way through an HTTP proxy to the host of a URL, by CONNECT. */
function tunnel(system: Ask, proxy: URL, {hostname, port}: URL): Promise<net.Socket> {
  const place = `${hostname}:${port || 443}`
  const at = {host: hostOf(proxy), port: Number(proxy.port || (proxy.protocol === 'https:' ? 443 : 80))}
  return new Promise((resolve, reject) => {
    const socket =
      proxy.protocol === 'https:'
        ? tls.connect({...at, ...namedAs(at.host), ca: authorities(system, tls.rootCertificates)})
        : net.connect(at)
    let said = ''
    const onData = (piece: Buffer) => {
      said += piece.toString('latin1')
      if (said.length > 64 * 1024) socket.destroy(new Error('its answer has no end'))
      if (!said.includes('\r\n\r\n')) return
      socket.off('data', onData)
      socket.setTimeout(0)
      const [first = ''] = said.split('\r\n')
      if (/^HTTP\/1\.[01] 200\b/.test(first)) resolve(socket)
      else socket.destroy(new Error(refusal(proxy, place, first)))
    }
    socket.setTimeout(patienceMs, () => socket.destroy(new Error(`no word for ${patienceMs / 1000} seconds`)))
    socket.on('error', error =>
      reject(new NetworkFailure(`the HTTP proxy ${plain(proxy)}: ${reasonOf(error, proxy)}`, {cause: error})),
    )
    socket.on('data', onData)
    socket.once(proxy.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      const lines = Object.entries({host: place, ...proxyAuthorization(proxy)}).map(entry => entry.join(': '))
      socket.write(`CONNECT ${place} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    })
  })
}

function refusal(proxy: URL, place: string, first: string): string {
  const [, status = first] = first.match(/^HTTP\/1\.[01] (\d+.*)/) ?? []
  if (!status.startsWith('407')) return `it refuses ${place}: ${status}`
  return proxy.username === ''
    ? 'it wants a login: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT'
    : 'it does not accept the login in HTTPS_PROXY'
}

/** If-Range: where it has become another, the whole comes and not a part of that. */
function rangeHeaders(resume: Resume | undefined): Record<string, string> {
  if (resume === undefined || resume.from === 0) return {}
  const isStrong = resume.tag !== undefined && !resume.tag.startsWith('W/')
  return {range: `bytes=${resume.from}-`, ...(isStrong ? {'if-range': resume.tag ?? ''} : {})}
}

/** Of the URL itself, else of netrc, which go sends by https alone. */
function authorization(system: Ask, url: URL): Record<string, string> {
  if (url.username !== '') return {authorization: basicOf(url)}
  if (url.protocol !== 'https:') return {}
  const login = system.env['GOAUTH'] === 'off' ? undefined : loginFor(url, readNetrc(system))
  return login === undefined ? {} : {authorization: basic(login.user, login.password)}
}

/** What to add to a status that asks who we are: where a login for that host is looked for. */
export function loginText(address: string, status: number): string {
  return status === 401 || status === 403
    ? `; a login for it belongs in ~/.netrc: machine ${new URL(address).host} login USER password PASSWORD`
    : ''
}

function proxyAuthorization(proxy: URL): Record<string, string> {
  return proxy.username === '' ? {} : {'proxy-authorization': basicOf(proxy)}
}

function basicOf({username, password}: URL): string {
  return basic(decodeURIComponent(username), decodeURIComponent(password))
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

function readNetrc({env, files}: Ask): string {
  const path = env['NETRC'] || (env['HOME'] ? `${env['HOME']}/.netrc` : '')
  return path === '' ? '' : (orNothing(() => files.read(path))?.toString() ?? '')
}

async function failing<T>(url: URL, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof NetworkFailure) throw error
    throw new NetworkFailure(`${plain(url)}: ${reasonOf(error, url)}`, {cause: error})
  }
}

/** A URL as it is printed: no password, no query, which may hold a signature. */
function plain(url: URL): string {
  return redacted(
    `${url.protocol}//${url.username === '' ? '' : `${url.username}:x@`}${url.host}${url.pathname}`,
  )
}

function reasonOf(error: unknown, url: URL): string {
  const problem = certificateProblem(error, hostOf(url))
  if (problem !== undefined) return problem
  for (const [code, words] of Object.entries(reasons)) if (hasCode(error, code)) return words
  return error instanceof Error && error.message !== '' ? error.message : String(error)
}

const reasons = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no way to the host',
  ENETUNREACH: 'no network',
}
