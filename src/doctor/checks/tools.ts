import type {DoctorFound} from '../../findings/finding.ts'
import type {VersionLine} from '../probes/module.ts'
import type {ToolFacts} from '../probes/tools.ts'
import {isBelow} from './module.ts'

/** A program built by Go 1.22 does not know the language of Go 1.23; patch releases do not count. */
export function checkTools(
  tools: readonly ToolFacts[],
  goLine: VersionLine | undefined,
  by: string,
): DoctorFound[] {
  const asked = goLine?.version.match(/^\d+\.\d+/)?.[0]
  if (goLine === undefined || asked === undefined) return []
  return tools
    .filter(({version}) => isBelow(version, asked))
    .map(facts => ({
      code: 'TOOL_OLDER',
      facts: {...facts, asked: goLine.version, place: goLine.place, by},
    }))
}
