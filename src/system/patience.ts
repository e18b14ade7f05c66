const limitMs = 2_000

/**
 * A function to call at each step of something that may take long: once two seconds have passed since now it calls `tell`,
 * one time. Nobody should wait longer for go without knowing why.
 */
export function patience(nowMs: () => number, tell: () => void): () => void {
  const started = nowMs()
  let isTold = false
  return () => {
    if (isTold || nowMs() - started <= limitMs) return
    isTold = true
    tell()
  }
}
