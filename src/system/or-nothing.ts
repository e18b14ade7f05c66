/** What `read` returns; undefined where the world refuses it: a file that goes while we look, or may not be looked at. */
export function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
