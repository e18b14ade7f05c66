import {fileURLToPath} from 'node:url'
import {isStandalone} from './standalone.ts'

/**
 * The file of a thread by the name of its program: part of the standalone executable; else beside our own bundle; run from source
 * (tests), the one that was built last.
 */
export function workerFile(name: 'zip-worker' | 'audit-worker'): string {
  if (isStandalone) return `./${name}.cjs`
  const fromSource = import.meta.url.endsWith('.ts')
  return fileURLToPath(new URL(fromSource ? `../../dist/${name}.js` : `./${name}.js`, import.meta.url))
}
