/**
 * What a checksum database holds for a toolchain, asked over the network without a go command: the record, the signed tree head that
 * comes with it, and the tiles between the two. Nothing of the way is trusted: the signature is checked here, and the tree.
 */
import {
  findInTree,
  findPrefix,
  openNote,
  parseLookup,
  type ReadTile,
  recordedH1,
  type Tree,
  tilePath,
} from '../go/module/checksum-database.ts'
import type {H1} from '../go/module/h1.ts'
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {readKeptRecord} from '../toolchain/proof.ts'
import {type ProxyEntry, redacted} from './goproxy-list.ts'
import {readSeenTree, rememberTree, type SeenTree} from './seen-tree.ts'
import type {Database} from './settings.ts'
import {type Fetched, fetchFrom, pathOfFileUrl, tryProxies} from './source.ts'

/**
 * 'published': proven. 'forged': somebody between us and the database, or the database, lies; `place` is where that came from.
 * 'none': the database answers, and holds no such version. 'unreachable': it could not be asked.
 */
export type Published =
  | {kind: 'published'; h1: H1}
  | {kind: 'forged'; place: string; reason: string}
  | {kind: 'none'; reason: string}
  | {kind: 'unreachable'; reason: string}

/** Who lies, and how it shows. `database` is its name, `what` the toolchain that was asked for. */
export function attackText(
  {place, reason}: Extract<Published, {kind: 'forged'}>,
  database: string,
  what: string,
): string {
  return `an attack: ${place} is not what ${database} says of ${what}: ${reason}`
}

/** Asks for many toolchains, finding the way to the database once and fetching no tile twice. */
export type Asking = (version: string, os: string, arch: string) => Promise<Published>

/** `modules` is GOMODCACHE: what go keeps there of the database is proven like any answer, and spares the network. '' for none. */
export function askDatabase(
  system: System,
  database: Database,
  entries: readonly ProxyEntry[],
  modules: string,
): Asking {
  const kept =
    modules === ''
      ? ''
      : `file://${modules.split('/').map(encodeURIComponent).join('/')}/cache/download/sumdb/${database.name}`
  const from: Source = {base: '', kept, tiles: new Map()}
  let base: Promise<Base> | undefined
  return async (version, os, arch) => {
    const name = `v0.0.1-${version}.${os}-${arch}`
    const record = modules === '' ? undefined : readKeptRecord(system, modules, name, database.key)
    if (record?.kind === 'published') return record
    if (record?.kind === 'forged') return {kind: 'forged', place: record.file, reason: record.reason}
    base ??= findBase(system, database, entries)
    const found = await base
    if (found.kind !== 'base') return {kind: 'unreachable', reason: found.reason}
    return await askAt(system, database, {...from, base: found.url}, name)
  }
}

type Base = {kind: 'base'; url: string} | {kind: 'absent' | 'failed'; reason: string}

/**
 * Where the database is reached: where GOSUMDB says, else through the first proxy that offers it, else by its own name
 * (go.dev/design/25530-sumdb, "Proxying a Checksum Database").
 */
async function findBase(
  system: System,
  {name, url}: Database,
  entries: readonly ProxyEntry[],
): Promise<Base> {
  if (url !== undefined) return {kind: 'base', url}
  const proxies = entries.filter(entry => entry.kind === 'url')
  const found = await tryProxies<Base>(proxies, async proxy => {
    const at = `${proxy}/sumdb/${name}`
    if (at.startsWith('file:') && system.files.stat(pathOfFileUrl(at))?.kind === 'directory')
      return {kind: 'base', url: at}
    const supported = await fetchFrom(system, at, 'supported')
    return supported.kind === 'got' ? {kind: 'base', url: at} : supported
  })
  if (found.kind === 'base') return found
  const isFallenThrough =
    proxies.every(entry => entry.fallsBack) && entries.some(entry => entry.kind !== 'url')
  return found.kind === 'failed' && proxies.length > 0 && !isFallenThrough
    ? found
    : {kind: 'base', url: `https://${name}`}
}

/** Where tiles come from: the database at `base`, and what go keeps of it (`kept`, '' for nothing). `tiles` are those that came, by path and width. */
type Source = {base: string; kept: string; tiles: Map<string, Buffer>}

