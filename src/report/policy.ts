import type {PolicyInForce} from '../commands/policy.ts'
import {table} from './table.ts'

/** `gowarden policy` for a person: the files, then every value with its source. */
export function policyText({directory, files, entries}: PolicyInForce): string {
  const [file, ...extended] = files
  const read =
    file === undefined
      ? [['policy', `no policy file counts in ${directory}`]]
      : [['policy', file], ...extended.map(path => ['extends', path])]
  return table(read) + table(entries.map(({key, value, origin}) => [key, value, `(${origin})`]))
}
