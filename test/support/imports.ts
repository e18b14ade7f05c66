/** The imports of src/, read from its text: what the import test judges and draws. */
import {readdirSync, readFileSync} from 'node:fs'
import {dirname, join, normalize} from 'node:path'
import {root} from './rig.ts'

/** `to` is a path below src/ for a file of ours, else as it is written. `isType`: erased before anything runs. */
export type Import = {from: string; to: string; isType: boolean}

export type Source = {files: string[]; imports: Import[]; text(file: string): string}

/** Every file of src/ with its imports; those of types, of `export … from` and of `import(…)` count too. */
export function readSource(): Source {
  const files = readdirSync(join(root, 'src'), {recursive: true, encoding: 'utf8'})
    .filter(file => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .sort()
  const texts = new Map(files.map(file => [file, readFileSync(join(root, 'src', file), 'utf8')]))
  return {
    files,
    imports: files.flatMap(file => importsIn(file, texts.get(file) ?? '')),
    text: file => texts.get(file) ?? '',
  }
}

/** The imports in the text of one file. */
export function importsIn(from: string, text: string): Import[] {
  const statements = text.matchAll(
    /^(?:import|export)\b(?<clause>[^'"]*?)\bfrom\s*'(?<from>[^']+)'|^import\s*'(?<effect>[^']+)'|(?<type>typeof )?\bimport\(\s*'(?<dynamic>[^']+)'/gm,
  )
  return [...statements].map(({groups = {}}) => {
    const to = groups['from'] ?? groups['effect'] ?? groups['dynamic'] ?? ''
    return {
      from,
      to: to.startsWith('.') ? normalize(join(dirname(from), to)) : to,
      isType: groups['type'] !== undefined || isTypeClause(groups['clause'] ?? ''),
    }
  })
}

/** `type {A}`, or `{type A, type B}`. */
function isTypeClause(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true
  const names = clause.match(/^\s*\{([^}]*)\}\s*$/)?.[1]
  return (names ?? '').trim() !== '' && (names ?? '').split(',').every(name => /^\s*(type\s.*)?$/.test(name))
}

/** Sets of nodes that reach each other, two or more in each (Tarjan). */
export function circles(nodes: readonly string[], next: (node: string) => readonly string[]): string[][] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (node: string): void => {
    index.set(node, index.size)
    low.set(node, index.get(node) ?? 0)
    stack.push(node)
    for (const other of next(node)) {
      if (!index.has(other)) visit(other)
      if (stack.includes(other)) low.set(node, Math.min(low.get(node) ?? 0, low.get(other) ?? 0))
    }
    if (low.get(node) !== index.get(node)) return
    const circle = stack.splice(stack.indexOf(node))
    if (circle.length > 1) found.push(circle.sort())
  }
  for (const node of nodes) if (!index.has(node)) visit(node)
  return found
}

/** What a node reaches, each with the node it was reached from; the node itself with undefined. */
export function reachOf(
  node: string,
  next: (node: string) => readonly string[],
): Map<string, string | undefined> {
  const reached = new Map<string, string | undefined>([[node, undefined]])
  for (const [from] of reached) for (const to of next(from)) if (!reached.has(to)) reached.set(to, from)
  return reached
}

/** How a node was reached: `a <- b <- c`. */
export function wayTo(node: string, reached: ReadonlyMap<string, string | undefined>): string {
  const way: string[] = []
  for (let at: string | undefined = node; at !== undefined; at = reached.get(at)) way.push(at)
  return way.join(' <- ')
}
