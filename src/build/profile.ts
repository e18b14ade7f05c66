import {resolve} from 'node:path'
import type {CommandLine} from '../go/command/command-line.ts'
import type {System} from '../system/system.ts'
import {valueInForce} from './plan.ts'

/**
 * The profile that a build takes: the file of -pgo, or under -pgo=auto, go's default since 1.21, a default.pgo in a folder that the
 * command names. Which other folders `./...` means only go knows. undefined where there is none.
 */
export function profileOf(
  {files}: Pick<System, 'files'>,
  line: CommandLine,
  goflags: string,
  directory: string,
): string | undefined {
  const asked = valueInForce(line, goflags, 'pgo') ?? 'auto'
  if (asked === 'off' || asked === '') return undefined
  if (asked !== 'auto') return resolve(directory, asked)
  const named = line.operands.map(({text}) => text).filter(text => /^(\.{1,2}(\/|$)|\/)/.test(text))
  return (named.length === 0 ? ['.'] : named)
    .map(text => resolve(directory, text.replace(/\/?\.\.\.$/, ''), 'default.pgo'))
    .find(path => files.stat(path) !== undefined)
}
