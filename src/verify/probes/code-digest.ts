/**
 * The listing with .go files of the repository's own by what they say, not by their content: a verdict knows of each directory what its
 * files import and embed, and whether they are ever built (probes/imports.ts). Equal digests, equal verdicts, as far as the listing and
 * the base decide them: most commits change code and nothing else, and need not be judged again.
 */
import {createHash} from 'node:crypto'
import {directoryOf, type PathBytes, pathFromLatin1, pathToLatin1} from '../../git/path-bytes.ts'
import type {Repository} from '../../git/repository.ts'
import type {GoFileFacts} from '../../go/source/go-file.ts'
import {openRecords} from '../../store/records.ts'
import type {System} from '../../system/system.ts'
import {goFileBounds, openGoFiles} from './go-files.ts'
import type {Snapshot} from './snapshot.ts'

/** Where more files are new, as on another branch, they are read once, by whoever judges them. */
const mostNew = 200

export type CodeDigests = {
  /** Before anything is judged: reads the .go files that are new. Undefined where that is not worth it, or nothing was judged here. */
  before(): Promise<string | undefined>
  /** Once the judge has read what it asks: reads none. Undefined where Git does not say what the base has. */
  after(): Promise<string | undefined>
}

/**
 * What a digest covers: every entry's mode, stage and path; the object ID of every entry but those .go files; and which files named
 * `*.sum` the base has otherwise. It is not for trees that have a vendored module from a directory of their own: there the content of
 * its .go files counts.
 */
export function codeDigests(system: System, repository: Repository, snapshot: Snapshot): CodeDigests {
  const text = snapshot.listing.toString('latin1')
  const files = findOwnGoFiles(text)
  const records = openRecords(system, 'go-files', goFileBounds)
  // Go files that no build of a main module reads, as in testdata: these count by content, and are not read at all.
  const key = `1 ${repository.gitDirectory} aside`
  return {
    before: async () => {
      const asides = records.read(key)
      if (asides === undefined) return undefined
      const byContent = new Set(asides.split('\n'))
      const read = files.filter(({id}) => !byContent.has(id))
      const goFiles = openGoFiles(system, {repository, snapshot}, 'main')
      if (read.filter(({id}) => !goFiles.known.has(id)).length > mostNew) return undefined
      return digestOf(await goFiles.read(read))
    },
    after: async () => {
      const {known} = openGoFiles(system, {repository, snapshot}, 'main')
      const asides = files.filter(({id}) => !known.has(id)).map(({id}) => id)
      records.write(key, [...new Set(asides)].join('\n'))
      records.prune()
      return digestOf(known)
    },
  }

  async function digestOf(known: ReadonlyMap<string, GoFileFacts>): Promise<string | undefined> {
    const base = await sumsOfBase(text, snapshot)
    if (base === undefined) return undefined
    const hash = createHash('sha256').update(`${base.length}:`).update(base)
    const listed: string[] = []
    const said = new Map<string, Set<string>>()
    let from = 0
    for (const {id, path, idAt} of files) {
      const facts = known.get(id)
      if (facts === undefined) continue
      listed.push(text.slice(from, idAt))
      from = idAt + id.length
      const directory = pathToLatin1(directoryOf(path))
      const ofDirectory = said.get(directory) ?? new Set()
      said.set(directory, ofDirectory)
      const sign = facts.buildable ? '+' : '-'
      ofDirectory.add(sign)
      for (const imported of facts.imports) ofDirectory.add(sign + imported)
      for (const pattern of facts.embeds) ofDirectory.add(`${sign}"${pattern}`)
    }
    listed.push(text.slice(from))
    hash.update(listed.join(''), 'latin1')
    hash.update(JSON.stringify([...said].map(([directory, all]) => [directory, ...[...all].sort()])))
    return hash.digest('hex')
  }
}

/** `idAt`: where its object ID begins in the listing. */
type OwnGoFile = {id: string; path: PathBytes; idAt: number}

/** Regular .go files that are merged and lie in no vendor directory, however its name is written. */
function findOwnGoFiles(text: string): OwnGoFile[] {
  const files: OwnGoFile[] = []
  for (let end = text.indexOf('.go\0'); end >= 0; end = text.indexOf('.go\0', end + 4)) {
    // 100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 0<TAB>dir/file.go<NUL>
    const start = text.lastIndexOf('\0', end) + 1
    const tab = text.indexOf('\t', start)
    const path = text.slice(tab + 1, end + 3)
    if (/(^|\/)vendor\//i.test(path)) continue
    const mode = text.slice(start, start + 7)
    if ((mode !== '100644 ' && mode !== '100755 ') || text.slice(tab - 2, tab) !== ' 0') continue
    files.push({id: text.slice(start + 7, tab - 2), path: pathFromLatin1(path), idAt: start + 7})
  }
  return files
}

/**
 * What `git diff-index` says of all files named `*.sum`: with the listing, it says what the base has of them. Undefined where one of
 * them is a link, for then the base is asked about a file of another name.
 */
async function sumsOfBase(text: string, {git, baseTree}: Snapshot): Promise<Buffer | undefined> {
  if (/(^|\0)120000 [^\t]*\t[^\0]*\.sum\0/.test(text)) return undefined
  if (baseTree === undefined) return Buffer.from('none')
  const words = [
    'diff-index',
    '--cached',
    '--raw',
    '--no-renames',
    '--no-abbrev',
    '-z',
    baseTree,
    '--',
    '*.sum',
  ]
  const {exitCode, stdout} = await git(words)
  return exitCode === 0 ? stdout : undefined
}
