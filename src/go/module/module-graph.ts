/**
 * The module graph of one main module: whose go.mod files the go command reads, and which versions it selects. After
 * modload.readModGraph, goModSummary and mvs. From Go 1.17 on the graph is pruned: of a dependency that says so too, only the
 * requirements are taken, and their own go.mod files are not read.
 */

import {pathToUtf8} from '../../git/path-bytes.ts'
import type {GoModLines} from './go-mod-lines.ts'
import {findReplacement, type MainModule, type MainModules} from './main-modules.ts'
import type {ReplacedBy} from './mod-edit.ts'
import {formatModule, type ModuleVersion, sameModule} from './module-path.ts'
import {compareSemver, goAtLeast} from './semver.ts'

export type ModuleGraph = {
  /** Modules (after replacement, no directories) whose go.mod is read, each with who asked for it first, as text. */
  loaded: {module: ModuleVersion; requiredBy: string}[]
  /** By path, the version that minimal version selection takes, before replacement. */
  selected: Map<string, string>
  /** False when a go.mod was not to be had: then more may be loaded, and other versions selected. */
  complete: boolean
}

/** `read` returns a dependency's go.mod, that of a replacement's directory included, and undefined where it is not to be had. */
export function moduleGraph(
  mains: MainModules,
  member: MainModule,
  read: (source: ReplacedBy) => GoModLines | undefined,
): ModuleGraph {
  const graph: ModuleGraph = {loaded: [], selected: new Map(), complete: true}
  const files = new Map<string, GoModLines | undefined>()
  const entered = new Set<string>()
  const queue: {module: ModuleVersion; requiredBy: string; pruned: boolean}[] = []

  const isExcluded = (module: ModuleVersion): boolean =>
    member.file.excludes.some(excluded => sameModule(excluded, module))
  const select = ({path, version}: ModuleVersion): void => {
    const known = graph.selected.get(path)
    if (known === undefined || compareSemver(known, version) < 0) graph.selected.set(path, version)
  }
  const enter = (module: ModuleVersion, requiredBy: string, pruned: boolean): void => {
    const key = `${formatModule(module)} ${pruned}`
    if (entered.has(key)) return
    entered.add(key)
    queue.push({module, requiredBy, pruned})
  }
  const load = (module: ModuleVersion, requiredBy: string): GoModLines | undefined => {
    const key = formatModule(module)
    if (files.has(key)) return files.get(key)
    const from = findReplacement(mains, module)?.to ?? {kind: 'module', module}
    const lines = read(from)
    files.set(key, lines)
    if (from.kind === 'module') graph.loaded.push({module: from.module, requiredBy})
    if (lines === undefined) graph.complete = false
    else for (const required of lines.requires) if (!isExcluded(required)) select(required)
    return lines
  }

  const isPruned = isPruning(member.file.goVersion)
  for (const {module} of member.file.requires) {
    if (isExcluded(module)) continue
    select(module)
    enter(module, pathToUtf8(member.modFile), isPruned)
  }
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const lines = load(next.module, next.requiredBy)
    if (lines === undefined) continue
    if (next.pruned && isPruning(lines.goVersion)) continue
    for (const required of lines.requires) {
      if (!isExcluded(required)) enter(required, formatModule(next.module), false)
    }
  }
  return graph
}

/** Whether a go.mod with this `go` line lists all that its packages need: Go 1.17 and later. */
function isPruning(goVersion: string | undefined): boolean {
  return goVersion !== undefined && goAtLeast(goVersion, '1.17')
}
