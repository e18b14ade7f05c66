/** Facts of .go files in the repository, read from blobs and remembered by object ID. */
import {readListed} from '../../git/blobs.ts'
import {fetchMissingBlobs} from '../../git/missing-blobs.ts'
import type {PathBytes} from '../../git/path-bytes.ts'
import type {Repository} from '../../git/repository.ts'
import {type GoFileFacts, readGoFile} from '../../go/source/go-file.ts'
import {openRecords} from '../../store/records.ts'
import type {System} from '../../system/system.ts'
import {type Snapshot, treesOf} from './snapshot.ts'

const bounds = {records: 200, bytes: 128 * 1024 * 1024}

/** `which` of the repository's files they are: one record holds them all. */
export async function readGoFiles(
  system: System,
  {repository, snapshot}: {repository: Repository; snapshot: Snapshot},
  which: string,
  files: readonly {id: string; path: PathBytes}[],
): Promise<Map<string, GoFileFacts>> {
  const records = openRecords(system, 'go-files', bounds)
  const key = `1 ${repository.gitDirectory} ${which}`
  const stored = parse(records.read(key))
  const wanted = new Map(files.map(file => [file.id, file]))
  const unread = [...wanted.values()].filter(({id}) => !stored.has(id))
  const found = new Map<string, GoFileFacts>()
  for (const id of wanted.keys()) {
    const facts = stored.get(id)
    if (facts !== undefined) found.set(id, facts)
  }
  if (unread.length === 0) return found
  await fetchMissingBlobs(
    system,
    repository,
    snapshot.git,
    treesOf(snapshot),
    unread.map(({id}) => id),
  )
  // In portions, so that a large repository is never in memory at once.
  for (let start = 0; start < unread.length; start += 400) {
    for (const [id, content] of await readListed(snapshot.git, unread.slice(start, start + 400))) {
      found.set(id, readGoFile(content))
    }
  }
  records.write(key, format(found))
  records.prune()
  return found
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
