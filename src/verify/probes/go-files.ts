/** Facts of .go files in the repository, read from blobs and remembered by object ID. */
import {readListed} from '../../git/blobs.ts'
import {fetchMissingBlobs} from '../../git/missing-blobs.ts'
import type {PathBytes} from '../../git/path-bytes.ts'
import type {Repository} from '../../git/repository.ts'
import {type GoFileFacts, readGoFile} from '../../go/source/go-file.ts'
import {openRecords} from '../../store/records.ts'
import type {System} from '../../system/system.ts'
import {type Snapshot, treesOf} from './snapshot.ts'

/** Of all records of .go files. */
export const goFileBounds = {records: 200, bytes: 128 * 1024 * 1024}

/** By object ID. */
export type GoFiles = {
  /** What was read in earlier runs. */
  known: ReadonlyMap<string, GoFileFacts>
  /** The facts of these; those that are new are read from Git, and then the record holds these and no others. */
  read(files: readonly {id: string; path: PathBytes}[]): Promise<Map<string, GoFileFacts>>
}

/** `which` of the repository's files they are: one record holds them all. */
export function openGoFiles(
  system: System,
  {repository, snapshot}: {repository: Repository; snapshot: Snapshot},
  which: string,
): GoFiles {
  const records = openRecords(system, 'go-files', goFileBounds)
  const key = `1 ${repository.gitDirectory} ${which}`
  const known = parse(records.read(key))
  return {
    known,
    read: async files => {
      const wanted = new Map(files.map(file => [file.id, file]))
      const unread = [...wanted.values()].filter(({id}) => !known.has(id))
      const found = new Map<string, GoFileFacts>()
      for (const id of wanted.keys()) {
        const facts = known.get(id)
        if (facts !== undefined) found.set(id, facts)
      }
      if (unread.length === 0) return found
      const ids = unread.map(({id}) => id)
      await fetchMissingBlobs(system, repository, snapshot.git, treesOf(snapshot), ids)
      // In portions, so that a large repository is never in memory at once.
      for (let start = 0; start < unread.length; start += 400) {
        for (const [id, content] of await readListed(snapshot.git, unread.slice(start, start + 400))) {
          found.set(id, readGoFile(content))
        }
      }
      records.write(key, format(found))
      records.prune()
      return found
    },
  }
}

export function readGoFiles(
  system: System,
  tree: {repository: Repository; snapshot: Snapshot},
  which: string,
  files: readonly {id: string; path: PathBytes}[],
): Promise<Map<string, GoFileFacts>> {
  return openGoFiles(system, tree, which).read(files)
}

/** One line each: `ID + import import<TAB>"pattern" …`, with `-` for a file that is never built. */
function format(files: ReadonlyMap<string, GoFileFacts>): string {
  const lines: string[] = []
  for (const [id, {buildable, imports, embeds}] of files) {
    lines.push(`${id} ${buildable ? '+' : '-'} ${imports.join(' ')}\t${JSON.stringify(embeds)}\n`)
  }
  return lines.join('')
}

function parse(text: string | undefined): Map<string, GoFileFacts> {
  const files = new Map<string, GoFileFacts>()
  for (const line of (text ?? '').split('\n')) {
    const match = /^(\S+) ([+-]) ([^\t]*)\t([\s\S]*)$/.exec(line)
    if (match === null) continue
    files.set(match[1] ?? '', {
      buildable: match[2] === '+',
      imports: (match[3] ?? '').split(' ').filter(path => path !== ''),
      embeds: parsePatterns(match[4] ?? '[]'),
    })
  }
  return files
}

function parsePatterns(json: string): string[] {
  const patterns: unknown = JSON.parse(json)
  return Array.isArray(patterns) ? patterns.filter(pattern => typeof pattern === 'string') : []
}
