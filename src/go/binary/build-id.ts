/**
 * Build IDs: where a binary keeps the text (cmd/internal/buildid/buildid.go and note.go), and what its parts are
 * (cmd/go/internal/work/buildid.go). An action ID hashes everything a step was made from, a content ID what came out.
 */
import {unquote} from '../source/unquote.ts'

export type BuildId =
  | {
      kind: 'executable'
      binActionId: string
      mainActionId: string
      mainContentId: string
      binContentId: string
    }
  | {kind: 'archive'; actionId: string; contentId: string}
  /** Not cmd/go's: set with -ldflags=-buildid=…, or by another build system. */
  | {kind: 'other'; text: string}

/**
 * Splits a build ID into its parts:
 *
 *   executable  actionID(bin)/actionID(main.a)/contentID(main.a)/contentID(bin)
 *   archive     actionID/contentID
 */
export function splitBuildId(text: string): BuildId {
  const parts = text.split('/')
  const [first = '', second = '', third = '', fourth = ''] = parts
  if (!parts.every(part => idPattern.test(part))) return {kind: 'other', text}
  if (parts.length === 2) return {kind: 'archive', actionId: first, contentId: second}
  if (parts.length !== 4) return {kind: 'other', text}
  return {
    kind: 'executable',
    binActionId: first,
    mainActionId: second,
    mainContentId: third,
    binContentId: fourth,
  }
}

/** HashToString writes 20 characters; the alphabet is what tells its IDs from other text. */
const idPattern = /^[A-Za-z0-9_-]+$/

/**
 * The build ID among the notes of an ELF segment, undefined when no note is Go's or it is empty. A note is three 32-bit
 * numbers (size of the name, size of the text, type), the name and the text, both padded to 4 bytes; `alignment` is the
 * segment's, and 8 in some. Ours has the name "Go" and type 4.
 */
export function buildIdInNotes(
  notes: Buffer,
  isLittleEndian: boolean,
  alignment: number,
): string | undefined {
  const u32 = (at: number) => (isLittleEndian ? notes.readUInt32LE(at) : notes.readUInt32BE(at))
  const step = alignment === 8 ? 8 : 4
  let at = 0
  while (at + 16 <= notes.length) {
    const nameSize = u32(at)
    const textSize = u32(at + 4)
    const text = at + 12 + padded(nameSize, 4)
    const isGo =
      nameSize === 4 && u32(at + 8) === goNoteType && notes.toString('latin1', at + 12, at + 16) === 'Go\0\0'
    if (isGo && text + textSize <= notes.length) {
      return textSize === 0 ? undefined : notes.toString('utf8', text, text + textSize)
    }
    at = padded(text + padded(textSize, 4), step)
  }
  return undefined
}

const goNoteType = 4

function padded(size: number, alignment: number): number {
  return Math.ceil(size / alignment) * alignment
}

/**
 * The build ID in the first bytes of the machine code, where the linker puts it in formats without notes:
 * `\xff Go build ID: "…"\n \xff`. Undefined when there is none or it is not closed.
 */
export function buildIdInText(bytes: Buffer): string | undefined {
  const start = bytes.indexOf(textStart)
  if (start < 0) return undefined
  const quote = start + textStart.length - 1
  const end = bytes.indexOf(textEnd, quote + 1)
  if (end < 0) return undefined
  return unquote(bytes.toString('utf8', quote, end + 1)) || undefined
}

/** How far into a file, or into its machine code, the text is looked for. */
export const buildIdReach = 32 * 1024

const textStart = Buffer.from('\xff Go build ID: "', 'latin1')
const textEnd = Buffer.from('"\n \xff', 'latin1')
