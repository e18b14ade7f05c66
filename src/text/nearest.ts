import leven from 'leven'

/** Of the words that are known the one most like this one, whatever its case; undefined where none is like it. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const best = known
    .map(name => ({name, distance: leven(word.toLowerCase(), name.toLowerCase())}))
    .sort((a, b) => a.distance - b.distance)[0]
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 2))
    ? best.name
    : undefined
}
