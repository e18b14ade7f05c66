/** Versions of Go as toolchains carry them, which are no semantic versions: 1.26 < 1.26rc1 < 1.26.0 (go/version). */

import {unreachable} from '../../system/unreachable.ts'

type Version = {numbers: [number, number, number]; kind: string; pre: number; suffix: string}

/** `go1.26.8`, `1.26rc1`, `go1.26.8-bigcorp`; undefined for any other text. */
function parse(text: string): Version | undefined {
  const match = text.match(/^(?:go)?(\d+)\.(\d+)(?:\.(\d+)|(alpha|beta|rc)(\d+))?(-\S+)?$/)
  if (match === null) return undefined
  const [, major, minor, patch, kind = '', pre = '0', suffix = ''] = match
  // Up to Go 1.20 the first release had no ".0", and "1.20" is a release.
  const isOld = kind === '' && Number(major) === 1 && Number(minor) < 21
  return {
    numbers: [Number(major), Number(minor), patch === undefined ? (isOld ? 0 : -1) : Number(patch)],
    kind,
    pre: Number(pre),
    suffix,
  }
}

/** Below 0, 0 or above 0. What a vendor puts behind a version ("-bigcorp") does not order. */
function compare(a: Version, b: Version): number {
  const [x, y] = [
    [...a.numbers, kinds.indexOf(a.kind), a.pre],
    [...b.numbers, kinds.indexOf(b.kind), b.pre],
  ]
  return x.map((number, at) => number - (y[at] ?? 0)).find(difference => difference !== 0) ?? 0
}

const kinds = ['', 'alpha', 'beta', 'rc']

/** Which versions of Go may compile. */
export type VersionRule =
  /** One release, and no vendor's build of it under another name. */
  | {kind: 'exact'; version: Version}
  /** Every patch release of `go1.26`, and none of its candidates. */
  | {kind: 'patches'; of: Version}
  | {kind: 'range'; bounds: {operator: Operator; version: Version}[]}
  /** What go.work or go.mod says. */
  | {kind: 'go.mod'}

type Operator = '>=' | '>' | '<=' | '<'

/** `go1.26.8`, `go1.26.x` or `go1.26`, `>=go1.25.3 <go1.27`, `go.mod`, the prefix go may be left out; undefined for anything else. */
export function parseVersionRule(text: string): VersionRule | undefined {
  const words = text
    .trim()
    .replace(/([<>]=?)\s+/g, '$1')
    .split(/\s+/)
  const [first = ''] = words
  if (words.length === 1 && first === 'go.mod') return {kind: 'go.mod'}
  if (words.length === 1 && !/^[<>]/.test(first)) return parseOne(first)
  const bounds = words.map(word => {
    const [, operator = '', name = ''] = word.match(/^([<>]=?)(.*)$/) ?? []
    const version = parse(name)
    return version === undefined ? undefined : {operator: operator as Operator, version}
  })
  const known = bounds.filter(bound => bound !== undefined)
  return known.length === bounds.length ? {kind: 'range', bounds: known} : undefined
}

function parseOne(text: string): VersionRule | undefined {
  const version = parse(text.replace(/\.x$/, ''))
  if (version === undefined || (text.endsWith('.x') && version.numbers[2] !== -1 && version.numbers[1] >= 21))
    return undefined
  const isLanguage = version.kind === '' && version.suffix === '' && !/\d\.\d+\.\d/.test(text)
  return isLanguage ? {kind: 'patches', of: version} : {kind: 'exact', version}
}

/** Below 0, 0 or above 0, as go orders toolchains; what is no version at all comes first. */
export function compareGoVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)]
  return left && right ? compare(left, right) : Number(left !== undefined) - Number(right !== undefined)
}

/** Whether a toolchain's version (`go1.26.8`) is one that the rule allows. One that is no release at all never is. */
export function isAllowed(rule: Exclude<VersionRule, {kind: 'go.mod'}>, text: string): boolean {
  const version = parse(text)
  if (version === undefined) return false
  switch (rule.kind) {
    case 'exact':
      return compare(version, rule.version) === 0 && version.suffix === rule.version.suffix
    case 'patches':
      return (
        version.numbers[0] === rule.of.numbers[0] &&
        version.numbers[1] === rule.of.numbers[1] &&
        version.kind === '' &&
        version.numbers[2] >= 0
      )
    case 'range':
      return rule.bounds.every(bound => isWithin(bound.operator, compare(version, bound.version)))
    default:
      return unreachable(rule)
  }
}

function isWithin(operator: Operator, order: number): boolean {
  switch (operator) {
    case '>=':
      return order >= 0
    case '>':
      return order > 0
    case '<=':
      return order <= 0
    case '<':
      return order < 0
    default:
      return unreachable(operator)
  }
}
