import {packageFolder} from './package-folder.ts'
import {isStandalone} from './standalone.ts'

/** The file of a thread by the name of its program: part of the standalone executable, or in dist/; run from source (tests), the one that was built last. */
export function workerFile(name: 'zip-worker' | 'audit-worker'): string {
  return isStandalone ? `./${name}.cjs` : `${packageFolder}/dist/${name}.cjs`
}
