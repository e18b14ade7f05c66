/**
 * An entry of Go's build cache, `XX/ACTION-a` below GOCACHE: which object a build step came to (cmd/go/internal/cache Cache.get).
 *
 *   v1 ACTION OBJECT                 SIZE                 TIME
 *
 * ACTION and OBJECT are SHA-256 in hexadecimal digits, the size and the time (nanoseconds since the epoch) fill 20 columns each.
 */
export type ActionEntry = {action: string; object: string; size: number}

/** undefined for any other text, which go takes for no entry. */
export function parseActionEntry(text: string): ActionEntry | undefined {
  const match = text.match(/^v1 ([0-9a-f]{64}) ([0-9a-f]{64}) {1,20}(\d{1,20}) {1,20}\d{1,20}\n$/)
  const [, action, object, size] = match ?? []
  if (text.length !== entryLength || !action || !object || !size) return undefined
  return {action, object, size: Number(size)}
}

const entryLength = 'v1 '.length + 64 + 1 + 64 + 1 + 20 + 1 + 20 + 1
