/** What a person reads of `gowarden verify`: findings on stderr, the verbose list of modules on stdout. */

import {describe} from '../../findings/describe.ts'
import type {Finding} from '../../findings/finding.ts'
import {unreachable} from '../../system/unreachable.ts'
import {oneLine} from '../../text/one-line.ts'
import type {ModuleLine, Omitted, Unjudged, VerifyResult} from '../result.ts'
import {countOmitted, mostPrinted, omittedText, totals} from './bounded.ts'

export type TextReport = {stdout: string; stderr: string}

/** Of findings alike in code and module this many are shown, unless all are asked for. */
const shownAlike = 5

export function textReport(result: VerifyResult, verbose: boolean): TextReport {
  const stdout = verbose
    ? [
        ...result.modules.map(moduleLine),
        ...result.leftOut.map(leftOutLine),
        ...result.untold.flatMap(({files}) => files.map(file => `untold    ${file}`)),
      ]
    : []
  return {
    stdout: lines(stdout),
    stderr:
      lines([...findingLines(result, verbose), ...result.unjudged.map(unjudgedLine), ...nextLines(result)]) +
      summaryLine(result),
  }
}

/** What a list of files leaves open, said where one was used: a run that rests on it is not as good as one with the zip. */
function untoldLines({modules, untold}: VerifyResult): string[] {
  const listed = modules.filter(({by}) => by === 'list').length
  if (listed === 0) return []
  const files = untold.reduce((sum, {files}) => sum + files.length, 0)
  const proven = `gowarden: proven by a list of files: ${count(listed, 'module')}`
  return [
    files === 0
      ? proven
      : `${proven}; the lists cannot say whether go mod vendor copies ${count(files, '.go file')} not in vendor (--verbose names them)`,
  ]
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

/** What was judged and how it ended, in one line, behind one that says what proofs were too weak for. */
export function summaryLine(result: VerifyResult): string {
  return lines([...untoldLines(result), `gowarden: ${summary(result)}`])
}

function lines(texts: readonly string[]): string {
  return texts.map(text => `${oneLine(text)}\n`).join('')
}

/**
 *     gowarden: error: vendor/a/a.go: differs from the module it comes from [VENDOR_EDITED]
 *     gowarden:   module    example.com/a@v1.2.0
 *     gowarden: hint: go mod vendor && git add vendor
 *
 * Where one command mends several groups in a row, it is reported once, behind the last of them. Of each code no more than
 * mostPrinted says are printed; the rest is counted at the end.
 */
function findingLines({findings, more}: VerifyResult, verbose: boolean): string[] {
  const output: string[] = []
  let hints = new Set<string>()
  const {groups, omitted} = boundGroups(groupAlike(findings), more, verbose)
  for (const {group, shown} of groups) {
    const told = shown.map(finding => ({...finding, ...describe(finding)}))
    const mends = new Set(told.flatMap(({hints}) => hints))
    if ([...hints, ...mends].some(hint => !hints.has(hint) || !mends.has(hint))) {
      output.push(...hintLines(hints))
      hints = mends
    }
    for (const {code, level, headline, details} of told) {
      const width = Math.max(...details.map(([label]) => label.length))
      output.push(`gowarden: ${level === 'error' ? 'error' : 'warning'}: ${headline} [${code}]`)
      for (const [label, value] of details) {
        output.push(`gowarden:   ${label.padEnd(width)}  ${value}`)
      }
    }
    if (group.length > shown.length) {
      const where = verbose ? '' : ' (--verbose shows all)'
      output.push(`gowarden:   and ${group.length - shown.length} more like it${where}`)
    }
  }
  return [...output, ...hintLines(hints), ...omitted.map(left => omittedLine(left, verbose))]
}

/** Groups alike, with what is shown of each; a group of which nothing is shown is counted by its code. */
function boundGroups(alike: readonly Finding[][], more: readonly Omitted[], verbose: boolean) {
  const printed = new Map<string, number>()
  const groups: {group: Finding[]; shown: Finding[]}[] = []
  const rest: Finding[][] = []
  for (const group of alike) {
    const [{code, level}] = group as [Finding]
    const key = `${level} ${code}`
    const count = printed.get(key) ?? 0
    const most = (verbose ? mostPrinted.verbose : mostPrinted.text) - count
    const shown = group.slice(0, verbose ? most : Math.min(most, shownAlike))
    printed.set(key, count + shown.length)
    if (shown.length > 0) groups.push({group, shown})
    else rest.push(group)
  }
  return {groups, omitted: countOmitted(rest.flat(), more)}
}

function omittedLine(omitted: Omitted, verbose: boolean): string {
  const more = verbose ? '' : ' (--verbose shows more)'
  return `gowarden: ${omittedText(omitted)}${more}`
}

function nextLines({next}: VerifyResult): string[] {
  return next === undefined ? [] : hintLines(new Set([next]))
}

function hintLines(hints: ReadonlySet<string>): string[] {
  return [...hints].map(hint => `gowarden: hint: ${hint}`)
}

/** Consecutive findings of one level, code and module, in their order. */
function groupAlike(findings: readonly Finding[]): Finding[][] {
  const groups: Finding[][] = []
  let last = ''
  for (const finding of findings) {
    const alike = `${finding.level} ${finding.code} ${'module' in finding.facts ? (finding.facts.module ?? '') : ''}`
    if (alike === last) groups.at(-1)?.push(finding)
    else groups.push([finding])
    last = alike
  }
  return groups
}

/** `ok  example.com/a@v1.2.0: zip = go.sum = vendor (12 files) = modules.txt` */
function moduleLine(line: ModuleLine): string {
  const name = line.from === undefined ? line.module : `${line.module} => ${line.from}`
  const where = line.vendor === 'vendor' ? '' : ` in ${line.vendor}`
  switch (line.state) {
    case 'proven': {
      const files = `vendor (${line.files} ${line.files === 1 ? 'file' : 'files'})`
      const source = {directory: 'directory', list: 'list = go.sum', zip: 'zip = go.sum'}[line.by ?? 'zip']
      return `ok        ${name}: ${source} = ${files} = modules.txt${where}`
    }
    case 'found':
      return `differs   ${name}${where}`
    case 'unproven':
      return `unproven  ${name}${where}`
    case 'outside':
      return `outside   ${name}${where}`
    default:
      return unreachable(line.state)
  }
}

function leftOutLine({file, rule}: VerifyResult['leftOut'][number]): string {
  return `left out  ${file}${rule === undefined ? '' : ` (${rule})`}`
}

/** `gowarden: not judged: 1 directory, by verify.exclude tmpl (.gowardenrc.yaml:2)` */
function unjudgedLine(unjudged: Unjudged): string {
  switch (unjudged.kind) {
    case 'member':
      return `gowarden: not judged: ${unjudged.file} uses ${unjudged.directory}, a submodule`
    case 'imports': {
      const more = unjudged.more === 0 ? '' : ` (and ${unjudged.more} more)`
      return `gowarden: not judged: whether all of ${unjudged.file} is used: ${unjudged.directory}${more} is a submodule`
    }
    case 'exclude': {
      const count =
        unjudged.directories === 1
          ? '1 directory with a module'
          : `${unjudged.directories} directories with modules`
      return `gowarden: not judged: ${count}, by ${ruleText('exclude', unjudged)}`
    }
    case 'vendorExtra':
      return `gowarden: not judged: ${number(unjudged.files, 'file')} in vendor, by ${ruleText('vendorExtra', unjudged)}`
    default:
      return unreachable(unjudged)
  }
}

function ruleText(key: string, {rule, origin}: {rule: string; origin: string}): string {
  return `verify.${key} ${rule} (${origin})`
}

function summary(result: VerifyResult): string {
  const {counts} = result
  const {errors, warnings} = totals(result)
  const judged = {
    staged: 'the index',
    worktree: 'the work tree',
    commit: result.commit === undefined ? 'the commit' : `commit ${shortCommit(result.commit)}`,
  }[result.judged]
  const vendored =
    counts.vendors === 0
      ? 'nothing is vendored'
      : `${number(counts.files, 'vendored file')} of ${number(counts.modules, 'module')}`
  const verdict = errors === 0 ? 'in order' : `${number(errors, 'error')}`
  const warned = warnings === 0 ? '' : `, ${number(warnings, 'warning')}`
  return `${judged}: ${vendored}, ${number(counts.sums, 'line')} of go.sum: ${verdict}${warned}${result.remembered ? ' (unchanged)' : ''}`
}

/** Enough of an object ID to find the commit. */
export function shortCommit(id: string): string {
  return id.slice(0, 12)
}

/** `1 module`, `2 modules`. */
function number(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
