/** What `gowarden inspect` prints: for a person in the words of `go version -m`, for a program as JSON. */

import {isSameVersion, type Module} from '../go/binary/build-info.ts'
import {unreachable} from '../system/unreachable.ts'
import {jsonText, oneLine} from '../text/one-line.ts'
import {table} from '../text/table.ts'
import type {Inspected, Inspection} from './inspect.ts'
import {type Libc, newestFirst} from './libc.ts'
import type {Misfit} from './requirement.ts'
import {decodeSettings, hiddenByTrimpath, isFolder, remarksOn} from './settings.ts'

/** How much of a binary: what differs from a plain build, or every line of `go version -m`. */
export type Shown = 'digest' | 'all'

/**
 * One block for each binary, an empty line between two, and a closing line when the stamped ones name different
 * toolchains:
 *
 *   bin/app
 *     go        go1.26.8 linux/amd64 GOAMD64=v1
 *     toolchain go1.26.8.linux-amd64@h1:…
 *     path      example.com/app
 *     …
 */
export function toText(inspections: readonly Inspection[], shows: Shown = 'digest'): string {
  const blocks = inspections.map(
    inspection => [title(inspection), ...body(inspection, shows)].join('\n') + '\n',
  )
  const hashes = new Set(inspections.flatMap(stampedHash))
  if (hashes.size > 1)
    blocks.push(`these files were not built by the same toolchain: ${hashes.size} different stamps\n`)
  return blocks.join('\n')
}

/** A row a misfit, and how many binaries there were; one line where all are what is required. */
export function requirementText(required: string, count: number, misfits: readonly Misfit[]): string {
  const binaries = count === 1 ? '1 binary' : `${count} binaries`
  if (misfits.length === 0) return `${binaries}, all as required: ${oneLine(required)}\n`
  const rows = misfits.map(({file, image, reason}) => [
    image === undefined ? file : `${file} (${image})`,
    reason,
  ])
  return `${table(rows)}${misfits.length} of ${binaries} not as required: ${oneLine(required)}\n`
}

/** The inspections as they are, as a JSON array. */
export function toJson(inspections: readonly Inspection[]): string {
  return jsonText(inspections)
}

function stampedHash(inspection: Inspection): string[] {
  return inspection.kind === 'go' && inspection.stamp.kind === 'stamped' ? [inspection.stamp.hash] : []
}

function title({file, image}: Inspection): string {
  return oneLine(file) + (image === undefined ? '' : ` (${image} image)`)
}

function body(inspection: Inspection, shows: Shown): string[] {
  switch (inspection.kind) {
    case 'go':
      return goBody(inspection, shows)
    case 'not-go':
      return [`  not a Go binary: ${oneLine(inspection.reason)}`]
    case 'unsupported':
      return [`  format not supported: ${oneLine(inspection.reason)}`]
    case 'hidden':
      return [`  unknown: ${inspection.reason}`]
    case 'corrupt':
      return [`  damaged file: ${oneLine(inspection.reason)}`]
    case 'unreadable':
      return [`  cannot be read: ${oneLine(inspection.reason)}`]
    default:
      return unreachable(inspection)
  }
}

function goBody(inspection: Inspected, shows: Shown): string[] {
  return shows === 'all' ? everything(inspection) : digest(inspection)
}

/** What a person looks for first: what differs from a plain `go build`, and no hashes but the toolchain's. */
function digest(inspection: Inspected): string[] {
  const {goVersion, path, main, deps, settings} = inspection
  const {target, flags, variables, cgo, vcs} = decodeSettings(settings)
  return [
    row('go', [goVersion, ...target].map(oneLine).join(' ')),
    ...stampRows(inspection),
    ...formatRows(inspection, 'digest'),
    ...(path === undefined ? [] : [row('path', oneLine(path))]),
    ...(main === undefined ? [] : [row('mod', moduleText(main))]),
    ...depRows(deps),
    ...rowsOf('flags', flags.map(flagText)),
    ...rowsOf('env', variables.map(variableText)),
    ...(cgo === 'off' ? [row('cgo', 'off')] : []),
    ...(vcs === undefined
      ? []
      : [row('vcs', [vcs.system, vcs.revision, vcs.time].map(oneLine).join(' ').trimEnd())]),
    ...hiddenRows(inspection),
    ...buildIdRows(inspection.buildId),
    ...remarksOn(inspection).map(remark => row('note', remark)),
  ]
}

