/**
 * What happens while something runs and keeps a person waiting. It is told through System.tell; the doors say it in words, or not
 * at all, and what counts or traces commands listens to the same.
 */
export type Happening =
  /** Every byte of a GOROOT is read: to know the toolchain that compiles, or that of a cache. */
  | {kind: 'reading-goroot'; goroot: string; for: 'build' | 'cache'}
  /** The stat of a GOROOT's directories is compared, or once a day that of every file. */
  | {kind: 'comparing-goroot'; goroot: string; what: 'directories' | 'files'}
  /** Another command reads the same GOROOT. */
  | {kind: 'waiting-for-goroot'; goroot: string}
  /** Another command holds the lock. */
  | {kind: 'waiting-for-lock'; lock: string}
  /** A cache without a record is looked through; `objects` so far. */
  | {kind: 'attributing-cache'; cache: string; objects: number}
  /** A line that go says and will not say again: what it downloads, to what it switches, why it failed. */
  | {kind: 'go-says'; line: string}
