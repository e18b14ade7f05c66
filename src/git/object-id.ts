/** Object IDs as Git computes them: a hash over `blob SIZE NUL CONTENT`, in the repository's object format. */
import {createHash} from 'node:crypto'

/** What `git rev-parse --show-object-format` prints; the names are also the hash names of node:crypto. */
export type ObjectFormat = 'sha1' | 'sha256'

export function toObjectFormat(text: string): ObjectFormat | undefined {
  return text === 'sha1' || text === 'sha256' ? text : undefined
}

/** The object ID of a blob with this content, as `git hash-object --no-filters` prints it. */
export function blobId(content: Uint8Array, format: ObjectFormat): string {
  return createHash(format).update(`blob ${content.length}\0`).update(content).digest('hex')
}

/** The object ID of the empty blob: what `git add --intent-to-add` puts into the index. */
export function emptyBlobId(format: ObjectFormat): string {
  return blobId(new Uint8Array(), format)
}

/** The object ID of the empty tree, which Git knows without having it stored. */
export function emptyTreeId(format: ObjectFormat): string {
  return createHash(format).update('tree 0\0').digest('hex')
}
