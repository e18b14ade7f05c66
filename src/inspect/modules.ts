/**
 * `gowarden inspect --modules`: the modules of a binary as a tree. A binary holds a list alone; which module requires which stands in
 * their go.mod files, and those that the module cache has are read there. Nothing is downloaded.
 */
import type {Module} from '../go/binary/build-info.ts'
import {readDirectRequires} from '../go/module/go-mod-lines.ts'
import {formatModule, type ModuleVersion} from '../go/module/module-path.ts'
import {unreachable} from '../system/unreachable.ts'
import {oneLine} from '../text/one-line.ts'
import type {Inspected, Inspection} from './inspect.ts'
import {isFolder} from './settings.ts'

/** The go.mod of a module version; undefined where nobody has it. */
export type GoModOf = (module: ModuleVersion) => string | undefined

/** A module of the binary. `asks`: the version that its parent requires, where another one was chosen. */
export type ModuleNode = {
  module: Module
  asks?: string
  /** `shown`: it stands elsewhere in the tree, with what it requires. `unknown`: its go.mod is not known. */
  children: ModuleNode[] | 'shown' | 'unknown'
}

export type ModuleTree = {
  main: ModuleNode | undefined
  /** Modules that no known go.mod requires: their parents are among those that are not known. */
  rest: ModuleNode[]
  /** How many modules there are beside the main one, and of how many the go.mod is known. */
  count: number
  known: number
}

/**
 * The tree by the requirements that are not `// indirect`, each module with its own where it stands nearest to the main module. An
 * edge says that a go.mod requires a module, which is not that a package of it is in the binary.
 */
export function moduleTree({main, deps}: Pick<Inspected, 'main' | 'deps'>, goModOf: GoModOf): ModuleTree {
  const byPath = new Map(deps.map(dep => [dep.path, dep]))
  const requires = new Map<Module, ModuleVersion[] | undefined>()
  const requiresOf = (module: Module) => {
    if (!requires.has(module)) requires.set(module, requiredBy(module, goModOf))
    return requires.get(module)
  }
  const nodes = new Map<Module, ModuleNode>()
  const grow = (roots: readonly Module[]): ModuleNode[] => {
    const made = roots.flatMap(module => (nodes.has(module) ? [] : [node(module)]))
    for (const queue = [...made]; queue.length > 0; ) {
      const parent = queue.shift()
      const required = parent && requiresOf(parent.module)
      if (parent === undefined || required === undefined) continue
      parent.children = required.flatMap(({path, version}) => {
        const module = byPath.get(path)
        if (module === undefined) return []
        const asks = version === module.version ? {} : {asks: version}
        if (nodes.has(module)) return [{module, ...asks, children: 'shown' as const}]
        const child = Object.assign(node(module), asks)
        queue.push(child)
        return [child]
      })
    }
    return made
  }
  const node = (module: Module): ModuleNode => {
    const made: ModuleNode = {module, children: 'unknown'}
    nodes.set(module, made)
    return made
  }
  const [top] = main === undefined ? [] : grow([main])
  const required = new Set(deps.flatMap(dep => requiresOf(dep)?.map(({path}) => path) ?? []))
  const orphans = grow(deps.filter(dep => !nodes.has(dep) && !required.has(dep.path)))
  // What is left requires each other in a circle.
  const circles: ModuleNode[] = []
  for (const dep of deps) circles.push(...grow([dep]))
  return {
    main: top,
    rest: [...orphans, ...circles],
    count: deps.length,
    known: deps.filter(dep => requiresOf(dep) !== undefined).length,
  }
}

/** Of a replaced module counts the go.mod of what replaces it; a folder may hold anything. */
function requiredBy(module: Module, goModOf: GoModOf): ModuleVersion[] | undefined {
  const {path, version} = module.replace ?? module
  if (isFolder(path) || version === '(devel)' || version === '') return undefined
  const content = goModOf({path, version})
  return content === undefined ? undefined : readDirectRequires(content)
}

/** The trees of binaries, an empty line between two. */
export function modulesText(inspections: readonly Inspection[], goModOf: GoModOf): string {
  return inspections
    .map(inspection => {
      const {file, image} = inspection
      const title = oneLine(file) + (image === undefined ? '' : ` (${image} image)`)
      return `${[title, ...linesOf(inspection, goModOf)].join('\n')}\n`
    })
    .join('\n')
}

function linesOf(inspection: Inspection, goModOf: GoModOf): string[] {
  switch (inspection.kind) {
    case 'go':
      return treeLines(inspection, goModOf)
    case 'not-go':
    case 'unsupported':
    case 'hidden':
    case 'corrupt':
    case 'unreadable':
      return [`  no modules are known: ${oneLine(inspection.reason)}`]
    default:
      return unreachable(inspection)
  }
}

function treeLines(inspection: Inspected, goModOf: GoModOf): string[] {
  if (inspection.main === undefined && inspection.deps.length === 0)
    return ['  no modules are recorded: it was built without them']
  const {main, rest, count, known} = moduleTree(inspection, goModOf)
  const isMainKnown = main !== undefined && main.children !== 'unknown'
  const heading = isMainKnown
    ? 'required by modules of which no go.mod is known here:'
    : 'what the main module requires is not known; of the others, nobody requires:'
  const lines = [
    ...(main === undefined ? [] : nodeLines(main, '  ', '')),
    ...(rest.length === 0 ? [] : [`  ${heading}`, ...childLines(rest, '  ')]),
  ]
  const marks = [
    ...(lines.some(line => line.endsWith(' *')) ? ['* shown elsewhere'] : []),
    ...(known === count ? [] : ['? its go.mod is not in the module cache']),
  ]
  return [
    ...lines,
    `  ${[`${count === 1 ? '1 module' : `${count} modules`} beside the main one`, ...marks].join('; ')}`,
  ]
}

function nodeLines(node: ModuleNode, before: string, below: string): string[] {
  const {module, asks, children} = node
  const {path, version, replace} = module
  const shown = version === '(devel)' ? `${path} ${version}` : formatModule({path, version})
  const by =
    replace === undefined
      ? ''
      : ` => ${isFolder(replace.path) ? replace.path : formatModule({path: replace.path, version: replace.version})}`
  const asked = asks === undefined ? '' : ` (${asks} required)`
  const mark = children === 'shown' ? ' *' : children === 'unknown' ? ' ?' : ''
  const line = `${before}${oneLine(shown + by + asked)}${mark}`
  return [line, ...(typeof children === 'string' ? [] : childLines(children, `  ${below}`))]
}

function childLines(children: readonly ModuleNode[], indent: string): string[] {
  return children.flatMap((child, index) => {
    const isLast = index === children.length - 1
    const rest = `${indent.slice(2)}${isLast ? '   ' : '│  '}`
    return nodeLines(child, `${indent}${isLast ? '└─ ' : '├─ '}`, rest)
  })
}
