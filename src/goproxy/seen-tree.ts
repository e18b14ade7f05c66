/**
 * The largest tree head of a checksum database that was seen on this machine. A log only grows: every other tree that it signs is the
 * beginning of this one, or this one is its beginning (golang.org/x/mod/sumdb Client.mergeLatest). Otherwise the database tells
 * different things to different people.
 */
import {openNote, type Tree} from '../go/module/checksum-database.ts'
import {openFolder, storeFolder} from '../store/folder.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'
import {type Database, goLatestTree} from './settings.ts'

/** `place` is the file that it stands in. */
export type SeenTree = {tree: Tree; place: string}

/** A signed tree head has some 200 bytes. */
const mostBytes = 4096

/** The largest one, ours or the one of the go command; what the key has not signed was never seen. */
export function readSeenTree(system: System, database: Database): SeenTree | undefined {
  const places = [ownPlace(system, database), goLatestTree(system, database.name)]
  const seen = places.flatMap(place => {
    const text =
      place === '' ? '' : (orNothing(() => system.files.readHead(place, mostBytes))?.toString() ?? '')
    const note = openNote(text, database.key)
    return note.kind === 'signed' ? [{tree: note.tree, place}] : []
  })
  return seen.sort((a, b) => b.tree.size - a.tree.size)[0]
}

/** Keeps a signed tree head, by rename. What cannot be written is not remembered. */
export function rememberTree(system: System, database: Database, note: string): void {
  const place = ownPlace(system, database)
  if (place === '') return
  orNothing(() => {
    system.files.makeDirectory(place.slice(0, place.lastIndexOf('/')), 0o700)
    system.files.replace(place, note, 0o600)
  })
}

/** By name and key: another key is another log. '' where nothing can be kept. */
function ownPlace(system: System, {key}: Database): string {
  const folder = openFolder(system, storeFolder(system))
  const [name = '', hash = ''] = key.split('+')
  return folder.kind === 'usable' ? `${folder.path}/sumdb/${name.replaceAll('/', '_')}+${hash}/latest` : ''
}
