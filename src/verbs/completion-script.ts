/**
 * A script that completes verbs, options, their choices and finding codes. Everything is in the
 * script, so that the Tab key starts no Node; it is generated from the commands themselves.
 */
import type {Command} from 'commander'
import {unreachable} from '../system/unreachable.ts'
import {offeredValues} from './context.ts'

export type CompletedShell = 'bash' | 'zsh' | 'fish'

/** A verb: `at` is '' for gowarden itself, else `verify` or `cache status`. */
type Verb = {
  at: string
  /** What may follow: verbs below it, its options, and the values of its argument. */
  words: Word[]
  /** Options that are followed by one of a few values. */
  choices: {option: string; values: readonly string[]}[]
}

type Word = {text: string; description: string}

/** The script for a shell. `codes` are what `gowarden explain` knows. */
export function completionScript(shell: CompletedShell, program: Command, codes: readonly string[]): string {
  const verbs = verbsBelow(program, '', codes)
  switch (shell) {
    case 'bash':
      return bashScript(verbs)
    case 'zsh':
      return zshScript(verbs)
    case 'fish':
      return fishScript(verbs)
    default:
      return unreachable(shell)
  }
}

function verbsBelow(command: Command, at: string, codes: readonly string[]): Verb[] {
  const visible = command.createHelp().visibleCommands(command)
  const options = command.createHelp().visibleOptions(command)
  const values = command.registeredArguments.flatMap(argument =>
    argument.name() === 'code' ? codes : (argument.argChoices ?? []),
  )
  const verb: Verb = {
    at,
    words: [
      ...visible.map(below => ({text: below.name(), description: below.description()})),
      ...values.map(text => ({text, description: ''})),
      ...options.flatMap(({long, description}) => (long ? [{text: long, description}] : [])),
    ],
    choices: options.flatMap(option => {
      const values = offeredValues(option)
      return option.long && values ? [{option: option.long, values}] : []
    }),
  }
  const below = command.commands.flatMap(child =>
    verbsBelow(child, at === '' ? child.name() : `${at} ${child.name()}`, codes),
  )
  return [verb, ...below]
}

/** `' cache'|'cache status'`: what the verb so far and the next word look like when the word is a verb, too. */
function steps(verbs: readonly Verb[]): string {
  return verbs
    .filter(({at}) => at !== '')
    .map(({at}) => quoted(at.includes(' ') ? at : ` ${at}`))
    .join('|')
}

/**
 * Sets `words` to what may follow, as `assigned` writes it, and behind an option that has values of its own runs `alone` too. For bash and
 * zsh; indented by two.
 */
function cases(verbs: readonly Verb[], assigned: (words: readonly Word[]) => string, alone = ''): string {
  const choices = verbs.flatMap(({at, choices}) =>
    choices.map(
      ({option, values}) =>
        `    ${quoted(`${at}:${option}`)}) ${assigned(values.map(text => ({text, description: ''})))}${alone} ;;`,
    ),
  )
  const words = verbs.map(({at, words}) => `    ${quoted(`${at}:`)}*) ${assigned(words)} ;;`)
  return ['  case "$at:$previous" in', ...choices, ...words, '  esac'].join('\n')
}

function bashScript(verbs: readonly Verb[]): string {
  const assigned = (words: readonly Word[]) => `words=${quoted(words.map(({text}) => text).join(' '))}`
  return `# bash completion of gowarden. In ~/.bashrc: eval "$(gowarden completion bash)"
_gowarden() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} at= word words=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
    ${steps(verbs)}) at="\${at:+$at }$word" ;;
    esac
  done
${cases(verbs, assigned)}
  # Options are offered once their dash is typed.
  if [[ $current != -* && $words != --* ]]; then words=" $words"; words=\${words%% --*}; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _gowarden gowarden
`
}

function zshScript(verbs: readonly Verb[]): string {
  // `verify:check go.sum and vendor/ …`
  const assigned = (words: readonly Word[]) =>
    `offered=(${words.map(({text, description}) => zshQuoted(`${text}:${description}`)).join(' ')})`
  return `#compdef gowarden
# zsh completion of gowarden. In ~/.zshrc: eval "$(gowarden completion zsh)"
_gowarden() {
  local previous=\${words[CURRENT-1]} at= word
  local -a before; before=("\${(@)words[2,CURRENT-1]}")
  for word in "\${before[@]}"; do
    case "$at $word" in
    ${steps(verbs)}) at="\${at:+$at }$word" ;;
    esac
  done
  local -a offered names shown
  local files=yes
${cases(verbs, assigned, '; files=')}
  for word in "\${offered[@]}"; do
    # Options are offered once their dash is typed.
    [[ $word == --* && \${words[CURRENT]} != -* ]] && continue
    names+=("\${word%%:*}")
    if [[ -n \${word#*:} ]]; then shown+=("\${(r:16:)\${word%%:*}} \${word#*:}"); else shown+=("\${word%%:*}"); fi
  done
  compadd -l -d shown -- "\${names[@]}"
  [[ -n $files ]] && (( $+functions[_files] )) && _files
}
# A file of fpath is run by the first Tab, as this function.
if [[ \${funcstack[1]} == _gowarden ]]; then
  _gowarden "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _gowarden gowarden
fi
`
}

function fishScript(verbs: readonly Verb[]): string {
  const lines = verbs.flatMap(({at, words, choices}) => {
    const here = `-c gowarden -n ${quoted(`__gowarden_at ${quotedTwice(at)}`)}`
    return words.map(({text, description}) => {
      const values = choices.find(({option}) => option === text)?.values
      const what = text.startsWith('--') ? `-l ${text.slice(2)}` : `-f -a ${text}`
      const choice = values === undefined ? '' : ` -x -a ${quoted(values.join(' '))}`
      return `complete ${here} ${what}${choice}${description === '' ? '' : ` -d ${quotedFish(description)}`}`
    })
  })
  const known = verbs.filter(({at}) => at !== '').map(({at}) => quoted(at.includes(' ') ? at : ` ${at}`))
  return `# fish completion of gowarden. In ~/.config/fish/config.fish: gowarden completion fish | source
function __gowarden_at
  set -l at ''
  for word in (commandline -opc)[2..]
    if contains -- "$at $word" ${known.join(' ')}
      set at (string trim -- "$at $word")
    end
  end
  test "$at" = "$argv[1]"
end
${lines.join('\n')}
`
}

/** Verbs, options and codes hold no quote. */
function quoted(text: string): string {
  return `'${text}'`
}

/** A word inside a condition that fish evaluates: `''` and `'cache status'` in double quotes. */
function quotedTwice(text: string): string {
  return `"${text}"`
}

/** With an apostrophe in it, as sh and zsh have it. */
function zshQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function quotedFish(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}
