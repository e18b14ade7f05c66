/**
 * Foreign text made safe to print. A path, a line of a file, a variable or a binary can say anything, also what a terminal
 * obeys, what makes a line of its own in a CI log (`::error::`), or what turns the text around it (U+202E).
 */

/** Control characters (C0, DEL, C1), format and bidirectional ones, line and paragraph separators, halves of pairs, unassigned. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu

/** One line: what is not printable is shown as its code point, `\x1b` or `\u{202e}`. */
export function oneLine(text: string): string {
  return text.replace(unprintable, character => {
    const point = character.codePointAt(0) ?? 0
    return point < 0x80 ? `\\x${point.toString(16).padStart(2, '0')}` : `\\u{${point.toString(16)}}`
  })
}

/** Lines of our own making, or of a stack trace: their line breaks stay. */
export function safeLines(text: string): string {
  return text.split('\n').map(oneLine).join('\n')
}

export function isPrintable(text: string): boolean {
  return text.search(unprintable) < 0
}

/** A value as JSON for people and terminals, too: what is not printable is an escape, so it reads back as it was. Ends with a newline. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(unprintable, jsonEscape)}\n`
}

/** The same on one line. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(unprintable, jsonEscape)}\n`
}

/** `\u202e`, and two of them for what lies beyond U+FFFF; the line breaks between the values stay. */
function jsonEscape(character: string): string {
  if (character === '\n') return character
  return Array.from(
    {length: character.length},
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')
}
