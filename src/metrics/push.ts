/** `gowarden metrics --push`: to a Pushgateway, from a job that is gone before anybody could scrape it. */
import {UsageError, WorldError} from '../system/errors.ts'
import {withoutSecrets} from '../text/secrets.ts'

/** Under which the Pushgateway keeps what was pushed, until the same is pushed again. */
export type Grouping = {job: string; instance: string}

/**
 * Puts the text in the place of what was pushed under the same grouping. Waits at most `timeoutMs`. A user and password in the URL
 * become the Authorization header. Throws UsageError for what is no URL, WorldError where it was not taken.
 */
export async function push(
  place: string,
  grouping: Grouping,
  text: string,
  type: string,
  timeoutMs = 10_000,
): Promise<void> {
  const {url, headers} = parsePlace(place, grouping)
  const at = withoutSecrets(place)
  let response: Response
  try {
    response = await fetch(url, {
      method: 'PUT',
      headers: {...headers, 'Content-Type': type},
      body: text,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (error) {
    throw new WorldError(`pushing metrics to ${at}: ${whyNot(error, timeoutMs)}`, {cause: error})
  }
  if (response.ok) return
  const said = (await response.text().catch(() => '')).slice(0, 500)
  throw new WorldError(`pushing metrics to ${at}: status ${response.status}: ${withoutSecrets(said).trim()}`)
}

function parsePlace(place: string, {job, instance}: Grouping): {url: URL; headers: Record<string, string>} {
  const url = URL.canParse(place) ? new URL(place) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new UsageError(
      `--push ${withoutSecrets(place)}: not a URL`,
      'name a Pushgateway: --push http://pushgateway.example:9091',
    )
  const {username, password} = url
  url.username = ''
  url.password = ''
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/metrics/job${segment(job)}/instance${segment(instance)}`
  if (username === '' && password === '') return {url, headers: {}}
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {url, headers: {Authorization: `Basic ${Buffer.from(plain).toString('base64')}`}}
}

/** A value of any text in a path, as the Pushgateway reads it: `/name`, or `@base64/…` where it holds a slash or is empty. */
function segment(value: string): string {
  if (value !== '' && !value.includes('/')) return `/${encodeURIComponent(value)}`
  return `@base64/${Buffer.from(value).toString('base64url') || '='}`
}

function whyNot(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no answer in ${timeoutMs / 1000} seconds`
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error)
}
