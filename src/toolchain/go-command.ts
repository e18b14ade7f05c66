import {dirname} from 'node:path'
import {type Goroot, parseGoroot} from '../go/command/go-env.ts'
import type {System} from '../system/system.ts'

/** The go command that bin/go found on PATH. */
export type GoCommand = {
  path: string
  /** The GOROOT that the file itself lies in, links resolved; undefined for a shim, which hands over to another go. */
  ownGoroot: Goroot | undefined
}

/** `…/bin/go` of a tree with tools, and a program of the platform rather than a script. */
export function probeGoCommand(system: System, path: string): GoCommand {
  const real = system.files.realPath(path)
  const goroot = parseGoroot(real === undefined ? undefined : dirname(dirname(real)))
  const isTree = goroot !== undefined && system.files.stat(`${goroot}/pkg/tool`)?.kind === 'directory'
  return {path, ownGoroot: isTree && !isScript(system, path) ? goroot : undefined}
}

/** Whether a program is a text that some interpreter runs. */
export function isScript(system: System, path: string): boolean {
  return system.files.readHead(path, 2)?.toString('latin1') === '#!'
}
