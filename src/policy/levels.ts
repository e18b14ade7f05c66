/** What a person's own GOWARDEN_LEVELS says. */

import {isFindingCode, neverLowered, neverSilent} from '../findings/levels.ts'
import {UsageError} from '../system/errors.ts'
import type {Levels} from './policy.ts'

/** The levels of the policy with those of GOWARDEN_LEVELS, `CODE=level,CODE=level`. Throws UsageError. */
export function withOwnLevels(levels: Levels, text: string): Levels {
  const found: Levels = {...levels}
  for (const part of text.split(',').filter(word => word.trim() !== '')) {
    const [code = '', level = ''] = part.split('=').map(word => word.trim())
    if (!isFindingCode(code)) {
      throw new UsageError(`GOWARDEN_LEVELS: there is no finding ${code}`, 'see them all: docs/findings.md')
    }
    if (level !== 'error' && level !== 'warn' && level !== 'off') {
      throw new UsageError(
        `GOWARDEN_LEVELS: ${code} takes error, warn or off`,
        `export GOWARDEN_LEVELS=${code}=warn`,
      )
    }
    const answer = neverLowered[code]
    if (answer !== undefined && level !== 'error') {
      throw new UsageError(
        `GOWARDEN_LEVELS: ${code} is never lowered: with it lowered, a stamp could be false`,
        answer,
      )
    }
    if (level === 'off' && neverSilent.has(code)) {
      throw new UsageError(
        `GOWARDEN_LEVELS: ${code} is never off: a build that does not follow the policy says so`,
        `export GOWARDEN_LEVELS=${code}=warn`,
      )
    }
    found[code] = {
      ...found[code],
      own: {value: level, origin: {kind: 'environment', name: 'GOWARDEN_LEVELS'}},
    }
  }
  return found
}
