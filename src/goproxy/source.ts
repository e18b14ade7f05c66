/** What a list of module proxies has: small files whole, in go's order and with go's rules of what leads to the next one. */
import {reasonOf} from '../store/folder.ts'
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {type ProxyEntry, redacted} from './goproxy-list.ts'
import {httpGet, loginText, NetworkFailure} from './http.ts'

/** 'absent': answered, and it is not there; `reason` says by whom. 'failed': nobody knows, and why. */
export type Fetched =
  | {kind: 'got'; bytes: Buffer; from: string}
  | {kind: 'absent'; reason: string}
  | {kind: 'failed'; reason: string}

/** What is fetched whole is a list of versions, a record or a tile. */
const mostBytes = 4 * 1024 * 1024

/** And has come after so long, however slow a network is: a byte now and then is no answer. */
const longestMs = 120_000

/** One file below the address of a proxy or a database. */
export async function fetchFrom(
  system: System,
  base: string,
  path: string,
  limitMs = longestMs,
): Promise<Fetched> {
  const url = `${base}/${path}`
  if (url.startsWith('file:')) return readFile(system, url)
  let timer: ReturnType<typeof setTimeout> | undefined
  let isLate = false
  try {
    const answer = await httpGet(system, url, undefined, limitMs)
    timer = setTimeout(() => {
      isLate = true
      answer.close()
    }, limitMs)
    const pieces: Buffer[] = []
    let size = 0
    for await (const piece of answer.body) {
      size += piece.length
      if (size > mostBytes)
        return {kind: 'failed', reason: `${redacted(url)}: longer than ${mostBytes} bytes`}
      pieces.push(piece)
    }
    const bytes = Buffer.concat(pieces)
    if (answer.status === 200) return {kind: 'got', bytes, from: base}
    const kind = answer.status === 404 || answer.status === 410 ? 'absent' : 'failed'
    return {
      kind,
      reason: `${redacted(url)}: ${`${answer.status} ${firstLine(bytes)}`.trim()}${loginText(url, answer.status)}`,
    }
  } catch (error) {
    if (isLate) return {kind: 'failed', reason: `${redacted(url)}: not whole after ${limitMs / 1000} seconds`}
    if (error instanceof NetworkFailure) return {kind: 'failed', reason: error.message}
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function firstLine(bytes: Buffer): string {
  return bytes.toString('utf8', 0, 200).split('\n')[0] ?? ''
}

/** The path behind file://, its escapes undone. */
export function pathOfFileUrl(url: string): string {
  return decodeURIComponent(new URL(url).pathname)
}

function readFile(system: System, url: string): Fetched {
  const path = pathOfFileUrl(url)
  try {
    const bytes = system.files.read(path)
    return bytes === undefined
      ? {kind: 'absent', reason: `${path}: no such file`}
      : {kind: 'got', bytes, from: url}
  } catch (error) {
    return {kind: 'failed', reason: `${path}: ${reasonOf(error)}`}
  }
}

/**
 * Asks one proxy after the other (cmd/go/internal/modfetch TryProxies): from one to the next when it says that it is not there, behind |
 * also when nothing is known. `direct` and `off` end the list: no repository holds a toolchain.
 */
export async function tryProxies<T extends {kind: string}>(
  entries: readonly ProxyEntry[],
  ask: (url: string) => Promise<T | {kind: 'absent' | 'failed'; reason: string}>,
): Promise<T | {kind: 'absent' | 'failed'; reason: string}> {
  let worst: {kind: 'absent' | 'failed'; reason: string} | undefined
  for (const entry of entries) {
    switch (entry.kind) {
      case 'off':
        return worst ?? {kind: 'failed', reason: 'GOPROXY=off: nothing may be fetched'}
      case 'direct': {
        const reason = 'direct: no repository holds toolchains, only a module proxy does'
        return worst === undefined
          ? {kind: 'failed', reason}
          : {...worst, reason: `${worst.reason}; then ${reason}`}
      }
      case 'url': {
        const answer = await ask(entry.url)
        if (!isMiss(answer)) return answer
        // A failure says more than an absence.
        if (worst === undefined || (worst.kind === 'absent' && answer.kind === 'failed')) worst = answer
        if (answer.kind === 'failed' && !entry.fallsBack) return answer
        break
      }
      default:
        return unreachable(entry)
    }
  }
  return worst ?? {kind: 'failed', reason: 'GOPROXY names no proxy'}
}

function isMiss(answer: {kind: string}): answer is {kind: 'absent' | 'failed'; reason: string} {
  return answer.kind === 'absent' || answer.kind === 'failed'
}
