/** The words of a command, where somebody asks for them. */
import {withoutSecrets} from '../text/secrets.ts'

/** A text is kept up to this length, so that no command line fills the disk. */
export const textLength = 2000

/** The words, all of them together up to that length, and of URLs no password. */
export function keptWords(words: readonly string[]): string[] {
  let left = textLength
  return words.flatMap(word => {
    const part = withoutSecrets(word).slice(0, left)
    left -= part.length
    return part === '' && word !== '' ? [] : [part]
  })
}
