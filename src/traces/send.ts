/** What waits in a queue of spans is sent, by one process at a time. */
import {lockUnless} from '../store/lock.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'
import {oneLine} from '../text/one-line.ts'
import {withoutSecrets} from '../text/secrets.ts'
import {
  type Finished,
  isBeingSent,
  lockedPath,
  oldestMs,
  outcomePath,
  parseQueue,
  parseQueueName,
  queueFolder,
} from './queue.ts'
import {readSettings, type Settings} from './settings.ts'

/** Returns how many were sent. Throws why not. */
export type Send = (spans: readonly Finished[], settings: Settings & {kind: 'on'}) => Promise<number>

/**
 * Sends until nothing is left. What cannot be sent within the time that the settings allow is dropped: it would only grow. Throws what the
 * file system throws.
 */
export async function sendQueue(system: System, store: string, key: string, send: Send): Promise<void> {
  const settings = readSettings(system.env)
  if (settings.kind !== 'on') return
  // Who adds to a queue while it is being sent starts no process. So it is looked at once more after the lock is gone.
  while (waitingFiles(system, store, key).length > 0) {
    const release = await lockUnless(
      system.files,
      lockedPath(store, key),
      () => undefined,
      () => isBeingSent(system, store, key),
    )
    if (release === undefined) return
    try {
      for (let spans = take(system, store, key); spans.length > 0; spans = take(system, store, key)) {
        const outcome = await outcomeOf(() => send(spans, settings), spans.length, settings.timeoutMs)
        const line = `${new Date(system.nowMs()).toISOString()} ${outcome}\n`
        orNothing(() => system.files.replace(outcomePath(store), line, 0o600))
      }
    } finally {
      // A lock that was touched by whoever held it before is no more ours to release, and would stand until it is old.
      if (!(await release())) system.files.remove(`${lockedPath(store, key)}.lock`)
    }
  }
}

/** All that waits. It is removed first: a span that is lost with the process that sends it is better than one that comes twice. */
function take(system: System, store: string, key: string): Finished[] {
  return waitingFiles(system, store, key).flatMap(file => {
    const text = system.files.read(file)?.toString() ?? ''
    system.files.remove(file)
    return parseQueue(text)
  })
}

/** The files with this key, the oldest first. What is too old, of whatever key, is removed. */
function waitingFiles(system: System, store: string, key: string): string[] {
  const nowMs = system.nowMs()
  const folder = queueFolder(store)
  const names = (system.files.list(folder) ?? []).map(({name}) => name).sort()
  return names.flatMap(name => {
    const parsed = parseQueueName(name)
    const isOld = parsed !== undefined && nowMs - parsed.atMs > oldestMs
    if (isOld) system.files.remove(`${folder}/${name}`)
    return parsed?.key === key && !isOld ? [`${folder}/${name}`] : []
  })
}

async function outcomeOf(send: () => Promise<number>, count: number, timeoutMs: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  // The SDK gives up once nothing comes for so long; a server that sends a byte now and then would keep it for ever.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs + 500)
  })
  try {
    return `sent ${await Promise.race([send(), late])} of ${count}`
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error)
    return `sent none of ${count}: ${oneLine(withoutSecrets(reason)).slice(0, 300)}`
  } finally {
    clearTimeout(timer)
  }
}
