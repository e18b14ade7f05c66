import {findingText} from '../findings/text.ts'
import {table} from '../text/table.ts'
import type {Diagnosis} from './doctor.ts'

/** Every value with its source, then every finding, then one closing line. */
export function doctorText({values, findings}: Diagnosis): string {
  const rows = values.map(({name, value, origin}) => [
    name,
    value === '' ? '-' : value,
    origin === '' ? '' : `(${origin})`,
  ])
  const errors = findings.filter(finding => finding.level === 'error').length
  const verdict =
    errors > 0 ? 'go build would be refused here' : 'go build is guarded here when it goes through gowarden'
  return [table(rows), ...findings.map(findingText), `${verdict}\n`].join('')
}
