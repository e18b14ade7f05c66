import {findingText} from '../findings/text.ts'
import {table} from '../text/table.ts'
import type {Diagnosis} from './doctor.ts'

/** What is not as go ships it, or every value, with its source; every finding; one closing line. */
export function doctorText(diagnosis: Diagnosis, {all}: {all: boolean}): string {
  const rows = diagnosis.values
    .filter(({isUsual}) => all || !isUsual)
    .map(({name, value, origin}) => [name, value === '' ? '-' : value, origin === '' ? '' : `(${origin})`])
  const {fix} = diagnosis.guard
  const hint = fix === '' ? '' : `gowarden: hint: to guard it: ${fix}\n`
  return [table(rows), ...diagnosis.findings.map(findingText), hint, `${closingLine(diagnosis)}\n`].join('')
}

/** `go build here is guarded`, or why not, and whether it can build. */
function closingLine({guard, canBuild, findings}: Diagnosis): string {
  const errors = [...new Set(findings.filter(({level}) => level === 'error').map(({code}) => code))]
  const because = errors.length === 0 ? '' : ` (${errors.join(', ')})`
  switch (guard.kind) {
    case 'guarded':
      return canBuild
        ? 'go build here is guarded'
        : `go build here is guarded, and would be refused or fail${because}`
    case 'refused':
      return `go build here is refused: ${guard.reason}`
    case 'unguarded':
      return `go build here is NOT guarded: ${guard.reason}${canBuild ? '' : `; and it would fail${because}`}`
  }
}
