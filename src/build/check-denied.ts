/** Flags and variables that a policy denies, each with the source that set it. */
import type {BuildFound} from '../findings/finding.ts'
import {upstreamDownload} from '../go/module/toolchain-module.ts'
import {ruleAgainst} from '../policy/denied.ts'
import {describeOrigin, type EnvRule, type FlagRule, type Setting} from '../policy/policy.ts'

/** A flag as some source gives it; the name has no dash, and no "test." before a flag of go test. */
export type GivenFlag = {name: string; value: string; source: string}

/** One finding for each flag given that some rule denies. */
export function checkFlags(given: readonly GivenFlag[], rules: readonly Setting<FlagRule>[]): BuildFound[] {
  return given.flatMap(({name, value, source}): BuildFound[] => {
    const rule = ruleAgainst(name, value, rules)
    if (rule === undefined) return []
    // The value matters to a person only where it matters to the rule.
    const flag = rule.value.value === undefined ? `-${name}` : `-${name}=${value}`
    return [{code: 'FLAG_DENIED', facts: {flag, source, rule: describeOrigin(rule.origin)}}]
  })
}

/** A variable as go reads it, and what set it. */
export type GivenValue = {name: string; value: string; source: EnvRule['from']; place: string}

/**
 * One finding for each variable with a value that some rule denies. An empty value is none, and the places to download from
 * that every toolchain of go.dev ships in go.env were set by nobody. The value is told only where the rule names it: it may
 * be a secret.
 */
export function checkEnv(given: readonly GivenValue[], rules: readonly Setting<EnvRule>[]): BuildFound[] {
  return given.flatMap(({name, value, source, place}): BuildFound[] => {
    const rule = rules.find(
      ({value: denied}) =>
        denied.name === name &&
        (denied.value ?? value) === value &&
        (denied.from ?? source) === source &&
        (denied.value !== undefined || source !== 'go.env' || value !== upstreamDownload(name)) &&
        value !== '',
    )
    if (rule === undefined) return []
    const variable = rule.value.value === undefined ? name : `${name}=${value}`
    const facts = {name, variable, source: place, rule: describeOrigin(rule.origin)}
    return [{code: 'ENV_DENIED', facts}]
  })
}
