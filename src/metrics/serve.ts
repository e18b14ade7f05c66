/** `gowarden metrics --listen`: /metrics over HTTP, and nothing else. */
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {reasonOf} from '../store/folder.ts'
import {UsageError, WorldError} from '../system/errors.ts'
import type {Format} from './metrics.ts'

/** Where to listen. Of a port alone the host is loopback; `:9470` means every address. */
export type Address = {host: string; port: number}

/** `9470`, `127.0.0.1:9470`, `[::1]:9470`, `:9470`. Throws UsageError. */
export function parseAddress(text: string): Address {
  const [, , bracketed, name, digits = ''] = text.match(/^((?:\[([^\]]+)\]|([^:[\]]*)):)?(\d{1,5})$/) ?? []
  const port = Number(digits)
  if (digits === '' || port > 65_535)
    throw new UsageError(
      `--listen ${text}: not an address`,
      'name a port, or an address with one: --listen 9470, --listen 192.0.2.7:9470',
    )
  if (!text.includes(':')) return {host: '127.0.0.1', port}
  return {host: bracketed ?? (name === '' || name === undefined ? '::' : name), port}
}

export type Serving = {
  /** `http://127.0.0.1:9470/metrics` */
  url: string
  /** Ends it: who is being answered gets the answer first. */
  close(): Promise<void>
}

/** Serves what `metrics` makes of each request. Throws WorldError where it cannot listen. */
export async function serve(
  address: Address,
  metrics: (format: Format) => Promise<{text: string; type: string}>,
): Promise<Serving> {
  const server = createServer((request, response) => {
    answer(request, response, metrics).catch(() => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  server.headersTimeout = 10_000
  server.requestTimeout = 10_000
  server.maxConnections = 64
  await listen(server, address)
  return {
    url: urlOf(server.address()),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  metrics: (format: Format) => Promise<{text: string; type: string}>,
): Promise<void> {
  const plain = {'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff'}
  if (request.url?.split('?')[0] !== '/metrics') {
    response.writeHead(404, plain).end('see /metrics\n')
    return
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, {...plain, Allow: 'GET, HEAD'}).end('GET or HEAD\n')
    return
  }
  const {text, type} = await metrics(formatFor(request.headers.accept ?? ''))
  response.writeHead(200, {...plain, 'Content-Type': type})
  response.end(request.method === 'HEAD' ? undefined : text)
}

/** OpenMetrics for who asks for it, with a weight that is not 0. */
export function formatFor(accept: string): Format {
  const asks = accept
    .toLowerCase()
    .split(',')
    .some(
      range =>
        /^\s*application\/openmetrics-text\s*(;|$)/.test(range) && !/;\s*q=0(\.0*)?\s*(;|$)/.test(range),
    )
  return asks ? 'openmetrics' : 'text'
}

async function listen(server: Server, {host, port}: Address): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({host, port, exclusive: true}, resolve)
    })
  } catch (error) {
    throw new WorldError(`listening on ${host} port ${port}: ${listenReason(error)}`, {cause: error})
  }
}

function listenReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return 'another program listens there'
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this host has no such address'
  return reasonOf(error)
}

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') return ''
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}/metrics`
}
