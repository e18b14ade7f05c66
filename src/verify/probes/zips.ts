/** Manifests of the zips that vendored files come from. */
import type {GitSystem} from '../../git/git.ts'
import type {Repository} from '../../git/repository.ts'
import {sumKey} from '../../go/module/go-sum.ts'
import type {H1} from '../../go/module/h1.ts'
import {formatModule, type ModuleVersion} from '../../go/module/module-path.ts'
import {parseManifest} from '../../go/vendor/manifest.ts'
import type {Proofs, ProofsToWrite} from '../../go/vendor/proofs.ts'
import type {VerifyFacts} from '../facts.ts'
import {download} from './downloads.ts'
import {readCachedZips, type ZipToRead} from './module-cache.ts'
import type {ZipFact} from './vendor-tree.ts'
import {openZipManifests} from './zip-manifests.ts'

/**
 * Manifests of all zips: stored ones, then those of the module cache, then downloaded ones. Only a zip whose h1 is that of
 * go.sum proves anything. `sumHashes` are all lines of go.sum, by key.
 */
export async function proveZips(
  system: GitSystem,
  repository: Repository,
  moduleCache: string,
  options: {offline: boolean; progress(text: string): void; proofs: Proofs; list: boolean},
  wanted: readonly ZipToRead[],
  sumHashes: ReadonlyMap<string, H1>,
): Promise<{
  hashes: VerifyFacts['cached']
  fact(from: ModuleVersion, h1: H1): ZipFact
  /** Files of the zips that were proven; only where a list is asked for. */
  lists: ProofsToWrite['modules']
}> {
  const store = openZipManifests(system, repository.format)
  const facts = new Map<string, ZipFact>()
  const hashes: VerifyFacts['cached'] = new Map()
  const keyOf = (module: ModuleVersion, h1: H1): string => `${formatModule(module)} ${h1}`
  const unread: ZipToRead[] = []
  const lists: ProofsToWrite['modules'] = []
  for (const zip of mergeByZip(wanted, keyOf)) {
    const manifest = store.read(zip.module, zip.h1)
    if (!options.list && manifest !== undefined && zip.packages.every(manifest.covers)) {
      facts.set(keyOf(zip.module, zip.h1), {manifest})
      // It was written when the zip had this hash.
      hashes.set(sumKey(zip.module.path, zip.module.version, false), {hash: zip.h1, source: 'zip'})
    } else {
      // What another repository vendors of it stays known.
      const known = [...(manifest?.directories() ?? [])].filter(path => manifest?.covers(path))
      unread.push({...zip, packages: [...new Set([...zip.packages, ...known])], list: options.list})
    }
  }

  let absent: ZipToRead[] = []
  const readAll = async (zips: readonly ZipToRead[]): Promise<void> => {
    absent = []
    let read = 0
    await readCachedZips(system, moduleCache, zips, repository.format, (zip, outcome) => {
      options.progress(`reading module zips: ${++read} of ${zips.length}`)
      const key = keyOf(zip.module, zip.h1)
      switch (outcome.kind) {
        case 'read': {
          hashes.set(sumKey(zip.module.path, zip.module.version, false), {hash: outcome.h1, source: 'zip'})
          if (outcome.h1 !== zip.h1) {
            facts.set(key, {state: {kind: 'mismatched'}})
            return
          }
          store.write(zip.module, zip.h1, outcome.manifest)
          if (outcome.files !== undefined) lists.push({module: zip.module, h1: zip.h1, files: outcome.files})
          facts.set(key, {manifest: parseManifest(outcome.manifest)})
          return
        }
        case 'rejected':
          facts.set(key, {
            state: {kind: 'absent', reason: `its zip in the module cache is broken: ${outcome.reason}`},
          })
          return
        case 'absent':
          absent.push(zip)
          facts.set(key, {state: {kind: 'absent', reason: 'its zip is not in the module cache'}})
      }
    })
    options.progress('')
  }
  await readAll(unread)
  const missing = absent.filter(({module, h1}) => options.proofs.files(module, h1) === undefined)
  if (missing.length > 0 && !options.offline) {
    const failures = await download(system, {
      wanted: 'zip',
      modules: missing.map(({module}) => module),
      hashes: sumHashes,
      progress: options.progress,
    })
    await readAll(missing)
    for (const {module, h1} of absent) {
      const reason = failures.get(formatModule(module))
      if (reason !== undefined) facts.set(keyOf(module, h1), {state: {kind: 'absent', reason}})
    }
  }
  store.prune()
  return {
    lists,
    hashes,
    fact: (from, h1) =>
      facts.get(keyOf(from, h1)) ?? {state: {kind: 'absent', reason: 'its zip is not in the module cache'}},
  }
}

/** One for each zip: in several vendor directories other packages of it may be listed. */
function mergeByZip(
  wanted: readonly ZipToRead[],
  keyOf: (module: ModuleVersion, h1: H1) => string,
): ZipToRead[] {
  const merged = new Map<string, ZipToRead>()
  for (const zip of wanted) {
    const key = keyOf(zip.module, zip.h1)
    const packages = [...(merged.get(key)?.packages ?? []), ...zip.packages]
    merged.set(key, {...zip, packages: [...new Set(packages)]})
  }
  return [...merged.values()]
}
