/** Toolchains that call themselves by one version on one platform and are not the same. */

/** `hosts`: on which hosts each of them is, the most common first. */
export type Twin = {
  version: string
  platform: string
  hashes: {hash: string; isProven: boolean; hosts: string[]}[]
}

/** What is compared: a toolchain of a host. */
export type Placed = {
  host: string
  hash: string
  version: string
  platform: string
  proven: 'yes' | 'unknown'
}

/** The versions with more than one hash, those on the most hosts first. */
export function twinsOf(all: readonly Placed[]): Twin[] {
  const byName = new Map<string, Placed[]>()
  for (const one of all) {
    const key = JSON.stringify([one.version, one.platform])
    byName.set(key, [...(byName.get(key) ?? []), one])
  }
  return [...byName.values()]
    .flatMap(same => {
      const [first] = same
      const hashes = [...new Set(same.map(({hash}) => hash))]
      if (first === undefined || hashes.length < 2) return []
      const {version, platform} = first
      return [{version, platform, hashes: hashes.map(hash => of(hash, same)).sort(byHosts)}]
    })
    .sort((a, b) => hostsOf(b) - hostsOf(a) || (a.version < b.version ? -1 : 1))
}

/**
 * Those of a twin to look at: where Go's checksum database holds one of them, the others, else all but the most common one. Nobody can
 * say which is the right one where they are equally common: all of them.
 */
export function oddHashes({hashes}: Twin): string[] {
  const proven = hashes.filter(({isProven}) => isProven)
  if (proven.length > 0) return hashes.filter(({isProven}) => !isProven).map(({hash}) => hash)
  const [first, second] = hashes
  const isOne = (first?.hosts.length ?? 0) > (second?.hosts.length ?? 0)
  return (isOne ? hashes.slice(1) : hashes).map(({hash}) => hash)
}

function of(hash: string, same: readonly Placed[]): Twin['hashes'][number] {
  const having = same.filter(one => one.hash === hash)
  return {
    hash,
    // Who asked the checksum database asked for all: it is the same bytes.
    isProven: having.some(({proven}) => proven === 'yes'),
    hosts: [...new Set(having.map(({host}) => host))],
  }
}

function byHosts(a: Twin['hashes'][number], b: Twin['hashes'][number]): number {
  return b.hosts.length - a.hosts.length || (a.hash < b.hash ? -1 : 1)
}

function hostsOf({hashes}: Twin): number {
  return hashes.reduce((sum, {hosts}) => sum + hosts.length, 0)
}
