/** What `gowarden inspect --attestation` prints. */
import {oneLine} from '../text/one-line.ts'
import {table} from '../text/table.ts'
import type {Fit, Point} from './fit.ts'

/** A binary with the fit of the statement about it; or why there is nothing to compare. */
export type Fitted = {file: string} & ({kind: 'compared'; fits: Fit[]} | {kind: 'refused'; reason: string})

/**
 * One block a binary: a row for each point that differs, how many fit, and what was not looked at.
 *
 *   app: fits app.intoto.json
 *     14 points fit: sha256, package, module, goVersion, 8 settings, 2 dependencies
 *     not signed
 */
export function fittedText(attestation: string, fitted: readonly Fitted[]): string {
  return fitted.map(each => `${block(oneLine(attestation), each)}\n`).join('')
}

function block(attestation: string, fitted: Fitted): string {
  const file = oneLine(fitted.file)
  if (fitted.kind === 'refused') return `${file}: cannot be compared: ${oneLine(fitted.reason)}`
  const isFit = fitted.fits.every(doesFit)
  return [
    `${file}: ${isFit ? 'fits' : 'does NOT fit'} ${attestation}`,
    ...fitted.fits.flatMap(fit => lines(fit).map(line => `  ${line}`)),
  ].join('\n')
}

/** Whether everything that was compared is as the statement says. */
export function doesFit({points}: Fit): boolean {
  return points.every(({verdict}) => verdict === 'fits')
}

function lines({form, predicateType, isCompared, points, checks = []}: Fit): string[] {
  const differing = points.filter(({verdict}) => verdict === 'differs')
  const fitting = points.filter(({verdict}) => verdict === 'fits')
  const rows = differing.flatMap(({name, said, found}) => [
    ['differs', oneLine(name), `attestation  ${oneLine(said ?? 'says nothing')}`],
    ['', '', `binary       ${oneLine(found ?? 'says nothing')}`],
  ])
  return [
    ...(rows.length === 0 ? [] : table(rows).trimEnd().split('\n')),
    ...(fitting.length === 0 ? [] : [`fits     ${summary(fitting)}`]),
    ...(isCompared ? [] : [`not compared: the rest of it, ${oneLine(predicateType)} by another tool`]),
    ...(checks.length === 0
      ? []
      : ['its writer says to have checked:', ...checks.map(check => `  ${oneLine(check)}`)]),
    form === 'statement' ? 'not signed' : 'its signature was not checked here: that is for cosign',
  ]
}

/** Names of the points, settings and dependencies as numbers. */
function summary(points: readonly Point[]): string {
  const named = points.filter(({name}) => !name.startsWith('setting ') && !name.includes('@'))
  const settings = points.filter(({name}) => name.startsWith('setting ')).length
  const modules = points.length - named.length - settings
  return [
    ...named.map(({name}) => oneLine(name)),
    ...(settings === 0 ? [] : [settings === 1 ? '1 setting' : `${settings} settings`]),
    ...(modules === 0 ? [] : [modules === 1 ? '1 module' : `${modules} modules`]),
  ].join(', ')
}
