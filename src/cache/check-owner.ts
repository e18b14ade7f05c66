import type {BuildFound} from '../findings/finding.ts'
import type {ToolchainHash} from '../go/module/toolchain-module.ts'
import type {CachePolicy} from '../policy/policy.ts'
import {unreachable} from '../system/unreachable.ts'
import type {Toolchain} from '../toolchain/identify.ts'
import type {CacheContents} from './contents.ts'
import type {Owner} from './owner.ts'
import {ownerPath} from './owner-path.ts'

/** Findings, and the owners that the record should name; `owners` is undefined where it is right as it is, or not ours. */
export type CacheJudgement = {findings: BuildFound[]; owners: Owner[] | undefined}

/**
 * Whether this toolchain may use a cache (design: the same hash is never another GOROOT, wherever it lies). Another hash
 * counts as another GOROOT unless it is a change in place that go keeps apart itself: the same path, and another version or the same
 * tools. Under `share` only another hash of the same version counts.
 */
export function checkCache(
  contents: CacheContents,
  cache: string,
  self: Pick<Toolchain, 'hash' | 'goroot' | 'version' | 'hashBefore'>,
  policy: CachePolicy,
  mayShare = false,
): CacheJudgement {
  const me: Owner = {hash: self.hash, goroot: self.goroot, version: self.version}
  const {record} = contents
  // Under isolate the folder's name is this toolchain's hash: whatever else the record says cannot be so.
  if (policy === 'isolate') {
    const isMine = record.kind === 'owned' && record.owners.length === 1 && record.owners[0]?.hash === me.hash
    return {findings: [], owners: isMine ? undefined : [me]}
  }
  switch (record.kind) {
    case 'corrupt':
      return refuse({
        code: 'CACHE_OWNER_CORRUPT',
        facts: {file: ownerPath(cache), reason: record.reason},
      })
    case 'absent':
      return policy === 'share' ? claim([me]) : checkUnmarked(contents, cache, me, mayShare)
    case 'owned':
      return policy === 'share'
        ? checkShared(record.owners, cache, me, self.hashBefore)
        : checkOwned(record.owners, cache, me, self.hashBefore, mayShare)
    default:
      return unreachable(record)
  }
}

function checkUnmarked(contents: CacheContents, cache: string, me: Owner, mayShare: boolean): CacheJudgement {
  const versions = contents.versions.filter(({version}) => version !== me.version)
  if (versions.length === 0) return claim([me])
  return refuse({code: 'CACHE_UNMARKED_FOREIGN', facts: {cache, versions, self: me, mayShare}})
}

function checkOwned(
  owners: Owner[],
  cache: string,
  me: Owner,
  hashBefore: ToolchainHash | undefined,
  mayShare: boolean,
): CacheJudgement {
  const others = owners.filter(owner => owner.hash !== me.hash)
  if (others.length === 0) return {findings: [], owners: undefined}
  const strangers = others.filter(owner => !isUpgrade(owner, me) && !hasSameTools(owner, me, hashBefore))
  if (strangers.length > 0)
    return refuse({code: 'CACHE_FOREIGN', facts: {cache, owners: strangers, self: me, mayShare}})
  return {findings: others.map(from => passed(cache, from, me)), owners: [me]}
}

function checkShared(
  owners: Owner[],
  cache: string,
  me: Owner,
  hashBefore: ToolchainHash | undefined,
): CacheJudgement {
  const sameVersion = owners.filter(owner => owner.version === me.version)
  const others = sameVersion.filter(owner => owner.hash !== me.hash)
  const strangers = others.filter(owner => !hasSameTools(owner, me, hashBefore))
  if (strangers.length > 0)
    return refuse({code: 'CACHE_FOREIGN', facts: {cache, owners: strangers, self: me, mayShare: false}})
  if (others.length > 0) {
    const rest = owners.filter(owner => owner.version !== me.version)
    return {findings: others.map(from => passed(cache, from, me)), owners: [...rest, me]}
  }
  return sameVersion.length > 0 ? {findings: [], owners: undefined} : claim([...owners, me])
}

function passed(cache: string, from: Owner, self: Owner): BuildFound {
  return {code: 'CACHE_PASSED', facts: {cache, from, self}}
}

/** `apt upgrade`: the path stays, the version changes. The same version with other content is never an upgrade. */
function isUpgrade(owner: Owner, me: Owner): boolean {
  return owner.goroot === me.goroot && owner.version !== me.version
}

/** A source of the standard library was edited: the compiler is the one that populated the cache. */
function hasSameTools(owner: Owner, me: Owner, hashBefore: ToolchainHash | undefined): boolean {
  return owner.goroot === me.goroot && owner.hash === hashBefore
}

function claim(owners: Owner[]): CacheJudgement {
  return {findings: [], owners}
}

function refuse(finding: BuildFound): CacheJudgement {
  return {findings: [finding], owners: undefined}
}