/** Every line of `go version -m`, and ours beside them. */
function everything(inspection: Inspected): string[] {
  const {goVersion, path, main, deps, settings} = inspection
  return [
    row('go', oneLine(goVersion)),
    ...stampRows(inspection),
    ...formatRows(inspection, 'all'),
    ...(path === undefined ? [] : [row('path', oneLine(path))]),
    ...(main === undefined ? [] : moduleRows('mod', main)),
    ...deps.flatMap(dep => moduleRows('dep', dep)),
    ...settings.map(({key, value}) => row('build', `${quoted(key)}=${quoted(value)}`)),
    ...hiddenRows(inspection),
    ...buildIdRows(inspection.buildId),
    ...remarksOn(inspection).map(remark => row('note', remark)),
  ]
}

/** Labels line up behind the longest, `toolchain`; a ToolchainHash of linux/amd64 then ends at column 80. */
function row(label: string, text: string): string {
  return `  ${label.padEnd('toolchain'.length)} ${text}`
}

/** A row for each text, the label on the first. */
function rowsOf(label: string, texts: readonly string[]): string[] {
  return texts.map((text, index) => row(index === 0 ? label : '', text))
}

function moduleText({path, version, replace}: Module): string {
  const own = [path, version].map(oneLine).join(' ').trimEnd()
  if (replace === undefined) return own
  const isVersioned = !isFolder(replace.path)
  return `${own} => ${[replace.path, isVersioned ? replace.version : ''].map(oneLine).join(' ').trimEnd()}`
}

/** Some modules by name; of many, how many, and those that are not what their name says. */
function depRows(deps: readonly Module[]): string[] {
  if (deps.length <= mostDeps) return rowsOf('dep', deps.map(moduleText))
  const replaced = deps.filter(({replace}) => replace !== undefined)
  const listed = replaced.slice(0, mostDeps)
  const more = replaced.length - listed.length
  return rowsOf('dep', [
    `${deps.length} modules: --modules lists them`,
    ...listed.map(moduleText),
    ...(more === 0 ? [] : [`and ${more} more that are replaced`]),
  ])
}

const mostDeps = 10

/** go derives DefaultGODEBUG from the go line of go.mod, some thirty settings for an old one. */
function variableText({key, value}: {key: string; value: string}): string {
  const count = value.split(',').length
  return key === 'DefaultGODEBUG' && count > 3
    ? `DefaultGODEBUG: ${count} settings, as the go line of its go.mod asks`
    : `${quoted(key)}=${quoted(value)}`
}

/** As it is given to go build: a switch by its name alone. */
function flagText({key, value}: {key: string; value: string}): string {
  return value === 'true' ? quoted(key) : `${quoted(key)}=${quoted(value)}`
}

function hiddenRows(inspection: Inspected): string[] {
  const hidden = hiddenByTrimpath(inspection)
  return hidden === undefined ? [] : [row('hidden', `by -trimpath, if given: ${hidden}`)]
}

function formatRows(
  {format, bits, arch, symbols, dynamic, libc, settings}: Inspected,
  shows: Shown,
): string[] {
  const isNamed = settings.some(({key, value}) => key === 'GOARCH' && value === arch)
  const words = [`${format} ${bits}-bit`, ...(arch === undefined || isNamed ? [] : [arch])].join(' ')
  const left = symbols === 'none' ? ', stripped' : symbols === 'no-debug' ? ', no DWARF' : ''
  const isStatic = format === 'ELF' && dynamic === undefined ? ', static' : ''
  return [
    row('format', words + isStatic + left),
    ...(libc === undefined ? [] : [row('libc', libcText(libc))]),
    ...rowsOf(
      'needs',
      (dynamic?.libraries ?? []).map(library => libraryText(library, shows)),
    ),
    ...(dynamic?.loader === undefined ? [] : [row('loader', oneLine(dynamic.loader))]),
  ]
}

