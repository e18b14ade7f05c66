/** A plan as text for sh. */
import {runtimeVariables} from '../system/runtime-variables.ts'
import {quote} from '../text/shell-word.ts'
import type {Plan, WordEdit} from './plan.ts'

/**
 * The text the launcher evaluates for this one command: words by position, edited and with the inserted ones between.
 * `filter` is the program, with its first words, that runs the go command where what that prints is to be changed.
 */
export function planText(plan: Plan, wordCount: number, filter?: readonly string[]): string {
  const lines = [...exportLines('GOCACHE', plan.cache), ...exportLines('GOTOOLCHAIN', plan.toolchain)]
  if (plan.inserted.length > 0 || plan.edits.length > 0) {
    const words = Array.from({length: wordCount}, (_, index) => wordText(index + 1, plan.edits))
    const all = [...words.slice(0, plan.head), ...plan.inserted.map(quote), ...words.slice(plan.head)]
    lines.push(`set -- ${all.join(' ')}`)
  }
  if (filter !== undefined) {
    lines.push(
      'gowarden_hand_down',
      [
        ...runtimeVariables.map(name => `GOWARDEN_${name}=\${${name}-} ${name}=`),
        `exec ${filter.map(quote).join(' ')} "$gowarden_real" "$@"`,
      ].join(' '),
    )
  }
  return frame('# gowarden plan 1', lines)
}

/** The text for any plain command of a directory: the same flags behind the subcommand of whatever words come. */
export function plainPlanText(
  cache: string | undefined,
  inserted: readonly string[],
  {getInstalls}: {getInstalls: boolean},
): string {
  const lines = exportLines('GOCACHE', cache)
  if (inserted.length > 0) {
    lines.push(
      `case $gowarden_sub in build | install | run | test | vet | list | fix${getInstalls ? ' | get' : ''})`,
      '  gowarden_word=$1',
      '  shift',
      `  set -- "$gowarden_word" ${inserted.map(quote).join(' ')} "$@"`,
      ';; esac',
    )
  }
  return frame('# gowarden plan 1', lines)
}

/**
 * What the launcher asks of its words and its environment before it follows a stored plan: none of these flags among the words,
 * and each variable as it was. '' where there is nothing to ask. Names are those that config/schema.json allows.
 */
export function conditionText(
  flags: readonly string[],
  variables: readonly (readonly [name: string, value: string])[],
): string {
  const patterns = flags
    .flatMap(name => [name, `test.${name}`])
    .flatMap(name => [`-${name}`, `-${name}=*`, `--${name}`, `--${name}=*`])
  return [
    ...(patterns.length === 0
      ? []
      : [`for gowarden_word; do case $gowarden_word in ${patterns.join(' | ')}) return 1 ;; esac; done`]),
    ...variables.map(([name, value]) => `[ "\${${name}-}" = ${quote(value)} ] || return 1`),
  ].join('\n')
}

/** What the launcher is told when nothing may be run: it exits with the planner's own status. */
export function refusalText(): string {
  return frame('# gowarden refused', [])
}

function wordText(at: number, edits: readonly WordEdit[]): string {
  const edit = edits.find(candidate => candidate.at === at)
  if (edit === undefined) return `"\${${at}}"`
  return edit.kind === 'append' ? `"\${${at}}"${quote(edit.suffix)}` : quote(edit.text)
}

function exportLines(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${name}=${quote(value)}`, `export ${name}`]
}

/** First and last line tell a whole text from one that was cut short. */
function frame(first: string, lines: readonly string[]): string {
  return [first, ...lines, '# end'].join('\n')
}
