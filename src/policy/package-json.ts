/** The policy in a package.json: the value of "gowarden" at its top. Every other package.json is none of our business. */

/** Where the value lies in the text, and the line, from 1, on which it begins. */
export type PackagePolicy = {text: string; line: number}

/**
 * The text of that value; undefined where there is none, also in a file that JSON would refuse, such as a template. A reader of
 * its own, because YAML's takes seconds for a long file, and JSON's knows no lines. Of two, the last counts, as for JSON.parse.
 */
export function findPackagePolicy(text: string): PackagePolicy | undefined {
  // An escape may spell the key otherwise.
  if (!text.includes('gowarden') && !/\\u/i.test(text)) return undefined
  const token = /"(?:[^"\\\n]|\\.)*"|[{}[\],:]/g
  let found: PackagePolicy | undefined
  let depth = 0
  let key: string | undefined
  let begin: number | undefined
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [word] = match
    if (depth === 1 && begin !== undefined && (word === ',' || word === '}')) {
      found = slice(text, begin, match.index)
      begin = undefined
    }
    if (word === '{' || word === '[') depth++
    else if (word === '}' || word === ']') depth--
    else if (depth === 1 && word === ':') {
      if (key === 'gowarden') begin = match.index + 1
    } else if (depth === 1) key = keyOf(word)
    if (depth === 0 && begin === undefined) break
  }
  // A value that never ends is there all the same, and is refused by whoever reads it.
  return begin === undefined ? found : slice(text, begin, text.length)
}

function slice(text: string, begin: number, end: number): PackagePolicy {
  const blank = /\s*/y
  blank.lastIndex = begin
  blank.exec(text)
  const from = blank.lastIndex
  return {text: text.slice(from, end).trimEnd(), line: text.slice(0, from).split('\n').length}
}

function keyOf(word: string): string | undefined {
  if (!word.startsWith('"')) return undefined
  try {
    return JSON.parse(word)
  } catch {
    return undefined
  }
}
