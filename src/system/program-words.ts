import {packageFolder} from './package-folder.ts'
import {enginePath, isStandalone} from './standalone.ts'

/**
 * The words that start another program of gowarden: the standalone executable under its name there (src/engine.ts), else Node with its file in
 * dist/; run from source (tests), the one that was built last.
 */
export function programWords(name: 'send-traces'): [program: string, ...words: string[]] {
  return isStandalone ? [enginePath, `=${name}`] : [enginePath, `${packageFolder}/dist/${name}.cjs`]
}
