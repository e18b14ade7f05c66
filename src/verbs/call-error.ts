/**
 * What Commander says of a wrong call, in the words of our other messages: `error: option '--format <format>' argument 'xml' is
 * invalid. Allowed choices are text, json.` becomes `error: --format xml: must be text or json`. What is not known here stays.
 */
export function callError(text: string): string {
  return text
    .replace(
      /^error: option '(\S+)[^']*' argument '([\s\S]*)' is invalid\. Allowed choices are (.*)\.$/m,
      (_, option: string, value: string, choices: string) =>
        `error: ${option} ${value}: must be ${alternatives(choices)}`,
    )
    .replace(
      /^error: command-argument value '([\s\S]*)' is invalid for argument '[^']*'\. Allowed choices are (.*)\.$/m,
      (_, value: string, choices: string) => `error: ${value}: must be ${alternatives(choices)}`,
    )
    .replace(/^error: option '(\S+) ?([^']*)' argument missing$/m, 'error: $1 needs a value: $1 $2')
    .replace(/^error: required option '([^']*)' not specified$/m, 'error: $1 is missing')
    .replace(
      /^error: option '(\S+)[^']*' cannot be used with option '(\S+)[^']*'$/m,
      'error: $1 cannot be used with $2',
    )
    .replace(
      /^error: too many arguments(?: for '([^']*)')?\. Expected (\d+) arguments? but got (\d+)\.$/m,
      (_, verb: string | undefined, expected: string, got: string) =>
        `error: too many arguments${verb === undefined ? '' : ` for ${verb}`}: expected ${expected}, got ${got}`,
    )
    .replace(/^\(Did you mean (.*)\?\)$/m, 'gowarden: hint: did you mean $1?')
    .replace(/^error: /, 'gowarden: error: ')
}

/** `text, json or sarif` of `text, json, sarif`. */
function alternatives(list: string): string {
  return list.replace(/, (?=[^,]*$)/, ' or ')
}
