/** The quoting for sh: of plans that sh runs, and of commands that a person copies. */
import {isPrintable} from './one-line.ts'

/** One word for sh, whatever it holds: '…' with every ' written as '\''. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

/**
 * A word of a command to copy: as it is where nothing in it is special, in quotes where something is. What is not printable
 * must not stand in a message as it is, so printf writes it: `"$(printf 'a\012b')"`. A line break at the end is lost there.
 */
export function shellWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word
  if (isPrintable(word)) return quote(word)
  const format = [...word].map(character =>
    isPrintable(character) ? formatted(character) : octal(character),
  )
  // One that begins with a dash would be an option.
  return `"$(printf ${quote(format.join('').replace(/^-/, '\\055'))})"`
}

/** As printf's format has it. */
function formatted(character: string): string {
  if (character === '%') return '%%'
  return character === '\\' ? '\\\\' : character
}

function octal(character: string): string {
  return [...Buffer.from(character)].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}
