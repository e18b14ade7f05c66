/** What `gowarden rebuild` prints. */
import {oneLine} from '../text/one-line.ts'
import {shellWord} from '../text/shell-word.ts'
import type {Differences} from './compare.ts'
import type {Rebuild} from './rebuild.ts'
import type {Recipe} from './recipe.ts'
import type {Rebuilder} from './toolchain.ts'

type Compared = Extract<Rebuild, {kind: 'equal' | 'different'}>

/**
 * One line where both are equal; else the likely causes, and what differs:
 *
 *   app: NOT what go1.26.8.linux-amd64@h1:… (published by go.dev) makes of example.com/app, revision 1a2b3c…
 *     likely cause  it was built with changed files beside revision 1a2b3c (vcs.modified=true): no repository has them
 *     build info    vcs.modified: true, rebuilt false
 *     sections      9 of 25 differ: .text, .rodata, …
 *     symbols       1 differs: main.main 64 bytes, rebuilt 96
 */
export function rebuildText(file: string, rebuild: Compared): string {
  const {recipe, rebuilder, revision} = rebuild
  const made = `${toolchainText(rebuilder)} makes of ${originText(recipe, revision)}`
  if (rebuild.kind === 'equal') {
    const guessed = rebuild.guessed.length === 0 ? '' : ` with ${rebuild.guessed.map(shellWord).join(' ')}`
    return `${oneLine(file)}: equal, bit for bit, to what ${made}${guessed}\n${uncheckedText(rebuild)}`
  }
  const {causes, differences, original, rebuilt} = rebuild
  const rows = [
    ...causes.map(({text}) => ['likely cause', oneLine(text)]),
    ...buildInfoRows(differences),
    ...sectionRows(differences),
    ...symbolRows(differences),
    ...buildIdRows(differences),
    ['size', `${original.size} bytes, rebuilt ${rebuilt.size}`],
    ['sha256', `${original.sha256}, rebuilt ${rebuilt.sha256}`],
  ]
  const lines = rows.map(([label = '', text = '']) => `  ${label.padEnd('likely cause'.length)}  ${text}\n`)
  return `${oneLine(file)}: NOT what ${made}\n${lines.join('')}${uncheckedText(rebuild)}`
}

/** What equality does not show then: that this source is the one that everybody gets. */
function uncheckedText({unchecked}: Compared): string {
  if (unchecked === undefined) return ''
  return `  not checked   against the checksum database, by ${oneLine(unchecked)}: what the source is, the proxy says\n`
}

function toolchainText({hash, proof}: Rebuilder): string {
  const by =
    proof.kind === 'proven'
      ? 'published by go.dev'
      : proof.kind === 'differs'
        ? 'not the one of go.dev'
        : 'not proven'
  return `${hash} (${by})`
}

function originText(recipe: Recipe, revision: string | undefined): string {
  const {origin} = recipe
  return origin.kind === 'module'
    ? `${oneLine(recipe.package)}@${oneLine(origin.version)}`
    : `${oneLine(recipe.package)}, revision ${revision ?? 'HEAD'}`
}

function buildInfoRows({buildInfo}: Differences): string[][] {
  return some(buildInfo).map(({name, original, rebuilt}) => [
    'build info',
    `${oneLine(name)}: ${oneLine(original ?? 'none')}, rebuilt ${oneLine(rebuilt ?? 'none')}`,
  ])
}

function sectionRows({sections}: Differences): string[][] {
  const named = (wanted: typeof sections) => wanted.map(({name}) => oneLine(name)).join(', ')
  const gone = sections.filter(({original}) => original === undefined)
  const added = sections.filter(({rebuilt}) => rebuilt === undefined)
  const other = sections.filter(({original, rebuilt}) => original !== undefined && rebuilt !== undefined)
  return [
    ['sections', other.length === 0 ? 'what both have is equal' : `differ: ${named(other)}`],
    ...(gone.length === 0 ? [] : [['', `only in the rebuilt one: ${named(gone)}`]]),
    ...(added.length === 0 ? [] : [['', `only in the original: ${named(added)}`]]),
  ]
}

function symbolRows({symbols}: Differences): string[][] {
  if (symbols === undefined) return [['symbols', 'at least one of them does not list them']]
  if (symbols.length === 0) return [['symbols', 'the same names and sizes']]
  const rows = some(symbols).map(({name, original, rebuilt}) => [
    '',
    `${oneLine(name)}: ${original ?? 'none'}, rebuilt ${rebuilt ?? 'none'}`,
  ])
  return [['symbols', symbols.length === 1 ? '1 differs' : `${symbols.length} differ, the first:`], ...rows]
}

function buildIdRows({buildId}: Differences): string[][] {
  if (buildId === undefined) return [['build ID', 'one of them has none of go build']]
  const names = {
    mainActionId: 'inputs of package main',
    mainContentId: 'its object',
    binActionId: 'inputs of the linker',
    binContentId: 'what it wrote',
  }
  const parts = [...Object.entries(names)] as [keyof typeof names, string][]
  return [['build ID', parts.map(([key, name]) => `${name} ${buildId[key] ? 'same' : 'other'}`).join(', ')]]
}

function some<T>(all: readonly T[]): readonly T[] {
  return all.slice(0, most)
}

/** Of a long list the first. */
const most = 8
