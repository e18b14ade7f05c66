/**
 * Variables by which Node and Bun load code or certificates before a program of theirs. bin/go empties them for ours: they are
 * meant for the user's programs, and some name files by a path of the working directory.
 */
export const runtimeVariables = [
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'BUN_OPTIONS',
  'BUN_BE_BUN',
  'BUN_INSPECT',
  'BUN_INSPECT_PRELOAD',
]
