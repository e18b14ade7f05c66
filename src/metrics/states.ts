/** How a build cache, and how a binary, may stand: the values of labels, and of a report. */

export const cacheStates = [
  'owned',
  'unowned',
  'foreign',
  'refused',
  'damaged',
  'unwritable',
  'program',
  'off',
  'unknown',
] as const
/**
 * 'owned': its record names this toolchain. 'unowned': nobody's yet. 'foreign': another's, which policy allows. 'refused': a build is
 * refused for it. 'program': GOCACHEPROG. 'off': GOCACHE names no folder.
 */
export type CacheState = (typeof cacheStates)[number]

export const binaryStates = ['stamped', 'unstamped', 'malformed', 'conflicting', 'unreadable'] as const
/** 'malformed', 'conflicting': a stamp that names no toolchain, or more than one. 'unreadable': it may be a Go binary, and cannot be judged. */
export type BinaryState = (typeof binaryStates)[number]
