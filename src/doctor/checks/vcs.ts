import type {DoctorFound} from '../../findings/finding.ts'
import type {VcsRefusal} from '../probes/vcs.ts'

/** go links no program here while Git refuses. */
export function checkVcs(refusal: VcsRefusal | undefined): DoctorFound[] {
  return refusal === undefined ? [] : [{code: 'VCS_REFUSED', facts: refusal}]
}
