/** Go's string literals. */

/** How a text holds the bytes of Go: decoded, or a character for each byte. */
type Encoding = 'utf8' | 'latin1'

/**
 * What strconv.Unquote returns for a text in double quotes or backquotes, undefined for every other text. In `utf8`, bytes
 * that are none (`"\xff"`) become U+FFFD, as in Go's JSON.
 */
export function unquote(text: string, encoding: Encoding = 'utf8'): string | undefined {
  const prefix = unquotePrefix(text, encoding)
  return prefix?.length === text.length ? prefix.value : undefined
}

/** The quoted text at the start, unquoted, and how many characters it takes with its quotes (strconv.QuotedPrefix). */
export function unquotePrefix(
  text: string,
  encoding: Encoding = 'utf8',
): {value: string; length: number} | undefined {
  if (text[0] === '`') {
    const end = text.indexOf('`', 1)
    return end < 0 ? undefined : {value: text.slice(1, end).replaceAll('\r', ''), length: end + 1}
  }
  if (text[0] !== '"') return undefined
  const pieces: Buffer[] = []
  let at = 1
  for (;;) {
    plainRun.lastIndex = at
    const run = plainRun.exec(text)?.[0] ?? ''
    pieces.push(Buffer.from(run, encoding))
    at += run.length
    if (text[at] === '"') return {value: Buffer.concat(pieces).toString(encoding), length: at + 1}
    escapeSequence.lastIndex = at
    const match = escapeSequence.exec(text)
    const bytes = match && escapedBytes(match[1] ?? '')
    if (!match || !bytes) return undefined
    pieces.push(bytes)
    at += match[0].length
  }
}

const plainRun = /[^"\\\n]*/y
const escapeSequence = /\\([abfnrtv\\"]|x[0-9a-fA-F]{2}|[0-7]{3}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/y
const namedEscapes: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
}

/** The bytes of one escape, which stands without its backslash: `n`, `x41`, `101`, `u00e9`, `U0001F600`. */
function escapedBytes(code: string): Buffer | undefined {
  const named = namedEscapes[code]
  if (named !== undefined) return Buffer.from(named)
  if (code.startsWith('x')) return Buffer.from([Number.parseInt(code.slice(1), 16)])
  if (code.startsWith('u') || code.startsWith('U')) {
    const point = Number.parseInt(code.slice(1), 16)
    const isRune = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
    return isRune ? Buffer.from(String.fromCodePoint(point)) : undefined
  }
  const octal = Number.parseInt(code, 8)
  return octal <= 0xff ? Buffer.from([octal]) : undefined
}
