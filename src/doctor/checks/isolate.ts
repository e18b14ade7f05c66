/** Which packages a cache has otherwise than they are built anew, and which of these only import such a one. */
import type {BuiltPackage} from '../probes/isolate.ts'

export type Differing = {
  /** Built from the same inputs to another content. */
  roots: {path: string; actionId: string; cached: string; fresh: string}[]
  /** They differ because one that they import does. */
  importing: string[]
  /** Built from other inputs, though nothing that they import differs. */
  others: string[]
}

/**
 * A package with the same action ID in both has the same inputs: where its content differs, another compiler wrote one of the two, or
 * somebody changed it. What imports it has another action ID, for the contents of imports are inputs. The stamp is a part of every
 * action ID and of no content: `isStamped` is whether one of the two builds has it.
 */
export function comparePackages(
  fresh: readonly BuiltPackage[],
  cached: readonly BuiltPackage[],
  {isStamped}: {isStamped: boolean},
): Differing {
  const anew = new Map(fresh.map(built => [built.path, built]))
  const differing: Differing = {roots: [], importing: [], others: []}
  const bad = new Set<string>()
  // What a package imports comes before it (go list -deps).
  for (const {path, actionId, contentId, digest, imports} of cached) {
    const other = anew.get(path)
    if (other === undefined || (other.contentId === contentId && other.digest === digest)) continue
    const importsBad = imports.some(name => bad.has(name))
    bad.add(path)
    if (other.actionId === actionId || (isStamped && !importsBad))
      differing.roots.push({path, actionId, cached: contentId, fresh: other.contentId})
    else if (importsBad) differing.importing.push(path)
    else differing.others.push(path)
  }
  return differing
}
