/** The list in GOPROXY (go help goproxy; cmd/go/internal/modfetch proxyList). */

/** `fallsBack`: behind this entry stands |, so that any failure leads to the next one; behind a comma only "not found" does. */
export type ProxyEntry = {kind: 'url'; url: string; fallsBack: boolean} | {kind: 'direct'} | {kind: 'off'}

export type ProxyList = {kind: 'list'; entries: ProxyEntry[]} | {kind: 'broken'; reason: string}

/** Reads the list; what stands behind `direct` and `off` does not count. */
export function parseGoproxy(text: string): ProxyList {
  const entries: ProxyEntry[] = []
  for (const [, word = '', separator = ''] of text.matchAll(/([^,|]*)([,|]|$)/g)) {
    const name = word.trim()
    if (name === '') continue
    if (name === 'off' || name === 'direct') {
      entries.push({kind: name})
      break
    }
    const url = urlOf(name)
    if (url === undefined)
      return {kind: 'broken', reason: `${redacted(name)} is no URL of https, http or file`}
    entries.push({kind: 'url', url, fallsBack: separator === '|'})
  }
  return entries.length === 0 ? {kind: 'broken', reason: 'there is no entry in it'} : {kind: 'list', entries}
}

/** go puts https:// before a host without a scheme. No slash at the end. */
function urlOf(name: string): string | undefined {
  const text = /[.:/]/.test(name) && !name.includes(':/') && !name.startsWith('/') ? `https://${name}` : name
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  if (!['https:', 'http:', 'file:'].includes(url.protocol)) return undefined
  if (url.protocol === 'file:' && (url.host !== '' || url.search !== '' || url.hash !== '')) return undefined
  return text.replace(/\/+$/, '')
}

/** A URL without its password, as it may be printed; nor with a name that stands alone, for that is a token. */
export function redacted(url: string): string {
  return url
    .replace(/^([a-z]+:\/\/[^/:@]*):[^/@]*@/i, '$1:xxxxx@')
    .replace(/^([a-z]+:\/\/)[^/:@]+@/i, '$1xxxxx@')
}
