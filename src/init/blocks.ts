/**
 * The lines that `gowarden init` puts into files of a repository: a block between two marks, put before a line of the file,
 * and taken out again to the byte. The first mark holds a hash of the block, so a block that somebody changed is known.
 *
 *     # >>> gowarden 1f0c6e5a: gowarden init --remove takes these lines out
 *     …
 *     # <<< gowarden
 */
import {createHash} from 'node:crypto'

export type FoundBlock = {
  /** Where it begins and ends in the text: whole lines. */
  start: number
  end: number
  /** Whether it is as gowarden wrote it. */
  isUntouched: boolean
  /** Whether gowarden made the file for it. */
  isWholeFile: boolean
}

const madeFile = ' (and this file)'

/** The block of these lines, indented, as text that ends with a line break. */
export function formatBlock(lines: readonly string[], indent: string, isWholeFile: boolean): string {
  const body = lines.map(line => (line === '' ? '\n' : `${indent}${line}\n`)).join('')
  const takes = `gowarden init --remove takes these lines${isWholeFile ? madeFile : ''} out`
  return `${indent}# >>> gowarden ${hashOf(body)}: ${takes}\n${body}${indent}# <<< gowarden\n`
}

/** The block in a text; undefined where there is none, 'broken' where one of its marks is gone. */
export function findBlock(text: string): FoundBlock | 'broken' | undefined {
  const opening = /^[ \t]*# >>> gowarden ([0-9a-f]{8}): (.*)\n/m.exec(text)
  const closing = /^[ \t]*# <<< gowarden\n/m.exec(text)
  if (opening === null && closing === null) return undefined
  if (opening === null || closing === null || closing.index < opening.index) return 'broken'
  const body = text.slice(opening.index + opening[0].length, closing.index)
  return {
    start: opening.index,
    end: closing.index + closing[0].length,
    isUntouched: hashOf(body) === opening[1],
    isWholeFile: (opening[2] ?? '').includes(madeFile),
  }
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 8)
}
