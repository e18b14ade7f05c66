/** The go.mod files that the module cache has. */
import {cachePath} from '../go/module/module-path.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'
import type {GoModOf} from './modules.ts'

/** Reads them from GOMODCACHE/cache/download, when they are asked for; `folder` is undefined where there is none. */
export function cachedGoMods({files}: Pick<System, 'files'>, folder: string | undefined): GoModOf {
  return module => {
    const file = cachePath(module, 'mod')
    if (file === undefined || folder === undefined) return undefined
    return orNothing(() => files.readHead(`${folder}/${file}`, largestGoMod))?.toString()
  }
}

/** That of Kubernetes has 20 kB. */
const largestGoMod = 1 << 22
