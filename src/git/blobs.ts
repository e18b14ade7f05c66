/** Contents of blobs, many at a time. */
import {WorldError} from '../system/errors.ts'
import {type Git, outputOf} from './git.ts'
import {type PathBytes, pathToUtf8} from './path-bytes.ts'

/**
 * Content by the name asked for: an object ID, or `HEAD:path` as latin1. Absent names are left out. One child for all; in a partial
 * clone Git fetches exactly these, so callers ask for no blob they do not need.
 */
export async function readBlobs(git: Git, names: readonly string[]): Promise<Map<string, Buffer>> {
  // A name with a newline would be read as two questions: such a path is treated as absent.
  const asked = [...new Set(names)].filter(name => !name.includes('\n'))
  if (asked.length === 0) return new Map()
  const input = Buffer.from(asked.map(name => `${name}\n`).join(''), 'latin1')
  const output = outputOf('reading blobs', await git(['cat-file', '--batch'], input))
  return parseBatch(output, asked)
}

/**
 * Contents of files that the index or a commit lists, by object ID. Throws a WorldError that names the file when one of them is
 * not to be had: then the repository is damaged, and a file is not absent because its content is.
 */
export async function readListed(
  git: Git,
  files: readonly {id: string; path: PathBytes}[],
): Promise<Map<string, Buffer>> {
  const blobs = await readBlobs(
    git,
    files.map(({id}) => id),
  )
  const lost = files.find(({id}) => !blobs.has(id))
  if (lost === undefined) return blobs
  throw new WorldError(
    `${pathToUtf8(lost.path)}: its content, object ${lost.id}, is missing from the repository`,
    {
      hint: 'see what else is: git fsck, and fetch it from where it is whole: git fetch --refetch',
    },
  )
}

/**
 * Reads the answers of `git cat-file --batch`, in the order of the questions:
 *
 *     <object ID> blob 12<LF>…twelve bytes…<LF>
 *     HEAD:no/such missing<LF>
 */
function parseBatch(output: Buffer, asked: readonly string[]): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>()
  let position = 0
  for (const name of asked) {
    const newline = output.indexOf(0x0a, position)
    if (newline < 0) throw new Error(`reading blobs: git gave no answer for ${name}`)
    const head = /^[0-9a-f]+ (\w+) (\d+)$/.exec(output.toString('latin1', position, newline))
    position = newline + 1
    if (head === null) continue
    const size = Number(head[2])
    if (head[1] === 'blob') blobs.set(name, output.subarray(position, position + size))
    position += size + 1
  }
  return blobs
}
