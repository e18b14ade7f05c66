/** `gowarden cache audit`: every object of a build cache against its name, every entry against its object. */
import {hasCode} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import type {AuditedEntry, AuditedObject} from './audit-folder.ts'
import {auditFolders} from './audit-threads.ts'
import type {VersionCount} from './contents.ts'

/** What is not as it should be: a file of the cache, by its path, and why. */
export type Wrong = {path: string; reason: string}

export type Audit = {
  cache: string
  /** Only what was changed since is looked at; undefined: everything. */
  since: string | undefined
  objects: number
  bytes: number
  entries: number
  /** Of the oldest and the newest object, ISO 8601; undefined where there is none. */
  oldest: string | undefined
  newest: string | undefined
  /** The users whose objects lie there, by their number. */
  owners: number[]
  versions: VersionCount[]
  /** Objects that no entry names: nothing finds them, and go's trimming takes them. Not counted with `since`. */
  unnamed: {objects: number; bytes: number} | undefined
  /** Entries whose object is gone, as trimming leaves them: go takes them for a miss. Not counted with `since`. */
  dangling: number | undefined
  wrong: Wrong[]
  /** Where the wrong ones (with `since`, all that were looked at) lie now, and how many. */
  quarantine: {folder: string; moved: number} | undefined
}

/** Reads a whole cache, which go may use meanwhile. `onFolder` is told how many of how many folders are read. */
export async function auditCache(
  system: System,
  cache: string,
  options: {sinceMs: number | undefined; quarantines: boolean},
  onFolder: (done: number, of: number) => void,
): Promise<Audit> {
  const {sinceMs} = options
  const folders = (system.files.list(cache) ?? [])
    .filter(({name, kind}) => kind === 'directory' && /^[0-9a-f]{2}$/.test(name))
    .map(({name}) => `${cache}/${name}`)
  const objects: AuditedObject[] = []
  const entries: AuditedEntry[] = []
  let done = 0
  await auditFolders(folders, sinceMs ?? 0, found => {
    objects.push(...found.objects)
    entries.push(...found.entries)
    done += 1
    onFolder(done, folders.length)
  })
  const wrong = [...objects.flatMap(wrongOf), ...entries.flatMap(wrongOf), ...disagreeing(objects, entries)]
  const moved = sinceMs === undefined ? wrong : [...objects, ...entries]
  const times = objects.map(({madeMs}) => madeMs)
  return {
    cache,
    since: sinceMs === undefined ? undefined : new Date(sinceMs).toISOString(),
    objects: objects.length,
    bytes: sum(objects),
    entries: entries.length,
    oldest: timeText(times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
    newest: timeText(times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
    owners: [...new Set(objects.map(({owner}) => owner))].sort((a, b) => a - b),
    versions: countVersions(objects),
    ...(sinceMs === undefined ? unpaired(objects, entries) : {unnamed: undefined, dangling: undefined}),
    wrong,
    quarantine: options.quarantines && moved.length > 0 ? quarantine(system, cache, moved) : undefined,
  }
}

function wrongOf({path, wrong}: {path: string; wrong: string | undefined}): Wrong[] {
  return wrong === undefined ? [] : [{path, reason: wrong}]
}

/** Entries that name an object of another size than it has: go takes them for damaged. */
function disagreeing(objects: readonly AuditedObject[], entries: readonly AuditedEntry[]): Wrong[] {
  const sizes = new Map(objects.map(({id, bytes}) => [id, bytes]))
  return entries.flatMap(({path, object, size, wrong}): Wrong[] => {
    const bytes = object === undefined ? undefined : sizes.get(object)
    if (wrong !== undefined || bytes === undefined || bytes === size) return []
    return [{path, reason: `it says ${size} bytes of an object of ${bytes}`}]
  })
}

function unpaired(
  objects: readonly AuditedObject[],
  entries: readonly AuditedEntry[],
): Pick<Audit, 'unnamed' | 'dangling'> {
  const named = new Set(entries.map(({object}) => object))
  const ids = new Set(objects.map(({id}) => id))
  const unnamed = objects.filter(({id}) => !named.has(id))
  const dangling = entries.filter(({object}) => object !== undefined && !ids.has(object)).length
  return {unnamed: {objects: unnamed.length, bytes: sum(unnamed)}, dangling}
}

function countVersions(objects: readonly AuditedObject[]): VersionCount[] {
  const counts = new Map<string, number>()
  for (const {version} of objects)
    if (version !== undefined) counts.set(version, (counts.get(version) ?? 0) + 1)
  return [...counts]
    .map(([version, count]) => ({version, objects: count}))
    .sort((a, b) => b.objects - a.objects)
}

/** Beside the 256 folders, under the same names: go does not look there, and somebody may. */
function quarantine(system: System, cache: string, files: readonly {path: string}[]): Audit['quarantine'] {
  const folder = `${cache}/gowarden-quarantine/${new Date(system.nowMs()).toISOString().replaceAll(':', '-')}`
  let moved = 0
  for (const path of new Set(files.map(file => file.path))) {
    try {
      system.files.move(path, `${folder}${path.slice(cache.length)}`)
      moved += 1
    } catch (error) {
      // go may have trimmed it
      if (!hasCode(error, 'ENOENT')) throw error
    }
  }
  return {folder, moved}
}

function sum(objects: readonly AuditedObject[]): number {
  return objects.reduce((bytes, object) => bytes + object.bytes, 0)
}

function timeText(ms: number): string | undefined {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined
}
