import {splitQuoted} from './quoted.ts'

/** A flag as one word writes it, its name without dashes; value undefined: there is no `=`. */
export type FlagWord = {name: string; value: string | undefined}

/** `-mod=mod`, `--race`; undefined for a word that is no flag. */
export function parseFlagWord(word: string): FlagWord | undefined {
  const [, name, value] = word.match(/^--?([^=]+)(?:=([\s\S]*))?$/) ?? []
  return name === undefined ? undefined : {name, value}
}

/** The flags of GOFLAGS in order; none where it cannot be split, which go refuses itself (cmd/go/internal/base goflags.go). */
export function goflagsOf(goflags: string): FlagWord[] {
  return (splitQuoted(goflags) ?? []).flatMap(word => parseFlagWord(word) ?? [])
}
