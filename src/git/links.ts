/** Symbolic links as the index holds them, followed without a look at the disk. */
import {joinPath, type PathBytes, resolveInside, topDirectory} from './path-bytes.ts'

export type Followed =
  /** Where the path leads; it need not be listed. */
  | {kind: 'inside'; path: PathBytes}
  /** `link` names `target`, which lies outside of the repository. */
  | {kind: 'outside'; link: PathBytes; target: PathBytes}
  | {kind: 'endless'; link: PathBytes}

/** As many as Linux follows. */
const mostLinks = 40

/** Follows every link on the way, the last element included. `links` are the targets of links by their paths. */
export function followLinks(links: ReadonlyMap<PathBytes, PathBytes>, path: PathBytes): Followed {
  if (links.size === 0) return {kind: 'inside', path}
  let rest = elementsOf(path)
  let at = topDirectory
  for (let followed = 0; ; ) {
    const [element, ...further] = rest
    if (element === undefined) return {kind: 'inside', path: at}
    const next = joinPath(at, element)
    const target = links.get(next)
    if (target === undefined) {
      at = next
      rest = further
      continue
    }
    const leadsTo = resolveInside(at, target)
    if (leadsTo === undefined) return {kind: 'outside', link: next, target}
    if (++followed > mostLinks) return {kind: 'endless', link: next}
    rest = [...elementsOf(leadsTo), ...further]
    at = topDirectory
  }
}

function elementsOf(path: PathBytes): PathBytes[] {
  return path === topDirectory ? [] : path.split('/')
}
