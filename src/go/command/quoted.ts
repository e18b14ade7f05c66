/** A word of a quoted list, without its quotes, and where it stands in the text with them. */
export type QuotedWord = {text: string; start: number; end: number}

/**
 * Splits as cmd/internal/quoted.Split does: words between white space; a word that begins with ' or " runs to the next
 * such character, and nothing inside is an escape. Returns undefined where Go reports an unterminated quote.
 */
export function splitQuoted(text: string): string[] | undefined {
  return quotedWords(text)?.map(word => word.text)
}

/** The same words with their places: a word may begin right behind the quote that closes the one before it. */
export function quotedWords(text: string): QuotedWord[] | undefined {
  const words: QuotedWord[] = []
  for (let start = skipSpace(text, 0); start < text.length; ) {
    const quote = text[start]
    if (quote === '"' || quote === "'") {
      const close = text.indexOf(quote, start + 1)
      if (close < 0) return undefined
      words.push({text: text.slice(start + 1, close), start, end: close + 1})
    } else {
      word.lastIndex = start
      const plain = word.exec(text)?.[0] ?? ''
      words.push({text: plain, start, end: start + plain.length})
    }
    start = skipSpace(text, words.at(-1)?.end ?? text.length)
  }
  return words
}

const word = /[^ \t\n\r]+/y

function skipSpace(text: string, at: number): number {
  let next = at
  while (' \t\n\r'.includes(text[next] ?? '.')) next += 1
  return next
}
