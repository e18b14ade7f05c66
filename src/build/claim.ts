/** The cache is claimed for the toolchain that compiles: the one write on the way to a plan. */
import {type CacheJudgement, checkCache} from '../cache/check-owner.ts'
import {updateOwner} from '../cache/owner.ts'
import {ownerPath} from '../cache/owner-path.ts'
import type {BuildFound} from '../findings/finding.ts'
import {reasonOf} from '../store/folder.ts'
import type {System} from '../system/system.ts'
import type {Situation} from './situation.ts'

/** What there is to say of a cache, and whether its record names this toolchain now (where there is one to name it). */
export type Claim = {findings: BuildFound[]; isRecorded: boolean}

/** What a claim would come to; nothing is written. */
export function lookAtCache({cache, toolchain, policy}: Situation): Claim {
  if (cache.kind !== 'directory') return {findings: [], isRecorded: true}
  const {findings, owners} = checkCache(
    cache.contents,
    cache.path,
    toolchain,
    policy.cache.value,
    policy.cache.origin.kind === 'default',
  )
  return {findings, isRecorded: owners === undefined}
}

/** Writes this toolchain into the record of a cache that is nobody's yet, or that passes to it. */
export async function claimCache(system: System, {cache, toolchain, policy}: Situation): Promise<Claim> {
  if (cache.kind !== 'directory') return {findings: [], isRecorded: true}
  const first = checkCache(
    cache.contents,
    cache.path,
    toolchain,
    policy.cache.value,
    policy.cache.origin.kind === 'default',
  )
  if (first.owners === undefined) return {findings: first.findings, isRecorded: true}
  const onWait = (lock: string) => system.tell({kind: 'waiting-for-lock', lock})
  try {
    const final = await updateOwner<CacheJudgement>(system, cache.path, onWait, record => {
      const again = checkCache(
        {...cache.contents, record},
        cache.path,
        toolchain,
        policy.cache.value,
        policy.cache.origin.kind === 'default',
      )
      return {answer: again, write: again.owners}
    })
    return {findings: final.findings, isRecorded: true}
  } catch (error) {
    const facts = {file: ownerPath(cache.path), reason: reasonOf(error)}
    return {
      findings: [...first.findings, {code: 'CACHE_OWNER_UNWRITABLE', facts}],
      isRecorded: false,
    }
  }
}
