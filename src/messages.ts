/**
 * Every sentence of the product: a finding becomes a headline, the facts that decided it, and what to do. Lower case,
 * no period; a hint is a command to copy wherever there is one.
 */
import type {Finding} from './findings.ts'
import {unreachable} from './unreachable.ts'
import {describeVerify, isVerifyFinding} from './verify-messages.ts'

export type Sentence = {
  headline: string
  /** Label and value, one line each under the headline. */
  details: [label: string, value: string][]
  hints: string[]
}

export function describe(finding: Finding): Sentence {
  if (isVerifyFinding(finding)) return describeVerify(finding)
  switch (finding.code) {
    case 'CACHE_FOREIGN':
      return {headline: '', details: [], hints: []}
    default:
      return {headline: '', details: [], hints: []}
  }
}
