import type {IsolatedCache} from './isolated.ts'

/** What is to become of an isolated cache, and why: 'remove' only when its toolchain is known to be gone. */
export type PruneVerdict = {kind: 'keep' | 'remove'; reason: string}

/**
 * Judges a toolchain's own cache. It goes when the GOROOT that it was made for holds no toolchain any more, or another one,
 * and no other GOROOT is known to hold the same. What nobody can know stays.
 */
export function judgeIsolated(cache: IsolatedCache, inUse: string | undefined): PruneVerdict {
  const {owner, goroots, instead} = cache
  if (cache.isForeign) return {kind: 'keep', reason: "another user's"}
  if (owner === undefined) return {kind: 'keep', reason: 'no record says which toolchain owns it'}
  if (owner.hash === inUse) return {kind: 'keep', reason: 'of the toolchain in use here'}
  if (goroots.length > 0) return {kind: 'keep', reason: `its toolchain is ${goroots.join(', ')}`}
  return {
    kind: 'remove',
    reason:
      instead === undefined ? `no toolchain is in ${owner.goroot}` : `${owner.goroot} is now ${instead}`,
  }
}
