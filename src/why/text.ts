import {findingText} from '../findings/text.ts'
import {oneLine} from '../text/one-line.ts'
import type {Explanation, Why} from './why.ts'

/** Each sentence with its cause here, or the commands that tell it; or that nothing is known. */
export function whyText({explanations, ofTheCode}: Why): string {
  if (explanations.length > 0) return explanations.map(explanationText).join('\n')
  const lines = ofTheCode === 1 ? '1 line is' : `${ofTheCode} lines are`
  const of = ofTheCode === 0 ? '' : `: ${lines} about the code itself`
  return `not known to me${of}\nto check this machine anyway: gowarden doctor\n`
}

function explanationText({line, means, findings, fix, tells}: Explanation): string {
  const said = `go says: ${oneLine(line)}\n`
  if (findings.length > 0) return `${said}here that is because:\n${findings.map(findingText).join('')}`
  const meaning = `which means: ${means}\n`
  if (fix !== undefined) return `${said}${meaning}what ends it: ${fix}\n`
  return `${said}${meaning}doctor finds no cause for it here; these two commands narrow it down:\n  ${tells[0]}\n  ${tells[1]}\n`
}
