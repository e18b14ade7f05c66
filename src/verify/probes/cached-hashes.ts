/** What the module cache says of the lines of go.sum. */
import type {GitSystem} from '../../git/git.ts'
import {type GoModLines, readGoModLines} from '../../go/module/go-mod-lines.ts'
import {type H1, parseH1} from '../../go/module/h1.ts'
import type {ModuleVersion} from '../../go/module/module-path.ts'
import type {Proofs} from '../../go/vendor/proofs.ts'
import type {SumFacts, VerifyFacts} from '../facts.ts'
import {cachedFile, readCachedGoMod, readZipHash} from './module-cache.ts'

export type CachedGoMod = {hash: H1; content: string; lines(): GoModLines | undefined}

/** A verdict that rests on more absent files is not remembered: to look for them again takes as long as to judge. */
export const mostAbsent = 20_000

/**
 * The hashes the module cache knows for lines of go.sum, and the go.mod files that were hashed for it. A file that is absent
 * is remembered: it could appear.
 */
export function probeCachedHashes(
  system: GitSystem,
  moduleCache: string,
  sums: readonly SumFacts[],
  cached: VerifyFacts['cached'],
  absent: string[],
  proofs: Proofs,
): Map<string, CachedGoMod> {
  const goMods = new Map<string, CachedGoMod>()
  const seen = new Set<string>()
  for (const {sum} of sums) {
    for (const {key, path, version, goMod, hash: expected} of sum.lines) {
      if (seen.has(key) || cached.has(key)) continue
      seen.add(key)
      const module = {path, version}
      const h1 = parseH1(expected)
      const read = goMod
        ? (readCachedGoMod(system, moduleCache, module) ?? (h1 && provenGoMod(proofs, module, h1)))
        : undefined
      if (read !== undefined) goMods.set(key, {...read, lines: () => readGoModLines(read.content)})
      const hash = goMod ? read?.hash : readZipHash(system, moduleCache, module)
      const file = cachedFile(moduleCache, module, goMod ? 'mod' : 'ziphash')
      if (hash !== undefined) cached.set(key, {hash, source: goMod ? 'go.mod' : 'ziphash'})
      else if (file !== undefined && absent.length <= mostAbsent) absent.push(file)
    }
  }
  return goMods
}

/** A go.mod of the proofs; its hash is the one that was asked for. */
export function provenGoMod(
  proofs: Proofs,
  module: ModuleVersion,
  hash: H1,
): {content: string; hash: H1} | undefined {
  const content = proofs.goMod(module, hash)
  return content === undefined ? undefined : {content, hash}
}
