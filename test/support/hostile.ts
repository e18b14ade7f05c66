/** What a name, a line of a file or a variable may hold to deceive a terminal, a CI log, or a page. */

/** No slash, and no NUL, so that it can be the name of a file. */
export const hostileName = [
  'a\x1b[31mred\x07',
  '\u009b32mgreen',
  '\u202egnp.go',
  '\u2028::error::one\u2029::error::two\r::error::three\n::error::four',
  '%0A::error::five',
  '\u2066\u200b\ufeff\u{e0041}',
  '[x](http:evil.example) <img src=x> @admin www.evil.example evil#1',
  '`b` ``c`` | \\| \' " $(id) \\',
].join(' ')

/** The same facts with every string of them hostile. */
export function hostile<T>(value: T, name: string = hostileName): T {
  if (typeof value === 'string') return name as T
  if (Array.isArray(value)) return value.map(item => hostile(item, name)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hostile(item, name)])) as T
}

/** What must not reach a terminal or a log, apart from the ends of our own lines. */
export const unsafe = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u
