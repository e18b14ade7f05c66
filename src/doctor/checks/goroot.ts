/** A GOROOT in which something is missing, or in which tools of two releases lie. */

import type {Sourced} from '../../findings/facts-of-doctor.ts'
import type {DoctorFound} from '../../findings/finding.ts'
import type {GorootParts} from '../probes/goroot.ts'

/** `version` is what the go command says it is. */
export function checkGorootParts(
  goroot: Sourced,
  version: string,
  {missing, tools}: GorootParts,
): DoctorFound[] {
  const others = tools.filter(tool => tool.version !== version)
  return [
    ...(missing.length === 0 ? [] : [{code: 'GOROOT_INCOMPLETE' as const, facts: {...goroot, missing}}]),
    ...(others.length === 0
      ? []
      : [
          {
            code: 'GOROOT_MIXED' as const,
            facts: {goroot: goroot.value, version, tools: others},
          },
        ]),
  ]
}
