/**
 * The lines that `gowarden init` puts into files of a repository: a block between two marks, put before a line of the file,
 * and taken out again to the byte. The first mark holds a hash of the block, so a block that somebody changed is known.
 *
 *     # >>> gowarden 1f0c6e5a: gowarden init --remove takes these lines out
 *     …
 *     # <<< gowarden
 *
 * Lines end as those of the file do. The hash does not count how: a checkout may turn LF into CRLF and back.
 */
import {createHash} from 'node:crypto'
import type {Bytes} from './existing.ts'

export type FoundBlock = {
  /** Where it begins and ends in the text: whole lines. */
  start: number
  end: number
  /** Whether it is as gowarden wrote it. */
  isUntouched: boolean
  /** Whether gowarden made the file for it. */
  isWholeFile: boolean
}

/** Before this offset, with this indentation, these lines. */
export type Place = {at: number; indent: string; lines: readonly string[]}

const madeFile = ' (and this file)'

/** The text with a block at that place. */
export function insertBlock(text: Bytes, {at, indent, lines}: Place, isWholeFile: boolean): Bytes {
  const lineBreak = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n'
  const block = formatBlock(lines, indent, isWholeFile).replaceAll('\n', lineBreak)
  return text.slice(0, at) + block + text.slice(at)
}

/** The text without its block. */
export function removeBlock(text: Bytes, {start, end}: FoundBlock): Bytes {
  return text.slice(0, start) + text.slice(end)
}

/** The block of these lines, indented, as text that ends with a line break. */
export function formatBlock(lines: readonly string[], indent: string, isWholeFile: boolean): string {
  const body = lines.map(line => (line === '' ? '\n' : `${indent}${line}\n`)).join('')
  const takes = `gowarden init --remove removes these lines${isWholeFile ? madeFile : ''}`
  return `${indent}# >>> gowarden ${hashOf(body)}: ${takes}\n${body}${indent}# <<< gowarden\n`
}

/** The block in a text; undefined where there is none, 'broken' where a mark is gone or there are more than two. */
export function findBlock(text: Bytes): FoundBlock | 'broken' | undefined {
  // A byte order mark stays in front of the block.
  const openings = [
    ...text.matchAll(/(?:^|(?<=^\xef\xbb\xbf))[ \t]*# >>> gowarden ([0-9a-f]{8}): (.*?)\r?\n/gm),
  ]
  const closings = [...text.matchAll(/^[ \t]*# <<< gowarden\r?\n/gm)]
  const [opening] = openings
  const [closing] = closings
  if (opening === undefined && closing === undefined) return undefined
  if (opening === undefined || closing === undefined || closing.index < opening.index) return 'broken'
  if (openings.length > 1 || closings.length > 1) return 'broken'
  const body = text.slice(opening.index + opening[0].length, closing.index)
  return {
    start: opening.index,
    end: closing.index + closing[0].length,
    isUntouched: hashOf(body.replaceAll('\r\n', '\n')) === opening[1],
    isWholeFile: (opening[2] ?? '').includes(madeFile),
  }
}

function hashOf(body: string): string {
  return createHash('sha256').update(body, 'latin1').digest('hex').slice(0, 8)
}
