/** Through which HTTP proxy a URL is reached (golang.org/x/net/http/httpproxy, which the go command uses). */
import {BlockList, isIP} from 'node:net'

type Env = Readonly<Record<string, string | undefined>>

export type ProxyRoute = {kind: 'straight'} | {kind: 'through'; proxy: URL} | {kind: 'broken'; reason: string}

/** HTTPS_PROXY or HTTP_PROXY by the scheme of the URL, unless NO_PROXY excepts its host. The machine itself needs none. */
export function routeTo(url: URL, env: Env): ProxyRoute {
  const names = url.protocol === 'https:' ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy']
  const name = names.find(candidate => (env[candidate] ?? '') !== '')
  if (name === undefined || isExcepted(url, env['NO_PROXY'] || env['no_proxy'] || ''))
    return {kind: 'straight'}
  const text = env[name] ?? ''
  const full = /^[a-z0-9]+:\/\//i.test(text) ? text : `http://${text}`
  if (!URL.canParse(full)) return {kind: 'broken', reason: `${name} is no URL`}
  const proxy = new URL(full)
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:')
    return {
      kind: 'broken',
      reason: `${name} names a proxy of ${proxy.protocol}//, and only http and https are known`,
    }
  return {kind: 'through', proxy}
}

function isExcepted(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (host === 'localhost' || isLoopback(host)) return true
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list
    .split(',')
    .map(entry => entry.trim().toLowerCase())
    .some(entry => matches(entry, host, port))
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/**
 * `*`, a host with all below it, `.host` or `*.host` for those below it alone, an address, `10.0.0.0/8`; hosts and addresses with a port
 * or none, addresses of IPv6 with a port in brackets.
 */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  const [network = '', bits] = entry.split('/')
  if (bits !== undefined) return isInNetwork(host, network, Number(bits))
  const [, inBrackets, plain = '', only] = entry.match(/^(?:\[(.*)\]|(.*?))(?::(\d+))?$/) ?? []
  const name = isIP(entry) === 6 ? entry : (inBrackets ?? plain)
  if (name === '' || (name !== entry && only !== undefined && only !== port)) return false
  const family = isIP(name)
  if (family !== 0) return isInNetwork(host, name, family === 4 ? 32 : 128)
  const suffix = name.replace(/^\*?\./, '')
  return host.endsWith(`.${suffix}`) || (suffix === name && host === name)
}

function isInNetwork(host: string, network: string, bits: number): boolean {
  const family = isIP(network)
  if (family === 0 || isIP(host) !== family || !(bits >= 0 && bits <= (family === 4 ? 32 : 128))) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(network, bits, type)
  return list.check(host, type)
}
