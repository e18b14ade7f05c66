import {dirname} from 'node:path'
import {fileURLToPath} from 'node:url'

const here = fileURLToPath(import.meta.url)

/** The folder of this package: this module is bundled into dist/, or lies in src/system/. */
export const packageFolder = dirname(dirname(here.endsWith('.ts') ? dirname(here) : here))
