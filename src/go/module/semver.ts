/** Versions of modules and of Go, compared as the go command compares them. */

type Version = {major: string; minor: string; patch: string; prerelease: string}

/** Reads a semantic version with its `v`: `v1`, `v1.2`, `v1.2.3-pre+build`. Build metadata does not order. After golang.org/x/mod/semver. */
function parse(version: string): Version | undefined {
  const match =
    /^v(0|[1-9]\d*)(?:\.(0|[1-9]\d*)(?:\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?)?$/.exec(
      version,
    )
  if (match === null) return undefined
  const prerelease = match[4] ?? ''
  if (
    prerelease
      .slice(1)
      .split('.')
      .some(part => /^0\d+$/.test(part))
  )
    return undefined
  return {major: match[1] ?? '0', minor: match[2] ?? '0', patch: match[3] ?? '0', prerelease}
}

export function isSemver(version: string): boolean {
  return parse(version) !== undefined
}

/**
 * The version as go.sum and the module cache write it: `v1` is v1.0.0, and of build metadata only `+incompatible` stays. Undefined
 * for what is no semantic version. After golang.org/x/mod/module.CanonicalVersion.
 */
export function canonicalVersion(version: string): string | undefined {
  const parsed = parse(version)
  if (parsed === undefined) return undefined
  const {major, minor, patch, prerelease} = parsed
  return `v${major}.${minor}.${patch}${prerelease}${/\+incompatible$/.test(version) ? '+incompatible' : ''}`
}

/** -1, 0 or 1; an invalid version is less than any valid one. */
export function compareSemver(a: string, b: string): number {
  const left = parse(a)
  const right = parse(b)
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined)
  return (
    compareNumbers(left.major, right.major) ||
    compareNumbers(left.minor, right.minor) ||
    compareNumbers(left.patch, right.patch) ||
    comparePrereleases(left.prerelease, right.prerelease)
  )
}

/** Of any length: a date as a minor version exceeds no limit. */
function compareNumbers(a: string, b: string): number {
  if (a.length !== b.length) return a.length < b.length ? -1 : 1
  return compareText(a, b)
}

function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0
  if (a === '') return 1
  if (b === '') return -1
  const left = a.slice(1).split('.')
  const right = b.slice(1).split('.')
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const x = left[i] ?? ''
    const y = right[i] ?? ''
    if (x === y) continue
    const numeric = [/^\d+$/.test(x), /^\d+$/.test(y)]
    if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1
    return numeric[0] ? compareNumbers(x, y) : compareText(x, y)
  }
  return left.length < right.length ? -1 : 1
}

/** By bytes, as Go orders strings. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Whether a `go` line's version is at least `least` (`1.17`): only language versions are asked for, so release
 * candidates count as their release. After internal/gover.
 */
export function goAtLeast(version: string, least: string): boolean {
  const [major = '0', minor = '0'] = version.match(/\d+/g) ?? []
  const [leastMajor = '0', leastMinor = '0'] = least.split('.')
  return (compareNumbers(major, leastMajor) || compareNumbers(minor, leastMinor)) >= 0
}
