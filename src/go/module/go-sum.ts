/**
 * go.sum, one line each:
 *
 *     golang.org/x/sys v0.20.0 h1:Od9JTbYCk261bKm4M/mw7AklTlFYIa0bIp9BgSm1S8Y=
 *     golang.org/x/sys v0.20.0/go.mod h1:/VUhepiaJMQUp4+oa/7Zr1D23ma6VTLIYjOOTFZPUcA=
 *
 * After cmd/go/internal/modfetch/fetch.go (readGoSum), which stops at the first bad line; here every line is judged.
 */
import {type H1, parseH1} from './h1.ts'
import {emptyGoModHash} from './hash1.ts'

/** `key` is `path version` or `path version/go.mod`: what one hash is for. */
export type SumLine = {line: number; key: string; path: string; version: string; goMod: boolean; hash: string}

export type GoSum = {
  /** In the order of the file. */
  lines: SumLine[]
  /** `key` is what the line seems to be for. */
  malformed: {line: number; text: string; reason: string; key: string}[]
  conflictMarkers: {line: number; text: string}[]
}

export function parseGoSum(content: string): GoSum {
  const sum: GoSum = {lines: [], malformed: [], conflictMarkers: []}
  for (const {line, text} of linesOf(content)) {
    if (/^(<{7}|={7}|>{7}|\|{7})( |\r?$)/.test(text)) {
      sum.conflictMarkers.push({line, text: text.trimEnd()})
      continue
    }
    const fields = text.split(/[\t\v\f\r \u0085\u00a0]+/).filter(field => field !== '')
    if (fields.length === 0) continue
    const [path = '', versionField = '', hash = ''] = fields
    const reason = fields.length === 3 ? hashProblem(hash) : `${fields.length} fields instead of 3`
    const goMod = versionField.endsWith('/go.mod')
    const version = goMod ? versionField.slice(0, -'/go.mod'.length) : versionField
    const key = sumKey(path, version, goMod)
    if (reason !== undefined) {
      sum.malformed.push({line, text, reason, key})
      continue
    }
    // Old go commands recorded the hash of an empty go.mod; the go command drops the line, and so do we.
    if (hash === emptyGoModHash) continue
    sum.lines.push({line, key, path, version, goMod, hash})
  }
  return sum
}

/** One after another: half a million at once would be some 80 MB. */
function* linesOf(content: string): Iterable<{line: number; text: string}> {
  for (let line = 1, start = 0; start <= content.length; line++) {
    const newline = content.indexOf('\n', start)
    const end = newline < 0 ? content.length : newline
    yield {line, text: content.slice(start, end)}
    start = end + 1
  }
}

export function sumKey(path: string, version: string, goMod: boolean): string {
  return goMod ? `${path} ${version}/go.mod` : `${path} ${version}`
}

/** Other algorithms than h1 are left alone, as the go command does; an h1 is 32 bytes in base64. */
function hashProblem(hash: string): string | undefined {
  if (!hash.startsWith('h1:')) return /^[a-z0-9]+:/.test(hash) ? undefined : 'no hash of the form h1:…'
  const base64 = hash.slice('h1:'.length)
  if (parseH1(hash) === undefined) return 'an h1 hash has 43 base64 digits and one ='
  // The last digit holds four bits; others spell the same bytes, but Go compares text.
  return Buffer.from(base64, 'base64').toString('base64') === base64
    ? undefined
    : 'not a base64 text Go would write'
}

/**
 * Every h1 by key: another algorithm proves nothing, here as in the go command. A key with more than one hash is reported
 * elsewhere; the first one counts.
 */
export function hashesByKey(sums: readonly GoSum[]): Map<string, H1> {
  const hashes = new Map<string, H1>()
  for (const sum of sums) {
    for (const {key, hash} of sum.lines) {
      const h1 = parseH1(hash)
      if (h1 !== undefined && !hashes.has(key)) hashes.set(key, h1)
    }
  }
  return hashes
}
