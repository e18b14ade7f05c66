/** go.mod and go.work as `go mod edit -json` and `go work edit -json` print them: Go's own parser reads main modules. */
import {latin1FromUtf8, type PathBytes, pathFromUtf8} from '../../git/path-bytes.ts'
import type {ModuleVersion} from './module-path.ts'

export type Requirement = {module: ModuleVersion; indirect: boolean}

export type Replacement = {from: ModuleVersion; to: ReplacedBy}

/** A directory is written relative to the file that names it, or absolute. */
export type ReplacedBy = {kind: 'module'; module: ModuleVersion} | {kind: 'directory'; directory: PathBytes}

export type GoMod = {
  modulePath: string
  /** Of the `go` line; undefined when there is none. */
  goVersion: string | undefined
  toolchain: string | undefined
  requires: Requirement[]
  replaces: Replacement[]
  excludes: ModuleVersion[]
  tools: string[]
  ignores: string[]
}

export type GoWork = {
  goVersion: string | undefined
  toolchain: string | undefined
  /** Directories as written: `./a`. */
  uses: PathBytes[]
  replaces: Replacement[]
}

/** Reads what `go mod edit -json` printed. Throws on JSON of another shape: that is no go command we know. */
export function parseGoMod(json: string): GoMod {
  const file = object(JSON.parse(json))
  return {
    modulePath: text(object(file['Module'])['Path']) ?? '',
    goVersion: text(file['Go']),
    toolchain: text(file['Toolchain']),
    requires: list(file['Require']).map(item => ({
      module: moduleVersion(item),
      indirect: object(item)['Indirect'] === true,
    })),
    replaces: list(file['Replace']).map(replacement),
    excludes: list(file['Exclude']).map(moduleVersion),
    tools: list(file['Tool']).map(item => text(object(item)['Path']) ?? ''),
    ignores: list(file['Ignore']).map(item => text(object(item)['Path']) ?? ''),
  }
}

/** Reads what `go work edit -json` printed, which says nothing of the toolchain line (go1.26.8). */
export function parseGoWork(json: string): GoWork {
  const file = object(JSON.parse(json))
  return {
    goVersion: text(file['Go']),
    toolchain: text(file['Toolchain']),
    uses: list(file['Use']).map(item => pathFromUtf8(text(object(item)['DiskPath']) ?? '')),
    replaces: list(file['Replace']).map(replacement),
  }
}

function replacement(item: unknown): Replacement {
  const [from, to] = [object(object(item)['Old']), object(object(item)['New'])]
  // Without a version it is a directory: modfile.Parse takes nothing else.
  const isDirectory = text(to['Version']) === undefined
  return {
    from: moduleVersion(from),
    to: isDirectory
      ? {kind: 'directory', directory: pathFromUtf8(text(to['Path']) ?? '')}
      : {kind: 'module', module: moduleVersion(to)},
  }
}

function moduleVersion(value: unknown): ModuleVersion {
  const module = object(value)
  return {
    path: latin1FromUtf8(text(module['Path']) ?? ''),
    version: text(module['Version']) ?? '',
  }
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
