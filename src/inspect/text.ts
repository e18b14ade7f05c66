/** What `gowarden inspect` prints: for a person in the words of `go version -m`, for a program as JSON. */

import {isSameVersion, type Module} from '../go/binary/build-info.ts'
import {unreachable} from '../system/unreachable.ts'
import {jsonText, oneLine} from '../text/one-line.ts'
import {table} from '../text/table.ts'
import type {Inspected, Inspection} from './inspect.ts'
import type {Libc} from './libc.ts'
import type {Misfit} from './requirement.ts'

/**
 * One block for each binary, an empty line between two, and a closing line when the stamped ones name different
 * toolchains:
 *
 *   bin/app
 *     go         go1.26.8
 *     toolchain  go1.26.8.linux-amd64@h1:…
 *     path       example.com/app
 *     …
 */
export function toText(inspections: readonly Inspection[]): string {
  const blocks = inspections.map(inspection => [title(inspection), ...body(inspection)].join('\n') + '\n')
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

function body(inspection: Inspection): string[] {
  switch (inspection.kind) {
    case 'go':
      return goBody(inspection)
    case 'not-go':
      return [`  not a Go binary: ${oneLine(inspection.reason)}`]
    case 'unsupported':
      return [`  format not supported: ${oneLine(inspection.reason)}`]
    case 'hidden':
      return [`  cannot be told: ${inspection.reason}`]
    case 'corrupt':
      return [`  damaged file: ${oneLine(inspection.reason)}`]
    case 'unreadable':
      return [`  cannot be read: ${oneLine(inspection.reason)}`]
    default:
      return unreachable(inspection)
  }
}

function goBody(inspection: Inspected): string[] {
  const {goVersion, path, main, deps, settings} = inspection
  return [
    row('go', oneLine(goVersion)),
    ...stampRows(inspection),
    ...formatRows(inspection),
    ...(path === undefined ? [] : [row('path', oneLine(path))]),
    ...(main === undefined ? [] : moduleRows('mod', main)),
    ...deps.flatMap(dep => moduleRows('dep', dep)),
    ...settings.map(({key, value}) => row('build', `${quoted(key)}=${quoted(value)}`)),
    ...(settings.some(({key, value}) => key === '-trimpath' && value === 'true')
      ? [row('', 'not recorded, because of -trimpath: -ldflags, CGO_CFLAGS and the other flags of cgo')]
      : []),
    ...buildIdRows(inspection.buildId),
  ]
}

/** Labels line up behind the longest, `toolchain`; each line carries its own, as in `go version -m`. */
function row(label: string, text: string): string {
  return `  ${label.padEnd('toolchain'.length)}  ${text}`
}

function formatRows({format, bits, arch, symbols, dynamic, libc}: Inspected): string[] {
  const words = [`${format} ${bits}-bit`, ...(arch === undefined ? [] : [arch])].join(' ')
  const left = symbols === 'none' ? ', stripped' : symbols === 'no-debug' ? ', no DWARF' : ''
  return [
    row('format', words + left),
    ...(libc === undefined ? [] : [row('libc', libcText(libc))]),
    ...(dynamic?.libraries ?? []).map(({name, versions}) =>
      row('needs', [name, ...versions].map(oneLine).join('  ')),
    ),
    ...(dynamic?.loader === undefined ? [] : [row('loader', oneLine(dynamic.loader))]),
  ]
}

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
        row('toolchain', 'not stamped (it carries several ToolchainHashes, of which at most one is true)'),
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
  if (settings.length === 0) return 'it records no build settings, as Go before 1.18 did'
  const gcflags = settings.some(setting => setting.key === '-gcflags')
  return gcflags
    ? 'its -gcflags name no ToolchainHash'
    : 'built without -gcflags, which would name a ToolchainHash'
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
      return [row('build ID', `actionID   ${id.actionId}`), row('', `contentID  ${id.contentId}`)]
    case 'executable':
      return [
        row('build ID', `actionID(bin)      ${id.binActionId}`),
        row('', `actionID(main.a)   ${id.mainActionId}`),
        row('', `contentID(main.a)  ${id.mainContentId}`),
        row('', `contentID(bin)     ${id.binContentId}`),
      ]
    default:
      return unreachable(id)
  }
}

/** As `go version -m` prints a key or a value: quoted where it has spaces or quotes in it. */
function quoted(text: string): string {
  return /[ "`]/.test(text) ? `"${oneLine(text.replace(/["\\]/g, '\\$&'))}"` : oneLine(text)
}
