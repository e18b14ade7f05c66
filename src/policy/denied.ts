/** Whether a flag is one that a policy denies. */
import type {FlagRule, Setting} from './policy.ts'

/** The rule that denies a flag; the name has no dash. Undefined for one that nothing denies. */
export function ruleAgainst(
  name: string,
  value: string,
  rules: readonly Setting<FlagRule>[],
): Setting<FlagRule> | undefined {
  return rules.find(
    ({value: denied}) =>
      denied.name === name && (denied.value === undefined || truth(denied.value) === truth(value)),
  )
}

/** The ways to write a truth value are alike (strconv.ParseBool). */
function truth(value: string): string {
  if (/^(1|t|T|true|TRUE|True)$/.test(value)) return 'true'
  return /^(0|f|F|false|FALSE|False)$/.test(value) ? 'false' : value
}
