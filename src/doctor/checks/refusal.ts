/** go's refusal of every command as a finding. */
import type {DoctorFound} from '../../findings/finding.ts'
import {splitQuoted} from '../../go/command/quoted.ts'
import type {Refusal} from '../probes/refusal.ts'

export function checkRefusal(go: string, refusal: Refusal | undefined): DoctorFound[] {
  if (refusal === undefined) return []
  const {said, variable} = refusal
  if (variable?.name === 'GOFLAGS') {
    const quoted = requote(variable.value)
    return [{code: 'GOFLAGS_BROKEN', facts: {...variable, said, quoted}}]
  }
  return [{code: 'GO_REFUSES', facts: {go, said, variable}}]
}

/**
 * GOFLAGS with a quote inside a word, `-ldflags="-s -w"`, as a shell would read it: go wants the quote around the whole word
 * (cmd/internal/quoted). undefined where nothing of the kind is there, or where both kinds of quotes stand in one word.
 */
export function requote(value: string): string | undefined {
  let isChanged = false
  const text = value.replace(
    /(^|\s)(--?[\w-]+=)(["'])([\s\S]*?)\3(?=\s|$)/g,
    (_, before, flag, quote, inner) => {
      isChanged = true
      return /\s/.test(inner) ? `${before}${quote}${flag}${inner}${quote}` : `${before}${flag}${inner}`
    },
  )
  return isChanged && splitQuoted(text) !== undefined ? text : undefined
}