/** A library and the versions of its symbols, the newest first; in a digest as many as one line holds. */
function libraryText({name, versions}: {name: string; versions: string[]}, shows: Shown): string {
  const sorted = newestFirst(versions).map(oneLine)
  if (shows === 'all') return [oneLine(name), ...sorted].join(' ')
  for (let count = sorted.length; count > 1; count--) {
    const left = sorted.length - count
    const text = [oneLine(name), ...sorted.slice(0, count), ...(left === 0 ? [] : [`+${left}`])].join(' ')
    if (text.length <= widest) return text
  }
  return [oneLine(name), ...sorted.slice(0, 1), ...(sorted.length > 1 ? [`+${sorted.length - 1}`] : [])].join(
    ' ',
  )
}

/** What is left of 80 columns behind the label. */
const widest = 80 - 12

function libcText({name, version}: Libc): string {
  return version === undefined ? name : `${name} ${version} or newer`
}

function stampRows(inspection: Inspected): string[] {
  const {stamp, goVersion} = inspection
  switch (stamp.kind) {
    case 'none':
      return [row('toolchain', `not stamped (${whyNotStamped(inspection)})`)]
    case 'malformed':
      return [
        row('toolchain', `not stamped (its ToolchainHash is malformed: ${quoted(stamp.text) || 'empty'})`),
      ]
    case 'conflicting':
      return [
        row('toolchain', 'not stamped (several ToolchainHashes, of which at most one is true)'),
        ...stamp.texts.map(text => row('', quoted(text))),
      ]
    case 'stamped':
      return [
        row('toolchain', oneLine(stamp.hash)),
        ...(stamp.standIns ?? []).map(({kind}) => row('', standInText[kind])),
        ...(isSameVersion(stamp.version, goVersion)
          ? []
          : [row('', `but the stamp names ${oneLine(stamp.version)}, the binary ${oneLine(goVersion)}`)]),
      ]
    default:
      return unreachable(stamp)
  }
}

const standInText = {
  toolexec: "but a program named by -toolexec ran in the compiler's place",
  overlay: 'but an -overlay replaced files of its standard library',
}

function whyNotStamped({settings}: Inspected): string {
  if (settings.length === 0) return 'it records no build settings, as before Go 1.18'
  return settings.some(({key}) => key === '-gcflags')
    ? 'its -gcflags name no ToolchainHash'
    : 'it has no -gcflags, which would name it'
}

function moduleRows(label: string, {path, version, sum, replace}: Module): string[] {
  return [
    row(label, [path, version, sum ?? ''].map(oneLine).join('  ').trimEnd()),
    ...(replace === undefined ? [] : moduleRows('=>', replace)),
  ]
}

function buildIdRows(id: Inspected['buildId']): string[] {
  switch (id.kind) {
    case 'none':
      return [row('build ID', 'none')]
    case 'other':
      return [row('build ID', oneLine(id.text))]
    case 'archive':
      return [row('build ID', `action ${id.actionId}  content ${id.contentId}`)]
    case 'executable':
      return rowsOf('build ID', [
        `program  action ${id.binActionId}  content ${id.binContentId}`,
        `main.a   action ${id.mainActionId}  content ${id.mainContentId}`,
      ])
    default:
      return unreachable(id)
  }
}

/** As `go version -m` prints a key or a value: quoted where it has spaces or quotes in it. */
function quoted(text: string): string {
  return /[ "`]/.test(text) ? `"${oneLine(text.replace(/["\\]/g, '\\$&'))}"` : oneLine(text)
}
