/** Whether this is the standalone executable (src/engine.ts), which holds every program of gowarden and needs no Node. */
export const isStandalone = typeof GOWARDEN_STANDALONE === 'boolean' && GOWARDEN_STANDALONE

/** The program that runs this: Node, or the standalone executable. */
export const enginePath = process.execPath
