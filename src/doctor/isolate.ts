/** `gowarden doctor --isolate`: whether the build cache has what this toolchain makes. */
import {readOwner} from '../cache/owner.ts'
import type {DifferingPackage} from '../findings/facts-of-doctor.ts'
import type {Finding} from '../findings/finding.ts'
import {askingEnv} from '../go/command/child-env.ts'
import {goVersionName} from '../go/command/go-env.ts'
import {findRealGo, resolveGo} from '../launcher/launcher.ts'
import {applyDoctorLevels} from '../policy/apply-levels.ts'
import {findPolicy} from '../policy/find.ts'
import {withScratch} from '../system/node.ts'
import type {System} from '../system/system.ts'
import {comparePackages, type Differing} from './checks/isolate.ts'
import {askGo, firstWords, parseVariables} from './go.ts'
import {probeGuard} from './guard.ts'
import {lenient} from './lenient.ts'
import {type BuiltPackage, buildPackages, cachedObject} from './probes/isolate.ts'
import {askedNames} from './values.ts'

export type Isolation = {
  cache: string
  /** Packages that were built anew and compared; 0 where that was not possible. */
  packages: number
  /** Of which cache entries: those of the go command alone, and those that carry the stamp. */
  compared: {by: 'go' | 'gowarden'; said: string | undefined}[]
  /** Why nothing could be compared. */
  unknown: string | undefined
  findings: Finding[]
}

/**
 * Builds packages, and all that they import, in an empty cache and in the configured one, and compares their contents. The configured one
 * is asked as go alone asks it, and through the launcher where `go` is guarded here, for the stamp is a part of every key.
 */
export async function isolate(system: System, packages: readonly string[]): Promise<Isolation> {
  const asked = {system: lenient(system), go: findRealGo(system), asking: {}}
  const answer = await askGo(asked, ['env', '-json', ...askedNames])
  const env = answer.status === 0 ? parseVariables(answer.stdout) : undefined
  const cache = env?.['GOCACHE'] ?? ''
  if (env === undefined)
    return {cache, packages: 0, compared: [], unknown: firstWords(answer.stderr), findings: []}
  return await withScratch(async folder => {
    const own = askingEnv(system.env)
    const build = (go: string, more: Record<string, string | undefined>) =>
      buildPackages(asked, go, packages, more)
    system.tell({kind: 'compiling-anew', what: packages.join(' ')})
    const anew = {...own, GOCACHE: `${folder}/fresh`, GOCACHEPROG: undefined}
    const fresh = await build(asked.go, anew)
    if (fresh.kind === 'failed') return {cache, packages: 0, compared: [], unknown: fresh.said, findings: []}

    const configured = [{by: 'go' as const, built: await build(asked.go, own)}]
    const resolution = resolveGo(system)
    const guarded = probeGuard(system, resolution).kind === 'guarded' ? resolution.first?.path : undefined
    const stamped = guarded === undefined ? undefined : await build(guarded, {})
    const runs = [
      ...configured,
      ...(stamped === undefined ? [] : [{by: 'gowarden' as const, built: stamped}]),
    ]

    const found = new Map<string, DifferingPackage>()
    let importing = 0
    for (const {by, built} of runs) {
      if (built.kind === 'failed') continue
      const differing = comparePackages(fresh.packages, built.packages, {isStamped: by === 'gowarden'})
      importing = Math.max(importing, differing.importing.length)
      const again = differing.roots.length === 0 ? [] : await buildAgain()
      for (const one of differing.roots) found.set(one.path, await explain(one, again))
      for (const path of differing.others)
        found.set(path, {path, made: '', cached: '', fresh: '', cause: 'it was built from other inputs'})
    }
    const facts = {cache, packages: [...found.values()], importing}
    const {levels} = await findPolicy(system, system.cwd)
    const findings = found.size === 0 ? [] : applyDoctorLevels([{code: 'CACHE_DIFFERS', facts}], levels)
    const compared = runs.map(({by, built}) => ({by, said: built.kind === 'failed' ? built.said : undefined}))
    return {cache, packages: fresh.packages.length, compared, unknown: undefined, findings}

    async function buildAgain(): Promise<BuiltPackage[]> {
      const again = await build(asked.go, {...anew, GOCACHE: `${folder}/again`})
      return again.kind === 'built' ? again.packages : []
    }

    async function explain(
      one: Differing['roots'][number],
      again: BuiltPackage[],
    ): Promise<DifferingPackage> {
      const {path, cached, fresh} = one
      const object = cachedObject(asked.system, cache, one.actionId)
      const made =
        object?.madeMs === undefined ? '' : new Date(object.madeMs).toISOString().replace(/\.\d+Z$/, 'Z')
      const secondTime = again.find(built => built.path === path)?.contentId
      return {
        path,
        made,
        cached,
        fresh,
        cause: causeOf(object, secondTime !== undefined && secondTime !== fresh),
      }
    }
  })

  /** What is known of who wrote an object that this toolchain would not. */
  function causeOf(object: ReturnType<typeof cachedObject>, isUnsteady: boolean): string {
    if (isUnsteady) return 'each build of it comes out otherwise, so the cache may be right'
    if (object === undefined) return 'who made it is not known'
    if (!object.isWhole) return 'its bytes were changed after go wrote them'
    const version = goVersionName(env?.['GOVERSION'] ?? '')
    if (object.version !== undefined && object.version !== version)
      return `it was compiled by ${object.version}`
    const record = readOwner(asked.system, cache)
    const owners =
      record.kind === 'owned' ? record.owners.map(({hash, goroot}) => `${hash} in ${goroot}`) : []
    return owners.length === 0
      ? 'another compiler that also calls itself this version wrote it; which one is not recorded'
      : `another compiler that also calls itself this version wrote it; the cache is recorded for ${owners.join(' and ')}`
  }
}
