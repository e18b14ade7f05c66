/** Why Git stores another content than that of a vendored file: attributes and settings by which it changes what is added. */
import {findAttributeLine} from '../../git/attributes.ts'
import {outputOf} from '../../git/git.ts'
import {formatPaths, parseFields} from '../../git/index.ts'
import {
  directoryOf,
  joinPath,
  latin1ToUtf8,
  type PathBytes,
  pathBelow,
  pathFromLatin1,
  pathToLatin1,
  pathToUtf8,
  topDirectory,
} from '../../git/path-bytes.ts'
import type {System} from '../../system/system.ts'
import type {StoredOtherwise} from '../facts.ts'
import {fileAt, readBlobsOf, type Tree} from './tree.ts'

/** By path, of files whose blobs are not those of their source. */
export async function findStoredOtherwise(
  system: System,
  tree: Tree,
  edited: readonly PathBytes[],
  lineEndings: readonly PathBytes[],
): Promise<Map<PathBytes, StoredOtherwise>> {
  const found = new Map<PathBytes, StoredOtherwise>()
  if (edited.length + lineEndings.length === 0) return found
  const output = outputOf(
    'reading attributes',
    await tree.snapshot.git(
      ['check-attr', '--cached', '--stdin', '-z', 'filter', 'ident', 'working-tree-encoding'],
      formatPaths([...edited, ...lineEndings]),
    ),
  )
  const fields = parseFields(output)
  const files = new Map<PathBytes, Promise<string>>()
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [name = '', attribute = '', value = ''] = fields.slice(at, at + 3)
    const path = pathFromLatin1(name)
    if (value === 'unspecified' || value === 'unset' || found.has(path)) continue
    const by = value === 'set' ? attribute : `${attribute}=${latin1ToUtf8(value)}`
    found.set(path, {by, where: await placeOf(path, attribute)})
  }
  const rest = lineEndings.filter(path => !found.has(path))
  if (rest.length > 0) {
    const asked = await tree.snapshot.git(['config', '--get', 'core.autocrlf'])
    const value = asked.stdout.toString().trim()
    if (value === 'true' || value === 'input') {
      for (const path of rest) found.set(path, {by: `core.autocrlf=${value}`, where: undefined})
    }
  }
  return found

  /** `FILE:LINE`: .git/info/attributes counts before the files of the tree, and of these the nearest first. */
  async function placeOf(path: PathBytes, attribute: string): Promise<string | undefined> {
    const own = `${tree.repository.gitDirectory}/info/attributes`
    const ownText = system.files.read(own)?.toString('latin1') ?? ''
    const inOwn = findAttributeLine(ownText, pathToLatin1(path), attribute)
    if (inOwn !== undefined) return `${own}:${inOwn}`
    for (let directory = directoryOf(path); ; directory = directoryOf(directory)) {
      const file = joinPath(directory, '.gitattributes')
      const line = findAttributeLine(
        await contentOf(file),
        pathToLatin1(pathBelow(path, directory)),
        attribute,
      )
      if (line !== undefined) return `${pathToUtf8(file)}:${line}`
      if (directory === topDirectory) return undefined
    }
  }

  function contentOf(file: PathBytes): Promise<string> {
    const known = files.get(file)
    if (known !== undefined) return known
    const asked = readFile(file)
    files.set(file, asked)
    return asked
  }

  async function readFile(path: PathBytes): Promise<string> {
    const at = fileAt(tree, path)
    if (at.kind !== 'file') return ''
    return (await readBlobsOf(system, tree, [at])).get(at.id)?.toString('latin1') ?? ''
  }
}
