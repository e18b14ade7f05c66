/**
 * vendor/modules.txt:
 *
 *     ## workspace
 *     # example.com/a v1.2.0 => example.com/fork v1.2.1
 *     ## explicit; go 1.20
 *     example.com/a
 *     example.com/a/inner
 *     # example.com/wild => ./local
 *
 * Read after cmd/go/internal/modload/vendor.go (readVendorList), written after cmd/go/internal/modcmd/vendor.go.
 */
import {pathFromLatin1, pathToLatin1} from '../../git/path-bytes.ts'
import type {ReplacedBy} from '../module/mod-edit.ts'
import {formatModule, type ModuleVersion} from '../module/module-path.ts'
import {compareSemver, compareText, isSemver} from '../module/semver.ts'

export type VendoredModule = {
  line: number
  module: ModuleVersion
  replacement: ReplacedBy | undefined
  explicit: boolean
  goVersion: string | undefined
  /** Import path and the line that lists it. */
  packages: {path: string; line: number}[]
}

export type ModulesTxt = {workspace: boolean; modules: VendoredModule[]}

/** Never throws; lines the go command ignores are ignored. `content` is latin1 text. */
export function parseModulesTxt(content: string): ModulesTxt {
  const modules: VendoredModule[] = []
  let current: VendoredModule | undefined
  for (const [index, text] of content.split('\n').entries()) {
    const line = index + 1
    if (text.startsWith('# ')) {
      current = parseModuleLine(text, line)
      if (current !== undefined) modules.push(current)
    } else if (current === undefined) {
    } else if (text.startsWith('## ')) {
      for (const annotation of text.slice('## '.length).split(';')) {
        const entry = annotation.trim()
        if (entry === 'explicit') current.explicit = true
        if (entry.startsWith('go ')) current.goVersion = entry.slice('go '.length)
      }
    } else {
      const fields = fieldsOf(text)
      if (fields.length === 1 && isImportPath(fields[0] ?? ''))
        current.packages.push({path: fields[0] ?? '', line})
    }
  }
  return {workspace: /^## workspace\r?(\n|$)/.test(content), modules}
}

function parseModuleLine(text: string, line: number): VendoredModule | undefined {
  const fields = fieldsOf(text)
  const [, path = '', third = ''] = fields
  if (fields.length < 3) return undefined
  const versioned = isSemver(third)
  if (!versioned && third !== '=>') return undefined
  const [arrow, newPath, newVersion, ...more] = fields.slice(versioned ? 3 : 2)
  const readable =
    arrow === '=>' &&
    newPath !== undefined &&
    more.length === 0 &&
    (newVersion === undefined || isSemver(newVersion))
  return {
    line,
    module: {path, version: versioned ? third : ''},
    replacement: readable ? readReplacement(newPath, newVersion) : undefined,
    explicit: false,
    goVersion: undefined,
    packages: [],
  }
}

function readReplacement(path: string, version: string | undefined): ReplacedBy {
  return version === undefined
    ? {kind: 'directory', directory: pathFromLatin1(path)}
    : {kind: 'module', module: {path, version}}
}

function fieldsOf(text: string): string[] {
  return text.split(/[\t\v\f\r ]+/).filter(field => field !== '')
}

/** module.CheckImportPath, as far as a line of the file could fail it. */
function isImportPath(path: string): boolean {
  return (
    /^[!-~]+$/.test(path) &&
    !/[`"'<>|:?*\\#;]/.test(path) &&
    path.split('/').every(element => /[^.]/.test(element))
  )
}

/** What modules.txt is written from. `goVersion` is that of the selected source, undefined when its go.mod says none. */
export type ModuleToWrite = {
  module: ModuleVersion
  replacement: ReplacedBy | undefined
  explicit: boolean
  goVersion: string | undefined
  packages: readonly string[]
}

export type ReplacementToWrite = {from: ModuleVersion; to: ReplacedBy}

/** The lines `go mod vendor` (or `go work vendor`) would write, as latin1; the file is these, each ended by a newline. */
export function writeModulesTxt(
  workspace: boolean,
  modules: readonly ModuleToWrite[],
  replacements: readonly ReplacementToWrite[],
): string[] {
  const lines = workspace ? ['## workspace'] : []
  const written = new Set<string>()
  for (const {module, replacement, explicit, goVersion, packages} of sortModules(modules)) {
    lines.push(moduleLine(module, replacement))
    written.add(formatModule(module))
    if (explicit) lines.push(goVersion === undefined ? '## explicit' : `## explicit; go ${goVersion}`)
    else if (goVersion !== undefined) lines.push(`## go ${goVersion}`)
    lines.push(...[...packages].sort(compareText))
  }
  for (const {from, to} of replacements) {
    if (written.has(formatModule(from))) continue
    written.add(formatModule(from))
    lines.push(moduleLine(from, to))
  }
  return lines
}

function sortModules(modules: readonly ModuleToWrite[]): ModuleToWrite[] {
  return [...modules].sort(
    (a, b) => compareText(a.module.path, b.module.path) || compareSemver(a.module.version, b.module.version),
  )
}

function moduleLine(module: ModuleVersion, replacement: ReplacedBy | undefined): string {
  const words = ['#', module.path, module.version]
  if (replacement?.kind === 'directory') words.push('=>', pathToLatin1(replacement.directory))
  if (replacement?.kind === 'module') words.push('=>', replacement.module.path, replacement.module.version)
  return words.filter(word => word !== '').join(' ')
}
