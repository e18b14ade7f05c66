/** What runs gowarden: Node, and the standalone executable where `npm ci` could make it. */
import {cpSync, existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {bunHere} from '../scripts/engine.js'
import {root} from '../test/support/rig.ts'

export type Engine = {
  name: 'Node' | 'standalone'
  /** A package of gowarden in which bin/go and bin/gowarden find no other engine. */
  folder: string
  /** The words that run a program of gowarden, by its name. */
  program(name: 'planner' | 'cli'): readonly [file: string, ...words: string[]]
  /** The engine with nothing to do. */
  idle: readonly [file: string, ...words: string[]]
}

/** The engines of this machine, Node first; the package for Node is made in `scratch`. */
export function enginesIn(scratch: string): [Engine, ...Engine[]] {
  const executable = join(root, 'dist/gowarden')
  const bun = bunHere()
  const standalone: Engine[] =
    existsSync(executable) && bun !== undefined
      ? [
          {
            name: 'standalone',
            folder: root,
            program: name => (name === 'cli' ? [executable] : [executable, `=${name}`]),
            idle: [bun, '-e', '0'],
          },
        ]
      : []
  const folder = join(scratch, 'package of Node')
  for (const name of ['bin', 'config', 'docs', 'hooks', 'package.json'])
    cpSync(join(root, name), join(folder, name), {recursive: true})
  for (const name of readdirSync(join(root, 'dist')))
    if (name !== 'gowarden' && name !== 'standalone')
      cpSync(join(root, 'dist', name), join(folder, 'dist', name), {recursive: true})
  const node: Engine = {
    name: 'Node',
    folder,
    program: name => [process.execPath, join(folder, 'dist', `${name}.cjs`)],
    idle: [process.execPath, '-e', '0'],
  }
  return [node, ...standalone]
}
