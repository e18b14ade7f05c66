import {dirname} from 'node:path'
import {fileURLToPath} from 'node:url'
import {enginePath, isStandalone} from './standalone.ts'

/** The folder of this package: this module is part of dist/gowarden, is bundled into a file somewhere in dist/, or lies in src/system/. */
export const packageFolder = isStandalone ? dirname(dirname(enginePath)) : folderAround(import.meta.url)

function folderAround(module: string): string {
  const here = fileURLToPath(module)
  return here.slice(0, here.lastIndexOf(here.endsWith('.ts') ? '/src/' : '/dist/'))
}