async function askAt(system: System, database: Database, from: Source, version: string): Promise<Published> {
  const {name: signer, key} = database
  const {base} = from
  const place = `${base}/lookup/golang.org/toolchain@${version}`
  const answer = await fetchFrom(system, base, `lookup/golang.org/toolchain@${version}`)
  switch (answer.kind) {
    case 'got':
      break
    case 'absent':
      return {kind: 'none', reason: answer.reason}
    case 'failed':
      return {kind: 'unreachable', reason: answer.reason}
    default:
      return unreachable(answer)
  }
  const forged = (reason: string, at = place): Published => ({kind: 'forged', place: redacted(at), reason})
  const lookup = parseLookup(answer.bytes.toString())
  const note = lookup && openNote(lookup.note, key)
  // A login page of some network, which knows nothing of databases, looks like this.
  if (lookup === undefined || note === undefined || note.kind === 'malformed')
    return {kind: 'unreachable', reason: `${redacted(place)}: answered by what is no record of ${signer}`}
  if (note.kind === 'unsigned') return forged(`the signature of the tree is not ${signer}'s`)
  const {tree} = note
  const found = await withTiles(system, from, tree, readTile => findInTree(lookup, tree, readTile))
  switch (found.kind) {
    case 'held':
      break
    case 'elsewhere':
      return forged(`the record is not in the tree that ${signer} signed`)
    case 'withheld':
      return forged(`a part of the tree that ${signer} signed is withheld`, `${base}/${found.path}`)
    case 'unreachable':
      return {kind: 'unreachable', reason: found.reason}
    default:
      return unreachable(found)
  }
  const h1 = recordedH1(lookup, 'golang.org/toolchain', version)
  if (h1 === undefined) return forged(`the record is of something else than ${version}`)

  const seen = readSeenTree(system, database)
  const grown = seen === undefined ? {kind: 'prefix' as const} : await besides(system, from, tree, seen)
  switch (grown.kind) {
    case 'prefix':
      if (seen === undefined || seen.tree.size < tree.size) rememberTree(system, database, lookup.note)
      return {kind: 'published', h1}
    case 'fork':
      return forged(
        `${signer} signed two logs: this tree of ${tree.size} records does not fit the one of ${seen?.tree.size} in ${seen?.place}`,
      )
    case 'withheld':
      // A folder that was filled once knows nothing of what came later.
      if (base.startsWith('file:')) return {kind: 'published', h1}
      if (seen !== undefined && seen.tree.size > tree.size)
        return {
          kind: 'unreachable',
          reason: `${redacted(base)} has a tree of ${tree.size} records, and not what leads from it to the one of ${seen.tree.size} in ${seen.place}: a mirror that is not kept up to date, or an attack`,
        }
      return forged(
        `what leads from the tree in ${seen?.place} to this one is withheld`,
        `${base}/${grown.path}`,
      )
    case 'unreachable':
      return {kind: 'unreachable', reason: grown.reason}
    default:
      return unreachable(grown)
  }
}

/** Whether one of two trees of a log is the beginning of the other. */
async function besides(
  system: System,
  from: Source,
  tree: Tree,
  {tree: seen}: SeenTree,
): Promise<Walked<'prefix' | 'fork'>> {
  const [older, newer] = seen.size < tree.size ? [seen, tree] : [tree, seen]
  return await withTiles(system, from, newer, readTile => findPrefix(older, newer, readTile))
}

type Walked<Kind extends string> =
  | {kind: Kind}
  | {kind: 'withheld'; path: string}
  | {kind: 'unreachable'; reason: string}

/** Walks a tree once to learn which tiles it takes, fetches these at once, and walks it with them. */
async function withTiles<Kind extends 'held' | 'elsewhere' | 'prefix' | 'fork'>(
  system: System,
  from: Source,
  tree: Tree,
  walk: (readTile: ReadTile) => Kind | 'incomplete',
): Promise<Walked<Kind>> {
  const {tiles} = from
  const wanted = new Map<string, {path: string; width: number}>()
  // How wide the tile is in a tree of this size: a part of it is asked for by its width (tlog.Tile.Path).
  const widthOf = (level: number, index: number) =>
    Math.min(256, Math.floor(tree.size / 256 ** level) - index * 256)
  const keyOf = (level: number, index: number) => `${tilePath(level, index)}/${widthOf(level, index)}`
  walk((level, index, width) => {
    const at = keyOf(level, index)
    if (!tiles.has(at))
      wanted.set(at, {path: tilePath(level, index), width: Math.max(width, widthOf(level, index))})
    return undefined
  })
  const answers = await Promise.all(
    [...wanted].map(async ([at, {path, width}]) => ({
      at,
      path,
      answer: await fetchTile(system, from, path, width),
    })),
  )
  for (const {at, path, answer} of answers) {
    switch (answer.kind) {
      case 'got':
        tiles.set(at, answer.bytes)
        break
      case 'absent':
        return {kind: 'withheld', path}
      case 'failed':
        return {kind: 'unreachable', reason: answer.reason}
      default:
        return unreachable(answer)
    }
  }
  let short: string | undefined
  const found = walk((level, index, width) => {
    const tile = tiles.get(keyOf(level, index))
    if (tile === undefined || tile.length < width * 32) short = tilePath(level, index)
    return tile
  })
  return found === 'incomplete' ? {kind: 'withheld', path: short ?? 'tile'} : {kind: found}
}

/** Tiles need no trust, so what go keeps of them serves where the database has them no more. */
async function fetchTile(
  system: System,
  {base, kept}: Source,
  path: string,
  width: number,
): Promise<Fetched> {
  const asked = await fetchTileAt(system, base, path, width)
  if (asked.kind !== 'absent' || kept === '') return asked
  const own = await fetchTileAt(system, kept, path, width)
  return own.kind === 'got' ? own : asked
}

/** A part of a tile may be gone once the whole is there; and a folder that go filled has the parts that go happened to need. */
async function fetchTileAt(system: System, base: string, path: string, width: number): Promise<Fetched> {
  if (width >= 256) return await fetchFrom(system, base, path)
  const part = await fetchFrom(system, base, `${path}.p/${width}`)
  if (part.kind !== 'absent') return part
  const whole = await fetchFrom(system, base, path)
  if (whole.kind !== 'absent' || !base.startsWith('file:')) return whole
  const wider = (system.files.list(pathOfFileUrl(`${base}/${path}.p`)) ?? [])
    .map(({name}) => Number(name))
    .filter(candidate => candidate > width)
    .sort((a, b) => a - b)[0]
  return wider === undefined ? whole : await fetchFrom(system, base, `${path}.p/${wider}`)
}
