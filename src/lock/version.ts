/** Which version a lock is made for: one release, and never a range. */
import {findVersionLine} from '../go/module/go-mod-lines.ts'
import {compareGoVersions, isAllowed, parseVersionRule, type VersionRule} from '../go/module/go-version.ts'
import {isToolchainName} from './file.ts'

/** `go1.26.8` of `go1.26.8` and `1.26.8`; undefined for what is not one toolchain: `1.26`, `1.26.x`, `>=1.26`, `latest`. */
export function exactVersion(text: string): string | undefined {
  const name = `go${text.replace(/^go/, '')}`
  return isToolchainName(name) && parseVersionRule(name)?.kind === 'exact' ? name : undefined
}

/** A line of go.mod or go.work that names a version, `text` as it stands there. */
export type VersionLine = {verb: 'go' | 'toolchain'; text: string; line: number}

/** What a go.mod or go.work says of the toolchain, in the order in which it counts. `toolchain default` says nothing. */
export function versionLines(content: string): VersionLine[] {
  return (['toolchain', 'go'] as const).flatMap(verb => {
    const found = findVersionLine(content, verb)
    return found === undefined || found.version === 'default'
      ? []
      : [{verb, text: found.version, line: found.line}]
  })
}

/** The newest release among these which a range allows; candidates and betas count as none. */
export function newestThatFits(asked: string, versions: readonly string[]): string | undefined {
  const rule = ruleOf(asked)
  return versions
    .filter(version => /^go\d+(\.\d+)+$/.test(version) && (rule === undefined || isAllowed(rule, version)))
    .sort(compareGoVersions)
    .at(-1)
}

/** undefined for what fits every release: `latest`, `stable`, and what is no version at all. */
function ruleOf(asked: string): Exclude<VersionRule, {kind: 'go.mod'}> | undefined {
  const rule = parseVersionRule(asked.replace(/^[~^]/, ''))
  return rule === undefined || rule.kind === 'go.mod' ? undefined : rule
}
