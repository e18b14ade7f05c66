/**
 * Splits as cmd/internal/quoted.Split does: words between white space; a word that begins with ' or " runs to the next
 * such character, and nothing inside is an escape. Returns undefined where Go reports an unterminated quote.
 */
export function splitQuoted(text: string): string[] | undefined {
  const words: string[] = []
  let rest = text.replace(/^[ \t\n\r]+/, '')
  while (rest !== '') {
    const quote = rest[0]
    if (quote === '"' || quote === "'") {
      const end = rest.indexOf(quote, 1)
      if (end < 0) return undefined
      words.push(rest.slice(1, end))
      rest = rest.slice(end + 1)
    } else {
      const word = rest.match(/^[^ \t\n\r]+/)?.[0] ?? ''
      words.push(word)
      rest = rest.slice(word.length)
    }
    rest = rest.replace(/^[ \t\n\r]+/, '')
  }
  return words
}
