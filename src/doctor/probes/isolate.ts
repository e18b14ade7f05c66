/** What go builds of packages in an empty cache, and in the configured one. */
import {hash} from 'node:crypto'
import {parseActionEntry} from '../../go/binary/action-entry.ts'
import {splitBuildId} from '../../go/binary/build-id.ts'
import {objectHeadLength, objectVersion} from '../../go/binary/object-header.ts'
import type {System} from '../../system/system.ts'
import {firstWords, type Here} from '../go.ts'

/** A package as one build has it; IDs are those of its archive, `digest` is of its bytes without the action ID that they name. */
export type BuiltPackage = {
  path: string
  actionId: string
  contentId: string
  digest: string
  imports: string[]
}

export type Built = {kind: 'built'; packages: BuiltPackage[]} | {kind: 'failed'; said: string}

/** What a cache keeps of one package. */
export type CachedObject = {
  /** When it was put there; undefined where that is not known. */
  madeMs: number | undefined
  /** The Go version that the object names. */
  version: string | undefined
  /** Whether its bytes have the SHA-256 under which they are kept. */
  isWhole: boolean
}

const template = '{{.ImportPath}}\t{{.BuildID}}\t{{range .Imports}}{{.}} {{end}}\t{{.Export}}'

/** Builds packages and what they import, with go's own words on failure. `program` is a go command; `more` differs in its environment. */
export async function buildPackages(
  {system}: Pick<Here, 'system'>,
  program: string,
  packages: readonly string[],
  more: Record<string, string | undefined>,
): Promise<Built> {
  const words = ['list', '-export', '-deps', '-f', template, '--', ...packages]
  const {exitCode, stdout, stderr} = await system.run(program, words, {env: {...system.env, ...more}})
  if (exitCode !== 0) return {kind: 'failed', said: firstWords(stderr)}
  const built = stdout.split('\n').flatMap((line): BuiltPackage[] => {
    const [path = '', id = '', imports = '', archive = ''] = line.split('\t')
    const parts = splitBuildId(id)
    if (parts.kind !== 'archive') return []
    const {actionId, contentId} = parts
    const digest = digestWithout(system.files.read(archive) ?? Buffer.alloc(0), actionId)
    return [{path, actionId, contentId, digest, imports: imports.trim().split(' ')}]
  })
  return {kind: 'built', packages: built}
}

/** The content ID is a text that an archive has of itself; this is what it holds. */
function digestWithout(archive: Buffer, actionId: string): string {
  for (let at = archive.indexOf(actionId); at >= 0; at = archive.indexOf(actionId, at)) {
    archive.fill(0, at, at + actionId.length)
  }
  return hash('sha256', archive, 'hex')
}

/** Looks up the entry of an action in a cache: its ID is the first 15 bytes of the entry's name, in base64 (cmd/go/internal/buildid HashToString). */
export function cachedObject({files}: System, cache: string, actionId: string): CachedObject | undefined {
  const name = Buffer.from(actionId, 'base64url').toString('hex')
  const folder = `${cache}/${name.slice(0, 2)}`
  const entry = (files.list(folder) ?? []).find(
    each => each.name.startsWith(name) && each.name.endsWith('-a'),
  )
  const text = entry && files.read(`${folder}/${entry.name}`)?.toString('latin1')
  const parsed = text === undefined ? undefined : parseActionEntry(text)
  if (text === undefined || parsed === undefined) return undefined
  const bytes = files.read(`${cache}/${parsed.object.slice(0, 2)}/${parsed.object}-d`)
  const nanoseconds = Number(text.trim().split(/ +/).at(-1))
  return {
    madeMs: nanoseconds > 0 ? nanoseconds / 1e6 : undefined,
    version: bytes && objectVersion(bytes.subarray(0, objectHeadLength)),
    isWhole: bytes !== undefined && hash('sha256', bytes, 'hex') === parsed.object,
  }
}
