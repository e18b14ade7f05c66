/** The module cache (GOMODCACHE): which zips and go.mod files are there, and what they hash to. */
import {join} from 'node:path'
import type {GitSystem} from '../../git/git.ts'
import type {ObjectFormat} from '../../git/object-id.ts'
import {type H1, parseH1} from '../../go/module/h1.ts'
import {goModHash1} from '../../go/module/hash1.ts'
import {cachePath, formatModule, type ModuleVersion} from '../../go/module/module-path.ts'
import {WorldError} from '../../system/errors.ts'
import {withScratch} from '../../system/node.ts'
import type {System} from '../../system/system.ts'
import {askGo, goFailed} from './run-go.ts'
import type {ZipOutcome} from './zip-job.ts'
import {readZips} from './zip-threads.ts'

/** GOMODCACHE as the go command would say it, and all that decides it, to tell whether it is still the same. */
export async function probeModuleCache(system: GitSystem): Promise<string> {
  const own = system.env['GOMODCACHE']
  if (own !== undefined && own !== '') return own
  return withScratch(async scratch => {
    const result = await askGo(system, ['env', 'GOMODCACHE'], scratch)
    const directory = result.stdout.trim()
    if (result.exitCode !== 0) throw goFailed('go env GOMODCACHE', result)
    if (directory === '')
      throw new WorldError('go has no folder for GOMODCACHE: neither it nor HOME is set', {
        hint: 'name one: export GOMODCACHE=/tmp/own-gomodcache',
      })
    return directory
  })
}

/** The version of the go on PATH; undefined for one that is no release, such as `devel go1.27-abc`. */
export async function goHere(system: GitSystem): Promise<string | undefined> {
  return withScratch(async scratch => {
    const {stdout} = await askGo(system, ['env', 'GOVERSION'], scratch)
    return /^go\d+(\.\d+)+((rc|beta)\d+)?/.exec(stdout)?.[0]
  })
}

/** `packages` are directories relative to the module's root; `list`: every file is wanted, too. */
export type ZipToRead = {module: ModuleVersion; h1: H1; packages: string[]; list?: boolean}

/** Reads the zips that are in the cache, on every core; `done` is called for each zip, absent ones included. */
export async function readCachedZips(
  system: System,
  moduleCache: string,
  zips: readonly ZipToRead[],
  format: ObjectFormat,
  done: (zip: ZipToRead, outcome: ZipOutcome) => void,
): Promise<void> {
  const jobs = []
  for (const zip of zips) {
    const file = cachedFile(moduleCache, zip.module, 'zip')
    const stat = file === undefined ? undefined : system.files.stat(file)
    if (file === undefined || stat === undefined) done(zip, {kind: 'absent'})
    else
      jobs.push({
        zip,
        file,
        prefix: `${formatModule(zip.module)}/`,
        format,
        packages: zip.packages,
        ...(zip.list === true ? {list: true} : {}),
        size: Number(stat.size),
      })
  }
  await readZips(jobs, (job, outcome) => done(job.zip, outcome))
}

/** Undefined when no such file can exist. */
export function cachedFile(
  moduleCache: string,
  module: ModuleVersion,
  extension: 'zip' | 'ziphash' | 'mod',
): string | undefined {
  const relative = cachePath(module, extension)
  return relative === undefined ? undefined : join(moduleCache, 'cache', 'download', relative)
}

/** The content of a dependency's go.mod, which the cache holds also where the zip has none. */
export function readCachedGoMod(
  system: System,
  moduleCache: string,
  module: ModuleVersion,
): {content: string; hash: H1} | undefined {
  const file = cachedFile(moduleCache, module, 'mod')
  const content = file === undefined ? undefined : system.files.read(file)
  return content === undefined ? undefined : {content: content.toString('latin1'), hash: goModHash1(content)}
}

/** The hash that the go command noted of a zip that is still there. */
export function cachedZipHash(system: System, moduleCache: string, module: ModuleVersion): H1 | undefined {
  const zip = cachedFile(moduleCache, module, 'zip')
  const isThere = zip !== undefined && system.files.stat(zip) !== undefined
  return isThere ? parseH1(readZipHash(system, moduleCache, module) ?? '') : undefined
}

/** The hash the go command noted when it downloaded the zip. */
export function readZipHash(system: System, moduleCache: string, module: ModuleVersion): string | undefined {
  const file = cachedFile(moduleCache, module, 'ziphash')
  const content = file === undefined ? undefined : system.files.read(file)
  return content?.toString('latin1').trim()
}
