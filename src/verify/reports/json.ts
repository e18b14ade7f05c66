/** What a program reads of `gowarden verify`. */

import {describe} from '../../findings/describe.ts'
import {jsonText} from '../../text/one-line.ts'
import type {VerifyResult} from '../result.ts'
import {boundFindings, mostPrinted} from './bounded.ts'

/** Stable from version 1 on: fields are added and none is renamed. Ends with a newline. */
export function jsonReport(result: VerifyResult): string {
  const {findings, omitted} = boundFindings(result, mostPrinted.json)
  const report = {
    version: 1,
    judged: result.judged,
    commit: result.commit,
    remembered: result.remembered,
    counts: result.counts,
    findings: findings.map(finding => ({
      code: finding.code,
      level: finding.level,
      message: describe(finding).headline,
      ...finding.facts,
    })),
    // Of findings that are not listed: how many, by code.
    omitted,
    modules: result.modules,
    leftOut: result.leftOut,
    unjudged: result.unjudged,
    untold: result.untold,
  }
  return jsonText(report)
}
