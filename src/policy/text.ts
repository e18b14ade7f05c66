import type {BypassEvent} from '../system/happening.ts'
import {table} from '../text/table.ts'
import type {PolicyInForce} from './in-force.ts'

/** `gowarden policy --bypasses` for a person: a line each, the oldest first. */
export function bypassesText(bypasses: readonly (BypassEvent & {time: string})[]): string {
  if (bypasses.length === 0) return 'no bypass is recorded here\n'
  return table(
    bypasses.map(({time, what, command, directory, reason}) => [
      time.slice(0, 19),
      what,
      command.join(' '),
      directory,
      reason,
    ]),
  )
}

/** `gowarden policy` for a person: the files, then every value with its source. */
export function policyText({directory, files, machine, entries}: PolicyInForce): string {
  const [file, ...extended] = files
  const read =
    file === undefined
      ? [['policy', `no policy file counts in ${directory}`]]
      : [['policy', file], ...extended.map(path => ['extends', path])]
  return (
    table([...read, ...machine.map(path => ['machine', path])]) +
    table(entries.map(({key, value, origin}) => [key, value, `(${origin})`]))
  )
}
