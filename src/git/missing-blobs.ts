/**
 * Blobs that a partial clone (`git clone --filter=blob:none`) left at its remote. Git fetches what it needs by itself, but `git
 * cat-file --batch` meets the absent ones one after another, and each would be a fetch of its own.
 */
import {resolve} from 'node:path'
import type {System} from '../system/system.ts'
import type {Git} from './git.ts'
import type {Repository} from './repository.ts'

/**
 * Fetches those of `ids` that lie in one of `trees` and are not here, all at once, as Git fetches what a checkout needs
 * (promisor-remote.c, fetch_objects). Does nothing in a clone that has everything. What cannot be fetched is left to whoever
 * reads it: Git says why there.
 */
export async function fetchMissingBlobs(
  system: System,
  repository: Repository,
  git: Git,
  trees: readonly string[],
  ids: readonly string[],
): Promise<void> {
  if (ids.length < 2 || trees.length === 0 || !mayBePartial(system, repository)) return
  for (const remote of await listPromisors(git)) {
    const absent = await listMissing(git, trees)
    const missing = ids.filter(id => absent.has(id))
    // One is fetched by whoever reads it.
    if (missing.length < 2) return
    await git([...fetchWords, remote], Buffer.from(missing.map(id => `${id}\n`).join('')))
  }
}

/** Nothing is negotiated, followed, written down or tidied up: these objects and no others. */
const fetchWords = [
  '-c',
  'fetch.negotiationAlgorithm=noop',
  '-c',
  'maintenance.auto=false',
  '-c',
  'gc.auto=0',
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--recurse-submodules=no',
  '--filter=blob:none',
  '--stdin',
]

/** Told without a child, since it is asked in every run: a partial clone has its promisor in the file that Git wrote it to. */
function mayBePartial(system: System, {gitDirectory}: Repository): boolean {
  // A linked work tree shares the configuration of the main one.
  const common = system.files.read(`${gitDirectory}/commondir`)?.toString().trim()
  const directory = common === undefined ? gitDirectory : resolve(gitDirectory, common)
  return /promisor|partialclone/i.test(system.files.read(`${directory}/config`)?.toString('latin1') ?? '')
}

/** Remotes that promised the objects that are not here, in the order of the configuration. */
async function listPromisors(git: Git): Promise<string[]> {
  const result = await git([
    'config',
    '-z',
    '--get-regexp',
    String.raw`^(remote\..*\.promisor|extensions\.partialclone)$`,
  ])
  const remotes = result.stdout
    .toString()
    .split('\0')
    .flatMap(setting => {
      const [name = '', value = 'true'] = setting.split('\n')
      if (name === 'extensions.partialclone') return [value]
      const remote = /^remote\.(.*)\.promisor$/s.exec(name)?.[1]
      return remote !== undefined && /^(true|yes|on|1)$/i.test(value) ? [remote] : []
    })
  // What begins with a dash would be read as an option.
  return [...new Set(remotes)].filter(remote => remote !== '' && !remote.startsWith('-'))
}

/** Asking for an object would fetch it; this way of listing does not, in every Git that knows partial clones. */
async function listMissing(git: Git, trees: readonly string[]): Promise<Set<string>> {
  const words = ['rev-list', '--objects', '--no-object-names', '--missing=print', ...trees, '--']
  const lines = (await git(words)).stdout.toString('latin1').split('\n')
  return new Set(lines.flatMap(line => (line.startsWith('?') ? [line.slice(1)] : [])))
}
