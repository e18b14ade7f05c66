/**
 * Every sentence of the product, joined from sentences-of-*.ts: a finding becomes a headline, the facts that decided it, and what to
 * do. Lower case, no period; a hint is a command to copy wherever there is one.
 */

import type {Finding, Found} from './finding.ts'
import type {Sentence} from './sentence.ts'
import {describeBuild} from './sentences-of-builds.ts'
import {describeDoctor, isDoctorFinding} from './sentences-of-doctor.ts'
import {describeVerify, isVerifyFinding} from './sentences-of-verify.ts'

/** The wording of a finding, with what the policy adds to it. */
export function describe(finding: Found & Pick<Finding, 'message'>): Sentence {
  const sentence = describeFacts(finding)
  if (finding.message === undefined) return sentence
  return {...sentence, details: [...sentence.details, ['policy', finding.message]]}
}

function describeFacts(finding: Found): Sentence {
  if (isVerifyFinding(finding)) return describeVerify(finding)
  if (isDoctorFinding(finding)) return describeDoctor(finding)
  return describeBuild(finding)
}
