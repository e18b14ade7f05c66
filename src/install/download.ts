/** The zip of a toolchain module, fetched from a module proxy into a file, piece by piece; what was interrupted goes on where it was. */
import {redacted} from '../goproxy/goproxy-list.ts'
import {type HttpAnswer, httpGet, loginText, NetworkFailure} from '../goproxy/http.ts'
import {type Appended, withAppending} from '../system/random-access.ts'
import type {System} from '../system/system.ts'

/** 'absent': the proxy says that it is not there. 'failed': it could not be fetched, and why. */
export type Downloaded =
  | {kind: 'got'; wasResumed: boolean}
  | {kind: 'absent'; reason: string}
  | {kind: 'failed'; reason: string}

/** As golang.org/x/mod/zip: no module zip is larger. */
const mostBytes = 500 * 1024 * 1024

/** How often it is tried again when nothing more came. */
const mostTries = 6

/** Bytes so far, of how many where that is known. */
export type OnBytes = (bytes: number, of: number | undefined) => void

/**
 * Fetches a URL into the file at `path`, beside which `PATH.from` says where its bytes come from: a part that is there already is kept only
 * when the server says by its ETag or its size that it is of the same file. Throws what the file system throws.
 */
export async function download(
  system: System,
  url: string,
  path: string,
  onBytes: OnBytes,
): Promise<Downloaded> {
  return await withAppending(path, async file => {
    const before = readOrigin(system, `${path}.from`)
    if (before?.url !== url) file.clear()
    let origin: Origin = before?.url === url ? before : {url, tag: undefined, size: undefined}
    const wasResumed = file.size() > 0
    let failures = 0
    for (;;) {
      const had = file.size()
      if (origin.size !== undefined && had === origin.size && had > 0) return {kind: 'got', wasResumed}
      const step = await fetchMore(system, file, origin, onBytes, next => {
        origin = next
        system.files.replace(`${path}.from`, JSON.stringify(next), 0o600)
      })
      switch (step.kind) {
        case 'complete':
          return {kind: 'got', wasResumed}
        case 'absent':
        case 'failed':
          return step
        case 'broken':
          failures = file.size() > had ? 0 : failures + 1
          if (failures >= mostTries) return {kind: 'failed', reason: step.reason}
          await pause(failures)
      }
    }
  })
}

/** Where the bytes so far are from. */
type Origin = {url: string; tag: string | undefined; size: number | undefined}

type Step =
  | {kind: 'complete'}
  | {kind: 'absent'; reason: string}
  | {kind: 'failed'; reason: string}
  /** Worth another try. */
  | {kind: 'broken'; reason: string}

async function fetchMore(
  system: System,
  file: Appended,
  origin: Origin,
  onBytes: OnBytes,
  remember: (origin: Origin) => void,
): Promise<Step> {
  const {url} = origin
  let answer: HttpAnswer | undefined
  try {
    answer = await httpGet(system, url, {from: file.size(), tag: origin.tag})
    const {status} = answer
    if (status === 404 || status === 410) return {kind: 'absent', reason: `${redacted(url)}: ${status}`}
    // Too many asked at once, or the server has a bad moment.
    if (status === 429 || status >= 500) return {kind: 'broken', reason: `${redacted(url)}: ${status}`}
    if (status === 416) {
      file.clear()
      return {kind: 'broken', reason: `${redacted(url)}: ${status}`}
    }
    if (status !== 200 && status !== 206)
      return {kind: 'failed', reason: `${redacted(url)}: ${status}${loginText(url, status)}`}
    const size = sizeOf(answer)
    if (size !== undefined && size > mostBytes)
      return {kind: 'failed', reason: `${redacted(url)}: ${size} bytes, which no module has`}
    if (!isNextPart(answer, file.size(), origin)) {
      file.clear()
      if (answer.part !== undefined && answer.part.from !== 0)
        return {kind: 'broken', reason: `${redacted(url)}: another file than a moment ago`}
    }
    remember({url, tag: answer.etag, size})
    for await (const piece of answer.body) {
      file.append(piece)
      if (file.size() > mostBytes) {
        file.clear()
        return {kind: 'failed', reason: `${redacted(url)}: more bytes than a module has`}
      }
      onBytes(file.size(), size)
    }
    const isShort = size !== undefined && file.size() < size
    return isShort
      ? {kind: 'broken', reason: `${redacted(url)}: the connection broke off`}
      : {kind: 'complete'}
  } catch (error) {
    if (error instanceof NetworkFailure) return {kind: 'broken', reason: error.message}
    throw error
  } finally {
    answer?.close()
  }
}

/** Of the whole file. */
function sizeOf({part, length}: HttpAnswer): number | undefined {
  return part?.size ?? length
}

/** Whether an answer goes on where the file ends, and is of the same bytes as these. */
function isNextPart(answer: HttpAnswer, had: number, origin: Origin): boolean {
  if (answer.part?.from !== had || had === 0) return false
  return answer.part.size === origin.size && answer.etag === origin.tag
}

function readOrigin(system: System, path: string): Origin | undefined {
  try {
    const value: unknown = JSON.parse(system.files.read(path)?.toString() ?? 'null')
    if (typeof value !== 'object' || value === null || !('url' in value) || typeof value.url !== 'string')
      return undefined
    const tag = 'tag' in value && typeof value.tag === 'string' ? value.tag : undefined
    const size = 'size' in value && typeof value.size === 'number' ? value.size : undefined
    return {url: value.url, tag, size}
  } catch {
    return undefined
  }
}

async function pause(failures: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, Math.min(50 * 2 ** failures, 2_000)))
}
