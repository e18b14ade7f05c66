/**
 * The listing with .go files of the repository's own by what they say, not by their content, and without files that no verdict reads: of
 * each directory a verdict knows what its files import and embed, and whether they are ever built (probes/imports.ts). Equal digests,
 * equal verdicts, as far as the listing and the base decide them: most commits change code or documentation and nothing else, and need
 * not be judged again.
 */
import {createHash} from 'node:crypto'
import {baseName, directoryOf, type PathBytes, pathFromLatin1, pathToLatin1} from '../../git/path-bytes.ts'
import type {Repository} from '../../git/repository.ts'
import type {GoFileFacts} from '../../go/source/go-file.ts'
import {isGoSource} from '../../go/source/main-packages.ts'
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
 * What a digest covers: of the repository's own .go files what those of each directory say together; of files that no verdict reads, as
 * documentation, the directories they lie in; every other entry as it is listed; and which files named `*.sum` the base has otherwise. It is not for trees
 * that have a vendored module from a directory of their own: there the content of its files counts.
 */
export function codeDigests(system: System, repository: Repository, snapshot: Snapshot): CodeDigests {
  const text = snapshot.listing.toString('latin1')
  const own = findOwnFiles(text)
  const files = own.filter(({kind}) => kind === 'go')
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
    // Listed, and not judged: not worth a rule of its own.
    const base = snapshot.intentToAdd.length > 0 ? undefined : await sumsOfBase(text, snapshot)
    if (base === undefined) return undefined
    const hash = createHash('sha256').update(`${base.length}:`).update(base)
    const listed: string[] = []
    const said = new Map<string, Set<string>>()
    let from = 0
    const leaveOut = ({start, end, path}: OwnFile): Set<string> => {
      listed.push(text.slice(from, start))
      from = end
      const directory = pathToLatin1(directoryOf(path))
      const ofDirectory = said.get(directory) ?? new Set()
      said.set(directory, ofDirectory)
      return ofDirectory
    }
    for (const file of own) {
      if (file.kind === 'unread') {
        leaveOut(file)
        continue
      }
      const facts = known.get(file.id)
      if (facts === undefined) continue
      const ofDirectory = leaveOut(file)
      const sign = facts.buildable ? '+' : '-'
      ofDirectory.add(sign)
      for (const imported of facts.imports) ofDirectory.add(sign + imported)
      for (const pattern of facts.embeds) ofDirectory.add(`${sign}"${pattern}`)
    }
    listed.push(text.slice(from))
    hash.update(listed.join(''), 'latin1')
    const directories = [...said].map(([directory, all]) => [directory, ...[...all].sort()])
    hash.update(JSON.stringify(directories.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))))
    return hash.digest('hex')
  }
}

/** `start` and `end`: where its entry lies in the listing. */
type OwnFile = {kind: 'go' | 'unread'; id: string; path: PathBytes; start: number; end: number}

/**
 * Regular files that are merged and of which content does not count, or counts as facts. Nothing in a vendor directory, however its name is
 * written, nothing hidden, and no .go file that go takes for none.
 */
function findOwnFiles(text: string): OwnFile[] {
  const files: OwnFile[] = []
  for (let start = 0; start < text.length; ) {
    // 100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 0<TAB>dir/file.go<NUL>
    const tab = text.indexOf('\t', start)
    const end = text.indexOf('\0', tab) + 1
    if (tab < 0 || end === 0) break
    // Most entries of a tree that vendors.
    if (!text.startsWith('vendor/', tab + 1)) {
      const path = text.slice(tab + 1, end - 1)
      const mode = text.slice(start, start + 7)
      const isRegular = (mode === '100644 ' || mode === '100755 ') && text.slice(tab - 2, tab) === ' 0'
      const kind = isRegular ? kindOf(path) : undefined
      if (kind !== undefined)
        files.push({kind, id: text.slice(start + 7, tab - 2), path: pathFromLatin1(path), start, end})
    }
    start = end
  }
  return files
}

function kindOf(path: string): OwnFile['kind'] | undefined {
  if (/(^|\/)vendor\//i.test(path)) return undefined
  if (path.endsWith('.go')) return isGoSource(baseName(path)) ? 'go' : undefined
  return unread.test(path) && !/(^|\/)\./.test(path) ? 'unread' : undefined
}

/** Names that neither go nor a check gives a meaning; what is not listed here counts byte for byte. */
const unread =
  /\.(md|markdown|adoc|rst|txt|html|css|scss|js|mjs|jsx|ts|tsx|vue|svg|png|jpe?g|gif|ico|webp|pdf|json|ya?ml|csv|xml|sql|proto|sh|py|tmpl|tpl|golden)$/

/**
 * What `git diff-index` says of all files named `*.sum`: with the listing, it says what the base has of them. Undefined where a
 * file that is read is a link: what it leads to may have any name.
 */
async function sumsOfBase(text: string, {git, baseTree}: Snapshot): Promise<Buffer | undefined> {
  const hasLinks = text.includes('120000 ')
  if (hasLinks && /(^|\0)120000 [^\t]*\t[^\0]*\.(go|mod|sum|work|lock)\0/.test(text)) return undefined
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
