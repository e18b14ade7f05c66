/** Whether this is the standalone executable (src/engine.ts), which holds every program of gowarden and needs no Node. */
export const isStandalone = typeof GOWARDEN_STANDALONE === 'boolean' && GOWARDEN_STANDALONE

/** The program that runs this: Node, or the standalone executable. */
export const enginePath = process.execPath

/** What that is: `Bun 1.4.5` or `Node 20.20.2`. */
export const engineName =
  process.versions['bun'] === undefined ? `Node ${process.versions.node}` : `Bun ${process.versions['bun']}`
